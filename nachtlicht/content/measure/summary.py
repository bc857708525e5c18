"""The report in the terminal: the figures on one screen, and what is not held."""

from __future__ import annotations

from collections.abc import Iterator

from nachtlicht.content.measure.figures import MEASURES, Measure
from nachtlicht.content.measure.report import Report
from nachtlicht.content.measure.stats import Difference
from nachtlicht.content.measure.words import number, percent, points, signed, theme_word

LOWEST = 5


def summary(report: Report) -> Iterator[str]:
    """The report in short, in Dutch, line by line."""
    yield (
        f"{report.release}{' (alleen regels)' if report.rules_only else ''}: "
        f"{report.messages} berichten, {report.talks} gesprekken ({', '.join(report.sets)})"
    )
    head = "" if report.live is None else f"   anders dan {report.live.release}"
    yield f"{'':<42}{'':>8}   {'95 %':<13}{'van':>6}  {'doel':>7}  {'grens':>7}{head}"
    for measure in MEASURES:
        if report.figures.overall[measure.code].count:
            yield _row(report, measure)
    yield from _themes(report)
    if report.calibration is not None:
        found = report.calibration
        yield (
            f"Kans van het model: Brier {number(found.brier, 3)} "
            f"(blind {number(found.brier_blind, 3)}), gemiddeld {points(found.gap)} ernaast"
        )
    yield from (f"Let op: {note}" for note in report.notes)
    yield from report.faults


def _row(report: Report, measure: Measure) -> str:
    share, goal = report.figures.overall[measure.code], report.goals.get(measure.code)
    between = f"{number(share.low * 100)}-{number(share.high * 100)}"
    row = f"{measure.name:<42}{percent(share.value):>8}   {between:<13}{share.count:>6}"
    if goal is not None:
        mark = " !" if not goal.is_held else ""
        row += f"  {percent(goal.aim):>7}  {percent(goal.limit):>7}{mark}"
    else:
        row += f"  {'':>7}  {'':>7}"
    if report.live is not None:
        row += f"   {_change(report.live.differences[measure.code])}"
    return row


def _themes(report: Report) -> Iterator[str]:
    themes = {name: table["gevonden"] for name, table in report.figures.groups["theme"].items()}
    told = [(share.value, name, share) for name, share in themes.items() if share.value is not None]
    if told:
        words = [
            f"{theme_word(name)} {percent(value)} van {share.count}"
            for value, name, share in sorted(told, key=lambda one: one[:2])[:LOWEST]
        ]
        yield f"Minst gevonden: {', '.join(words)}"


def _change(change: Difference | None) -> str:
    if change is None:
        return ""
    return f"{signed(change.value)} ({signed(change.low)} tot {signed(change.high)})"
