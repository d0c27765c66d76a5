"""Networks. The notebooks in `nbs/models` are their source; this file only gathers the names people type."""
from importlib import import_module

from .classifier import ExpressionClassifier, train_classifier
from .desd import DESD, DESDConfig, reconstruct, train_desd
from .fuse import STRATEGIES, fuse_frames

__all__ = ['DESD', 'DESDConfig', 'EFaceFormer', 'ES2LS2D', 'ExpressionClassifier', 'STRATEGIES', 'Talker', 'TalkerConfig',
           'engine', 'estimate', 'fuse', 'fuse_frames', 'reconstruct', 'train_classifier', 'train_desd', 'train_talker']

del fuse # the module, still found by `from emovoca.models.fuse import …`; as a name, `fuse` is the function that makes EmoVOCA
_later = dict(engine='kernel', estimate='synthesis', fuse='synthesis', # these need numba or transformers, which are imported when they are asked for
              EFaceFormer='faceformer', ES2LS2D='s2l_s2d', Talker='talker', TalkerConfig='talker', train_talker='teach')


def __getattr__(name):
    if name not in _later: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    globals()[name] = found = getattr(import_module(f'.{_later[name]}', __name__), name)
    return found


def __dir__(): return sorted({*globals(), *__all__})
