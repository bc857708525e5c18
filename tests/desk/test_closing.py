"""Closing a talk with the form, and taking that back."""

import pytest
from sqlalchemy import select

from nachtlicht.chat.desk import heartbeat
from nachtlicht.chat.staff import Person
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Closing, ConversationState, Role
from tests.desk.talking import close, in_talk, path
from tests.support.talks import Young


async def test_closing_keeps_counts_and_no_text(app, sanne, enter, young):
    """The form becomes one row that names nobody; the young person reads the closing words."""
    browser = await in_talk(app, sanne, enter, young)
    app.settings.move(minutes=10)
    await heartbeat(app.chat, Person(sanne.id, sanne.name, Role.COUNSELLOR))
    answer = await close(
        browser, young, niveau="acute", thema="zelfdoding", onderwerp=["mental_suicide", "peers"]
    )

    assert answer.status_code == 303
    assert await young.state() is ConversationState.CLOSED
    assert (await young.hears())[-1] == "utter_gesprek_gesloten"
    async with app.store.read() as session:
        (row,) = (await session.scalars(select(Closing))).all()
    assert (row.level_flagged, row.level) == (RiskLevel.URGENT, RiskLevel.ACUTE)
    assert (row.theme_flagged, row.theme) == ("afpersing", "zelfdoding")
    assert row.categories == "mental_suicide peers"
    assert row.talk_seconds == 600
    columns = {column.name for column in Closing.__table__.columns}
    assert not columns & {"conversation_id", "counsellor_id", "note", "text"}


async def test_a_test_talk_is_never_counted(app, sanne, enter):
    """It can be practised with, and leaves no figure."""
    young = await Young.begin(app.chat, is_test=True)
    browser = await in_talk(app, sanne, enter, young)
    await close(browser, young)

    async with app.store.read() as session:
        assert (await session.scalars(select(Closing))).all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact", "nergens"),
        ("onderwerp", []),
        ("onderwerp", ["bestaat_niet"]),
        ("niveau", "heel erg"),
        ("thema", "bestaat_niet"),
        ("afloop", ""),
        ("verwijzing", "bestaat_niet"),
    ],
)
async def test_a_form_with_a_wrong_choice_is_refused(app, sanne, enter, young, field, value):
    """The talk stays open, and what was chosen right stays chosen."""
    browser = await in_talk(app, sanne, enter, young)
    answer = await close(browser, young, **{field: value})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert await young.state() is not ConversationState.CLOSED


async def test_ending_can_be_taken_back_when_they_write_again(app, sanne, enter, young):
    """A young person who writes after the end is not left alone with a form."""
    browser = await in_talk(app, sanne, enter, young)
    answer = await browser.post(path(young, "/stoppen"), data={})
    assert answer.headers["location"] == path(young, "/afronden")
    assert await young.state() is ConversationState.WRAP_UP
    await young.says("wacht, nog iets")

    page = await browser.get(path(young, "/afronden"))
    assert "De jongere schreef nog iets" in page.text
    await browser.post(path(young, "/hervatten"), data={})
    assert await young.state() is ConversationState.LIVE
