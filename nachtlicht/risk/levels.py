"""How serious something is: four levels, ordered, with the names used in data and on the wire."""

from __future__ import annotations

import enum


class RiskLevel(enum.IntEnum):
    """How soon the desk must act for the person in danger; `shared/risk-levels.md` decides.

    A number, so that `max` and ORDER BY mean urgency.
    """

    NONE = 0
    CONCERN = 1
    URGENT = 2
    ACUTE = 3

    @property
    def label(self) -> str:
        """The lower-case name used in data files and JSON."""
        return self.name.lower()

    @classmethod
    def from_label(cls, label: str) -> RiskLevel:
        """The level called `label`.

        Raises:
            ValueError: there is no such level.
        """
        for level in cls:
            if level.label == label:
                return level
        raise ValueError(f"No risk level is called {label!r}: use none, concern, urgent or acute.")
