"""E-S2L+S2D from speech to mesh: ours against the loop of published code, side by side in one run, on the full embedded head.

The published S2D takes one frame at a time through dense unpooling matrices and batch-index gathers (`plain.py`). Ours
decodes all frames in torch (batches of 16) or by the numba engine. Both have the same weights, and their faces are compared
before anything is timed. From speech to mesh, a wav2vec2 network of base size (random weights: what it costs does not
depend on them) hears five seconds, the LSTM says where the landmarks go, and S2D makes 300 faces; times are per second of
speech, so they are real-time factors. The peer hears with the same network and the same LSTM. The last rows animate long
recordings in pieces, each in a process of its own, and say how much memory that had at most (where a system tells: /proc).

One thread is timed by the processor's clock, several by the wall clock, which on a busy machine tells more about the
others; the load is printed. Rounds are interleaved, and the ratio is the median of the ratios of paired
rounds; a part without a peer is the best of its rounds.

    python benchmarks/s2d.py [--quick]
"""
import os
import subprocess
import sys
from time import perf_counter, process_time
from types import SimpleNamespace

import numpy as np
import torch
from torch.nn import functional as F
from transformers import Wav2Vec2Config, Wav2Vec2Model

from common import compare, is_quick, peak, report, seconds
from plain import Plain

from emovoca.hierarchy import hierarchy
from emovoca.models.kernel import TorchDecoder
from emovoca.models.s2l_s2d import ES2LS2D, ES2LS2DConfig
from emovoca.train import device_name
from emovoca.world.regions import head_topology

SECONDS, FPS, RATE, PEER = 5, 60, 16_000, 8 # of speech; faces per second; samples per second; faces per call of the peer


def talker(**changes):
    "E-S2L+S2D at the paper's settings with random weights on the full head."
    torch.manual_seed(0)
    config = ES2LS2DConfig(**changes)
    net = ES2LS2D(config, hierarchy(head_topology(), config.factors, config.steps, config.dilation)).eval()
    torch.nn.init.normal_(net.s2l.out.weight, std=.2)
    return net


def hear(ear, sound):
    "Features of wav2vec2, (1,T,768), from its 50 to our 60 frames per second."
    found = ear(sound).last_hidden_state.transpose(1, 2)
    return F.interpolate(found, size=round(sound.shape[1]/RATE*FPS), mode='linear', align_corners=True).transpose(1, 2)


def loop(plain, codes):
    "Faces as published code makes them, (k,N,3) metres."
    return torch.cat([plain.decode(o*1000) for o in codes.split(1)])


def alone(name, work, rounds, device, clock, per):
    "A row without a peer: the best of some rounds."
    best = min([seconds(work, clock)/per for _ in range(rounds + 1)][1:])
    return dict(name=name, ratio=None, ours=float(f'{best:.4g}'), peer=None, unit='s per second of speech', n=rounds, device=device, share_of_ceiling=None)


def race(threads, rounds):
    "Rows for the results file."
    torch.set_num_threads(threads)
    net, clock, device = talker(), process_time if threads == 1 else perf_counter, device_name('cpu')
    ear, sound = Wav2Vec2Model(Wav2Vec2Config()).eval(), torch.randn(1, SECONDS*RATE)*.1
    emotion, intensity = F.one_hot(torch.tensor([2]), net.config.emotions).float(), F.one_hot(torch.tensor([1]), 3).float()
    plain = Plain(SimpleNamespace(hierarchy=net.hierarchy, decoder=net.s2d.decoder))
    batches = TorchDecoder(net.s2d.decoder, net.hierarchy)
    features = hear(ear, sound); codes = net.codes(features, emotion, intensity)[0]
    few, mm = codes[:PEER], codes.numpy()*1000

    truth = loop(plain, few).numpy()
    far = max(np.abs(o - truth).max()/np.abs(truth).max() for o in (net.decode(few), batches.decode(mm[:PEER])))
    assert far < 5e-6, f'the faces differ by {far:.1e} of the largest displacement'

    ours = lambda: net.decode(net.codes(hear(ear, sound), emotion, intensity)[0])
    peer = lambda: loop(plain, net.codes(hear(ear, sound), emotion, intensity)[0])
    rows = [compare(f's2d, decoding, {name}', work, lambda: loop(plain, few), rounds, device, 's per frame', None, (len(codes), PEER), clock)
            for name, work in (('torch', lambda: batches.decode(mm)), ('numba', lambda: net.decode(codes)))]
    rows += [compare('s2d, speech to mesh', ours, peer, 2, device, 's per second of speech', None, (SECONDS, SECONDS), clock, warm=0)] # all of it is warm
    parts = {'wav2vec2-base': lambda: hear(ear, sound), 'S2L': lambda: net.codes(features, emotion, intensity), 'S2D': lambda: net.decode(codes)}
    return rows + [alone(f's2d, of which {name}', work, rounds, device, clock, SECONDS) for name, work in parts.items()]


def animate(minutes):
    "Animate so long a recording in pieces; print how long it took, and the most memory this process ever had, in MB, if that is known."
    torch.set_num_threads(1)
    net, start, most = talker(features=80), perf_counter(), 0
    codes = net.codes(torch.randn(1, round(minutes*60*FPS), 80))[0]
    for piece in codes.split(240): most = max(most, float(np.abs(net.decode(piece)).max()))
    assert 0 < most < np.inf
    print(round(perf_counter() - start, 1), *([round(peak())] if peak() else []))


def memory(minutes):
    "A row: the most memory of a process of its own; none where that is not known."
    done = subprocess.run([sys.executable, __file__, '--animate', str(minutes)], capture_output=True, text=True, check=True)
    took, *known = map(float, done.stdout.split())
    return [dict(name=f's2d, {minutes:g} minutes of speech, from log-mel features to mesh in {took:g} s, memory of the process', ratio=None, ours=most, peer=None,
                 unit='MB', n=1, device='cpu, 1 threads', share_of_ceiling=None) for most in known]


if __name__ == '__main__':
    if '--animate' in sys.argv: # a process that `memory` started
        animate(float(sys.argv[-1]))
        sys.exit()
    quick = is_quick(__doc__)
    several, rounds = torch.get_num_threads(), 2 if quick else 5
    print(f'load {os.getloadavg()[0]:.1f}')
    with torch.no_grad(): rows = race(1, rounds) + (race(several, rounds) if several > 1 else [])
    rows += [r for o in ((.5,) if quick else (1, 10)) for r in memory(o)]
    report('s2d', rows, quick)
    print(f'load {os.getloadavg()[0]:.1f}; targets: decoding by numba 25 times its loop, speech to mesh at most 0.2 on two threads, ten minutes below 2000 MB')
