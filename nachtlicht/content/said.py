"""Every Dutch sentence that somebody may read, with its file and line."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from nachtlicht.content.sources import Sources
from nachtlicht.content.yaml_file import Block, line_of

Kind = Literal["text", "button", "interface", "canned", "referral", "sentence"]
SENTENCE_END = re.compile(r"(?<=[.?!:])[’\"')]*\s+|\n+")
NAME_IN = re.compile(r"\{[a-z]+\}")


@dataclasses.dataclass(frozen=True)
class Said:
    """One paragraph of a text. `name` is the text's; `whole` is all of it."""

    path: Path
    line: int
    name: str
    kind: Kind
    text: str
    whole: str


def everything_said(sources: Sources) -> Iterator[Said]:
    """All texts, buttons, words of widget and desk, canned replies and referral sentences."""
    yield from _responses(sources)
    yield from _words(sources)
    for file in sources.referrals:
        for index, record in enumerate(file.model.records if file.model else ()):
            steps = ("referral",) if file.model.referral else ("referrals", index)
            line = line_of(file.raw, *steps, "zin")
            for text in filter(None, (record.zin,)):
                yield Said(file.path, line, record.code, "referral", text, text)


def sentences(text: str) -> list[str]:
    """The sentences of a text, placeholders taken as one word each."""
    plain = NAME_IN.sub("naam", re.sub(r"\[\[[^\]]*\]\]", "nummer", text))
    return [part.strip() for part in SENTENCE_END.split(plain) if part.strip(" •-")]


def words(sentence: str) -> list[str]:
    """The words of a sentence, without marks around them."""
    return [word for word in re.findall(r"[\w’'-]+", sentence) if any(map(str.isalnum, word))]


def _responses(sources: Sources) -> Iterator[Said]:
    for file in sources.responses:
        for name, variants in (file.model.responses if file.model else {}).items():
            for index, variant in enumerate(variants):
                raw = file.raw["responses"][name][index]
                yield from _paragraphs(file.path, raw, "text", name, "text")
                for place, button in enumerate(variant.buttons):
                    line = line_of(raw, "buttons", place)
                    yield Said(file.path, line, name, "button", button.title, button.title)


def _words(sources: Sources) -> Iterator[Said]:
    kinds: dict[str, Kind] = dict.fromkeys(("widget", "desk", "fouten"), "interface")
    kinds["zinnen"] = "sentence"
    for name, kind in kinds.items():
        file = sources.words[name]
        for key, value in (file.model.woorden if file.model else {}).items():
            line = line_of(file.raw, "woorden", key)
            for text in _texts(value):
                yield Said(file.path, line, key, kind, text, text)
    canned = sources.words["canned"]
    for index, reply in enumerate(canned.model.antwoorden if canned.model else ()):
        raw = canned.raw["antwoorden"][index]
        yield from _paragraphs(canned.path, raw, "tekst", reply.code, "canned")


def _paragraphs(path: Path, raw: Any, key: str, name: str, kind: Kind) -> Iterator[Said]:
    whole = raw.get(key) or ""
    first = whole.line if isinstance(whole, Block) else line_of(raw, key)
    for offset, paragraph in enumerate(str(whole).split("\n")):
        if paragraph.strip():
            line = first + (offset if isinstance(whole, Block) else 0)
            yield Said(path, line, name, kind, paragraph.strip(), str(whole).strip())


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return list(value.values()) if isinstance(value, dict) else list(value)
