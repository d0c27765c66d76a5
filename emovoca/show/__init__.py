"""Pictures and films. The notebooks in `nbs/show` are their source; this file only gathers the names people type."""
from .plots import bars_with_ci, error_map, error_maps, learning_curves, use_style
from .raster import Renderer, project, render
from .sheet import colour_bar, filmstrip, grid, picture, save_png, sheet
from .video import clip_frames, clip_video, gif, video

__all__ = ['Renderer', 'bars_with_ci', 'clip_frames', 'clip_video', 'colour_bar', 'error_map', 'error_maps', 'filmstrip', 'gif', 'grid',
           'learning_curves', 'picture', 'project', 'render', 'save_png', 'sheet', 'use_style', 'video']
