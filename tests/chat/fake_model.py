"""A stand-in for the risk model: says what a test tells it to, when the test wants it said."""

from __future__ import annotations

import dataclasses
import threading
import time
import types


def _open() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclasses.dataclass
class Model:
    """Says `label` of every line, after `delay` seconds, or fails. Counts what it was asked.

    With `held` it says nothing before that is set.
    """

    label: str = "urgent"
    delay: float = 0.0
    fails: bool = False
    asked: int = 0
    held: threading.Event = dataclasses.field(default_factory=_open)

    def judge(self, lines):
        self.asked += 1
        time.sleep(self.delay)
        self.held.wait(30)
        if self.fails:
            raise RuntimeError
        return types.SimpleNamespace(urgent=0.9, theme="afpersing")

    def weigh(self, judged, _by_rules):
        return judged

    def level(self, _judged):
        return self.label
