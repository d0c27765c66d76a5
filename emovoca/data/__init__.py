"""Data sources, each a function that returns a `ClipSet`. The notebooks in `nbs/data` are their source; this file only gathers names."""
from .clip import Clip, ClipSet, Frames
from .emovoca import emovoca
from .florence4d import florence4d
from .release import release
from .vocaset import vocaset

__all__ = ['Clip', 'ClipSet', 'Frames', 'emovoca', 'florence4d', 'release', 'vocaset']
