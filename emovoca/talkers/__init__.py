"""Networks that turn speech into a moving face. The notebooks in `nbs/talkers` are the source."""
import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs=dict(
        audio=['AudioConfig', 'audio_encoder'],
        schedule=['EmotionSchedule'],
        registry=['Family', 'TalkerConfig', 'TalkerTraining', 'families', 'family', 'register'],
        faceformer=['EFaceFormer'],
        s2l_s2d=['ES2LS2D'],
        talker=['Talker'],
        training=['train_talker'],
    ),
)
