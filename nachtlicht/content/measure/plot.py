"""Two plots as inline SVG: recall by theme with its intervals, and how far the chance holds."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from nachtlicht.content.measure.calibration import Calibration
from nachtlicht.content.measure.report import Goal
from nachtlicht.content.measure.stats import Share
from nachtlicht.content.measure.words import number, percent, theme_word

NAMES, WIDE, ROW, FOOT = 190, 460, 24, 46  # pixels
SQUARE, LEFT, TOP = 320, 52, 14


def recall_plot(shares: Mapping[str, Share], goals: Mapping[str, Goal]) -> str:
    """A row a theme, the lowest first: the share, its interval, its floor, and the aim of all."""
    rows = sorted(
        ((theme, share) for theme, share in shares.items() if share.value is not None),
        key=lambda row: (row[1].value or 0.0, row[0]),
    )
    bottom = len(rows) * ROW
    parts = [_open(NAMES + WIDE + 70, bottom + FOOT, "Dringend of acuut gevonden, per thema")]
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        parts.append(f'<line class="grid" x1="{x}" y1="4" x2="{x}" y2="{bottom}"/>')
        parts.append(f'<text class="mid" x="{x}" y="{bottom + 18}">{tenth * 10} %</text>')
    for aim in sorted({goal.aim for goal in goals.values()}):
        x = _x(aim)
        parts.append(f'<line class="aim" x1="{x}" y1="4" x2="{x}" y2="{bottom}"/>')
        parts.append(f'<text class="mid aimword" x="{x}" y="{bottom + 36}">doel</text>')
    for place, (theme, share) in enumerate(rows):
        parts.extend(_recall_row(place * ROW + ROW // 2, theme, share, goals.get(theme)))
    return "\n".join([*parts, "</svg>"])


def _recall_row(y: int, theme: str, share: Share, goal: Goal | None) -> Iterator[str]:
    name = html.escape(theme_word(theme))
    told = f"{name}: {percent(share.value)} ({share.hits} van {share.count})"
    colour = "" if goal is None or goal.is_held else " low"
    yield f"<g><title>{told}</title>"
    yield f'<text class="end" x="{NAMES - 12}" y="{y + 4}">{name}</text>'
    low, high = _x(share.low), _x(share.high)
    yield f'<path class="span{colour}" d="M{low} {y}H{high}"/>'
    if goal is not None:
        x = _x(goal.limit)
        yield f'<line class="floor" x1="{x}" y1="{y - 8}" x2="{x}" y2="{y + 8}"/>'
    yield f'<circle class="dot{colour}" cx="{_x(share.value or 0.0)}" cy="{y}" r="5"/>'
    yield f'<text x="{_x(1) + 12}" y="{y + 4}">{share.hits}/{share.count}</text></g>'


def reliability_plot(found: Calibration) -> str:
    """What was said against what was so; on the diagonal the chance means what it says."""
    parts = [_open(LEFT + SQUARE + 16, TOP + SQUARE + FOOT, "Klopt de kans van het model?")]
    for fifth in range(6):
        part = fifth / 5
        x, y = LEFT + part * SQUARE, TOP + SQUARE - part * SQUARE
        parts.append(
            f'<line class="grid" x1="{LEFT}" y1="{y:.0f}" x2="{LEFT + SQUARE}" y2="{y:.0f}"/>'
        )
        parts.append(f'<text class="mid" x="{x:.0f}" y="{TOP + SQUARE + 18}">{number(part)}</text>')
        parts.append(f'<text class="end" x="{LEFT - 8}" y="{y + 4:.0f}">{number(part)}</text>')
    parts.append(
        f'<line class="aim" x1="{LEFT}" y1="{TOP + SQUARE}" x2="{LEFT + SQUARE}" y2="{TOP}"/>'
    )
    for one in found.bins:
        x = LEFT + one.said * SQUARE
        low, high = (TOP + SQUARE - end * SQUARE for end in (one.was.low, one.was.high))
        y = TOP + SQUARE - (one.was.value or 0.0) * SQUARE
        told = f"gezegd {number(one.said, 2)}, het was zo bij {percent(one.was.value)}"
        parts.append(f"<g><title>{told} van {one.was.count}</title>")
        parts.append(
            f'<line class="span" x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>'
        )
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/></g>')
    middle = LEFT + SQUARE // 2
    foot = TOP + SQUARE + 38
    parts.append(f'<text class="mid" x="{middle}" y="{foot}">kans die het model noemt</text>')
    return "\n".join([*parts, "</svg>"])


def _open(width: int, height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{html.escape(title)}"><title>{html.escape(title)}</title>'
    )


def _x(part: float) -> int:
    return round(NAMES + part * WIDE)
