"""The editors' own rules for language: forbidden phrases, and the bounds of readable Dutch."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from nachtlicht.content.issue import Issue
from nachtlicht.content.schema import Model, Words
from nachtlicht.content.shape import read_as
from nachtlicht.content.yaml_file import line_of, read_yaml

RULE = "woorden"


class Forbidden(Model):
    """A pattern that no text may hold, with lines that it must and must not find."""

    code: Words
    waarom: Words
    patroon: Words
    wel: list[Words] = Field(min_length=1)
    niet: list[Words] = Field(min_length=1)


class ForbiddenFile(Model):
    """All forbidden phrases."""

    verboden: list[Forbidden] = Field(min_length=1)


class Reading(Model):
    """When a sentence is readable at B1."""

    woorden_per_zin: int
    letters_per_woord: int
    nooit_meer: int
    aandeel: float
    flesch_douma: float
    zipf: float
    zeldzaam_per_tekst: float
    andere_taal: list[Words]
    mag_wel: list[Words]
    moeilijk: dict[str, Words]


class Phone(Model):
    """What fits on a phone."""

    tekens_per_alinea: int
    tekens_per_bericht: int
    tekens_per_knop: int
    knoppen: int


class ReadingFile(Model):
    """The bounds of reading and of the phone."""

    lezen: Reading
    telefoon: Phone


@dataclasses.dataclass(frozen=True)
class Phrase:
    """A forbidden phrase, ready to search with."""

    code: str
    why: str
    pattern: re.Pattern[str]


@dataclasses.dataclass(frozen=True)
class Language:
    """The rules for language; `issues` is what is wrong with the rules themselves."""

    phrases: tuple[Phrase, ...]
    reading: Reading | None
    phone: Phone | None
    issues: tuple[Issue, ...]


def read_language(data: Path) -> Language:
    """Read `data`/taal, and try every forbidden phrase on its own examples."""
    issues: list[Issue] = []
    forbidden_path, reading_path = data / "taal" / "verboden.yml", data / "taal" / "lezen.yml"
    forbidden, raw = _read(forbidden_path, ForbiddenFile, issues)
    reading, _ = _read(reading_path, ReadingFile, issues)
    phrases: list[Phrase] = []
    for index, item in enumerate(forbidden.verboden if forbidden else ()):
        line = line_of(raw, "verboden", index, "patroon")
        try:
            phrase = Phrase(item.code, item.waarom, re.compile(item.patroon))
        except re.error as error:
            told = f"Dit patroon kan niet worden gelezen ({error})."
            issues.append(Issue(forbidden_path, line, RULE, told))
            continue
        phrases.append(phrase)
        issues.extend(_tried(forbidden_path, line, phrase, item))
    return Language(
        phrases=tuple(phrases),
        reading=reading.lezen if reading else None,
        phone=reading.telefoon if reading else None,
        issues=tuple(issues),
    )


def plain(text: str) -> str:
    """Lower case with straight quotes and single spaces, as the patterns expect it."""
    return " ".join(text.lower().replace("’", "'").replace("‘", "'").split())


def _tried(path: Path, line: int, phrase: Phrase, item: Forbidden) -> Iterator[Issue]:
    for text in item.wel:
        if not phrase.pattern.search(plain(text)):
            told = f"{phrase.code}: {text!r} had gevonden moeten worden."
            yield Issue(path, line, RULE, told)
    for text in item.niet:
        if phrase.pattern.search(plain(text)):
            told = f"{phrase.code}: {text!r} had niet gevonden mogen worden."
            yield Issue(path, line, RULE, told)


def _read(path: Path, model: Any, issues: list[Issue]) -> tuple[Any, Any]:
    raw, faults = read_yaml(path)
    issues.extend(faults)
    if raw is None:
        return None, None
    value, faults = read_as(model, path, raw)
    issues.extend(faults)
    return value, raw
