"""Single characters: look-alikes, invisible ones, and emoji that mean something."""

from __future__ import annotations

import functools
import unicodedata

# Letters of other scripts that look like Latin ones, small and capital.
_LOOK_ALIKES = dict(
    zip(
        "авекмнорстухѕіјԁɡһԛԝɑɩοενικυαρτχыьⅼ",
        "abekmhopctyxsijdghqwaioevikyaptxblI".lower(),
        strict=True,
    )
) | {
    "ĳ": "ij",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "ı": "i",
    "ð": "d",
    "þ": "th",
    "@": "a",
    "$": "s",
    "€": " euro ",
    "£": " pond ",
    "¿": "?",
    "¡": "!",
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "…": "...",
    "。": ".",
    "，": ",",
    "？": "?",
    "！": "!",
}

# Emoji become one plain word each, so that rules can name them.
_EMOJI_WORDS = {
    "emolach": "😂🤣💀☠😆😹😝😜🤪",
    "emoverdriet": "😭😢😔😞😣😖😩😫🥺💔🥀😿☹🙁",
    "emobang": "😱😨😰😧😦😟",
    "emovies": "🤢🤮",
    "emoboos": "😡🤬😠",
    "emomes": "🔪🗡",
    "emobloed": "🩸",
    "emopil": "💊",
    "emowapen": "🔫💣",
    "emograf": "⚰🪦⚱",
    "emofoto": "📸📷🖼🤳",
    "emovideo": "🎥📹",
    "emogeheim": "🤫🤐",
    "emogeld": "💰💸💶💵🤑",
    "emoseks": "🍆🍑💦🍒",
    "emonaakt": "🔞",
    "emosos": "🆘",
    "emoklap": "👊🤜",
    "emozwanger": "🤰",
    "emodag": "👋",
    "emohart": "❤🖤😍🥰😘💕💖💗💙💜🫶",
}
_EMOJI = {emoji: f" {word} " for word, group in _EMOJI_WORDS.items() for emoji in group}

_FORMAT = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}


@functools.lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """The plain form of one character: "" for an invisible one, a space for what is no letter.

    Letters of scripts that we do not read stay as they are, in lower case, so that a
    language can still be told apart.
    """
    if character in "\n\t\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
        return "\n" if character in "\n\r\u2028\u2029" else " "
    known = _plain(character)
    if known is not None:
        return known
    folded = []
    for part in unicodedata.normalize("NFKD", character):
        for small in part.casefold():
            plain = _plain(small)
            folded.append(_by_category(small) if plain is None else plain)
    return "".join(folded)


def _plain(character: str) -> str | None:
    """What the tables say, or None."""
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    return _EMOJI.get(character)


def _by_category(character: str) -> str:
    """What remains of a character that no table knows."""
    if character.isascii():
        return character if character.isprintable() else ""
    category = unicodedata.category(character)
    if category in _FORMAT:
        return ""
    return character if category[0] == "L" else " "
