"""A message as a row of positions: one a word, and empty ones where a sentence ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from nachtlicht.text import fold_pieces

_PAUSES = {",": 1, ";": 1, ":": 1, "\n": 2, ".": 2, "!": 2, "?": 2}
LINE_BREAK = 1  # empty positions between two lines of a talk, besides those at their ends


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
    words: list[str | None] = [None]  # a message begins and ends as a sentence does
    spans: list[tuple[int, int]] = [(0, 0)]
    mark, times = "", 0
    for part, start, end in fold_pieces(text):
        if part[0].isalnum():
            words.append(part)
            spans.append((start, end))
            mark = ""
            continue
        times = times + 1 if part == mark else 1
        mark = part
        if times == 1:  # "!!!" is one pause
            pause = _PAUSES.get(part, 0)
            words.extend([None] * pause)
            spans.extend([(0, 0)] * pause)
        elif times == 2 and part == ".":  # "..." is how chats take a breath, not a full stop
            words.pop()
            spans.pop()
    return Tokens([*words, None], [*spans, (0, 0)])


def join(earlier: Sequence[Tokens], newest: Tokens) -> Tokens:
    """The lines of one person as one row of positions, oldest first."""
    words: list[str | None] = []
    for line in earlier:
        words.extend(line.words)
        words.extend([None] * LINE_BREAK)
    before = len(words)
    return Tokens(words + newest.words, [(0, 0)] * before + newest.spans, before)
