"""Pictures and films. The notebooks in `nbs/show` are the source."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs=dict(
        sheets=['colour_bar', 'filmstrip', 'grid', 'picture', 'save_png', 'sheet'],
        camera=['project'],
        raster=['Renderer', 'render'],
        plots=['bars_with_ci', 'error_map', 'error_maps', 'learning_curves', 'use_style'],
        film=['clip_frames', 'clip_video', 'gif', 'video'],
    ),
)
