"""The embedded world's two costs: 1,000 frames of one clip from its controls, and a head from nothing. One core.

The plain version moves one frame at a time and one unit at a time, as one would first write it. Both must give the same
faces, to a hundredth of a millimetre, before anything is timed.

    python benchmarks/world.py [--quick]
"""

from common import alone, compare, is_quick, matmul_rate, one_core, report, seconds

one_core()

import numpy as np

from emovoca.world.head import build_head
from emovoca.world.rig import HINGE, face_rig
from emovoca.world.speaking import speech
from emovoca.world.surface import ramp
from emovoca.world.units import CONTROLS, FIELDS


def plain_frame(rig, values):
    "Displacements of one frame, (N,3) metres. `values`: name of a control -> its value."
    move = np.zeros_like(rig.neutral)
    for name, field in zip(FIELDS, rig.fields):
        move += values[name] * field  # action units, one by one
    if values['jaw'] or values['slide'] or values['thrust']:  # the jaw turns about its hinge
        _, y, z = (rig.neutral + move - HINGE).T
        angle = np.radians(values['jaw']) * rig.jaw
        move[:, 0] += values['slide'] / 1e3 * rig.jaw + np.clip(values['jaw'] / 20, 0, 1) * rig.narrow
        move[:, 1] += y * np.cos(angle) - z * np.sin(angle) - y
        move[:, 2] += y * np.sin(angle) + z * np.cos(angle) - z + values['thrust'] / 1e3 * rig.jaw
    upper, lower = rig.rims  # lips stop each other
    rest = rig.neutral[upper] - rig.neutral[lower]
    gap, behind = (rest + move[upper] - move[lower] - rest * [0, 1, 1])[:, 1:].T
    push = np.where(gap < 0, -gap * (1 - ramp(behind, 0.001, 0.003)), -gap * values['closure'])
    move[rig.lips, 1] += rig.spread @ push
    move[rig.lips, 2] += rig.spread @ (-behind * np.clip(np.abs(push) / 0.002, 0, 1))
    for rows, centre, least in rig.lids:  # lids slide over the eyeballs
        for row, limit in zip(rows, least):
            ray = rig.neutral[row] + move[row] - centre
            distance = np.linalg.norm(ray)
            if distance < limit and ray[2] > 0:
                move[row] += ray * (limit - distance) / max(distance, 1e-6)
    return move[rig.shown]


def plain(rig, table):
    "Displacements (T,N,3), frame by frame."
    return np.stack([plain_frame(rig, dict(zip(CONTROLS, row))) for row in table])


def ceiling(rig, table):
    "Seconds the product of controls and fields takes at the measured matmul rate, its ceiling in that form."
    return 2 * len(table) * len(FIELDS) * rig.neutral.size / matmul_rate()


if __name__ == '__main__':
    quick = is_quick(__doc__)
    frames, rounds = (100, 2) if quick else (1000, 5)
    rig, table = face_rig(0), speech('sentence03', 0)
    table = np.resize(table, (frames, table.shape[1]))  # the sentence, over and over
    difference = np.abs(rig.offsets(table[:100]) - plain(rig, table[:100])).max()
    assert difference < 1e-5, f'the two differ by {1e3 * difference:.3f} mm'
    limit = ceiling(rig, table)
    rows = [
        compare(
            f'world, {frames} frames',
            lambda: rig.offsets(table),
            lambda: plain(rig, table),
            rounds,
            share_of_ceiling=lambda mine: limit / mine,
        )
    ]
    rows.append(alone('world, head from nothing', seconds(build_head), 's'))
    report('world', rows, quick)
    print(
        f"targets: 1,000 frames under 1 s ({1000 * rows[0]['ours'] / frames:.2f} s here), "
        f"a head under 30 s ({rows[1]['ours']:.1f} s here)"
    )
