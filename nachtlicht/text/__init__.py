"""Dutch text as it is typed, made comparable: folding, with a map back to what was typed."""

from nachtlicht.text.characters import fold_character
from nachtlicht.text.fold import Folded, fold, spell
from nachtlicht.text.sound import near_forms, sound_key

__all__ = ["Folded", "fold", "fold_character", "near_forms", "sound_key", "spell"]
