"""A block takes the human on demand away, for a time, and never stands before danger."""

import datetime as dt

from sanic import Request
from sanic.compat import Header
from sqlalchemy import select

from nachtlicht.store import Audit, ConversationState
from tests.desk.conftest import csrf_of
from tests.support.small_release import ACUTE, HARMLESS, URGENT
from tests.support.talks import Young

WISH = "ik wil een mens"


async def test_no_human_comes_for_a_wish_but_for_danger(app, sanne, enter, young):
    """The talk goes on with the bot; a wish is refused in words, an acute line is not."""
    await _block(app, await enter(sanne), young)
    await _close(await enter(sanne), young)
    assert "utter_geblokkeerd" in await young.hears()

    await young.says(WISH)
    assert await young.state() is ConversationState.CLOSED
    await young.says(ACUTE)
    assert await young.state() is ConversationState.WAITING
    assert "utter_acuut_zelfdoding" in await young.hears()
    queue = (await (await enter(sanne)).get("/desk")).text
    assert "Eerder geblokkeerd" in queue


async def test_it_ends_by_itself(app, sanne, enter, young):
    """After the hour a wish brings a human again."""
    await _block(app, await enter(sanne), young)
    await _close(await enter(sanne), young)
    app.settings.move(hours=1, seconds=1)
    await young.says(WISH)

    assert await young.state() is ConversationState.WAITING


async def test_resuming_lifts_it_and_all_is_in_the_audit(app, sanne, enter, young):
    """A mistake is mended with one press."""
    browser = await enter(sanne)
    await _block(app, browser, young)
    await browser.post(f"/desk/gesprekken/{young.id}/hervatten", {})

    assert (await young.row()).blocked_until is None
    async with app.store.read() as session:
        audit = (await session.scalars(select(Audit.action).order_by(Audit.id))).all()
    assert [action for action in audit if "blocked" in action] == ["blocked", "unblocked"]


async def test_only_who_holds_it_can_block(app, sanne, mila, enter, young):
    """And only for one of the times."""
    await young.says(URGENT)
    browser = await enter(sanne)
    await browser.post(f"/desk/gesprekken/{young.id}/aannemen", {})
    stranger = await (await enter(mila)).post(
        f"/desk/gesprekken/{young.id}/blokkeren", {"uren": "1"}
    )
    forever = await browser.post(f"/desk/gesprekken/{young.id}/blokkeren", {"uren": "9999"})

    assert stranger.status_code == 404
    assert forever.status_code == 422
    assert (await young.row()).blocked_until is None


async def test_the_same_address_is_marked_and_nothing_more(app, sanne, enter, young):
    """In memory, under a hash of the day; the other talk gets its human as ever."""
    limits, here = app.limits, _request(app, "203.0.113.7")
    limits.saw(here, young.id)
    await _block(app, await enter(sanne), young)

    assert limits.resembles_blocked(here)
    assert not limits.resembles_blocked(_request(app, "203.0.113.8"))
    assert "203.0.113.7" not in repr(vars(limits))
    other = await Young.begin(app.chat, resembles_blocked=True)
    await other.says(WISH)
    assert await other.state() is ConversationState.WAITING
    assert "zelfde netwerk" in (await (await enter(sanne)).get("/desk")).text
    limits.block(young.id, app.settings.now() - dt.timedelta(seconds=1))
    assert not limits.resembles_blocked(here)


async def _block(app, browser, young):
    await young.says(f"{HARMLESS}, {URGENT}")
    talk = f"/desk/gesprekken/{young.id}"
    await browser.post(f"{talk}/aannemen", {})
    answer = await browser.post(f"{talk}/blokkeren", {"uren": "1"})
    assert answer.headers["location"] == f"{talk}/afronden"


async def _close(browser, young):
    address = f"/desk/gesprekken/{young.id}/afronden"
    page = await browser.get(address)
    assert 'value="misuse" checked' in page.text
    form = {
        "csrf": csrf_of(page),
        "contact": "abusive",
        "onderwerp": "other",
        "niveau": "none",
        "thema": "geen",
        "afloop": "misuse",
        "verwijzing": "",
    }
    assert (await browser.post(address, form)).status_code == 303


def _request(app, address):
    """A request as it would come from `address` through one proxy."""
    app.made.config.PROXIES_COUNT = 1
    return Request(b"/", Header({"X-Forwarded-For": address}), "1.1", "POST", None, app.made)
