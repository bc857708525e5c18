"""What the tests of the desk do again and again: take a talk, close it, look at the audit."""

from sqlalchemy import select

from nachtlicht.store import Audit
from tests.support.small_release import URGENT

JSON = {"accept": "application/json"}


def path(young, rest=""):
    """Where the desk keeps the talk of `young`."""
    return f"/desk/gesprekken/{young.id}{rest}"


async def in_talk(app, who, enter, young, *, line=URGENT, said=False):
    """The browser of `who`, holding the talk of `young`, who has heard all so far."""
    if not said:
        await young.says(line)
    else:
        app.settings.move(seconds=-60)
        await young.says(line)
        app.settings.move(seconds=60)
    browser = await enter(who)
    answer = await browser.post(path(young, "/aannemen"), data={})
    assert answer.status_code == 303, answer.text
    await young.hears()
    return browser


async def close(browser, young, **changed):
    """Send the close form, with `changed` fields."""
    fields = {
        "contact": "self",
        "onderwerp": ["violence_osec"],
        "niveau": "urgent",
        "thema": "afpersing",
        "afloop": "helped",
        "verwijzing": "112",
    }
    return await browser.post(path(young, "/afronden"), data={**fields, **changed})


async def audit(app, action, young):
    """Who did `action` to the talk of `young`, by the audit."""
    async with app.store.read() as session:
        found = await session.scalars(
            select(Audit.counsellor_id).where(
                Audit.action == action, Audit.conversation_id == young.id
            )
        )
        return list(found)
