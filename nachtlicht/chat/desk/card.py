"""The handover card: five lines made from facts, never from a guess, so nobody tells it twice.

Pure: it looks at the lines, the judgements and the release, and writes nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from nachtlicht.release import Release
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Author

MAX_WHYS = 2
MAX_QUOTES = 2
MAX_ANSWERS = 3
QUOTE_ROUND = 60  # characters kept on each side of marked words
ANSWER_LENGTH = 120

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_SAFE = re.compile(r"\bveilig\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Signal:
    """One reason for a judgement. Offsets in characters of the line as typed, end exclusive."""

    level: RiskLevel
    theme: str | None
    start: int
    end: int
    why: str


@dataclasses.dataclass(frozen=True)
class Part:
    """A piece of a line; `why` is set on words that a rule marked."""

    text: str
    why: str | None = None


@dataclasses.dataclass(frozen=True)
class Said:
    """One line of the story, opened. `level` and `signals` are set on lines of the youth."""

    seq: int
    author: Author
    at: dt.datetime
    text: str
    name: str | None = None
    buttons: tuple[str, ...] = ()
    level: RiskLevel = RiskLevel.NONE
    signals: tuple[Signal, ...] = ()
    unread: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The line cut at its marked words."""
        return cut(self.text, self.signals)


@dataclasses.dataclass(frozen=True)
class Quote:
    """Marked words with a little of what stands around them."""

    seq: int
    parts: tuple[Part, ...]


@dataclasses.dataclass(frozen=True)
class Answer:
    """A question of the bot and what the youth said to it; `answer` is None when they did not."""

    question: str
    answer: str | None
    seq: int


@dataclasses.dataclass(frozen=True)
class Card:
    """The five lines. What was not said is empty, and shown as such."""

    level: RiskLevel
    whys: tuple[str, ...]
    quotes: tuple[Quote, ...]
    theme: str | None
    answers: tuple[Answer, ...]
    offered: tuple[str, ...]
    safe: Answer | None


def make_card(lines: Sequence[Said], level: RiskLevel, theme: str | None, release: Release) -> Card:
    """Make the card of a talk from its lines, oldest first."""
    marked = sorted(
        (line for line in lines if line.signals or line.unread),
        key=lambda line: (-line.level, -line.seq),
    )
    whys = dict.fromkeys(
        signal.why
        for line in marked
        for signal in sorted(line.signals, key=lambda signal: -signal.level)
        if signal.why
    )
    asked = questions(lines)
    safe = [answer for answer in asked if _SAFE.search(answer.question)]
    return Card(
        level=level,
        whys=tuple(whys)[:MAX_WHYS],
        quotes=tuple(quote(line) for line in marked if line.signals)[:MAX_QUOTES],
        theme=theme,
        answers=tuple(one for one in asked if one.answer and one not in safe)[-MAX_ANSWERS:],
        offered=offered(lines, release),
        safe=safe[-1] if safe else None,
    )


def cut(text: str, signals: Sequence[Signal]) -> tuple[Part, ...]:
    """Cut `text` at the marked words. Marks that overlap become one, with the gravest reason."""
    parts: list[Part] = []
    place = 0
    for start, end, why in _merged(text, signals):
        if start > place:
            parts.append(Part(text[place:start]))
        parts.append(Part(text[start:end], why))
        place = end
    if place < len(text) or not parts:
        parts.append(Part(text[place:]))
    return tuple(parts)


def quote(line: Said) -> Quote:
    """The marked words of a line, with `QUOTE_ROUND` characters on each side."""
    marks = _merged(line.text, line.signals)
    if not marks:
        return Quote(line.seq, (Part(_short(line.text)),))
    first, last = marks[0][0], marks[-1][1]
    parts = list(line.parts)
    if parts[0].why is None and first > QUOTE_ROUND:
        parts[0] = Part("… " + parts[0].text[-QUOTE_ROUND:].lstrip())
    if parts[-1].why is None and len(line.text) - last > QUOTE_ROUND:
        parts[-1] = Part(parts[-1].text[:QUOTE_ROUND].rstrip() + " …")
    parts[1:-1] = [_middle(part) for part in parts[1:-1]]
    return Quote(line.seq, tuple(parts))


def questions(lines: Sequence[Said]) -> list[Answer]:
    """Each question that was put to the youth, with the first line they wrote after it."""
    found: list[Answer] = []
    for place, line in enumerate(lines):
        question = _question(line.text) if line.author is not Author.YOUTH else None
        if question is None:
            continue
        answer = None
        for later in lines[place + 1 :]:
            if later.author is Author.YOUTH:
                answer = _short(later.text)
                break
            if _question(later.text):
                break
        found.append(Answer(question, answer, line.seq))
    return found


def offered(lines: Sequence[Said], release: Release) -> tuple[str, ...]:
    """The names of the places that were named to the youth, in the order in which they were."""
    names: dict[str, None] = {}
    for line in lines:
        if line.author is Author.YOUTH:
            continue
        named = [r for r in release.referrals.values() if _names(r.naam, line.text)]
        numbers = {record.telefoon for record in named}
        # A number alone counts too, unless the place that was named has the same one.
        named += [
            record
            for record in release.referrals.values()
            if record.telefoon not in numbers and _names(record.telefoon, line.text)
        ]
        names.update(dict.fromkeys(record.naam for record in named))
    return tuple(names)


def _names(name: str, text: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _question(text: str) -> str | None:
    """The question that a line ends with, or None: one in the middle is answered by the line."""
    last = next((part for part in reversed(_SENTENCE.findall(text)) if part.strip()), "").strip()
    return last.lstrip("•- ") if last.endswith("?") else None


def _merged(text: str, signals: Sequence[Signal]) -> list[tuple[int, int, str]]:
    """Spans that do not overlap, in order; offsets outside the line are left out."""
    merged: list[tuple[int, int, str, RiskLevel]] = []
    for signal in sorted(signals, key=lambda s: (s.start, -s.end)):
        start, end = max(0, signal.start), min(len(text), signal.end)
        if start >= end:
            continue
        if merged and start < merged[-1][1]:
            before = merged[-1]
            worse = signal.level > before[3]
            merged[-1] = (
                before[0],
                max(end, before[1]),
                signal.why if worse else before[2],
                max(signal.level, before[3]),
            )
        else:
            merged.append((start, end, signal.why, signal.level))
    return [(start, end, why) for start, end, why, _level in merged]


def _middle(part: Part) -> Part:
    if part.why is not None or len(part.text) <= 2 * QUOTE_ROUND:
        return part
    return Part(part.text[:QUOTE_ROUND].rstrip() + " … " + part.text[-QUOTE_ROUND:].lstrip())


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= ANSWER_LENGTH else text[:ANSWER_LENGTH].rstrip() + " …"
