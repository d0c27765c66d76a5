"""Data sources, each a function that returns a `ClipSet`. The notebooks in `nbs/data` are their source; this file only gathers names."""
from .clip import Clip, ClipSet, Frames
from .release import release

__all__ = ['Clip', 'ClipSet', 'Frames', 'release']
