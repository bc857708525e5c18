"""Which texts can be a line of a talk. Everything is judged as typed; nothing is mended."""

from __future__ import annotations

import re
import unicodedata

from nachtlicht.chat.errors import (
    EntryRefused,
    TextControlCharacters,
    TextEmpty,
    TextNotUnicode,
    TextTooLong,
)

MAX_TEXT = 10_000  # characters
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


def check_text(text: str) -> None:
    """Refuse what cannot be stored or read as a line.

    Right-to-left marks, emoji, HTML and slashes are text like any other.

    Raises:
        TextTooLong: it has more than `MAX_TEXT` characters.
        TextNotUnicode: it holds lone surrogates.
        TextControlCharacters: it holds NUL or another control character.
        TextEmpty: nothing in it can be seen.
    """
    if len(text) > MAX_TEXT:
        raise TextTooLong(MAX_TEXT)
    if _SURROGATE.search(text):
        raise TextNotUnicode
    if _CONTROL.search(text):
        raise TextControlCharacters
    if not any(_is_visible(character) for character in text):
        raise TextEmpty


def check_name(field: str, name: str) -> None:
    """Refuse an entry or source that is no short plain name.

    Raises:
        EntryRefused: it isn't.
    """
    if not _NAME.match(name):
        raise EntryRefused(field)


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Mn", "Zs")
