"""The report as one page for editors: static, whole by itself, asking nothing of anybody."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nachtlicht.content.measure import words
from nachtlicht.content.measure.figures import MEASURES
from nachtlicht.content.measure.plot import recall_plot, reliability_plot
from nachtlicht.content.measure.report import Report

HERE = Path(__file__).parent


def page(report: Report) -> str:
    """The page; all text in it is escaped."""
    surroundings = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (words.percent, words.number, words.points, words.signed, words.sureness)
    surroundings.filters |= {one.__name__: one for one in (*filters, words.theme_word)}
    themes = {name: table["gevonden"] for name, table in report.figures.groups["theme"].items()}
    found = report.calibration
    # The plots are ours, and escape what they name.
    drawn = Markup(recall_plot(themes, report.theme_goals))  # noqa: S704
    kept = Markup(reliability_plot(found)) if found is not None else None  # noqa: S704
    return surroundings.get_template("page.html").render(
        report=report,
        measures=[one for one in MEASURES if report.figures.overall[one.code].count],
        groups=words.GROUPS,
        group_word=words.group_word,
        levels=words.LEVELS,
        order=tuple(reversed(words.LEVELS)),
        authors=words.AUTHORS,
        recall_plot=drawn,
        reliability_plot=kept,
    )
