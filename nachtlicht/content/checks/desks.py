"""Desks: known fallbacks, no circle, always one that takes every theme, and it opens."""

from __future__ import annotations

from collections.abc import Iterator

from nachtlicht.content.compile import opening_hours
from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import Sources
from nachtlicht.content.yaml_file import line_of

RULE = "desk"


def check(sources: Sources) -> Iterator[Issue]:
    """Faults in how desks lean on each other."""
    files = {file.model.desk.code: file for file in sources.desks if file.model}
    fallbacks = {code: file.model.desk.terugval for code, file in files.items()}
    for file in sources.desks:
        if not file.model:
            continue
        desk = file.model.desk
        if files[desk.code] is not file:
            line = line_of(file.raw, "desk", "code")
            yield Issue(file.path, line, RULE, f"Er is nog een desk met de code {desk.code!r}.")
        line = line_of(file.raw, "desk", "terugval")
        if desk.terugval != "geen" and desk.terugval not in files:
            told = f"De terugval {desk.terugval!r} is geen desk. Zonder terugval: schrijf geen."
            yield Issue(file.path, line, RULE, told)
        circle = _circle(desk.code, fallbacks)
        if circle:
            told = f"Deze desks vallen in een kring op elkaar terug: {' → '.join(circle)}."
            yield Issue(file.path, line, RULE, told)
        hours = opening_hours(desk.uren, ())
        if not hours or not (hours.get("always") or hours.get("days")):
            line = line_of(file.raw, "desk", "uren")
            yield Issue(file.path, line, RULE, f"De desk {desk.code!r} gaat nooit open.")
    if not any(file.model and file.model.desk.themas == "alle" for file in sources.desks):
        told = "Er is geen desk voor alle thema's. Zet bij één desk: themas: alle."
        yield Issue(sources.data / "desks", 0, RULE, told)


def _circle(code: str, fallbacks: dict[str, str]) -> list[str]:
    chain = [code]
    while (following := fallbacks.get(chain[-1], "geen")) in fallbacks:
        if following == code:
            return [*chain, code]
        if following in chain:
            return []  # the circle lies further on, and is told there
        chain.append(following)
    return []
