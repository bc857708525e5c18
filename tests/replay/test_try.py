"""The page to try on: faults first; the words of a page are never code."""

from __future__ import annotations

import dataclasses
import datetime as dt

import httpx
import pytest

from nachtlicht.replay.stage import house
from nachtlicht.replay.trial import try_lines
from nachtlicht.replay.try_page import create_try_app
from nachtlicht.replay.workshop import Workshop
from nachtlicht.settings import Settings
from tests.content.conftest import room  # noqa: F401 - a fixture
from tests.support.serve import serving
from tests.support.small_release import URGENT, publish_small

NIGHT = dt.datetime(2026, 11, 25, 3, 12)


@pytest.fixture
async def page(room):  # noqa: F811 - the fixture
    """The page over a room with one fault in it."""
    room.change("responses/groet.yml", "Fijn dat je er bent.", "Wat <b>dapper</b>.")
    settings = Settings(root=room.root, data=room.data, var=room.root / "var")
    async with (
        Workshop(settings, trainer=lambda _: pytest.fail("nothing is trained")) as workshop,
        serving(create_try_app(workshop)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as client,
    ):
        yield client


async def test_faults_come_first(page):
    """With a red check nothing is trained; the fault is shown with its place, as text."""
    shown = (await page.get("/")).text
    while "http-equiv" in shown:  # it is looking, and the page comes back by itself
        shown = (await page.get("/")).text

    assert "groet.yml:5" in shown
    assert "dapper" in shown
    assert "<b>dapper" not in shown


async def test_what_was_typed_comes_back_as_text(page):
    """The form keeps the lines; a tag in them is no tag."""
    answer = await page.post("/", data={"lines": "<script>x</script>", "desk": "half"})

    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_everything_that_a_line_leads_to(tmp_path):
    """The talk, level, theme and reason of each line, the place to go, the desk; bot or none."""
    publish_small(tmp_path / "releases")
    settings = dataclasses.replace(Settings(var=tmp_path), bot_url="http://127.0.0.1:9")
    async with house(settings, tmp_path / "releases") as in_house:
        trial = await try_lines(in_house, [URGENT], moment=NIGHT)

    (heard,) = trial.heard
    assert (heard.level, heard.theme, heard.intent) == ("urgent", "afpersing", "?")
    assert heard.reasons == ("Noemt chantage. (chantage: “chantage”)",)
    assert trial.played.states[-1] == "waiting"
    assert any("nacht: open" in line for line in trial.referral)


async def test_the_desk_follows_its_hours_unless_an_editor_says_otherwise(tmp_path):
    """By day it is shut, without a word of the editor; a desk set otherwise is told as a fault."""
    publish_small(tmp_path / "releases")
    settings = dataclasses.replace(Settings(var=tmp_path), bot_url="http://127.0.0.1:9")
    day = NIGHT.replace(hour=14)
    async with house(settings, tmp_path / "releases") as in_house:
        by_day = await try_lines(in_house, ["ik wil een mens"], moment=day)
        forced = await try_lines(in_house, ["ik wil een mens"], moment=day, desk="open")

    assert by_day.played.unmet == []
    assert by_day.played.states[-1] == "waiting_closed"
    assert [unmet.text for unmet in forced.played.unmet] == [
        "Op dit moment is de desk dicht, en niet open."
    ]
