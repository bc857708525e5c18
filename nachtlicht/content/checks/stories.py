"""Rules that contradict each other: the same beginning, another end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import File, Sources
from nachtlicht.content.yaml_file import line_of

RULE = "tegenspraak"


def check(sources: Sources) -> Iterator[Issue]:
    """Two rules with the same conditions and words of the person, but other actions after."""
    first: dict[str, tuple[File, int, list[str]]] = {}
    for file in sources.stories:
        raw = file.raw if isinstance(file.raw, dict) else {}
        for index, rule in enumerate(raw.get("rules") or ()):
            if not isinstance(rule, dict) or not isinstance(rule.get("steps"), list):
                continue
            line = line_of(raw, "rules", index)
            begin, actions = _halves(rule)
            for way in _ways(begin):
                key = json.dumps(way, sort_keys=True, default=str)
                other_file, other_line, other = first.setdefault(key, (file, line, actions))
                if (other_file, other_line) == (file, line):
                    continue
                told = f"Deze regel begint net zo als regel {other_line} van {other_file.path.name}"
                end = ", en zegt iets anders." if other != actions else ". Haal er een weg."
                yield Issue(file.path, line, RULE, told + end)


def _halves(rule: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """What must be so and be said, and what follows after the last word of the person."""
    steps = rule["steps"]
    last = max((i for i, step in enumerate(steps) if _is_said(step)), default=-1)
    begin = [rule.get("condition"), *steps[: last + 1]]
    return begin, [json.dumps(step, sort_keys=True) for step in steps[last + 1 :]]


def _ways(begin: list[Any]) -> Iterator[list[Any]]:
    """A beginning for each intent of a last step with `or`."""
    last = begin[-1]
    if isinstance(last, dict) and isinstance(last.get("or"), list):
        for one in last["or"]:
            yield [*begin[:-1], one]
    else:
        yield begin


def _is_said(step: Any) -> bool:
    return isinstance(step, dict) and ("intent" in step or "or" in step or "user" in step)
