"""Training step of E-FaceFormer: sentences in batches with masks against one at a time, side by side in one run.

Published code trains at batch 1, because sentences have different lengths. Ours pads them to the longest, and leaves the
padding out of the loss; sixteen sentences of two to four seconds at 30 frames per second are one step. They are trained
against the same network at batch 1, and against the naive loop at batch 1 (whole decoder and all vertices again at every
frame, with gradients), on the shortest sentence, which flatters it. All train on their own predictions with the squared
error, at the paper's sizes, on FLAME's 5,023 vertices and on a head of 1,260; a step is forward, backward and Adam.

Gradients are compared before anything is timed. Rounds are interleaved, times are per real frame, padding does not
count, and the ratio is the median of the ratios of paired rounds. One thread, timed by the processor's clock.

    python benchmarks/train_talkers.py [--quick]
"""
from time import process_time

import torch

from common import compare, is_quick, report

from emovoca.models.faceformer import EFaceFormer, EFaceFormerConfig, faceformer_loss, step_by_step
from emovoca.train import device_name

FEATURES, FPS, BATCH = 768, 30, 16


def sentences(vertices):
    "A padded batch: features, emotion, intensity, style, target in metres, mask."
    rng = torch.Generator().manual_seed(0)
    lengths = torch.linspace(2*FPS, 4*FPS, BATCH).long()
    frames = int(lengths.max())
    label = lambda n: torch.eye(n)[torch.arange(BATCH) % n][:, None].expand(BATCH, frames, n)
    draw = lambda *shape: torch.randn(BATCH, frames, *shape, generator=rng)
    return draw(FEATURES), label(5), label(3), None, draw(vertices, 3)*.003, torch.arange(frames) < lengths[:, None]


def alone(batch, k):
    "Sentence `k` without its padding."
    n = int(batch[-1][k].sum())
    return [o if o is None else o[k:k+1, :n] for o in batch]


def naive_loss(net, sentence):
    "The squared error of faces that were made step by step."
    *given, style, target, _ = sentence
    return (1000*(step_by_step(net, *given, style) - target)).square().sum(-1).mean(-1).mean(1)


def gradient(net, loss):
    "All gradients in a row."
    net.zero_grad()
    loss.mean().backward()
    return torch.cat([p.grad.flatten() for p in net.parameters() if p.grad is not None])


def race(vertices, rounds):
    "Rows for the results file."
    torch.set_num_threads(1); torch.manual_seed(0)
    net, batch, device = EFaceFormer(EFaceFormerConfig(FEATURES, vertices, period=FPS)), sentences(vertices), device_name('cpu')
    torch.nn.init.normal_(net.output_map.weight, std=.3)
    singles = [alone(batch, k) for k in range(BATCH)]
    together = gradient(net, faceformer_loss(net, batch))
    apart = sum(gradient(net, faceformer_loss(net, o)) for o in singles)/BATCH
    assert (together - apart).abs().max() < 1e-4*apart.abs().max(), 'the batch has other gradients than its sentences'
    mine, naive = gradient(net, faceformer_loss(net, singles[0])), gradient(net, naive_loss(net, singles[0]))
    assert (mine - naive).abs().max() < 1e-4*naive.abs().max(), 'ours has other gradients than the naive loop'

    whole, first = int(batch[-1].sum()), int(singles[0][-1].sum())
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-9, fused=True) # so slow that all steps are alike
    def train(loss): optimizer.zero_grad(); loss.mean().backward(); optimizer.step()
    step, one_by_one = (lambda: train(faceformer_loss(net, batch))), lambda: [train(faceformer_loss(net, o)) for o in singles]
    per_frame = lambda name, peer, frames: compare(f'train_talkers, E-FaceFormer, {vertices} vertices, batch {BATCH} against {name}', step, peer, rounds, device,
                                                   's per frame', pieces=(whole, frames), clock=process_time)
    return [per_frame('batch 1', one_by_one, whole), per_frame('the naive loop at batch 1', lambda: train(naive_loss(net, singles[0])), first)]


if __name__ == '__main__':
    quick = is_quick(__doc__)
    rows = race(1260, 1 if quick else 7) + race(5023, 1 if quick else 5)
    report('train_talkers', rows, quick)
    for row in rows: print(f"{row['name']}: {1/row['ours']:,.0f} frames/s against {1/row['peer']:,.0f}")
