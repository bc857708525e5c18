"""Figures: counted right, small ones hidden, and nothing in them that names anybody."""

import csv
import datetime as dt
import io

import pytest

from nachtlicht.chat.desk.figures import SMALLEST, table, told
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Closing, Role
from tests.support.small_release import ACUTE
from tests.support.talks import Young


async def test_counts_close_forms(app, lead, enter):
    """Per theme, level and outcome, with the waits beside."""
    await _closed(app, 6, wait_seconds=30, level=RiskLevel.ACUTE)
    await _closed(app, 6, wait_seconds=90, theme="zelfdoding", outcome="referred")
    page = (await (await enter(lead)).get("/desk/cijfers")).text

    assert _row(page, "Afpersing") == "6"
    assert _row(page, "Zelfdoding") == "6"
    assert _row(page, "Was ernstiger dan gemeld") == "6"
    assert "1 min 00 sec" in page  # the median of 30 and 90
    assert "50 procent" in page


async def test_counts_missed_handovers_before_and_after_they_are_wiped(app, lead, enter):
    """Who waited and left without a human is counted once, however old the talk is."""
    for turn in range(SMALLEST):
        young = await Young.begin(app.chat, entry="ouders")
        await young.says(ACUTE)
        await (app.chat.exit if turn else app.chat.forget)(young.id)
    browser = await enter(lead)
    before = (await browser.get("/desk/cijfers")).text
    app.settings.move(hours=50)
    await app.chat.sweep()
    app.settings.move(hours=25)
    await app.chat.sweep()
    again = (await (await enter(lead)).get("/desk/cijfers")).text

    for page in (before, again):
        assert _row(page, "Acuut") == str(SMALLEST)
        assert _row(page, "Ouder") == str(SMALLEST)
        assert f"<dd>{SMALLEST}</dd>" in page.partition("Gemist")[2][:80]


async def test_hides_small_counts_everywhere(app, lead, enter):
    """On the page, in its bars and in the file."""
    await _closed(app, SMALLEST, theme="afpersing")
    await _closed(app, SMALLEST - 1, theme="zelfdoding")
    browser = await enter(lead)
    page = (await browser.get("/desk/cijfers")).text
    rows = list(csv.reader(io.StringIO((await browser.get("/desk/cijfers.csv")).text)))

    assert "minder dan 5" in _row(page, "Zelfdoding")
    assert ["Thema van de overdrachten", "Zelfdoding", "minder dan 5"] in rows
    assert ["Thema van de overdrachten", "Afpersing", "5"] in rows
    assert "4" not in {row[2] for row in rows}


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_a_small_count_is_not_told(count, shown):
    """None at all may be told: it names nobody."""
    assert told(count) == shown


def test_a_hidden_count_has_no_bar():
    """Its length would tell it."""
    made = table("t", "T", {"a": 10, "b": 4})
    assert [(row.label, row.count, row.share) for row in made.rows] == [
        ("a", 10, 1),
        ("b", None, 0),
    ]


async def test_old_weeks_are_left_out(app, lead, enter):
    """Four weeks are four weeks."""
    await _closed(app, 6, day=dt.date(2026, 9, 1))
    browser = await enter(lead)

    assert ">Afpersing<" not in (await browser.get("/desk/cijfers?weken=4")).text
    assert ">Afpersing<" in (await browser.get("/desk/cijfers?weken=52")).text


async def test_an_editor_starts_at_the_figures(app, join, enter):
    """Who has no talks is not sent to a page that is not there."""
    browser = await enter(await join("Ed", Role.EDITOR))
    answer = await browser.get("/desk")

    assert answer.headers["location"] == "/desk/cijfers"
    assert "Wachtrij" not in (await browser.get("/desk/cijfers")).text


def _row(page, label):
    after = page.partition(f'<th scope="row">{label}</th><td class="number">')[2]
    return after.partition("</td>")[0]


async def _closed(app, count, **changed):
    fields = {
        "day": dt.date(2026, 11, 24),
        "hour": 23,
        "desk_code": "nacht",
        "entry": "algemeen",
        "reason": "risk",
        "call_type": "self",
        "categories": "violence_osec peers",
        "level_flagged": RiskLevel.URGENT,
        "level": RiskLevel.URGENT,
        "outcome": "helped",
        "wait_seconds": 40,
        "talk_seconds": 600,
        "theme": "afpersing",
    }
    async with app.store.write() as session:
        session.add_all(Closing(**{**fields, **changed}) for _ in range(count))
