"""Three wishes that always work, typed in many ways: a human, stop, and wipe my talk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

KINDS = ("handoff", "stop", "forget")
DOUBLED = re.compile(r"(.)\1+")


class Commands:
    """Exact phrases, compared after folding; no guessing, so that it works with the bot dead."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        """Read the `commands.json` of a release: the phrases of each kind."""
        self._kinds = {
            fold_phrase(phrase): kind for kind, items in phrases.items() for phrase in items
        }

    def find(self, text: str) -> str | None:
        """Which of `KINDS` the whole of `text` asks for, or None."""
        return self._kinds.get(fold_phrase(text))

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
