"""Training step of DE-SD: our layers against a plain spiral network, side by side in one run.

The plain network is what published spiral code does: dense matrices for pooling and unpooling, and a gather that
indexes batch and vertex together. Both have the same weights and the same loss; the outputs are compared before
anything is timed. Rounds are interleaved, and the ratio is the median of the ratios of paired rounds.

    python benchmarks/desd_train.py [--quick]
"""

import torch
from common import compare, is_quick, report
from plain import Plain

from emovoca.fusion.desd import DESD, DESDConfig
from emovoca.hierarchy import mesh_hierarchy
from emovoca.train import device_name, weighted_l2
from emovoca.world.regions import head_topology


def step(network, talk, face, weights, micro):
    "One talking and one expressive pass with the weighted loss, and the backward pass."
    for kind, x in (('talking', talk), ('expressive', face)):
        for part in x.split(micro):
            (weighted_l2(network(part, kind), part, weights).sum() / len(x)).backward()


def race(batch, rounds):
    "A row for the results file."
    torch.manual_seed(0)
    head, config = head_topology(), DESDConfig()
    model = DESD(config, mesh_hierarchy(head, config.factors, config.steps, config.dilation))
    plain, weights = Plain(model), torch.from_numpy(head.weights())
    talk, face = torch.randn(2, batch, head.n_vertices, 3) * 0.003
    assert torch.allclose(model(talk[:2], 'talking'), plain(talk[:2], 'talking'), atol=1e-6), 'the two networks differ'
    return compare(
        f'desd_train, batch {batch}',
        lambda: step(model, talk, face, weights, 16),
        lambda: step(plain, talk, face, weights, batch),
        rounds,
        device_name('cpu'),
        's per step',
    )


if __name__ == '__main__':
    quick = is_quick(__doc__)
    report('desd_train', [race(batch, rounds) for batch, rounds in (((8, 2),) if quick else ((8, 7), (64, 3)))], quick)
