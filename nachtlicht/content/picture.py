"""Draws the routes of a talk as SVG, made from the rules: what is said, and what leads on."""

from __future__ import annotations

import dataclasses
import html
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nachtlicht.content.sources import File, Sources

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 240, 84, 90, 22, 20  # pixels
LETTERS, LINES = 34, 3  # of a text, in its box
START = "begin"


@dataclasses.dataclass(frozen=True)
class Step:
    """After the text `before` (or at the start) the person says `intent`; then comes `after`."""

    before: str
    intent: str
    after: str


def draw_routes(sources: Sources, folder: Path) -> list[Path]:
    """Write one picture for every file of stories to `folder`; returns the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = _first_texts(sources)
    made = []
    for file in sources.stories:
        steps = list(dict.fromkeys(_steps(file)))
        if steps:
            path = folder / f"{file.path.stem}.svg"
            path.write_text(svg(file.path.stem, steps, texts), encoding="utf-8")
            made.append(path)
    return made


def svg(title: str, steps: Sequence[Step], texts: Mapping[str, str]) -> str:
    """One picture: columns from left to right, a box for each text, a line for each intent."""
    places = _places(steps)
    width = max(x for x, _ in places.values()) + WIDTH + MARGIN
    height = max(y for _, y in places.values()) + HEIGHT + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="sans-serif">',
        f"<title>{html.escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in steps:
        labels[step.before, step.after].append(step.intent)
    for (before, after), intents in labels.items():
        parts.extend(_line(places[before], places[after], intents))
    for name, (x, y) in places.items():
        parts.extend(_box(x, y, name, texts.get(name, "")))
    return "\n".join([*parts, "</svg>", ""])


def _steps(file: File) -> Iterator[Step]:
    raw = file.raw if isinstance(file.raw, dict) else {}
    for part in ("rules", "stories"):
        for story in raw.get(part) or ():
            before, intents = START, []
            for step in story.get("steps") or () if isinstance(story, dict) else ():
                said = _intents(step)
                action = step.get("action") if isinstance(step, dict) else None
                if said:
                    intents = said
                elif action:
                    for intent in intents:
                        yield Step(before, intent, action)
                    before, intents = action, []


def _intents(step: Any) -> list[str]:
    if not isinstance(step, dict):
        return []
    if isinstance(step.get("intent"), str):
        return [step["intent"]]
    return [one["intent"] for one in step.get("or") or () if isinstance(one.get("intent"), str)]


def _places(steps: Sequence[Step]) -> dict[str, tuple[int, int]]:
    """Where each box stands: its column is how many answers it lies from a beginning."""
    depth = {START: 0}
    waiting = [step for step in steps if step.before not in depth]
    for _ in range(len(steps) + 1):
        for step in steps:
            if step.before in depth:
                depth.setdefault(step.after, depth[step.before] + 1)
        waiting = [step for step in steps if step.before not in depth]
        if not waiting:
            break
    for step in waiting:  # only reached from another file: it begins here
        depth.setdefault(step.before, 1)
        depth.setdefault(step.after, 2)
    rows: dict[int, int] = defaultdict(int)
    places = {}
    for name, column in sorted(depth.items(), key=lambda item: item[1]):
        x = MARGIN + column * (WIDTH + GAP_X)
        places[name] = (x, MARGIN + rows[column] * (HEIGHT + GAP_Y))
        rows[column] += 1
    return places


def _line(start: tuple[int, int], end: tuple[int, int], intents: Sequence[str]) -> Iterator[str]:
    x1, y1 = start[0] + WIDTH, start[1] + HEIGHT // 2
    x2, y2 = end[0], end[1] + HEIGHT // 2
    if x2 <= start[0]:
        x2, y2 = end[0] + WIDTH // 2, end[1] + HEIGHT
    bend = (x1 + x2) // 2
    yield (
        f'<path d="M{x1} {y1} C{bend} {y1} {bend} {y2} {x2} {y2}" '
        'fill="none" stroke="#667" stroke-width="1.5"/>'
    )
    told = ", ".join(intents)
    short = told if len(told) <= LETTERS else f"{told[: LETTERS - 1]}…"
    yield f'<text x="{x2 - 6}" y="{y2 - 5}" font-size="11" text-anchor="end" fill="#334">'
    yield f"{html.escape(short)}<title>{html.escape(told)}</title></text>"


def _box(x: int, y: int, name: str, text: str) -> Iterator[str]:
    yield (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" '
        'fill="#eef3ff" stroke="#557"/>'
    )
    yield f'<text x="{x + 8}" y="{y + 18}" font-size="12" font-weight="bold">'
    yield f"{html.escape(name.removeprefix('utter_'))}</text>"
    for row, line in enumerate(textwrap.wrap(text, LETTERS)[:LINES]):
        yield f'<text x="{x + 8}" y="{y + 36 + row * 16}" font-size="12">{html.escape(line)}</text>'


def _first_texts(sources: Sources) -> dict[str, str]:
    return {
        name: variants[0].text
        for file in sources.responses
        if file.model
        for name, variants in file.model.responses.items()
        if variants
    }
