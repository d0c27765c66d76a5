"""What EmoVOCA costs to keep, to read and to make, on the full head, with the 33 variants per sentence of v2. One core.

Sizes are those of files on disk. Random frames are read from many files in shuffled order, against a plain memory map
of the same files: in the precision of the file, and converted to float32 by numpy. The first reading of a frame
compares its checksum, and is set against the first reading of a map that was just opened too; later readings compare
nothing, nor does a store opened with `checked=False`. All of v2 is really made as codes; as arrays a slice of it is
made and the rest projected. The network has random weights, which take as long as trained ones.

    python benchmarks/store.py [--quick]
"""

from common import alone, compare, is_quick, one_core, report, seconds

one_core()

import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from emovoca.fusion.desd import DESD, DESDConfig
from emovoca.fusion.emovoca_files import open_emovoca
from emovoca.fusion.synthesis import estimate, make_emovoca
from emovoca.hierarchy import mesh_hierarchy, pooling_factors
from emovoca.world.sets import PROFILES, WorldConfig, world

QUICK = WorldConfig(5, 3, 11, 1250, held_out=1)


def row(name, value, unit, n=1, peer=None, ratio=None):
    "A row that is no race, of this benchmark."
    return alone(f'store, {name}', value, unit, n, peer=peer, ratio=ratio)


def network(topology):
    "A DE-SD of the paper's size with random weights."
    config = DESDConfig(factors=pooling_factors(topology.n_vertices))
    torch.manual_seed(0)
    return DESD(config, mesh_hierarchy(topology, config.factors, config.steps, config.dilation))


def on_disk(folder, *names):
    "Bytes of some files and folders of a store."
    places = [folder / name for name in names]
    paths = [path for place in places for path in (place, *place.rglob('*'))]
    return sum(path.stat().st_size for path in paths if path.is_file())


def sizes(folder, made):
    "Rows: float32 arrays against what the store of codes has on disk."
    arrays, total, rows = made.n_frames * made.topology.n_vertices * 12, 0, []
    things = {
        '': ['talking', 'expressive'],
        ' with the network': ['model'],
        ' with network, recordings and all': ['wav', 'emovoca.json', 'journal.jsonl', 'topology.npz', 'neutral.npy'],
    }
    for name, parts in things.items():
        total += on_disk(folder, *parts)
        what = f'v2 as codes{name} against float32 arrays'
        rows.append(row(what, total / 1e6, 'MB', peer=arrays / 1e6, ratio=arrays / total))
    return rows


def picks(clips, reads, each):
    "Random clips and, in each, random frames."
    rng = np.random.default_rng(0)
    return [(c, rng.integers(0, clips[c].n_frames, each)) for c in rng.integers(0, len(clips), reads)]


def reading(folder, rounds, reads):
    "Rows: random frames of the float16 store against a memory map of the same files."
    opened = lambda checked=True: [clip.source for clip in open_emovoca(folder, checked=checked)]
    files = [source.path for source in opened()]
    mapped = lambda: [np.load(path, mmap_mode='r') for path in files]
    rows = []
    for each in (1, 64):
        todo = picks(list(open_emovoca(folder)), reads // each, each)
        for what, plain, read in (
            ('in half precision', lambda m, k: m[k], lambda s, k: s.stored(k)),
            ('in float32', lambda m, k: m[k].astype(np.float32), lambda s, k: s[k]),
        ):
            fresh, maps, sure, known = (
                [opened() for _ in range(rounds + 1)],
                [mapped() for _ in range(rounds + 1)],
                opened(checked=False),
                mapped(),
            )
            for sources in [*fresh, sure]:
                [s.stored([0]) for s in sources]  # both sides have opened their files and read one frame
            for files_of in [*maps, known]:
                [m[[0]] for m in files_of]

            def first():
                sources = fresh.pop()
                [read(sources[c], k) for c, k in todo]

            def first_plain():
                files_of = maps.pop()
                [plain(files_of[c], k) for c, k in todo]

            def later():
                [read(sure[c], k) for c, k in todo]

            def later_plain():
                [plain(known[c], k) for c, k in todo]

            for when, ours, peer in (
                ('first reading, with checksums', first, first_plain),
                ('later or unchecked', later, later_plain),
            ):
                took = compare(f'store, {reads} random frames, {each} at a time, {what}, {when}', ours, peer, rounds)
                per_second = {side: round(reads / took[side]) for side in ('ours', 'peer')}
                rows.append(took | per_second | dict(unit='frames/s'))
    return rows


def decoding(folder, reads):
    "Row: random frames of the store of codes."
    clips = open_emovoca(folder)
    todo = picks(clips, reads // 16, 16)
    read = lambda: [clips[c].source[k] for c, k in todo]
    read()
    return row('random frames decoded from codes', reads / seconds(read), 'frames/s', reads)


MEMORY = """
import os, sys, threading, time; sys.path.insert(0, {here!r})
import psutil
from store import network, sets
from emovoca.fusion.synthesis import make_emovoca
talking, expressive = sets({quick})
small = talking.subset(subjects=talking.subjects[:2], sentences=talking.sentences[:1])
model, process, seen = network(talking.topology), psutil.Process(), [0]
def watch():
    while True: seen[0] = max(seen[0], process.memory_info().rss); time.sleep(.002)
make_emovoca(small, expressive, model, {folder!r} + '/warm', ['Sad1'], 1, progress=False)
threading.Thread(target=watch, daemon=True).start()
make_emovoca(small, expressive, model, {folder!r} + '/set', {emotions}, {intensities}, progress=False)
print(seen[0]/1e6)
"""


def memory(quick):
    "Row: resident memory of a process at its fullest while it makes 40 sequences, and of one that makes 4."

    def peak(emotions, intensities):
        with tempfile.TemporaryDirectory() as folder:
            program = MEMORY.format(
                here=str(Path(__file__).parent), quick=quick, folder=folder, emotions=emotions, intensities=intensities
            )
            return float(
                subprocess.run(
                    [sys.executable, '-c', program], capture_output=True, text=True, check=True
                ).stdout.split()[-1]
            )

    few = peak(['Sad1'], (1, 2))
    many = peak(['Sad1', 'Afraid', 'Disgust', 'Ill', 'Moody'], (0.5, 1, 2, 3))
    return row('peak memory while making 40 sequences against 4', many, 'MB', 2, few, few / many)


def sets(quick):
    "Talking and expressive sets."
    found = world(QUICK if quick else PROFILES['paper'])
    return found['talking'], found['expressive']


def making(talking, expressive, model, folder, people):
    "Rows: all of v2 really made as codes, a slice of it as arrays, and the rest projected. Both are left in `folder`."
    rows, choices = [], dict(emotions='v2', progress=False)
    expected = {
        store: estimate(talking, expressive, model, emotions='v2', store=store) for store in ('latents', 'float16')
    }
    for estimated in expected.values():
        print(f'all of v2: {estimated}')
    spent = seconds(lambda: make_emovoca(talking, expressive, model, folder / 'latents', store='latents', **choices))
    what = f'v2 as codes, all {expected["latents"].sequences} sequences made, against the estimate before'
    rows.append(row(what, spent, 's', peer=expected['latents'].seconds))
    rows.append(row('v2 as codes, opened', seconds(lambda: open_emovoca(folder / 'latents')), 's'))
    start = perf_counter()
    made = make_emovoca(
        talking.subset(subjects=talking.subjects[:people], sentences=talking.sentences[:1]),
        expressive,
        model,
        folder / 'float16',
        **choices,
    )
    rate = made.n_frames / (perf_counter() - start)
    rows.append(row(f'made as float16 ({len(made)} sequences, {made.n_frames} frames)', rate, 'frames/s'))
    hours, what = expected['float16'].frames / rate / 3600, 'v2 as float16, hours projected from that slice'
    rows.append(row(f'{what}, and estimated before', hours, 'h', peer=expected['float16'].seconds / 3600))
    size = on_disk(folder, 'float16') / made.n_frames * expected['float16'].frames
    what = 'v2 as float16, size projected from that slice, and estimated before'
    rows.append(row(what, size / 1e9, 'GB', peer=expected['float16'].size / 1e9))
    return rows


if __name__ == '__main__':
    quick = is_quick(__doc__)
    talking, expressive = sets(quick)
    model = network(talking.topology)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        rows = making(talking, expressive, model, folder, 2 if quick else 4)
        rows += sizes(folder / 'latents', open_emovoca(folder / 'latents'))
        rows += reading(folder / 'float16', 2 if quick else 7, 640 if quick else 6400)
        rows.append(decoding(folder / 'latents', 160 if quick else 3200))
    rows.append(memory(quick))
    report('store', rows, quick)
    print(
        'targets: codes at most 1/1000 of float32 arrays; reading at least 0.5 of a memory map; '
        'peak memory the same for 40 sequences as for 4'
    )
