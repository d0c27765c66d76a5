"""One update of every network that tables train, at the sizes of `laptop` and of `paper`: forward, backward, Adam.

Each network is trained by the loop that trains it in tables, `fit`, with the profile's batch, on made-up numbers of the
right shapes; what counts is the median of the epochs after the first, of five updates each, on one core and by its
clock. Sentences are as long as those of the embedded world, 3.4 s, at the profile's frames per second, which set their
cost as much as the mesh does. Nothing is compared. These are the numbers behind the projection in
`nbs/guides/cluster.ipynb`.

    python benchmarks/updates.py [--quick]
"""

from dataclasses import replace
from statistics import median

import numpy as np
import torch
from common import alone, clock_for, is_quick, report, seconds

from emovoca.fusion.classifier import ClassifierConfig, ExpressionClassifier
from emovoca.fusion.desd import DESD, DESDConfig, desd_loss
from emovoca.hierarchy import mesh_hierarchy, pooling_factors
from emovoca.names import VERSIONS
from emovoca.reproduce.experiment import RECIPES
from emovoca.reproduce.jobs import CLASSIFIER_TRAININGS
from emovoca.talkers.faceformer import EFaceFormer, EFaceFormerConfig, faceformer_loss
from emovoca.talkers.registry import family
from emovoca.talkers.s2l import S2L, ES2LS2DConfig, s2l_loss
from emovoca.talkers.s2l_s2d import S2D, s2d_loss
from emovoca.train import device_name, fit
from emovoca.world.sets import PROFILES, world_head

UPDATES, SECONDS = 5, 3.4  # of an epoch; of a sentence
SIZES = dict(laptop=(400, 15), paper=(768, 60))  # features of the audio encoder, frames per second


class Made:
    "So many samples, each a tuple of random arrays of these shapes."

    def __init__(self, n, *shapes):
        rng = np.random.default_rng(0)
        self.n, self.arrays = n, [rng.normal(size=shape).astype(np.float32) * 0.003 for shape in shapes]

    def __len__(self):
        return self.n

    def __getitem__(self, rows):
        batch = tuple(np.broadcast_to(array, (len(rows), *array.shape)).copy() for array in self.arrays)
        return batch if len(batch) > 1 else batch[0]


def per_update(model, loss, shapes, training, epochs):
    "Median seconds of an update, by the processor's clock."
    cfg, made = replace(training, epochs=1, patience=0), Made(UPDATES * training.batch, *shapes)
    epoch = lambda: fit(model, loss, {'made': made}, cfg, device='cpu', progress=False)
    return median([seconds(epoch, clock_for(1)) / UPDATES for _ in range(epochs)][1:])


def networks(profile, head):
    "name: (network, loss, shapes of a sample, TrainConfig)"
    n, (features, fps) = head.n_vertices, SIZES[profile]
    factors, frames, weights = pooling_factors(n), round(SECONDS * fps), torch.from_numpy(head.weights())
    config, sizes = DESDConfig(factors=factors), dict(features=features, emotions=5)
    desd = DESD(config, mesh_hierarchy(head, factors, config.steps, config.dilation))
    labels = ClassifierConfig(VERSIONS['v2'], factors=factors)
    classifier = ExpressionClassifier(labels, desd.hierarchy)
    speech = [(frames, features), (frames, 5), (frames, 3)]
    halves = ES2LS2DConfig(**sizes, factors=factors)
    former, pair = family('faceformer').recipe(profile), family('s2l_s2d').recipe(profile)
    heard = lambda loss: lambda net, name, x: loss(net, (*x[:3], None, x[3], torch.ones(x[0].shape[:2], dtype=bool)))
    faces = lambda net, name, x: s2d_loss(net, x, weights)
    apart = lambda net, name, x: torch.nn.functional.cross_entropy(
        net(x), torch.zeros(len(x), dtype=torch.long), reduction='none'
    )
    reading = EFaceFormer(EFaceFormerConfig(features, n, period=round(fps)))
    marks = S2L(halves)
    return {
        'DE-SD': (
            desd,
            lambda net, name, x: desd_loss(net, 'talking', x, weights, config),
            [(n, 3)],
            RECIPES[profile].training,
        ),
        'classifier': (classifier, apart, [(n, 3)], CLASSIFIER_TRAININGS[profile]),
        'E-FaceFormer': (reading, heard(faceformer_loss), [*speech, (frames, n, 3)], former.speech),
        'S2L': (marks, heard(s2l_loss), [*speech, (frames, 68, 3)], pair.speech),
        'S2D': (S2D(halves, desd.hierarchy), faces, [(68, 3), (n, 3)], pair.faces),
    }


def rows(profile, epochs):
    "Rows for the results file."
    head = world_head(PROFILES[profile].vertices)[0]
    for name, given in networks(profile, head).items():
        spent = per_update(*given, epochs)
        size = f'{head.n_vertices} vertices, batch {given[3].batch}'
        yield alone(f'updates, {profile}, {name}, {size}', spent, 's per update', epochs - 1, device_name('cpu'))


if __name__ == '__main__':
    quick = is_quick(__doc__)
    torch.set_num_threads(1)
    profiles = ('laptop',) if quick else ('laptop', 'paper')
    report('updates', [row for profile in profiles for row in rows(profile, 2 if quick else 4)], quick)
