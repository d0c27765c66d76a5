"""E-S2L+S2D from speech to mesh: ours against the loop of published code, side by side in one run, on the full embedded
head.

The published S2D takes one frame at a time through dense unpooling matrices and batch-index gathers (`plain.py`). Ours
decodes all frames in torch (batches of 16) or by the numba engine. Both have the same weights, and their faces are
compared before anything is timed. From speech to mesh, a talker with a wav2vec2 of base size (random weights: what it
costs does not depend on them) encodes five seconds, its LSTM moves the landmarks, and S2D makes 300 faces; times are
per second of speech, so they are real-time factors. The peer has the same encoder and the same LSTM. The last rows let
a talker with log-mel features speak long recordings, each in a process of its own, looking at its faces piece by piece,
and say how much memory that had at most (where a system tells: /proc).

One thread is timed by the processor's clock, which stands still while others have the processor; several are timed by
the wall clock, and only on a quiet machine. Rounds are interleaved, and the ratio is the median of the ratios of paired
rounds; a part without a peer is the best of its rounds.

    python benchmarks/s2d.py [--quick]
"""

import os
import subprocess
import sys
from time import perf_counter
from types import SimpleNamespace

import numpy as np
import torch
from common import alone, clock_for, compare, is_quick, peak, report, seconds, thread_counts
from plain import Plain
from transformers import Wav2Vec2Config, Wav2Vec2Model

from emovoca.compiled_spiral import TorchDecoder
from emovoca.names import EMOTIONS
from emovoca.talkers.audio import AudioConfig
from emovoca.talkers.talker import Talker, TalkerConfig
from emovoca.talkers.wav2vec2 import Pretrained, Wav2Vec2Encoder
from emovoca.train import device_name
from emovoca.world.regions import head_topology

SECONDS, FPS, RATE, PEER = 5, 60, 16_000, 8  # of speech; faces and samples per second; faces per call of the peer


def network(audio, encoder=None):
    "E-S2L+S2D at the paper's settings with random weights on the full head."
    torch.manual_seed(0)
    talker = Talker(TalkerConfig('s2l_s2d', audio, tuple(EMOTIONS)), head_topology(), encoder).eval()
    torch.nn.init.normal_(talker.net.s2l.out.weight, std=0.2)
    return talker


def noise(length):
    "So many seconds of sound."
    return (np.random.default_rng(0).standard_normal(round(length * RATE)) * 0.1).astype(np.float32)


def loop(plain, codes):
    "Faces as published code makes them, (k,N,3) metres."
    return torch.cat([plain.decode(torch.from_numpy(code) * 1000) for code in np.split(codes, len(codes))])


def best(work, rounds, clock):
    "Seconds of the best of some rounds after one that does not count."
    return min([seconds(work, clock) for _ in range(rounds + 1)][1:])


def race(threads, rounds):
    "Rows for the results file."
    torch.set_num_threads(threads)
    settings, device = AudioConfig('wav2vec2', FPS), device_name('cpu')
    clock = clock_for(threads)
    encoder = Wav2Vec2Encoder(settings, Pretrained(Wav2Vec2Model(Wav2Vec2Config()).eval()))
    talker, sound = network(settings, encoder), noise(SECONDS)
    net, happy = talker.net, talker.schedule('happy', 2)
    plain = Plain(SimpleNamespace(hierarchy=net.hierarchy, decoder=net.s2d.decoder))
    batches = TorchDecoder(net.s2d.decoder, net.hierarchy)
    encode = lambda: talker.audio_encoder(sound).numpy()  # as `Talker.features` does, but nothing is kept on disk
    features = encode()
    codes = talker.codes(features, happy)
    few, mm = codes[:PEER], codes * 1000

    truth = loop(plain, few).numpy()
    made = talker.decode(few), batches.decode(mm[:PEER])
    far = max(np.abs(faces - truth).max() / np.abs(truth).max() for faces in made)
    assert far < 5e-6, f'the faces differ by {far:.1e} of the largest displacement'

    ours = lambda: talker.decode(talker.codes(encode(), happy))
    peer = lambda: loop(plain, talker.codes(encode(), happy))
    rows = [
        compare(
            f's2d, decoding, {name}',
            work,
            lambda: loop(plain, few),
            rounds,
            device,
            's per frame',
            None,
            (len(codes), PEER),
            clock,
        )
        for name, work in (('torch', lambda: batches.decode(mm)), ('numba', lambda: talker.decode(codes)))
    ]
    rows += [
        compare(
            's2d, speech to mesh',
            ours,
            peer,
            2,
            device,
            's per second of speech',
            None,
            (SECONDS, SECONDS),
            clock,
            warm=0,
        )
    ]  # all of it is warm
    parts = {'wav2vec2-base': encode, 'S2L': lambda: talker.codes(features, happy), 'S2D': lambda: talker.decode(codes)}
    return rows + [
        alone(f's2d, of which {name}', best(work, rounds, clock) / SECONDS, 's per second of speech', rounds, device)
        for name, work in parts.items()
    ]


def animate(minutes):
    "Speak a recording, look at all faces; print how long it took, and the most memory of this process, MB, if known."
    torch.set_num_threads(1)
    talker, start, most = network(AudioConfig(fps=FPS)), perf_counter(), 0
    clip = talker.say(noise(minutes * 60), emotion='happy')
    for first in range(0, clip.n_frames, 240):
        most = max(most, float(np.abs(clip.frames(slice(first, first + 240))).max()))
    assert 0 < most < np.inf
    print(round(perf_counter() - start, 1), *([round(peak())] if peak() else []))


def memory(minutes):
    "A row: the most memory of a process of its own; none where that is not known."
    done = subprocess.run(
        [sys.executable, __file__, '--animate', str(minutes)], capture_output=True, text=True, check=True
    )
    took, *known = map(float, done.stdout.split())
    return [
        alone(
            f's2d, {minutes:g} minutes of speech, from sound to mesh in {took:g} s, memory of the process',
            most,
            'MB',
            device='cpu, 1 threads',
        )
        for most in known
    ]


if __name__ == '__main__':
    if '--animate' in sys.argv:  # a process that `memory` started
        animate(float(sys.argv[-1]))
        sys.exit()
    quick, counts = is_quick(__doc__), thread_counts()
    with torch.no_grad():
        rows = [row for threads in counts for row in race(threads, 2 if quick else 5)]
    rows += [row for minutes in ((0.5,) if quick else (1, 10)) for row in memory(minutes)]
    report('s2d', rows, quick)
    print(f'load at the end {os.getloadavg()[0]:.1f}; targets: decoding by numba 25 times its loop,', end=' ')
    print('speech to mesh at most 0.2 on two threads, ten minutes below 2000 MB')
