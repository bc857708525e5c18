"""Plays whole talks against a release through the code of the web app: `replay` and the gate."""

from nachtlicht.replay.errors import ReplayError
from nachtlicht.replay.gate import talks_gate
from nachtlicht.replay.play import Played, Unmet
from nachtlicht.replay.report import report
from nachtlicht.replay.run import replay

__all__ = ["Played", "ReplayError", "Unmet", "replay", "report", "talks_gate"]
