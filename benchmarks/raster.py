"""One picture of the embedded head, 512 x 512 with 2 x 2 samples: the compiled rasteriser, plain numpy, and matplotlib.

Ours is timed twice, as a `Renderer` prepared for a film and as the one-shot `render`.

The plain version goes through the triangles one by one, with numpy inside each bounding box, and lights every fine
pixel. Its picture must be ours, to two grey levels on average, before anything is timed. One core.

    python benchmarks/raster.py [--quick]
"""

from common import compare, is_quick, one_core, report

one_core()

import numpy as np

from emovoca.mesh import vertex_normals
from emovoca.show.camera import fit_view, project
from emovoca.show.light import SKIN, shine
from emovoca.show.raster import Renderer, render
from emovoca.world.head import mean_head


def plain(vertices, faces, size, samples=2):
    "The picture as one would first write it: (size,size,3) uint8."
    fine = size * samples
    points, normals = project(vertices, fine), vertex_normals(vertices, faces)
    depth, seen, normal = np.full((fine, fine), -np.inf), np.zeros((fine, fine), np.int8), np.zeros((fine, fine, 3))
    for corners in faces:
        (ax, ay, az), (bx, by, bz), (cx, cy, cz) = points[corners]
        area = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
        left, right = int(max(0, min(ax, bx, cx) - 0.5)), int(min(fine, max(ax, bx, cx) + 1.5))
        top, bottom = int(max(0, min(ay, by, cy) - 0.5)), int(min(fine, max(ay, by, cy) + 1.5))
        if area == 0 or left >= right or top >= bottom:
            continue
        y, x = np.mgrid[top:bottom, left:right] + 0.5
        u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
        v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
        w = 1 - u - v
        z, box = u * az + v * bz + w * cz, np.s_[top:bottom, left:right]
        hit = (u >= 0) & (v >= 0) & (w >= 0) & (z > depth[box])
        depth[box][hit], seen[box][hit] = z[hit], 1 if area < 0 else -1
        normal[box][hit] = np.stack([u, v, w], -1)[hit] @ normals[corners]
    diffuse, specular = shine(normal, seen > 0)
    image = np.where(seen[..., None] == 0, 1, np.minimum(1, diffuse * SKIN + specular))
    return np.round(255 * image.reshape(size, samples, size, samples, 3).mean((1, 3))).astype(np.uint8)


if __name__ == '__main__':
    quick = is_quick(__doc__)
    head, size, rounds = mean_head(), 512, 2 if quick else 9
    center, scale = fit_view(head.vertices)
    ours, painter = (Renderer(head.faces, size, center=center, scale=scale, engine=e) for e in ('numba', 'matplotlib'))
    difference = np.abs(ours(head.vertices).astype(int) - plain(head.vertices, head.faces, size)).mean()
    assert difference < 2, f'the pictures differ by {difference:.1f} grey levels'
    prepared, once = (
        lambda: ours(head.vertices),
        lambda: render(head.vertices, head.faces, size, center=center, scale=scale),
    )
    assert np.array_equal(prepared(), once()), 'a prepared renderer and render draw different pictures'
    by_numpy, by_matplotlib = lambda: plain(head.vertices, head.faces, size), lambda: painter(head.vertices)
    rows = [
        compare(f'raster, {name}', mine, peer, n, unit='s per picture')
        for name, mine, peer, n in (
            ('prepared, against plain numpy', prepared, by_numpy, max(2, rounds // 3)),
            ('one-shot, against plain numpy', once, by_numpy, max(2, rounds // 3)),
            ('prepared, against matplotlib', prepared, by_matplotlib, rounds),
        )
    ]
    report('raster', rows, quick)
    print(
        f"{1 / rows[0]['ours']:.0f} pictures per second prepared and {1 / rows[1]['ours']:.0f} one-shot, on one core, "
        f"{size} x {size}, 2 x 2 samples, {len(head.vertices)} vertices (target: 40)"
    )
