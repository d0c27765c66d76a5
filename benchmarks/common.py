"""What the benchmarks share: paired rounds, a row for the results file, and the file itself."""

import argparse
import json
import os
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time


def seconds(function, clock=perf_counter):
    "How long one call takes."
    start = clock()
    function()
    return clock() - start


def clock_for(threads):
    "The processor's clock for one thread, the wall's for several."
    return process_time if threads == 1 else perf_counter


def compare(
    name,  # of the row
    ours,  # a function without arguments
    peer,  # another, that does the same
    rounds,  # that count
    device='cpu',
    unit='s',  # per piece of work
    share_of_ceiling=None,  # a function of our time, such as operations per second over `matmul_rate`
    pieces=(1, 1),  # of work that one call of ours and one of the peer's make
    clock=perf_counter,  # see `clock_for`
    warm=1,  # rounds before those that count
):
    "A row for the results file: both timed in interleaved rounds; the ratio is the median of the paired ratios."
    pairs = [(seconds(ours, clock) / pieces[0], seconds(peer, clock) / pieces[1]) for _ in range(warm + rounds)][warm:]
    mine, theirs = (median(pair[i] for pair in pairs) for i in (0, 1))
    return dict(
        name=name,
        ratio=round(median(b / a for a, b in pairs), 2),
        ours=float(f'{mine:.4g}'),
        peer=float(f'{theirs:.4g}'),
        unit=unit,
        n=rounds,
        device=device,
        share_of_ceiling=share_of_ceiling and round(share_of_ceiling(mine), 3),
    )


def alone(
    name,  # of the row
    value,  # of ours
    unit,  # of the value
    n=1,  # measurements behind it
    device='cpu',
    peer=None,  # a value to set against it
    ratio=None,  # of the two, above one where ours is better
):
    "A row that is no race: one value, perhaps beside another that was not timed in turns with it."
    return dict(
        name=name,
        ratio=ratio and round(ratio, 3),
        ours=float(f'{value:.4g}'),
        peer=peer and float(f'{peer:.4g}'),
        unit=unit,
        n=n,
        device=device,
        share_of_ceiling=None,
    )


def matmul_rate(clock=perf_counter, rounds=4):
    """Operations per second that this machine reaches in products of float32 matrices.

    The best of two libraries, several shapes and some rounds: one library or one shape alone may be a tenth slower than
    a loop written for the machine."""
    import torch

    best = 0
    for m, k, n in ((2048, 2048, 2048), (512, 512, 512), (256, 256, 256), (2048, 512, 512)):
        a, b, repeat = torch.randn(m, k), torch.randn(k, n), max(1, round(2e9 / (2 * m * k * n)))
        for x, y in ((a, b), (a.numpy(), b.numpy())):

            def products():
                for _ in range(repeat):
                    x @ y

            best = max(best, 2 * m * k * n * repeat / min(seconds(products, clock) for _ in range(rounds)))
    return best


def one_core():
    "Keep this process to one processor where the system allows it; call before numpy is imported."
    os.environ |= dict.fromkeys(
        ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMBA_NUM_THREADS'), '1'
    )
    if hasattr(os, 'sched_setaffinity'):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def thread_counts():
    "Numbers of threads to time: one, and all where nobody else is at work. Ask before there is work of one's own."
    import torch

    several, load = torch.get_num_threads(), os.getloadavg()[0]
    quiet = load < 0.5
    if several > 1 and not quiet:
        print(f'the machine is busy (load {load:.1f}): several threads are not timed')
    return [1, several] if several > 1 and quiet else [1]


def status(name):
    "What Linux knows about the memory of this process, in MB; None where there is no /proc."
    file = Path('/proc/self/status')
    lines = file.read_text().splitlines() if file.exists() else []
    found = [line.split()[1] for line in lines if line.startswith(f'{name}:')]
    return int(found[0]) * 1024 / 1e6 if found else None


def resident():
    "The memory that this process has now, in MB, or None."
    return status('VmRSS')


def peak():
    "The most memory that this process ever had, in MB, or None; `getrusage` may tell its parent's."
    return status('VmHWM')


def is_quick(what):
    "Was `--quick` asked for? `what` the benchmark measures is told by `--help`; other words are refused."
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--quick', action='store_true', help='a short run that writes no result file')
    return parser.parse_args().quick


def in_words(ratio, unit):
    "A ratio for people: 3.4 times faster, 3.4 times slower."
    more, less = ('smaller', 'bigger') if unit in ('MB', 'GB') else ('faster', 'slower')
    return f'{ratio:.3g} times {more}' if ratio >= 1 else f'{1 / ratio:.3g} times {less}'


def stamped(rows):
    "The rows, and with each the processor, the kernel of its BLAS, commit and day. Threads are part of its device."
    from emovoca import hardware, paths

    here = hardware.machine()
    made = dict(cpu=here['cpu'], blas=here['blas'], commit=paths.commit(), date=date.today().isoformat())
    return [row | made for row in rows]


def report(name, rows, quick):
    "Print the rows, and write them, with the machine they are from, unless the run was a quick one."
    for row in rows:
        against = f" against {row['peer']:.4g}, {in_words(row['ratio'], row['unit'])}" if row['ratio'] else ''
        print(f"{row['name']}: {row['ours']:.4g} {row['unit']}{against}")
    target = Path(__file__).parent / 'results' / f'{name}.json'
    if not quick:
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(stamped(rows), indent=1) + '\n')
