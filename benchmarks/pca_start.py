"""Does a start from principal components train DE-SD, or S2D, faster? Held-out error at equal time, embedded world.

64 principal components rebuild unseen people far better than a DE-SD of the laptop profile. Four trainings on the same
frames take about as many seconds:

- *as published*: random initial weights, the recipe of the profile.
- *batch 8*: the same with larger batches, whose updates cost less per frame and are fewer.
- *PCA start*: the same modules with other initial weights. The decoder is a tower of local principal components: each
  level keeps what describes the patches of the finer one best, and each convolution is the ridge regression that
  brings it back; the first dense layer maps principal components to the coarsest level. Features are so small that ELU
  is nearly linear. Each encoder keeps its random convolutions, and a ridge regression reads the components from them.
- *residual*: a fixed linear path beside encoders and decoder, which then learn what PCA leaves. Another network.

Times are the processor's, so that other work on the machine does not count; those of a start include its principal
components. Fused faces are set against addition, and against the truth at full interaction and intensity 2, which takes
the gains of full strength; a network that only adds is as far from addition as it reconstructs badly.

S2D is measured on true emotional speech, whose landmarks it reads, against a ridge regression from them.

    python benchmarks/pca_start.py [--quick]
"""

from dataclasses import replace
from time import process_time

import numpy as np
import torch
from common import alone, is_quick, report
from sklearn.utils.extmath import randomized_svd
from torch.nn import functional as F

from emovoca.data.clip import Frames
from emovoca.fusion.desd import DESD, desd_loss, reconstruct
from emovoca.fusion.strategies import fuse_frames
from emovoca.hierarchy import mesh_hierarchy
from emovoca.metrics import mve
from emovoca.reproduce.experiment import ExperimentData
from emovoca.talkers.s2l import ES2LS2DConfig
from emovoca.talkers.s2l_s2d import S2D
from emovoca.train import TrainConfig, device_name, fit, seed_everything, weighted_l2

KINDS = 'talking', 'expressive'
RMS, RIDGE = 0.03, 1e-6  # of the features of a start; of its regressions, as a share of the mean variance
EIGHT = dict(batch=8, warmup=150, epochs=7)  # as many processor seconds as five epochs at the recipe's batch of four
SLOWER = dict(lr=1e-3, warmup=100)  # a start that is nearly a solution is lost at the learning rate of random weights
SLOW = dict(lr=2e-4)  # and one that is PCA itself sooner


def flat(faces):
    "Displacements (n,N,3) metres as rows, (n,3N) float64 mm."
    return faces.reshape(len(faces), -1).astype(np.float64) * 1000


def ridge(given, wanted):
    "The matrix that maps rows of `given` to rows of `wanted`."
    square = given.T @ given
    square += RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    return np.linalg.solve(square, given.T @ wanted)


def components(rows, k):
    "Principal components (k,3N) of rows without centring, since a neutral face is zero, and their size (k,), mm."
    _, size, axes = randomized_svd(rows, k, n_iter=6, random_state=0)
    return axes, size


def principal_faces(frames, k):
    "Components of both sets, each of which counts as much, however many frames it has."
    return components(np.concatenate([flat(x.offsets) / np.sqrt(2 * len(x)) for x in frames.values()]), k)


def patches(x, spirals):
    "The values along spirals, (B,R,L·C); padding reads zeros."
    return np.pad(x, ((0, 0), (0, 1), (0, 0)))[:, spirals].reshape(len(x), len(spirals), -1)


def coarser(x, spirals, channels):
    "What describes patches best: their first principal components, scaled to `RMS`; zeros where there are no more."
    rows = patches(x, spirals)
    flat_rows = rows.reshape(-1, rows.shape[-1])
    axes = np.linalg.eigh(flat_rows.T @ flat_rows)[1][:, ::-1][:, :channels]
    found = rows @ axes
    return np.pad(found * (RMS / np.sqrt((found**2).mean())), ((0, 0), (0, 0), (0, channels - axes.shape[1])))


@torch.no_grad()
def start_decoder(decoder, hierarchy, faces):
    "Weights of all convolutions, and the coarsest features (k,n·C) that they turn into `faces` (k,N,3) mm."
    *ups, last = decoder.convs
    levels, tower = range(hierarchy.levels), [faces]
    for level, conv in zip(levels, ups[::-1]):
        spirals = hierarchy.spirals[level][hierarchy.keep[level]]
        tower.append(coarser(tower[-1], spirals, conv.weight.shape[1]))
    size = np.sqrt((faces**2).mean())
    tower[0] = faces * (RMS / size)
    made = tower[-1]
    for level, conv in zip(levels[::-1], ups):
        index, weight = hierarchy.up_index[level], hierarchy.up_weight[level].astype(np.float64)
        rows = patches(np.einsum('brkc,rk->brc', made[:, index], weight), hierarchy.spirals[level])
        solved = ridge(rows.reshape(-1, rows.shape[-1]), tower[level].reshape(-1, tower[level].shape[-1]))
        made = rows @ solved
        taps, into, out = conv.weight.shape
        conv.weight[:, :, : solved.shape[1]] = torch.from_numpy(solved).view(taps, into, -1)
        conv.bias.zero_()
    last.weight.zero_()
    last.weight[0, :3] = torch.eye(3) * size / RMS
    return tower[-1].reshape(len(faces), -1)


@torch.no_grad()
def start_encoder(encoder, faces, codes):
    "Let the last layer of an encoder read `codes` (n,k) from what its random convolutions make of `faces`, mm."
    x = torch.from_numpy(faces * 1000)
    for conv in encoder.convs:
        x = F.elu(conv(x))
    features = x.flatten(1).numpy().astype(np.float64)  # (n,F), fewer frames than features
    centre, mean = features.mean(0), codes.mean(0)
    square = (features - centre) @ (features - centre).T
    square += RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    weight = (features - centre).T @ np.linalg.solve(square, codes - mean)
    encoder.out.weight.copy_(torch.from_numpy(weight.T))
    encoder.out.bias.copy_(torch.from_numpy(mean - centre @ weight))


def pca_start(model, frames):
    "DE-SD with two encoders and concatenated codes, its weights set to imitate PCA."
    axes, size = principal_faces(frames, model.config.latent)
    coarse = start_decoder(model.decoder, model.hierarchy, (axes * size[:, None]).reshape(len(axes), -1, 3))
    scale = np.sqrt(size / size[0])  # of the codes: neither all alike nor as unlike as the components
    half = torch.from_numpy((coarse / scale[:, None]).T / 2)
    with torch.no_grad():
        model.decoder.inp.weight.copy_(torch.cat([half, half], 1))
    for kind, encoder in zip(KINDS, (model.talking, model.expressive)):
        some = frames[kind].offsets[np.linspace(0, len(frames[kind]) - 1, 400).astype(int)]
        start_encoder(encoder, some, flat(some) @ axes.T / size * scale)
    return model


class Beside(torch.nn.Module):
    "A module that starts as zero, and a fixed linear map beside it."

    def __init__(self, module, last, matrix, scale):
        super().__init__()
        self.module = module
        self.register_buffer('matrix', torch.from_numpy(np.ascontiguousarray(matrix, np.float32)))
        torch.nn.init.zeros_(last.weight)
        self.scale = scale  # of the output, mm

    def forward(self, x):
        "What both say."
        made = self.module(x)
        return made + self.scale * (x.flatten(1) @ self.matrix).view_as(made)


def residual(model, frames):
    "DE-SD beside PCA: the decoder's linear path reads the mean of both halves."
    axes, size = principal_faces(frames, model.config.latent)
    model.talking = Beside(model.talking, model.talking.out, axes.T / size[0], 1)
    model.expressive = Beside(model.expressive, model.expressive.out, axes.T / size[0], 1)
    model.decoder = Beside(model.decoder, model.decoder.convs[-1], np.concatenate([axes, axes]) / 2, size[0])
    return model


STARTS = {
    'as published': (lambda model, frames: model, {}),
    'batch 8': (lambda model, frames: model, EIGHT),
    'PCA start, batch 8': (pca_start, EIGHT | SLOWER),
    'residual': (residual, SLOW),
}


def halves(experiment, per_clip):
    "True emotional speech of test people: both halves, and the truth, (n,N,3) metres each."
    clips = [clip for clip in experiment.found['combined'].split('test') if clip.intensity == 2]
    rows = [np.linspace(0, clip.n_frames - 1, per_clip + 2).astype(int)[1:-1] for clip in clips]  # it begins neutral
    parts = [(*clip.source.parts(some), clip.frames(some)) for clip, some in zip(clips, rows)]
    return [np.concatenate(part) for part in zip(*parts)]


def train(experiment, name, seed, times):
    "A trained DE-SD, and processor seconds of its start and of all."
    config, (begin, changes) = experiment.config(), STARTS[name]
    training = replace(experiment.recipe.training, **changes, seed=seed)
    training = replace(training, epochs=training.epochs * times)
    hierarchy = mesh_hierarchy(experiment.topology, config.factors, config.steps, config.dilation)
    seed_everything(seed)
    model, frames = DESD(config, hierarchy), experiment.frames['train']
    weights, began = torch.from_numpy(experiment.topology.weights()), process_time()
    model = begin(model, frames)
    started = process_time() - began
    loss = lambda net, kind, x: desd_loss(net, kind, x, weights, config)
    model.history = fit(model, loss, frames, training, device='cpu', progress=False)
    return model, started, process_time() - began


def desd_rows(experiment, name, seed, times, truth):
    "Rows about one DE-SD."
    model, started, took = train(experiment, name, seed, times)
    updates, label = sum(epoch['steps'] for epoch in model.history), f'{name}, {times}x, seed {seed}'
    talk, face, true = truth
    fused = fuse_frames(model, talk, face)
    apart = reconstruct(model, talk, 'talking') + reconstruct(model, face, 'expressive')
    found = {f'MVE {kind}': (x.offsets, reconstruct(model, x.offsets, kind)) for kind, x in test_sets(experiment)}
    found |= {
        'fused to addition': (talk + face, fused),
        'fused to the sum of its reconstructions': (apart, fused),
        'fused to the truth': (true, fused),
    }
    rows = [row(f'{what}, {label}', float(mve(made, given)), 'mm', len(given)) for what, (given, made) in found.items()]
    spent = {'training': took, 'of which start': started}
    return rows + [row(f'{what}, {label}', value, 's', updates) for what, value in spent.items()]


def test_sets(experiment):
    "Names and frames of the test people."
    return experiment.frames['test'].items()


def row(name, value, unit, n):
    "A row for the results file."
    return alone(name, value, unit, n, device_name('cpu'))


def pca_rows(experiment, truth):
    "Rows about 64 components without a network."
    axes, _ = principal_faces(experiment.frames['train'], 64)
    rebuild = lambda x: (flat(x) @ axes.T @ axes / 1000).reshape(x.shape)
    talk, face, true = truth
    found = {f'MVE {kind}': (rebuild(x.offsets), x.offsets) for kind, x in test_sets(experiment)}
    return [
        *(row(f'{what}, 64 components', float(mve(*both)), 'mm', len(both[0])) for what, both in found.items()),
        row('fused to the truth, 64 components, added', float(mve(rebuild(talk + face), true)), 'mm', len(true)),
        row('fused to the truth, addition', float(mve(talk + face, true)), 'mm', len(true)),
    ]


class Landmarked:
    "Batches of landmark displacements (k,68,3) and displacements (k,N,3), metres."

    def __init__(self, topology, faces):
        self.faces, self.codes = faces, topology.landmarks(faces).astype(np.float32)

    def __len__(self):
        return len(self.faces)

    def __getitem__(self, rows):
        return self.codes[rows], self.faces[rows]


def s2d_rows(experiment, seed, every, epochs):
    "Rows about S2D: random weights, started from a ridge regression, and beside it."
    clips, topology = experiment.found['combined'], experiment.topology
    steps = dict(train=every, test=60)
    data = {k: Landmarked(topology, Frames(clips.split(k), step).offsets) for k, step in steps.items()}
    began, test = process_time(), data['test']
    linear = ridge(flat(data['train'].codes), flat(data['train'].faces))  # (204,3N)
    guess = (flat(test.codes) @ linear / 1000).reshape(test.faces.shape)
    rows = [row('S2D, MVE, ridge regression', float(mve(guess, test.faces)), 'mm', len(test))]
    rows += [row('S2D, ridge regression', process_time() - began, 's', len(data['train']))]
    config = ES2LS2DConfig(factors=experiment.factors)
    hierarchy, weights = mesh_hierarchy(topology, config.factors), torch.from_numpy(topology.weights())

    def started(net):
        few = np.random.default_rng(0).permutation(len(data['train']))[:1200]
        some = flat(data['train'].codes[few]) @ linear
        axes, size = components(some / np.sqrt(len(some)), 64)
        coarse = start_decoder(net.decoder, hierarchy, (axes * size[:, None]).reshape(len(axes), -1, 3))
        net.decoder.inp.weight.data.copy_(torch.from_numpy((linear @ (axes.T / size) @ coarse).T))

    def beside(net):
        net.decoder = Beside(net.decoder, net.decoder.convs[-1], linear, 1)

    loss = lambda net, _, batch: weighted_l2(net(batch[0]), batch[1], weights)
    for name, begin, changes in (
        ('as published', lambda net: None, {}),
        ('ridge start', started, dict(lr=1e-3)),
        ('residual', beside, SLOW),
    ):
        seed_everything(seed)
        net = S2D(config, hierarchy)
        began = process_time()
        begin(net)
        usual = TrainConfig(epochs=epochs, batch=16, lr=2e-3, decay=0.02, warmup=40, clip=10.0, seed=seed)
        history = fit(net, loss, dict(faces=data['train']), replace(usual, **changes), device='cpu', progress=False)
        took = process_time() - began
        with torch.no_grad():
            made = np.concatenate([net(part).numpy() for part in torch.from_numpy(test.codes).split(64)])
        label, updates = f'{name}, seed {seed}', sum(epoch['steps'] for epoch in history)
        rows += [row(f'S2D, MVE, {label}', float(mve(made, test.faces)), 'mm', len(test))]
        rows += [row(f'S2D, training, {label}', took, 's', updates)]
    return rows


def measure(quick):
    "All rows."
    torch.set_num_threads(1)
    experiment = ExperimentData('synthetic', 'smoke' if quick else 'laptop')
    truth = halves(experiment, 2 if quick else 5)
    plan = [(name, seed, 1) for seed in ((0,) if quick else (0, 1)) for name in STARTS]
    plan += [] if quick else [(name, 0, 4) for name in STARTS if name != 'residual']
    rows = pca_rows(experiment, truth)
    for name, seed, times in plan:
        rows += desd_rows(experiment, name, seed, times, truth)
        print(*(f"{each['name']}: {each['ours']:.4g} {each['unit']}" for each in rows[-7:]), sep='\n', flush=True)
    return rows + s2d_rows(experiment, 0, 20 if quick else 24, 1 if quick else 3)


if __name__ == '__main__':
    quick = is_quick(__doc__)
    report('pca_start', measure(quick), quick)
