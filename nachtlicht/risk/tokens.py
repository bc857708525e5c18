"""A message as a row of positions: one a word, and empty ones where a sentence ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from nachtlicht.text import fold

_PAUSES = {",": 1, ";": 1, ":": 1, "\n": 2, ".": 2, "!": 2, "?": 2}
LINE_BREAK = 3  # empty positions between two lines of a talk


@dataclasses.dataclass(slots=True)
class Tokens:
    """`words[i]` is None at an empty position; `spans[i]` is its place in the newest line.

    Words of earlier lines have the span (0, 0). `new_from` is the first position of the
    newest line.
    """

    words: list[str | None]
    spans: list[tuple[int, int]]
    new_from: int = 0


def tokenise(text: str) -> Tokens:
    """The positions of one message."""
    folded = fold(text)
    words: list[str | None] = []
    spans: list[tuple[int, int]] = []
    at = 0
    previous = ""
    for part in folded.text.split(" "):
        start, end = at, at + len(part)
        at = end + 1
        if not part:
            continue
        if part[0].isalnum():
            words.append(part)
            spans.append(folded.typed_span(start, end))
        else:
            pause = 1 if part == "." and previous == "." else _PAUSES.get(part, 0)
            if part == previous:  # "...." or "!!!" is one pause
                pause = 0
            words.extend([None] * pause)
            spans.extend([(0, 0)] * pause)
        previous = part
    return Tokens(words, spans)


def join(earlier: Sequence[Tokens], newest: Tokens) -> Tokens:
    """The lines of one person as one row of positions, oldest first."""
    words: list[str | None] = []
    for line in earlier:
        words.extend(line.words)
        words.extend([None] * LINE_BREAK)
    before = len(words)
    return Tokens(words + newest.words, [(0, 0)] * before + newest.spans, before)
