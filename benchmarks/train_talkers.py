"""Training step of both talkers: sentences in batches with masks against one at a time, side by side in one run.

Published code trains at batch 1, because sentences have different lengths. Ours pads them to the longest, and leaves
the padding out of the loss; sixteen sentences of two to four seconds at 30 frames per second are one step. There are
two peers. "Ours at batch 1" is the same code, sentence by sentence: what batches alone gain. "The naive loop at batch
1" is how peers train E-FaceFormer: whole decoder and all vertices again at every frame, with gradients; it is timed
on the shortest sentence, which flatters it. S2L has no naive loop: peers call the same LSTM, and ours at batch 1 is
theirs. All train on their own predictions at the paper's sizes, E-FaceFormer on FLAME's 5,023 vertices and on a head
of 1,260, S2L of E-S2L+S2D on 68 landmarks; a step is forward, backward and Adam.

S2L has less to gain on a processor: a sentence alone already runs near the speed of matrix products
(`share_of_ceiling`), since everything but the recurrence is one product over all its frames.

Gradients are compared before anything is timed. Rounds are interleaved, times are per real frame, padding does not
count, and the ratio is the median of the ratios of paired rounds. One thread is timed by the processor's clock, which
stands still while others have the processor; several are timed by the wall clock, and only on a quiet machine.

    python benchmarks/train_talkers.py [--quick]
"""

import os

import torch
from common import clock_for, compare, is_quick, matmul_rate, report, thread_counts

from emovoca.talkers.attention import step_by_step
from emovoca.talkers.faceformer import EFaceFormer, EFaceFormerConfig, faceformer_loss
from emovoca.talkers.s2l import S2L, ES2LS2DConfig, s2l_loss
from emovoca.train import device_name

FEATURES, FPS, BATCH = 768, 30, 16  # of sound; frames per second; sentences
TARGET = 3  # times the frames per second of batch 1


def sentences(points):
    "A padded batch: features, emotion, intensity, style, target in metres (so many points), mask."
    rng = torch.Generator().manual_seed(0)
    lengths = torch.linspace(2 * FPS, 4 * FPS, BATCH).long()
    frames = int(lengths.max())
    label = lambda n: torch.eye(n)[torch.arange(BATCH) % n][:, None].expand(BATCH, frames, n)
    draw = lambda *shape: torch.randn(BATCH, frames, *shape, generator=rng)
    return draw(FEATURES), label(5), label(3), None, draw(points, 3) * 0.003, torch.arange(frames) < lengths[:, None]


def alone(batch, k):
    "Sentence `k` without its padding."
    n = int(batch[-1][k].sum())
    return [x if x is None else x[k : k + 1, :n] for x in batch]


def naive_loss(net, sentence):
    "The squared error of faces that were made step by step."
    *given, style, target, _ = sentence
    faces = step_by_step(net, net.embed(*given), net.style_token(style, len(target)))
    return (1000 * (faces - target)).square().sum(-1).mean(-1).mean(1)


def gradient(net, loss):
    "All gradients in a row."
    net.zero_grad()
    loss.mean().backward()
    return torch.cat([p.grad.flatten() for p in net.parameters() if p.grad is not None])


def trainer(net):
    "A training step for a loss, so slow that all steps are alike."
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-9, fused=True)

    def train(loss):
        optimizer.zero_grad()
        loss.mean().backward()
        optimizer.step()

    return train


def check_batch(net, loss, batch, singles):
    "Does the batch have the mean of the gradients of its sentences?"
    together, apart = gradient(net, loss(net, batch)), sum(gradient(net, loss(net, one)) for one in singles) / BATCH
    assert (together - apart).abs().max() < 1e-4 * apart.abs().max(), 'the batch has other gradients than its sentences'


def race_faceformer(vertices, rounds, threads):
    "Rows for the results file."
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    net, batch = EFaceFormer(EFaceFormerConfig(FEATURES, vertices, period=FPS)), sentences(vertices)
    device = device_name('cpu')
    torch.nn.init.normal_(net.output_map.weight, std=0.3)
    singles = [alone(batch, k) for k in range(BATCH)]
    check_batch(net, faceformer_loss, batch, singles)
    mine, naive = gradient(net, faceformer_loss(net, singles[0])), gradient(net, naive_loss(net, singles[0]))
    assert (mine - naive).abs().max() < 1e-4 * naive.abs().max(), 'ours has other gradients than the naive loop'

    whole, first, train = int(batch[-1].sum()), int(singles[0][-1].sum()), trainer(net)
    step = lambda: train(faceformer_loss(net, batch))
    one_by_one = lambda: [train(faceformer_loss(net, one)) for one in singles]
    per_frame = lambda name, peer, frames: compare(
        f'train_talkers, E-FaceFormer, {vertices} vertices, batch {BATCH} against {name}',
        step,
        peer,
        rounds,
        device,
        's per frame',
        pieces=(whole, frames),
        clock=clock_for(threads),
    )
    return [
        per_frame('ours at batch 1', one_by_one, whole),
        per_frame('the naive loop at batch 1', lambda: train(naive_loss(net, singles[0])), first),
    ]


def race_s2l(rounds, threads):
    "A row for the results file."
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    config, batch, device = ES2LS2DConfig(features=FEATURES, emotions=5), sentences(68), device_name('cpu')
    clock = clock_for(threads)
    net, singles = S2L(config), [alone(batch, k) for k in range(BATCH)]
    torch.nn.init.normal_(net.out.weight, std=0.3)
    check_batch(net, s2l_loss, batch, singles)
    whole, train, size = int(batch[-1].sum()), trainer(net), sum(p.numel() for p in net.lstm.parameters())
    share = lambda seconds: 6 * size / seconds / matmul_rate(clock)  # forward, and twice as much backward
    return [
        compare(
            f'train_talkers, S2L, batch {BATCH} against ours at batch 1',
            lambda: train(s2l_loss(net, batch)),
            lambda: [train(s2l_loss(net, one)) for one in singles],
            rounds,
            device,
            's per frame',
            share,
            (whole, whole),
            clock,
        )
    ]


if __name__ == '__main__':
    quick, counts = is_quick(__doc__), thread_counts()
    rows = [
        row
        for n in counts
        for row in race_faceformer(1260, 1 if quick else 7, n)
        + race_faceformer(5023, 1 if quick else 5, n)
        + race_s2l(1 if quick else 5, n)
    ]
    report('train_talkers', rows, quick)
    for row in rows:
        speed = f"{1 / row['ours']:,.0f} frames/s against {1 / row['peer']:,.0f}"
        print(f"{row['name']}, {row['device']}: {speed}, {row['ratio']:.3g} times (target {TARGET})")
    print(f'load at the end {os.getloadavg()[0]:.1f}')
