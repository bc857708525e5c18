"""Reads talks: whole conversations with what must happen, kept out of all training."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nachtlicht.content.issue import Issue
from nachtlicht.content.schema import Talk
from nachtlicht.content.shape import read_as
from nachtlicht.content.yaml_file import line_of, read_yaml


@dataclasses.dataclass(frozen=True)
class TalkFile:
    """A talk, and where it stands."""

    path: Path
    raw: Any
    talk: Talk

    def line(self, index: int) -> int:
        """The line in the file of the step at `index`."""
        return line_of(self.raw, "lines", index)


def read_talks(paths: Iterable[Path]) -> tuple[list[TalkFile], list[Issue]]:
    """Read the talks at `paths` (a folder stands for all in it), and what is wrong with them."""
    files: list[TalkFile] = []
    issues: list[Issue] = []
    for path in paths:
        for one in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            raw, faults = read_yaml(one)
            issues.extend(faults)
            if raw is None:
                continue
            talk, faults = read_as(Talk, one, raw)
            issues.extend(faults)
            if talk is not None:
                files.append(TalkFile(one, raw, talk))
    return files, issues
