"""What can keep a talk from being played at all."""

from __future__ import annotations


class ReplayError(Exception):
    """The talks cannot be played; the sentence says why."""

    code = "replay"
