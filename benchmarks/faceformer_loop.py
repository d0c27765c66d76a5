"""From sound features to a talking face with E-FaceFormer: ours against the naive loop, side by side in one run.

The naive loop is the one of published code: at every frame the whole decoder runs again on all tokens so far, all of
them are mapped to vertices, and the last is mapped back to a token. Ours keeps keys and values, folds the two maps into
one of 64 by 64, runs compiled, and makes vertices once at the end. The face has FLAME's 5,023 vertices, the features
wav2vec2-base's 768 numbers, and the map to vertices random weights, so that what is said depends on what was said. The
faces that were timed are compared.

'streaming' is the network fed frame by frame; 'stream' is the talker of the package from sound to vertices, in blocks
of 20 ms; its real-time factor is computing time over speaking time. Both say how much memory this process has after one
minute, when all is warm, and after ten. 'animate' is the command on a recording, from a .wav to a .npy, in a process of
its own, which tells the most memory it ever had. Where a system does not tell (no /proc), there are no rows of memory.

'decoding loop' begins, for both, with the mapped sound and ends with displacements; 'end to end' begins with cached
features in a file and ends with vertices. Rounds are interleaved, and the ratio is the median of the ratios of paired
rounds. One thread is timed by the processor's clock, which stands still while others have the processor; several are
timed by the wall clock, and only on a quiet machine.

    python benchmarks/faceformer_loop.py [--quick]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import soundfile
import torch
from common import alone, compare, is_quick, matmul_rate, report, resident, seconds, thread_counts

from emovoca.app.animation import shipped
from emovoca.talkers.attention import step_by_step
from emovoca.talkers.decoding_loop import run_loop
from emovoca.talkers.faceformer import EFaceFormerConfig, random_faceformer
from emovoca.talkers.talker import Talker
from emovoca.train import device_name
from emovoca.world.speaking import recite

FEATURES, VERTICES, MINUTES = 768, 5023, 10


def network(fps):
    "E-FaceFormer at the paper's sizes, with random weights everywhere."
    return random_faceformer(EFaceFormerConfig(FEATURES, VERTICES, period=fps))


def sentence(frames):
    "Features, and a happy voice at full intensity."
    label = lambda n: torch.nn.functional.one_hot(torch.tensor([n - 1]), n).float().expand(1, frames, n)
    return torch.randn(1, frames, FEATURES, generator=torch.Generator().manual_seed(frames)), label(5), label(3)


def operations(net, frames):
    "Multiplications and additions that ours needs for the loop and the vertices."
    d, c = net.config.width, net.config
    looks = sum(min(t + 1, c.window * c.period) for t in range(frames))
    return 2 * (frames * (5 * d * d + 2 * d * c.feed + 3 * d * VERTICES) + 2 * d * looks) + 2 * 3 * d * d * VERTICES


def race(threads, cases):
    "Decoding at the lengths, frame rates and rounds asked for; the first case comes once more, before it counts."
    torch.set_num_threads(threads)
    clock = process_time if threads == 1 else perf_counter
    top, device, rows, made = matmul_rate(clock), device_name('cpu'), [], {}
    for length, fps, rounds in cases:
        net = network(fps)
        embedded = net.embed(*sentence(length * fps))

        def ours():
            made['ours'] = net.decode(run_loop(net, embedded, net.style_token(None, 1)))

        def naive():
            made['naive'] = step_by_step(net, embedded, net.style_token(None, 1))

        rows.append(
            compare(
                f'faceformer_loop, decoding loop, {length} s at {fps} fps',
                ours,
                naive,
                rounds,
                device,
                share_of_ceiling=lambda mine: operations(net, length * fps) / mine / top,
                clock=clock,
                warm=int(not rows),
            )
        )
        far = (made['ours'] - made['naive']).abs().max() / made['naive'].abs().max()
        assert far < 1e-5, f'the faces differ by {far:.1e} of the largest displacement'
    return rows


def end_to_end(threads, rounds, length=10, fps=30):
    "From a file of features to vertices."
    torch.set_num_threads(threads)
    clock, net, neutral = process_time if threads == 1 else perf_counter, network(fps), torch.randn(VERTICES, 3) * 0.1
    with tempfile.TemporaryDirectory() as folder:
        file, (features, *labels) = Path(folder) / 'features.npy', sentence(length * fps)
        np.save(file, features.numpy())
        read = lambda: torch.from_numpy(np.load(file))
        return compare(
            f'faceformer_loop, end to end, {length} s at {fps} fps',
            lambda: net.decode(net.codes(read(), *labels)).add_(neutral),
            lambda: step_by_step(net, net.embed(read(), *labels), net.style_token(None, 1)) + neutral,
            rounds,
            device_name('cpu'),
            clock=clock,
        )


def growth(fps=30):
    "Time per frame of the loop alone, from ten seconds to ten minutes, one thread."
    torch.set_num_threads(1)
    net, style = network(fps), torch.zeros(1, 64)

    def per_frame(length):
        embedded = torch.randn(1, length * fps, 64)
        return min(seconds(lambda: run_loop(net, embedded, style), process_time) for _ in range(3)) / length / fps

    return [
        row(f'loop alone, {length} s at {fps} fps', per_frame(length), 's per frame')
        for length in (10, 60, 120, 300, 60 * MINUTES)
    ]


def flatness(name, minutes, samples):
    "Rows about memory that was asked for a hundred times at even distances; a tenth of them are there to warm up."
    if None in samples:
        return []
    warm, later = samples[9], samples[10:]
    return [
        row(f'{name}, memory after {minutes / 10:g} min', warm, 'MB'),
        row(f'{name}, memory after {minutes:g} min', later[-1], 'MB'),
        row(f'{name}, memory grown in between by', later[-1] - warm, 'MB'),
        row(f'{name}, memory in between at most', max(later), 'MB'),
    ]


def live(minutes, fps=30):
    "Frame by frame for a while: how long until the vertices are there, and what it costs in memory."
    torch.set_num_threads(1)
    net, (features, emotion, intensity) = network(fps), sentence(fps)
    state, frames, samples = net.start(), minutes * 60 * fps, []

    def frame(k):
        net.decode(state.step(features[0, k : k + 1], emotion[0, :1], intensity[0, :1]))

    for k in range(fps):
        frame(k)
    times = np.ones(frames)  # all of it is there before the first frame
    for k in range(frames):
        times[k] = seconds(lambda: frame(k % fps))
        if (k + 1) % (frames // 100) == 0:
            samples.append(resident())
    name = f'streaming {minutes:g} min'
    return [
        row(f'{name}, median frame', np.median(times), 's'),
        row(f'{name}, 99 of 100 frames within', np.percentile(times, 99), 's'),
        *flatness(name, minutes, samples),
    ]


def voice(minutes):
    "Somebody who says the same sentence again and again, 16 kHz."
    sound = recite('sentence03', 5)
    return np.tile(sound, int(minutes * 60 * 16_000 // len(sound)) + 1)


def stream(minutes):
    "The talker of the package while somebody speaks."
    torch.set_num_threads(1)
    talker, sound = Talker.from_pretrained(shipped()), voice(minutes)
    blocks = np.split(sound[: len(sound) // 320 * 320], len(sound) // 320)
    list(talker.stream(blocks[:200], 'happy'))  # everything is compiled now
    every, samples, start, faces = round(minutes * 60 * talker.fps) // 100, [], perf_counter(), 0
    for _ in talker.stream(blocks, 'happy'):
        faces += 1
        if faces % every == 0:
            samples.append(resident())
    spent, name = perf_counter() - start, f'stream {minutes:g} min'
    return [
        row(f'{name}, look-ahead', talker.audio_encoder.lookahead, 's'),
        row(f'{name}, per face', spent / faces, 's'),
        row(f'{name}, real-time factor', spent / (len(sound) / 16_000), 's per second of speech'),
        *flatness(name, minutes, samples[:100]),
    ]


ANIMATE = """
import sys; sys.path.insert(0, {here!r})
from emovoca.app.commands import main
from common import peak
failed = main({words!r})
print(peak())
sys.exit(failed)
"""


def animate(minutes):
    "The command on a long recording, in a process that tells the most memory it ever had."
    with tempfile.TemporaryDirectory() as folder:
        soundfile.write(f'{folder}/long.wav', voice(minutes), 16_000)
        words = ['animate', f'{folder}/long.wav', '--emotion', 'happy:2', '--out', f'{folder}/long.npy']
        program, start = ANIMATE.format(here=str(Path(__file__).resolve().parent), words=words), perf_counter()
        most = subprocess.run(
            [sys.executable, '-c', program], check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        spent = perf_counter() - start
        assert np.load(f'{folder}/long.npy', mmap_mode='r').shape[0] >= minutes * 60 * 30
    return [row(f'animate {minutes:g} min', spent, 's')] + (
        [row(f'animate {minutes:g} min, memory of the process at most', float(most), 'MB')] if most != 'None' else []
    )


def row(name, value, unit):
    "A row without a peer, of this benchmark."
    return alone(f'faceformer_loop, {name}', value, unit, device=device_name('cpu'))


if __name__ == '__main__':
    quick, counts = is_quick(__doc__), thread_counts()
    cases, minutes = (
        ([(2, 30, 2), (10, 30, 1)], 1) if quick else ([(2, 30, 5), (10, 30, 3), (30, 30, 2), (10, 60, 1)], MINUTES)
    )
    with torch.no_grad():
        rows = animate(minutes / 10) + animate(minutes) + stream(minutes) + live(minutes) + growth()
        for n in counts:
            rows += race(n, cases if n == 1 else cases[:3]) + [end_to_end(n, 1 if quick else 3)]
    report('faceformer_loop', rows, quick)
    print(f'load at the end {os.getloadavg()[0]:.1f}')
    print('targets: decoding loop 25 at 10 s and 60 at 30 s, end to end 20 at 10 s, 10 minutes animated below 2000 MB,')
    print('no growth of memory while streaming')
