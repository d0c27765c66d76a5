"""Speech and expression on one face: strategies, DE-SD, and EmoVOCA made with it. Their source is `nbs/fusion`."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs=dict(
        strategies=['STRATEGIES', 'add', 'fuse_frames'],
        desd=['DESD', 'DESDConfig', 'reconstruct', 'train_desd'],
        compiled=['engine'],
        classifier=['ExpressionClassifier', 'train_classifier'],
        lip_contact=['LipContact'],
        interaction=['Interaction'],
        emovoca_files=['open_emovoca'],
        synthesis=['estimate', 'make_emovoca'],
    ),
)
