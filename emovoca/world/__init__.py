"""The embedded world. The notebooks in `nbs/world` are its source; this file only gathers the names people type.
(`expression` and `speech` are modules as well as functions, so those two are imported from their modules.)"""
from .combine import closure_error, true_offsets
from .layouts import write_florence4d, write_vocaset
from .world import PROFILES, WorldConfig, world

__all__ = ['PROFILES', 'WorldConfig', 'closure_error', 'true_offsets', 'world', 'write_florence4d', 'write_vocaset']
