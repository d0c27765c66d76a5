"""Training step of DE-SD: our layers against a plain spiral network, side by side in one run.

The plain network is what published spiral code does: dense matrices for pooling and unpooling, and a gather that
indexes batch and vertex together. Both have the same weights and the same loss; the outputs are compared before
anything is timed. Rounds are interleaved, and the ratio is the median of the ratios of paired rounds.

    python benchmarks/desd_train.py [--quick]
"""
import json
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import torch
from torch.nn import functional as F

from emovoca.hierarchy import hierarchy
from emovoca.models.desd import DESD, DESDConfig, weighted_l2
from emovoca.train import device_name
from emovoca.world.regions import head_topology


class Plain(torch.nn.Module):
    "DE-SD with dense D and U and a batch-index gather, sharing the weights of a fast model."
    def __init__(self, model):
        super().__init__()
        self.model, h = model, model.hierarchy
        self.spirals = [torch.from_numpy(s) for s in h.spirals]
        self.D, self.U = [], []
        for n, keep, index, weight in zip(h.sizes, h.keep, h.up_index, h.up_weight):
            down, up = torch.zeros(len(keep), n), torch.zeros(n, len(keep))
            down[torch.arange(len(keep)), torch.from_numpy(keep)] = 1
            up.scatter_add_(1, torch.from_numpy(index), torch.from_numpy(weight))
            self.D.append(down); self.U.append(up)

    def conv(self, x, spirals, layer): # (B,N,C) -> (B,N,O)
        b, n, c = x.shape
        x = torch.cat([x, x.new_zeros(b, 1, c)], 1)
        rows = torch.arange(b).view(-1, 1).repeat(1, spirals.numel()).view(-1)
        near = x[rows, spirals.reshape(-1).repeat(b)].view(b*n, -1)
        return (near @ layer.weight.flatten(0, 1) + layer.bias).view(b, n, -1)

    def forward(self, x, kind):
        m = self.model
        encoder, x = getattr(m, kind), x*1000
        for conv, s, D in zip(encoder.convs, self.spirals, self.D): x = D @ F.elu(self.conv(x, s, conv))
        z = encoder.out(x.flatten(1))
        x = m.decoder.inp(torch.cat([z, z], 1)).view(len(z), *m.decoder.first)
        for conv, s, U in zip(m.decoder.convs, self.spirals[::-1], self.U[::-1]): x = F.elu(self.conv(U @ x, s, conv))
        return self.conv(x, self.spirals[0], m.decoder.convs[-1])/1000


def step(network, talk, face, weights, micro):
    "One talking and one expressive pass with the weighted loss, and the backward pass. Seconds."
    start = perf_counter()
    for kind, x in (('talking', talk), ('expressive', face)):
        for part in x.split(micro): (weighted_l2(network(part, kind), part, weights).sum()/len(x)).backward()
    return perf_counter() - start


def compare(batch, rounds):
    "A row for the results file."
    torch.manual_seed(0)
    head, config = head_topology(), DESDConfig()
    model = DESD(config, hierarchy(head, config.factors, config.steps, config.dilation))
    plain, weights = Plain(model), torch.from_numpy(head.weights())
    talk, face = torch.randn(2, batch, head.n_vertices, 3)*.003
    assert torch.allclose(model(talk[:2], 'talking'), plain(talk[:2], 'talking'), atol=1e-6), 'the two networks differ'
    pairs = [(step(model, talk, face, weights, 16), step(plain, talk, face, weights, batch)) for _ in range(rounds + 1)][1:]
    ours, peer = (median(p[i] for p in pairs) for i in (0, 1))
    return dict(name=f'desd_train, batch {batch}', ratio=round(median(b/a for a, b in pairs), 2), ours=round(ours, 4), peer=round(peer, 4),
                unit='s per step', n=rounds, device=device_name('cpu'), share_of_ceiling=None)


if __name__ == '__main__':
    quick = '--quick' in sys.argv
    rows = [compare(batch, rounds) for batch, rounds in (((8, 2),) if quick else ((8, 7), (64, 3)))]
    for r in rows: print(f"{r['name']}: {r['ours']:.3f} s against {r['peer']:.3f} s, {r['ratio']:.1f} times faster")
    target = Path(__file__).parent/'results'/'desd_train.json'
    if not quick: target.parent.mkdir(exist_ok=True); target.write_text(json.dumps(rows, indent=1) + '\n')
