"""Everything in the editors' room, read once: checks and publish look at this, not at files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from nachtlicht.content import schema
from nachtlicht.content.issue import Issue
from nachtlicht.content.levels_schema import LevelsFile
from nachtlicht.content.shape import read_as
from nachtlicht.content.yaml_file import Block, line_of, read_yaml

T = TypeVar("T", bound=BaseModel)
WORDS = "woorden"
WORD_FILES: dict[str, type[BaseModel]] = {
    "zinnen": schema.Sentences,
    "opdrachten": schema.Commands,
    "widget": schema.Interface,
    "desk": schema.Interface,
    "fouten": schema.Interface,
    "canned": schema.CannedFile,
}


@dataclasses.dataclass(frozen=True)
class File:
    """A file as it was read: `raw` knows its lines, `model` is None when it does not fit."""

    path: Path
    raw: Any
    model: Any = None


@dataclasses.dataclass(frozen=True)
class Example:
    """One thing somebody says, with its intent and what is known of it."""

    path: Path
    line: int
    intent: str
    text: str
    metadata: schema.NluMetadata


@dataclasses.dataclass(frozen=True)
class Sources:
    """The editors' room. `issues` holds what is wrong with the files themselves."""

    data: Path
    root: Path
    today: dt.date
    responses: list[File]
    words: dict[str, File]
    referrals: list[File]
    desks: list[File]
    nlu: list[File]
    stories: list[File]
    talks: list[File]
    domain: list[File]
    levels: File
    issues: list[Issue]

    @cached_property
    def unread(self) -> list[Path]:
        """The files of which nothing could be read; about what is in them nothing is known."""
        listed = (self.responses, self.referrals, self.desks, self.nlu, self.stories, self.talks)
        files = [*self.words.values(), *self.domain, self.levels]
        files += [file for one in listed for file in one]
        return [file.path for file in files if file.raw is None]

    @cached_property
    def intents(self) -> dict[str, tuple[Path, int]]:
        """The closed list of intents, with the place of each in the bot's domain."""
        return dict(self._domain_list("intents"))

    @cached_property
    def actions(self) -> dict[str, tuple[Path, int]]:
        """The actions of the domain."""
        return dict(self._domain_list("actions"))

    def domain_keys(self, part: str) -> dict[str, tuple[Path, int]]:
        """The names under a mapping of the domain ("slots", "forms", "responses")."""
        return {
            key: (file.path, line_of(file.raw, part, key))
            for file in self.domain
            for key in _mapping(file.raw, part)
        }

    @cached_property
    def texts(self) -> dict[str, tuple[Path, int]]:
        """The names of all `utter_…` texts, with the place of each."""
        return {
            name: (file.path, line_of(file.raw, "responses", name))
            for file in self.responses
            for name in _mapping(file.raw, "responses")
        }

    def examples(self) -> Iterator[Example]:
        """All examples of all writers."""
        for file in self.nlu:
            if file.model is None:
                continue
            for index, block in enumerate(file.model.nlu):
                raw = file.raw["nlu"][index]["examples"]
                first = raw.line if isinstance(raw, Block) else line_of(file.raw, "nlu", index)
                for offset, line in enumerate(str(raw).split("\n")):
                    text = line.strip().removeprefix("- ").strip()
                    if text:
                        yield Example(file.path, first + offset, block.intent, text, block.metadata)

    def _domain_list(self, part: str) -> Iterator[tuple[str, tuple[Path, int]]]:
        for file in self.domain:
            entries = file.raw.get(part) if isinstance(file.raw, dict) else None
            for index, entry in enumerate(entries or ()):
                name = next(iter(entry)) if isinstance(entry, dict) else str(entry)
                yield name, (file.path, line_of(file.raw, part, index))


def read_sources(data: Path, root: Path, *, today: dt.date) -> Sources:
    """Read all of `data`, and the domain of the bot under `root`. Never raises for a bad file."""
    issues: list[Issue] = []

    def files(folder: str, model: type[BaseModel] | None, pattern: str = "*.yml") -> list[File]:
        paths = sorted((data / folder).glob(pattern))
        return [_read(path, model, issues) for path in paths]

    words = {
        name: _read(data / "responses" / WORDS / f"{name}.yml", model, issues)
        for name, model in WORD_FILES.items()
    }
    return Sources(
        data=data,
        root=root,
        today=today,
        responses=files("responses", schema.ResponseFile),
        words=words,
        referrals=files("referrals", schema.ReferralFile, "**/*.yml"),
        desks=files("desks", schema.DeskFile),
        nlu=files("nlu", schema.NluFile, "**/*.yml"),
        stories=files("stories", None, "**/*.yml"),
        talks=files("talks", schema.Talk, "**/*.yml"),
        domain=[_read(path, None, issues) for path in sorted((root / "bot/domain").glob("*.yml"))],
        levels=_read(data / "risk" / "levels.yml", LevelsFile, issues),
        issues=issues,
    )


def _read(path: Path, model: type[BaseModel] | None, issues: list[Issue]) -> File:
    raw, faults = read_yaml(path)
    issues.extend(faults)
    if raw is None or model is None:
        if raw is None and not faults:
            issues.append(Issue(path, 0, "yaml", "Dit bestand is leeg."))
        return File(path, raw)
    value, faults = read_as(model, path, raw)
    issues.extend(faults)
    return File(path, raw, value)


def _mapping(raw: Any, part: str) -> dict[str, Any]:
    found = raw.get(part) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}
