"""The development sets: messages and talks with what they really are, never trained on."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from nachtlicht.content.assess import AssessError, Row, read_rows
from nachtlicht.content.schema import Level, Speaker, Style, Theme, Words
from nachtlicht.risk import RiskLevel

SETS = Path("tests") / "data"  # under the project's root
MESSAGES, TALKS = "messages.jsonl", "talks.jsonl"


class SetError(Exception):
    """A development set is missing or cannot be read; the sentence has its place."""

    code = "development_set"


class Labels(BaseModel):
    """What a line of a set says of itself, beside its text."""

    id: Words
    level: Level
    theme: Theme
    intent: Words
    speaker: Speaker
    style: Style
    writer: Words
    hard: bool


@dataclasses.dataclass(frozen=True)
class Case:
    """One message or talk, and what it really is. `row` is what the detector gets to see."""

    row: Row
    labels: Labels
    is_talk: bool

    @property
    def id(self) -> str:
        """Its name, alone of its kind over all sets."""
        return self.labels.id

    @property
    def level(self) -> RiskLevel:
        """How serious it is."""
        return RiskLevel.from_label(self.labels.level)


def found_sets(root: Path) -> list[Path]:
    """The development sets of the project; none where it was installed without its tests."""
    return sorted(path.parent for path in (root / SETS).glob(f"*/{MESSAGES}"))


def set_files(folders: Sequence[Path]) -> list[Path]:
    """The files of the sets: messages, and talks where there are any."""
    names = (MESSAGES, TALKS)
    return [folder / name for folder in folders for name in names if (folder / name).exists()]


def read_sets(folders: Sequence[Path]) -> list[Case]:
    """Read every message and talk of the sets, in the order of the folders.

    Raises:
        SetError: a folder holds no set, a line is broken, or two have the same id.
    """
    cases: list[Case] = []
    seen: dict[str, Path] = {}
    for folder in folders:
        files = set_files([folder])
        if not files:
            raise SetError(f"{folder} holds neither {MESSAGES} nor {TALKS}.")
        for path in files:
            for case in _read(path):
                if case.id in seen:
                    raise SetError(f"{path} and {seen[case.id]} both have a line {case.id}.")
                seen[case.id] = path
                cases.append(case)
    return cases


def _read(path: Path) -> Iterator[Case]:
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        rows = iter(list(read_rows(lines)))
    except AssessError as error:
        raise SetError(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            labels = Labels.model_validate(json.loads(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(step) for step in first["loc"])
            raise SetError(f"{path}: line {number}, {field}: {first['msg']}.") from error
        yield Case(next(rows), labels, is_talk=path.name == TALKS)
