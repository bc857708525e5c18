"""The page to try on: faults first; the words of a page are never code."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools

import httpx
import pytest

from nachtlicht.content import risk_levels
from nachtlicht.content.train import TrainingError
from nachtlicht.replay.stage import house
from nachtlicht.replay.trial import try_lines
from nachtlicht.replay.try_page import create_try_app
from nachtlicht.replay.workshop import Workshop
from nachtlicht.settings import Settings
from tests.content.conftest import room  # noqa: F401 - a fixture
from tests.support.serve import serving
from tests.support.small_release import CONCERN, URGENT, publish_small

NIGHT = dt.datetime(2026, 11, 25, 3, 12)


@contextlib.asynccontextmanager
async def opened(room, trainer, risk_trainer=None):  # noqa: F811
    """The page over a room."""
    settings = Settings(root=room.root, data=room.data, var=room.root / "var")
    async with (
        Workshop(settings, trainer, risk_trainer) as workshop,
        serving(create_try_app(workshop)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client,
    ):
        yield client


async def settled(client):
    """The page, once it no longer comes back by itself: it has looked."""
    answer = await client.get("/")
    while "http-equiv" in answer.text:
        answer = await client.get("/")
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
async def page(room):  # noqa: F811 - the fixture
    """The page over a room with one fault in it."""
    room.change("responses/groet.yml", "Fijn dat je er bent.", "Wat <b>dapper</b>.")
    async with opened(room, lambda _: pytest.fail("nothing is trained")) as client:
        yield client


async def test_faults_come_first(page):
    """With a red check nothing is trained; the fault is shown with its place, as text."""
    shown = await settled(page)

    assert "groet.yml:5" in shown
    assert "dapper" in shown
    assert "<b>dapper" not in shown


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (TrainingError("Rasa kan dit niet leren: <kapot>."), "Rasa kan dit niet leren: &lt;kapot"),
        (ValueError("nobody thought of this"), "het programma zelf gaf een fout"),
    ],
)
async def test_a_training_that_fails_is_a_sentence(room, fault, told):  # noqa: F811
    """Also with a fault that nobody thought of the page answers, and never with HTTP 500."""

    def trainer(_):
        raise fault

    async with opened(room, trainer) as client:
        shown = await settled(client)

    assert f"De proef: kan niet: {told}" in shown


async def test_too_few_writers_is_a_sentence(room):  # noqa: F811
    """A risk model cannot be calibrated on one writer; the editor reads what is missing."""
    risk_trainer = functools.partial(risk_levels.train_model, cache=room.root / "cache")
    async with opened(room, lambda _: room.root / "model.tar.gz", risk_trainer) as client:
        shown = await settled(client)

    assert "in data/nlu staan te weinig schrijvers" in shown


async def test_what_comes_of_an_edit_has_a_number(room):  # noqa: F811
    """The page asks for it, and shows itself anew when it is higher."""
    room.change("responses/groet.yml", "Fijn dat je er bent.", "Wat dapper.")
    async with opened(room, lambda _: pytest.fail("nothing is trained")) as client:
        first = await settled(client)
        before = (await client.get("/stand")).json()
        room.change("responses/groet.yml", "Wat dapper.", "Wat heel dapper.")
        while (after := (await client.get("/stand")).json())["version"] == before["version"]:
            pass

    assert f'data-version="{before["version"]}"' in first
    assert before["told"] == after["told"] == "De proef: wacht: er zijn fouten."
    assert after["version"] == before["version"] + 1


async def test_what_was_typed_comes_back_as_text(page):
    """The form keeps the lines; a tag in them is no tag."""
    answer = await page.post("/", data={"lines": "<script>x</script>", "desk": "half"})

    assert answer.status_code == 200
    assert "<script>x" not in answer.text
    assert "&lt;script&gt;x" in answer.text


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


async def test_the_referral_is_that_of_the_whole_talk(tmp_path):
    """A light line after a serious one changes neither its theme nor where to go."""
    publish_small(tmp_path / "releases")
    settings = dataclasses.replace(Settings(var=tmp_path), bot_url="http://127.0.0.1:9")
    async with house(settings, tmp_path / "releases") as in_house:
        trial = await try_lines(in_house, [URGENT, CONCERN], moment=NIGHT)

    assert [heard.theme for heard in trial.heard] == ["afpersing", "pesten"]
    assert trial.played.theme == "afpersing"


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
