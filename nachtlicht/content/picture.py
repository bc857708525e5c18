"""Draws the routes of a talk as SVG, made from the rules: what is said, and what leads on."""

from __future__ import annotations

import dataclasses
import html
import re
import textwrap
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nachtlicht.content.sources import File, Sources

WIDTH, GAP_X, GAP_Y, MARGIN = 250, 170, 18, 24  # pixels
ROW, HEAD, FOOT = 16, 26, 8  # of a line in a box, above the first and below the last
LETTERS, LINES = 36, 3  # of a text, in its box
LABEL = 26  # letters beside a line
START = "iemand zegt …"
ELSEWHERE = "uit een andere route, of bij gevaar"
NEXT = "meteen daarna"
OVERVIEW = "routes"
PLACEHOLDER = re.compile(r"\[\[([^\]]*)\]\]")


@dataclasses.dataclass(frozen=True)
class Step:
    """After the text `before` (or at the start) the person says `intent`; then comes `after`."""

    before: str
    intent: str
    after: str


@dataclasses.dataclass(frozen=True)
class Box:
    """One text where it stands; `also` is what leads from it to boxes that stand elsewhere."""

    name: str
    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    also: tuple[str, ...]


def draw_routes(sources: Sources, folder: Path) -> list[Path]:
    """Write a picture for every file of stories, and one of all routes; returns the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = _first_texts(sources)
    pictures = {file.path.stem: steps for file in sources.stories if (steps := list(_steps(file)))}
    made = []
    for name, steps in pictures.items():
        made.append(folder / f"{name}.svg")
        made[-1].write_text(svg(name, steps, texts), encoding="utf-8")
    overview, names = _overview(sources, pictures)
    made.append(folder / f"{OVERVIEW}.svg")
    made[-1].write_text(svg("alle routes", overview, names), encoding="utf-8")
    return made


def svg(title: str, steps: Sequence[Step], texts: Mapping[str, str]) -> str:
    """One picture, a tree from left to right: a box for each text, a line for each answer.

    A text is drawn once, where the shortest way leads to it; every other way to it is told in
    the box it starts from. Lines that cross would show no editor anything.
    """
    answers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for step in dict.fromkeys(steps):
        answers[step.before][step.after].append(step.intent)
    tree = _tree(answers)
    boxes = _boxes(tree, answers, texts)
    width = max(box.x for box in boxes.values()) + WIDTH + MARGIN
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="sans-serif">',
        f"<title>{html.escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for before, children in tree.items():
        for after in children:
            parts.extend(_line(boxes[before], boxes[after], answers[before][after]))
    for box in boxes.values():
        parts.extend(_box(box, texts.get(box.name, "")))
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
                    if not intents and before != START:
                        intents = [NEXT]
                    for intent in intents:
                        yield Step(before, intent, action)
                    before, intents = action, []


def _intents(step: Any) -> list[str]:
    if not isinstance(step, dict):
        return []
    if isinstance(step.get("intent"), str):
        return [step["intent"]]
    return [one["intent"] for one in step.get("or") or () if isinstance(one.get("intent"), str)]


def _overview(
    sources: Sources, pictures: Mapping[str, Sequence[Step]]
) -> tuple[list[Step], dict[str, str]]:
    """Every file of stories as a box: what begins it, and to which other files it leads."""
    home = {name: path.stem for name, (path, _) in sources.texts.items()}
    steps = [Step(START, "", name) for name in pictures]
    names = {}
    for name, own in pictures.items():
        names[name] = ", ".join(dict.fromkeys(s.intent for s in own if s.before == START))
        for other in dict.fromkeys(home.get(step.after, name) for step in own):
            if other != name and other in pictures:
                steps.append(Step(name, "", other))
    return steps, names


def _tree(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Each text below the one from which the fewest answers lead to it from a beginning."""
    reached = {after for afters in answers.values() for after in afters}
    outside = [name for name in answers if name not in reached and name != START]
    circles = [name for name in answers if name in reached]  # texts that only lead to each other
    tree: dict[str, list[str]] = {}
    seen: set[str] = set()
    for root in ([START] if START in answers else []) + outside + circles:
        if root in seen:
            continue
        if root != START:
            tree.setdefault(ELSEWHERE, []).append(root)
        seen.add(root)
        waiting = deque([root])
        while waiting:
            name = waiting.popleft()
            tree[name] = [after for after in answers.get(name, ()) if after not in seen]
            seen.update(tree[name])
            waiting.extend(tree[name])
    return tree


def _boxes(
    tree: Mapping[str, Sequence[str]],
    answers: Mapping[str, Mapping[str, Sequence[str]]],
    texts: Mapping[str, str],
) -> dict[str, Box]:
    """Lay out the tree: a column for each answer from the beginning, no box over another."""
    boxes: dict[str, Box] = {}

    def place(name: str, depth: int, top: int) -> int:
        """Place `name` and what hangs below it from `top` on; returns where the next may begin."""
        lines = tuple(_shown(texts.get(name, "")))
        also = tuple(
            f"{_label(intents)} → {_short(after)}".removeprefix(" ")
            for after, intents in answers.get(name, {}).items()
            if after not in tree.get(name, ())
        )
        height = HEAD + ROW * (len(lines) + len(also)) + FOOT
        x = MARGIN + depth * (WIDTH + GAP_X)
        boxes[name] = Box(name, x, top, height, lines, also)
        below = top
        for child in tree.get(name, ()):
            below = place(child, depth + 1, below)
        return max(below, top + height + GAP_Y)

    top = MARGIN
    for root in (START, ELSEWHERE):
        if root in tree:
            top = place(root, 0, top)
    return boxes


def _line(start: Box, end: Box, intents: Sequence[str]) -> Iterator[str]:
    x1, y1 = start.x + WIDTH, start.y + HEAD // 2
    x2, y2 = end.x, end.y + HEAD // 2
    bend = x1 + 14
    yield f'<path d="M{x1} {y1} H{bend} V{y2} H{x2}" fill="none" stroke="#667" stroke-width="1.5"/>'
    told = ", ".join(filter(None, intents))
    yield f'<text x="{bend + 6}" y="{y2 - 4}" font-size="11" fill="#334">'
    yield f"{html.escape(_label(intents))}<title>{html.escape(told)}</title></text>"


def _box(box: Box, text: str) -> Iterator[str]:
    is_start = box.name in (START, ELSEWHERE)
    yield (
        f'<rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{box.height}" rx="8" '
        f'fill="{"#fff6dd" if is_start else "#eef3ff"}" stroke="#557">'
        f"<title>{html.escape(_filled(text))}</title></rect>"
    )
    style = 'font-size="12" font-weight="bold"'
    yield f'<text x="{box.x + 8}" y="{box.y + 18}" {style}>{html.escape(_short(box.name))}</text>'
    y = box.y + HEAD + ROW - 6
    for row, line in enumerate((*box.lines, *box.also)):
        color = "#223" if row < len(box.lines) else "#7a4a00"
        yield f'<text x="{box.x + 8}" y="{y + row * ROW}" font-size="12" fill="{color}">'
        yield f"{html.escape(line)}</text>"


def _label(intents: Sequence[str]) -> str:
    """The answers beside a line, as many as fit and how many more there are."""
    told = [intent for intent in intents if intent]
    shown = told[:1]
    for intent in told[1:]:
        if len(", ".join([*shown, intent])) > LABEL:
            break
        shown.append(intent)
    more = f" (+{len(told) - len(shown)})" if len(told) > len(shown) else ""
    return ", ".join(shown) + more


def _short(name: str) -> str:
    return name.removeprefix("utter_")


def _shown(text: str) -> list[str]:
    lines = textwrap.wrap(_filled(text), LETTERS)
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]


def _filled(text: str) -> str:
    """A placeholder as a name between marks: what it becomes depends on the hour."""
    return PLACEHOLDER.sub(r"‹\1›", text)


def _first_texts(sources: Sources) -> dict[str, str]:
    return {
        name: variants[0].text
        for file in sources.responses
        if file.model
        for name, variants in file.model.responses.items()
        if variants
    }
