"""Writes what is held now, less some slack, as the floors of `data/risk/levels.yml`.

Only the numbers change, each in its own line, so that the file stays the editors'.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

from nachtlicht.content.measure.bars import BY_THEME, FOUND, read_bars
from nachtlicht.content.measure.figures import Figures
from nachtlicht.content.measure.stats import Share
from nachtlicht.content.risk_levels import FILE
from nachtlicht.content.yaml_file import line_of, read_yaml

SLACK = 0.025  # of the messages
LEAST = 2  # messages: a retraining moves one or two in a small theme
VALUE = re.compile(r"(: *)[\d.]+")


def set_floors(data: Path, figures: Figures, *, rules_only: bool = False) -> list[str]:
    """Set every floor and ceiling in the editors' room `data`; tells what it changed, in Dutch.

    What was not measured stays as it is. A theme gets a floor of its own when it has one in the
    file, or when its line is missing there.

    Raises:
        BarsError: the file cannot be read as it is.
    """
    path = data / "risk" / FILE
    bars = read_bars(data, rules_only=rules_only)
    raw, _ = read_yaml(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    told = []
    part = "lat_regels" if rules_only else "lat"
    for code, bar in bars.overall.items():
        share = figures.overall[code]
        key = "vloer" if bar.measure.high_is_good else "plafond"
        if share.count:
            place = line_of(raw, part, code, key) - 1
            limit = floor(share) if bar.measure.high_is_good else ceiling(share)
            if limit != bar.limit:
                told.append(f"{code}: {key} {bar.limit:g} wordt {limit:g}")
            lines[place] = _with_value(lines[place], key, limit)
    if not rules_only:
        told += _set_themes(lines, raw, figures)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return told


def floor(share: Share) -> float:
    """What may be published at the least, rounded down to a whole percent."""
    spare = max(LEAST, SLACK * share.count)
    return max(0.0, math.floor(100 * (share.hits - spare) / share.count + 1e-9) / 100)


def ceiling(share: Share) -> float:
    """What may be published at the most, rounded up to a whole percent."""
    spare = max(LEAST, SLACK * share.count)
    return min(1.0, math.ceil(100 * (share.hits + spare) / share.count - 1e-9) / 100)


def _set_themes(lines: list[str], raw: dict[str, object], figures: Figures) -> Iterator[str]:
    """Replace the lines of the themes' floors, which stand below `vloeren:`."""
    shares = {theme: table[FOUND] for theme, table in figures.groups["theme"].items()}
    known = raw["lat"][BY_THEME].get("vloeren") or {}  # type: ignore[index]
    floors = {theme: float(value) for theme, value in known.items()}
    for theme, share in shares.items():
        if share.count and floors.get(theme) != floor(share):
            yield f"thema {theme}: vloer {floors.get(theme, 'was er niet')} wordt {floor(share):g}"
            floors[theme] = floor(share)
    head = line_of(raw, "lat", BY_THEME, "vloeren") - 1
    places = [line_of(raw, "lat", BY_THEME, "vloeren", theme) - 1 for theme in known]
    indent = " " * (len(lines[head]) - len(lines[head].lstrip()) + 2)
    made = [f"{indent}{theme}: {value:g}" for theme, value in sorted(floors.items())]
    before, _, after = lines[head].partition(":")
    remark = after.partition("#")[2]
    lines[head] = f"{before}:" + (f" #{remark}" if remark else "")
    lines[head + 1 : max([head, *places]) + 1] = made


def _with_value(line: str, key: str, value: float) -> str:
    before, name, after = line.partition(key)
    return before + name + VALUE.sub(rf"\g<1>{value:g}", after, count=1)
