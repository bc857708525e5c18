"""What the talks showed, in words for an editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nachtlicht.replay.play import Played

WHO = {"youth": "jij", "bot": "bot", "counsellor": "mens"}


def report(played: Sequence[Played], root: Path, *, with_lines: bool = False) -> Iterator[str]:
    """One line a talk that went as expected; with the unmet expectations, and the talk, if not.

    `with_lines` shows what was said in every talk.
    """
    for talk in played:
        mark = "goed" if not talk.unmet else "FOUT"
        yield f"{mark}  {talk.name}  ({' → '.join(_changes(talk.states))})"
        if talk.unmet or with_lines:
            yield from _lines(talk)
        for unmet in talk.unmet:
            path = unmet.path.relative_to(root) if unmet.path.is_relative_to(root) else unmet.path
            yield f"  {path}:{unmet.line}: {unmet.text}"
    wrong = sum(bool(talk.unmet) for talk in played)
    yield f"{len(played)} gesprekken, {wrong} niet zoals verwacht."


def _lines(talk: Played) -> Iterator[str]:
    for who, text in talk.said:
        first, *rest = text.splitlines() or [""]
        yield f"    {WHO[who]:>4}  {first}"
        yield from (f"          {line}" for line in rest)


def _changes(states: Sequence[str]) -> list[str]:
    return [state for index, state in enumerate(states) if not index or state != states[index - 1]]
