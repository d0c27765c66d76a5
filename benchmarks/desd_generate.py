"""Fused frames from a talking and an expressive sequence: ours and the loop of published code, in one run.

The published loop takes one frame at a time through both encoders and decodes three faces, of which one is wanted; its
layers are those of `plain.py`. Ours encodes twice and decodes once, in torch (batches of 16) or by the numba engine. A
last case is how a data set is made: 11 expressions at 3 intensities, whose codes are known, on one talking sequence, so
that a talking code serves 33 faces. Rows for encoding and decoding alone, and for the plain loop with the two unwanted
faces left out, tell faster kernels from skipped work.

All have the same weights, and their faces are compared before anything is timed. The share of the ceiling is the
useful arithmetic of our way per second, over the measured matmul rate: the best that this machine reaches in a
product of two matrices, of several shapes and by two libraries, before and after everything else. Rounds are
interleaved, and the ratio is the median of the ratios of paired rounds. One thread is timed by the processor's clock,
which stands still while others have the processor. Several threads are timed by the wall clock, and only on a quiet
machine: on a busy one they wait for each other at every small operation, the plain loop most of all, which flatters
ours.

    python benchmarks/desd_generate.py [--quick]
"""

import os

import numpy as np
import torch
from common import clock_for, compare, is_quick, matmul_rate, report, thread_counts
from plain import Plain

from emovoca.fusion.compiled import engine
from emovoca.fusion.desd import DESD, DESDConfig
from emovoca.hierarchy import mesh_hierarchy
from emovoca.train import device_name
from emovoca.world.regions import head_topology

FRAMES, PEER, VARIANTS = 192, 4, 33  # frames per call of ours, per call of the peer; emotions times intensities


def loop(plain, talk, face, wanted_only=False):
    "Fused faces as published code makes them, with both inputs reconstructed unless only the result is wanted."
    out = []
    for t, e in zip(talk.split(1), face.split(1)):
        f_t, f_e = plain.encode(t, 'talking'), plain.encode(e, 'expressive')
        out.append(plain.decode(torch.cat([f_t, f_e], 1)))
        if not wanted_only:
            plain.decode(torch.cat([f_t, f_t], 1))
            plain.decode(torch.cat([f_e, f_e], 1))
    return torch.cat(out).numpy()


def fused(e, talk, face):
    "Fused faces: each frame of a sequence with its frame of the other."
    return e.decode(np.concatenate([e.encode(talk, 'talking'), e.encode(face, 'expressive')], 1))


def variants(e, talk, codes):
    "Every talking frame with every expression code: (33·n,N,3)."
    f_t = e.encode(talk, 'talking')
    return e.decode(np.concatenate([np.repeat(f_t, len(codes), 0), np.tile(codes, (len(f_t), 1))], 1))


def operations(model):
    "Multiplications and additions that our way needs for one encoding and one decoding."
    ups, last = model.decoder.convs[:-1], model.decoder.convs[-1]
    encode = (
        sum(c.spirals.numel() * c.weight[0].numel() for c in model.talking.convs) + model.talking.out.weight.numel()
    )
    products = sum(c.shape[1] // len(c.weight) * c.weight.numel() for c in ups) + last.shape[0] * last.weight.numel()
    return 2 * encode, 2 * (
        model.decoder.inp.weight.numel() + products + sum(c.p_vals.numel() * c.weight.shape[2] for c in ups)
    )


def race(threads, rounds):
    "Rows for the results file."
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    head, config = head_topology(), DESDConfig()
    model = DESD(config, mesh_hierarchy(head, config.factors, config.steps, config.dilation)).eval()
    plain, numba, batches = Plain(model), engine(model, 'numba'), engine(model, 'torch')
    talk, face = torch.randn(2, FRAMES, head.n_vertices, 3) * 0.003
    few, some, x, y = talk[:PEER], face[:PEER], talk.numpy(), face.numpy()
    codes, z = numba.encode(y[:VARIANTS], 'expressive'), torch.randn(FRAMES, 2 * config.latent)
    n_talk = max(1, FRAMES // VARIANTS)

    truth = loop(plain, few, some)
    far = {e: np.abs(fused(e, x[:PEER], y[:PEER]) - truth).max() / np.abs(truth).max() for e in (numba, batches)}
    assert max(far.values()) < 5e-6, f'the faces differ by {max(far.values()):.1e} of the largest displacement'
    assert np.allclose(
        variants(numba, x[:1], codes)[:PEER], fused(numba, np.repeat(x[:1], PEER, 0), y[:PEER]), atol=1e-7
    ), 'the variants differ'

    clock = clock_for(threads)
    top, (encode, decode), device = matmul_rate(clock), operations(model), device_name('cpu')
    whole, useful = (lambda: loop(plain, few, some)), lambda: loop(plain, few, some, True)
    both = lambda e: (e.encode(x, 'talking'), e.encode(y, 'expressive'))
    plain_both = lambda: [
        plain.encode(frame, kind)
        for pair in zip(few.split(1), some.split(1))
        for frame, kind in zip(pair, ('talking', 'expressive'))
    ]
    plain_decode = lambda: [plain.decode(code) for code in z[:PEER].split(1)]
    cases = [  # name, ours, peer, operations per frame, frames per call of ours
        ('end to end, torch', lambda: fused(batches, x, y), whole, 2 * encode + decode, FRAMES),
        ('end to end, numba', lambda: fused(numba, x, y), whole, 2 * encode + decode, FRAMES),
        (
            '33 variants, numba',
            lambda: variants(numba, x[:n_talk], codes),
            whole,
            encode / VARIANTS + decode,
            n_talk * VARIANTS,
        ),
        ('two encodings, torch', lambda: both(batches), plain_both, 2 * encode, FRAMES),
        ('two encodings, numba', lambda: both(numba), plain_both, 2 * encode, FRAMES),
        ('one decoding, torch', lambda: batches.decode(z.numpy()), plain_decode, decode, FRAMES),
        ('one decoding, numba', lambda: numba.decode(z.numpy()), plain_decode, decode, FRAMES),
        ('plain loop, only what is wanted', useful, whole, None, PEER),
        ('end to end, numba, against that', lambda: fused(numba, x, y), useful, 2 * encode + decode, FRAMES),
    ]
    rows = [
        compare(f'desd_generate, {name}', ours, peer, rounds, device, 's per frame', pieces=(frames, PEER), clock=clock)
        for name, ours, peer, _, frames in cases
    ]
    top = max(top, matmul_rate(clock))
    print(
        f'{device}: measured matmul rate {top / 1e9:.0f} GFLOP/s; '
        f'encoding takes {encode / 1e6:.1f} and decoding {decode / 1e6:.1f} '
        f'million operations; load {os.getloadavg()[0]:.1f}'
    )
    return [
        row | dict(share_of_ceiling=work and round(work / row['ours'] / top, 3))
        for row, (_, _, _, work, _) in zip(rows, cases)
    ]


if __name__ == '__main__':
    quick, counts = is_quick(__doc__), thread_counts()
    with torch.no_grad():
        rows = [row for threads in counts for row in race(threads, 2 if quick else 9)]
    report('desd_generate', rows, quick)
    for row in rows:
        if row['share_of_ceiling']:
            print(f"{row['name']}, {row['device']}: {row['share_of_ceiling']:.0%} of the measured matmul rate")
    print(f'load at the end {os.getloadavg()[0]:.1f}; targets: end to end 15 in torch and 50 in numba, variants 75')
