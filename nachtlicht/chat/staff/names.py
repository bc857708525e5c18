"""The names that staff give: to themselves, to an account, to a passkey."""

from __future__ import annotations

import unicodedata

from nachtlicht.chat.staff.errors import NameRefused


def clean_name(text: str, longest: int, what: str) -> str:
    """Return `text` on one line without outer spaces; `what` it is, is told in Dutch.

    Raises:
        NameRefused: it is empty, holds what cannot be seen, or is longer than `longest`.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text or any(unicodedata.category(letter)[0] == "C" for letter in text):
        raise NameRefused(f"Vul een {what} in.")
    if len(text) > longest:
        raise NameRefused(f"Kies een {what} van hoogstens {longest} tekens.")
    return text
