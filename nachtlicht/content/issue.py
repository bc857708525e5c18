"""A fault in content, told to the editor in Dutch: which file, which line, which rule."""

from __future__ import annotations

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, order=True)
class Issue:
    """One fault. `line` counts from 1; 0 when the fault is of the whole file.

    `rule` is the short name of the check that found it; `text` is Dutch.
    """

    path: Path
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        """`file:line: text [rule]`, as editors and editors' tools expect it."""
        return f"{self.path}:{self.line}: {self.text} [{self.rule}]"
