"""Networks. The notebooks in `nbs/models` are their source; this file only gathers the names people type."""
from .desd import DESD, DESDConfig, reconstruct, train_desd

__all__ = ['DESD', 'DESDConfig', 'reconstruct', 'train_desd']
