"""Measures a release on the development sets: recall, false alarms, and what the gate must hold."""

from nachtlicht.content.measure.bars import Bars, BarsError, read_bars
from nachtlicht.content.measure.cases import Case, SetError, found_sets, read_sets
from nachtlicht.content.measure.floors import set_floors
from nachtlicht.content.measure.outcomes import Detector, Outcome, judge
from nachtlicht.content.measure.page import page
from nachtlicht.content.measure.report import Period, Report, make_report
from nachtlicht.content.measure.summary import summary

__all__ = [
    "Bars",
    "BarsError",
    "Case",
    "Detector",
    "Outcome",
    "Period",
    "Report",
    "SetError",
    "found_sets",
    "judge",
    "make_report",
    "page",
    "read_bars",
    "read_sets",
    "set_floors",
    "summary",
]
