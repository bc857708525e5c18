"""Three wishes that always work, typed in many ways: a human, stop, and wipe my talk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from nachtlicht.text import fold

KINDS = ("handoff", "stop", "forget")
LONGEST = 80  # characters; a wish is short, and a long line is a story
DOUBLED = re.compile(r"(.)\1+")


class Commands:
    """Exact phrases, compared after folding; no guessing, so that it works with the bot dead."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        """Read the `commands.json` of a release: the phrases of each kind."""
        self._kinds = {
            key: kind
            for kind, items in phrases.items()
            for phrase in items
            for key in _keys(phrase)
        }

    def find(self, text: str) -> str | None:
        """Which of `KINDS` the whole of `text` asks for, or None."""
        if len(text) > LONGEST:
            return None
        return next((self._kinds[key] for key in _keys(text) if key in self._kinds), None)

    def __len__(self) -> int:
        return len(self._kinds)


def fold_phrase(text: str) -> str:
    """Letters and digits only, each once: case, accents, punctuation, emoji and doubles go.

    "STOPPP!!" and "stop" fold to the same; both the phrases and the message are folded so.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        c if c.isalnum() else " " for c in plain if not unicodedata.combining(c) and c not in "'’"
    )
    return " ".join(DOUBLED.sub(r"\1", kept).split())


def _keys(text: str) -> tuple[str, str]:
    """As typed, and with the usual spelling of short and misspelled words ("kwil een mens")."""
    return fold_phrase(text), fold_phrase(fold(text).text)
