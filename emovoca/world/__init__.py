"""The embedded world: faces that talk and emote, with a known truth. The notebooks in `nbs/world` are the source."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs=dict(
        combination=['closure_error', 'true_offsets'],
        expressions=['expression'],
        identities=['identity'],
        layouts=['write_florence4d', 'write_release', 'write_vocaset'],
        sets=['PROFILES', 'WorldConfig', 'world'],
        speaking=['recite', 'speech'],
    ),
)
