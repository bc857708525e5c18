"""Dutch text as it is typed, made comparable: folding, with a map back to what was typed."""

from nachtlicht.text.characters import fold_character
from nachtlicht.text.fold import Folded, Piece, fold, fold_pieces, spell
from nachtlicht.text.sound import near_forms, sound_key

__all__ = [
    "Folded",
    "Piece",
    "fold",
    "fold_character",
    "fold_pieces",
    "near_forms",
    "sound_key",
    "spell",
]
