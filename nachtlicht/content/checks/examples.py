"""Training examples: known intents, enough of them, and none that stands in two places."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import Example, Sources
from nachtlicht.content.yaml_file import line_of

RULE = "voorbeeld"
DOUBLE = "dubbel"
LEAST = 8  # examples of an intent: with fewer it is a guess
FORBIDDEN = re.compile(r"[\[\]{}]|^/")
SHORT = 3  # words: "ja hoor" is rightly said in many talks


def check(sources: Sources) -> Iterator[Issue]:
    """Faults in single examples, and the same line twice."""
    examples = list(sources.examples())
    for file in sources.nlu:
        for index, block in enumerate(file.model.nlu if file.model else ()):
            if block.intent not in sources.intents:
                line = line_of(file.raw, "nlu", index, "intent")
                told = f"De bedoeling {block.intent!r} bestaat niet (zie bot/domain)."
                yield Issue(file.path, line, RULE, told)
    for example in examples:
        if FORBIDDEN.search(example.text):
            told = "In een voorbeeld staan geen haken, en het begint niet met een schuine streep."
            yield Issue(example.path, example.line, RULE, told)
    counted = Counter(example.intent for example in examples)
    for intent, (path, line) in sources.intents.items():
        if examples and counted[intent] < LEAST:
            told = f"{intent!r} heeft {counted[intent]} voorbeelden; {LEAST} is het minste."
            yield Issue(path, line, RULE, told)
    yield from _doubles(sources, examples)


def fold_example(text: str) -> str:
    """Letters and digits in lower case, single spaces: the form in which lines are compared."""
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("’", "")))


def _doubles(sources: Sources, examples: list[Example]) -> Iterator[Issue]:
    first: dict[str, Example] = {}
    for example in examples:
        folded = fold_example(example.text)
        if not folded:
            continue
        other = first.setdefault(folded, example)
        if other is not example and other.intent != example.intent:
            place = _place(sources, other.path, other.line)
            told = f"{example.text!r} staat ook onder {other.intent!r} ({place}). Kies er één."
            yield Issue(example.path, example.line, DOUBLE, told)
    buttons = {fold_example(title) for title in _button_titles(sources)}
    for path, line, text in _held_out(sources):
        folded = fold_example(text)
        found = first.get(folded)
        if found and len(folded.split()) > SHORT and folded not in buttons:
            place = _place(sources, path, line)
            told = (
                f"Deze zin staat ook in de toets ({place}); dan meet de toets niets. Haal hem weg."
            )
            yield Issue(found.path, found.line, DOUBLE, told)


def _held_out(sources: Sources) -> Iterator[tuple[Path, int, str]]:
    """Lines that are only for measuring: the development sets, and the talks."""
    for path in sorted((sources.root / "tests" / "data").glob("**/*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
            except ValueError:
                continue  # the tests of that data name a broken line
            for text in _youth_lines(row):
                yield path, number, text
    for file in sources.talks:
        for index, step in enumerate(file.model.lines if file.model else ()):
            if step.youth:
                yield file.path, line_of(file.raw, "lines", index), step.youth


def _button_titles(sources: Sources) -> Iterator[str]:
    """What a talk may tap: a title is known by its payload and needs no understanding."""
    for file in sources.responses:
        for variants in (file.model.responses if file.model else {}).values():
            for variant in variants:
                yield from (button.title for button in variant.buttons)


def _youth_lines(row: object) -> Iterator[str]:
    if not isinstance(row, dict):
        return
    if isinstance(row.get("text"), str):
        yield row["text"]
    for message in row.get("messages") or ():
        if isinstance(message, dict) and isinstance(message.get("youth"), str):
            yield message["youth"]


def _place(sources: Sources, path: Path, line: int) -> str:
    base = sources.root if path.is_relative_to(sources.root) else sources.data
    return f"{path.relative_to(base)}:{line}" if path.is_relative_to(base) else f"{path}:{line}"
