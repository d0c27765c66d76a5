"""What a change costs: the benchmarks of an earlier commit, run on this machine with that commit's own code.

The commit is taken out of git into a temporary folder, its benchmarks run there, and their rows are written to
`benchmarks/results/<commit>`, beside those of today, with the machine and the day.

    python benchmarks/earlier.py 9ec438a             # all of them, some twelve minutes
    python benchmarks/earlier.py 9ec438a world s2d   # two
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from common import stamped

ROOT = Path(__file__).resolve().parents[1]


def git(*words):
    "What git says about this clone, as bytes."
    return subprocess.run(['git', '-C', str(ROOT), *words], check=True, capture_output=True).stdout


def measure(name, folder):
    "Rows of one benchmark of the project in `folder`."
    environment = os.environ | dict(PYTHONPATH=str(folder))
    subprocess.run([sys.executable, f'benchmarks/{name}.py'], cwd=folder, env=environment, check=True)
    return json.loads((folder / 'benchmarks/results' / f'{name}.json').read_text(encoding='utf-8'))


def measure_commit(commit, names):
    "Write the rows of some benchmarks of a commit, each when it is done."
    target = ROOT / 'benchmarks/results' / commit
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as d:
        with tarfile.open(fileobj=io.BytesIO(git('archive', commit))) as archive:
            archive.extractall(d, filter='data')
        folder = Path(d)
        for name in names or sorted(path.stem for path in (folder / 'benchmarks/results').glob('*.json')):
            rows = [row | dict(commit=commit) for row in stamped(measure(name, folder))]
            (target / f'{name}.json').write_text(json.dumps(rows, indent=1) + '\n', encoding='utf-8')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('commit', help='an earlier commit, such as 9ec438a')
    parser.add_argument('names', nargs='*', help='benchmarks, all when none is named')
    given = parser.parse_args()
    try:
        short = git('rev-parse', '--verify', '--short=7', f'{given.commit}^{{commit}}').decode().strip()
        measure_commit(short, given.names)
    except subprocess.CalledProcessError as error:
        said = (
            error.stderr or b''
        ).decode().strip() or f'{" ".join(map(str, error.cmd))} ended with {error.returncode}'
        raise SystemExit(f'cannot measure {given.commit}: {said}') from None
