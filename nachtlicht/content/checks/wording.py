"""No text blames, promises, judges, names a method, or asks for an image."""

from __future__ import annotations

from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.language import plain, read_language
from nachtlicht.content.said import everything_said
from nachtlicht.content.sources import Sources

RULE = "woorden"


def check(sources: Sources) -> Iterator[Issue]:
    """Every forbidden phrase in every sentence, and faults in the phrases themselves."""
    language = read_language(sources.data)
    yield from language.issues
    for said in everything_said(sources):
        text = plain(said.text)
        for phrase in language.phrases:
            match = phrase.pattern.search(text)
            if match:
                told = f"{match.group(0)!r} ({phrase.code}): {phrase.why}"
                yield Issue(said.path, said.line, RULE, told)
