"""The embedded world. The notebooks in `nbs/world` are its source; this file only gathers the names people type."""
from .world import PROFILES, WorldConfig, world

__all__ = ['PROFILES', 'WorldConfig', 'world']
