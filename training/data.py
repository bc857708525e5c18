"""Reads the training lines of the editors' room, with what is known of each."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import yaml

LEVELS = ("none", "concern", "urgent", "acute")
# Their lines are never used for the encoder: on them the heads are calibrated and compared.
HELD_OUT = ("w03", "w06", "w17")


@dataclasses.dataclass(frozen=True)
class Example:
    """One line that somebody typed, as its writer labelled it."""

    text: str
    intent: str
    theme: str
    level: str
    speaker: str
    style: str
    writer: str
    hard: bool


def read_examples(folder: Path) -> list[Example]:
    """Read every `*.yml` below `folder`, in the order of their paths."""
    examples = []
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader).get("nlu") or []:
            about = block.get("metadata") or {}
            if "level" not in about:
                continue
            lines = [
                line[2:].strip() for line in block["examples"].splitlines() if line[:2] == "- "
            ]
            keys = ("theme", "level", "speaker", "style", "writer")
            fields = {key: about[key] for key in keys}
            hard = bool(about.get("hard"))
            examples += [Example(line, block["intent"], hard=hard, **fields) for line in lines]
    return examples
