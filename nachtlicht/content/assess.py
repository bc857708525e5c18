"""Judges messages and talks from a file, for gates and benchmarks: JSON lines in and out."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nachtlicht.content.train import bot_python
from nachtlicht.risk import Line, RiskAssessment, RiskLevel, RiskRules, assess_talk
from nachtlicht.risk.assess import Classifier

AUTHORS = ("youth", "bot", "counsellor")
PARSE_TIME = 1800  # seconds, for a whole file


class AssessError(Exception):
    """A line of the input cannot be judged; the sentence has its number."""

    code = "assess_input"
    exit_code = 2


class ParseError(Exception):
    """The bot could not be asked what the messages mean."""

    code = "assess_bot"


@dataclasses.dataclass(frozen=True)
class Asked:
    """A line for the bot, with what the web app tells it beside: level and theme."""

    text: str
    level: RiskLevel
    theme: str | None


Intents = Callable[[Sequence[Asked]], Sequence[str | None]]


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the input: a talk, of one message or more. `id` is given back as it came."""

    id: Any
    lines: tuple[Line, ...]

    @property
    def newest(self) -> str:
        """The youth's last line."""
        return next(line.text for line in reversed(self.lines) if line.author == "youth")


def read_rows(source: Iterable[str]) -> Iterator[Row]:
    """Read `{"id", "text"}` or `{"id", "messages": [{"youth": …} | {"bot": …}, …]}` a line.

    Empty lines are left out.

    Raises:
        AssessError: a line is no JSON, or holds no line of a young person.
    """
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise AssessError(f"Line {number} is no JSON.") from error
        if not isinstance(raw, dict):
            raise AssessError(f"Line {number} is no object.")
        lines = tuple(_lines(raw, number))
        if not any(line.author == "youth" for line in lines):
            raise AssessError(f"Line {number} has no text and no message of the youth.")
        yield Row(raw.get("id"), lines)


def assess_lines(
    rules: RiskRules,
    rows: Sequence[Row],
    *,
    classifier: Classifier | None = None,
    intents: Intents | None = None,
) -> Iterator[dict[str, Any]]:
    """Judge `rows`, in the same order, as the web app would at the end of each talk.

    Without `classifier` the rules stand alone; without `intents` the bot is not asked. It is
    told what was judged, as in a talk. What is neither understood nor clearly harmless is
    CONCERN, there as here.
    """
    judged = [assess_talk(rules, row.lines, classifier) for row in rows]
    heard: Sequence[str | None] = [None] * len(rows)
    if intents:
        both = zip(rows, judged, strict=True)
        heard = intents([Asked(row.newest, _level(found), found.theme) for row, found in both])
    for row, found, intent in zip(rows, judged, heard, strict=True):
        yield _judged(row, found, intent)


def bot_intents(root: Path, model: Path) -> Intents:
    """A reader of intents that asks the bot's model once, in Rasa's own environment.

    The reader raises `ParseError` when Rasa is missing or fails.
    """

    def ask(lines: Sequence[Asked]) -> list[str | None]:
        if not lines:
            return []
        typed = "".join(json.dumps(_told(line)) + "\n" for line in lines)
        try:
            done = subprocess.run(
                [bot_python(root), "-m", "bot.parse", model],
                cwd=root,
                input=typed,
                capture_output=True,
                text=True,
                timeout=PARSE_TIME,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ParseError("The bot could not be asked; is its environment there?") from error
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode or len(answers) != len(lines):
            raise ParseError(f"The bot's model {model.name} could not read the messages.")
        return [answer.get("intent") for answer in answers]

    return ask


def _told(line: Asked) -> dict[str, Any]:
    """What the bot gets: as at the beginning of a talk, by the door for everybody."""
    context = {"level": line.level.label, "theme": line.theme, "entry": "algemeen"}
    return {"text": line.text, "context": context}


def _level(found: RiskAssessment) -> RiskLevel:
    return max(found.level, RiskLevel.CONCERN) if found.unsure else found.level


def _judged(row: Row, found: RiskAssessment, intent: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "level": _level(found).label,
        "rules_level": found.rules_level.label,
        "model_level": found.model_level.label if found.model_level is not None else None,
        "p_urgent": found.p_urgent,
        "theme": found.theme or "geen",
        "intent": intent,
        "reasons": [
            {
                "code": signal.code,
                "level": signal.level.label,
                "theme": signal.theme,
                "start": signal.start,
                "end": signal.end,
                "why": signal.why,
            }
            for signal in found.signals
        ],
    }


def _lines(raw: dict[str, Any], number: int) -> Iterator[Line]:
    if "messages" not in raw:
        text = raw.get("text")
        if not isinstance(text, str):
            raise AssessError(f"Line {number} has no text.")
        yield Line("youth", text)
        return
    messages = raw["messages"]
    if not isinstance(messages, list):
        raise AssessError(f"Line {number} has messages that are no list.")
    for message in messages:
        items = list(message.items()) if isinstance(message, dict) else []
        if len(items) != 1 or items[0][0] not in AUTHORS or not isinstance(items[0][1], str):
            raise AssessError(f"Line {number} has a message that is neither youth nor bot.")
        yield Line(*items[0])
