"""Pictures. The notebooks in `nbs/show` are their source; this file only gathers the names people type."""
from .plots import bars_with_ci, error_map, error_maps, learning_curves, use_style
from .raster import picture, render, save_png, sheet

__all__ = ['bars_with_ci', 'error_map', 'error_maps', 'learning_curves', 'picture', 'render', 'save_png', 'sheet', 'use_style']
