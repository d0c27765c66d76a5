"""Data sources, each a function that returns a `ClipSet`. The notebooks in `nbs/data` are their source; this file only
gathers names."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs=dict(
        clip=['Clip', 'ClipSet', 'Frames'],
        flame=['flame_topology'],
        florence4d_files=['florence4d'],
        release_files=['release'],
        vocaset_files=['vocaset'],
    ),
)
