"""Training step of DE-SD: our layers against a plain spiral network, side by side in one run.

The plain network is what published spiral code does: dense matrices for pooling and unpooling, and a gather that
indexes batch and vertex together. Both have the same weights and the same loss; the outputs are compared before
anything is timed. Rounds are interleaved, and the ratio is the median of the ratios of paired rounds.

    python benchmarks/desd_train.py [--quick]
"""
import torch
from torch.nn import functional as F

from common import compare, is_quick, report
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
    "One talking and one expressive pass with the weighted loss, and the backward pass."
    for kind, x in (('talking', talk), ('expressive', face)):
        for part in x.split(micro): (weighted_l2(network(part, kind), part, weights).sum()/len(x)).backward()


def race(batch, rounds):
    "A row for the results file."
    torch.manual_seed(0)
    head, config = head_topology(), DESDConfig()
    model = DESD(config, hierarchy(head, config.factors, config.steps, config.dilation))
    plain, weights = Plain(model), torch.from_numpy(head.weights())
    talk, face = torch.randn(2, batch, head.n_vertices, 3)*.003
    assert torch.allclose(model(talk[:2], 'talking'), plain(talk[:2], 'talking'), atol=1e-6), 'the two networks differ'
    return compare(f'desd_train, batch {batch}', lambda: step(model, talk, face, weights, 16),
                   lambda: step(plain, talk, face, weights, batch), rounds, device_name('cpu'), 's per step')


if __name__ == '__main__':
    quick = is_quick(__doc__)
    report('desd_train', [race(batch, rounds) for batch, rounds in (((8, 2),) if quick else ((8, 7), (64, 3)))], quick)
