"""The report: in the terminal, as JSON, and as a page that is whole by itself."""

from __future__ import annotations

import dataclasses
import html.parser
import json
import re

import pytest

from nachtlicht.content.measure import Period, make_report, page, read_bars, summary
from nachtlicht.content.measure.words import number, percent, signed, sureness
from tests.content.measure.conftest import MESSAGES, THREAT, line, sees
from tests.content.test_publish import NOW


@pytest.fixture
def report(judged, room):
    """A report with everything in it: model, route, misses, and a live release beside it."""
    messages = (*MESSAGES, line("m6", 'hij wil <script src="x"></script> &', **THREAT))
    heard = ["stop"] * 7
    new = judged(messages, classifier=sees("regent"), intents=lambda texts: heard)
    old = judged(messages, classifier=sees("geld"), intents=lambda texts: heard)
    return make_report(
        "r2", new, read_bars(room.data), now=NOW, sets=["t01"], live=("r1", old), notes=["Let op."]
    )


def test_everything_is_in_the_json(report):
    """Figures with their intervals, goals, misses in full, differences."""
    told = json.loads(report.to_json())

    assert told["figures"]["groups"]["theme"]["afpersing"]["gevonden"]["count"] == 4
    assert told["goals"]["gevonden"] == {
        "aim": 0.98,
        "limit": 0.9,
        "is_reached": False,
        "is_held": False,
    }
    assert told["live"]["differences"]["gevonden"]["lost"] == 1
    assert told["misses"][1]["lines"] == [["youth", "hij wil geld zien"]]
    assert len(told["faults"]) == len(report.faults) > 0
    assert told["calibration"]["bins"]
    assert (told["messages"], told["talks"]) == (6, 1)


def test_the_page_is_whole_and_escaped(report):
    """No script, no address, nothing from elsewhere; what people typed is text."""
    made = page(report)

    tags = Tags()
    tags.feed(made)
    assert "script" not in tags.names
    assert not tags.addresses
    assert not [word for word in ("http", "url(", "@import") if word in made]
    assert "hij wil &lt;script src=&#34;x&#34;&gt;&lt;/script&gt; &amp;" in made
    assert tags.names.count("svg") == 2
    assert tags.names.count("article") == len(report.misses) + len(report.alarms) == 5


def test_the_page_tells_what_is_wrong(report):
    """Every fault, with the sentence that nothing goes live."""
    made = page(report)

    assert "gaat er niets live" in made
    assert all(fault in made for fault in report.faults)
    assert "gaat er niets live" not in page(dataclasses.replace(report, faults=()))


def test_the_page_tells_what_was_not_measured(judged, room):
    """No database, no model, no bot: each is said."""
    bare = make_report("r1", judged(), read_bars(room.data), now=NOW, sets=["t01"])
    made = page(bare)

    assert "nachtlicht evaluate --corrections" in made
    assert "Er deed geen model mee." in made
    assert "De bot is niet gevraagd" in made
    assert "Verschil met wat live is" not in made


def test_agreement_is_told_by_month(report):
    """Small counts are not."""
    months = (Period("2026-10", 12, 7, None, 0, 6), Period("2026-11", 9, 9, 0, 0, 9))
    made = page(dataclasses.replace(report, agreement=months))

    row = re.search(r"<tr><th>2026-10(.*?)<tr>", made, re.DOTALL)[1]
    assert re.findall(r">([^<\n]+)", row) == ["12", "7", "niet verteld", "0", "6"]


def test_the_terminal_shows_one_screen(report):
    """Every measure with its interval, count, goal and difference; then what is wrong."""
    told = list(summary(report))

    found = next(one for one in told if one.startswith("Dringend of acuut, gevonden"))
    assert " ".join(found.split()[4:]) == (
        "40,0 % 11,8-76,9 5 98,0 % 90,0 % ! −20,0 (−52,4 tot +23,9)"
    )
    assert "anders dan r1" in told[1]
    assert "Minst gevonden: pesten 0,0 % van 1, afpersing 50,0 % van 4" in told
    assert "Let op: Let op." in told
    assert told[-len(report.faults) :] == list(report.faults)


def test_numbers_are_dutch():
    """A comma, a real minus, no minus before nought."""
    assert percent(0.923) == "92,3 %"
    assert percent(None) == "–"
    assert (signed(0.012), signed(-0.012), signed(-0.0001)) == ("+1,2", "−1,2", "0,0")
    assert number(0.5, 2) == "0,50"
    assert [sureness(chance) for chance in (0.5, 0.97, None)] == [
        "twijfelt (0,50)",
        "bijna zeker (0,97)",
        "geen model",
    ]


class Tags(html.parser.HTMLParser):
    """The names of all tags, and every attribute that could fetch something."""

    def __init__(self):
        super().__init__()
        self.names, self.addresses = [], []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "srcset")]
