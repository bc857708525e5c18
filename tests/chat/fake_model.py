"""A stand-in for the risk model: says what a test tells it to, when the test wants it said."""

from __future__ import annotations

import dataclasses
import threading
import types


def _open() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclasses.dataclass
class Model:
    """Says `label` of every line, or fails. Counts what it was asked.

    With `held` it says nothing before that is set; with `held_talks` nothing of a line that is
    read with others.
    """

    label: str = "urgent"
    fails: bool = False
    asked: int = 0
    held: threading.Event = dataclasses.field(default_factory=_open)
    held_talks: threading.Event = dataclasses.field(default_factory=_open)

    def judge(self, lines):
        self.asked += 1
        (self.held if len(lines) == 1 else self.held_talks).wait(30)
        if self.fails:
            raise RuntimeError
        return types.SimpleNamespace(urgent=0.9, theme="afpersing")

    def weigh(self, judged, _by_rules):
        return judged

    def level(self, _judged):
        return self.label
