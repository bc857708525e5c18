"""The young person's API over HTTP: what it answers, and what it stores."""

import asyncio
import re
import uuid

import pytest

from nachtlicht.chat.desk import claim_handoff, write_as_counsellor
from tests.support.small_release import ACUTE, HARMLESS, URGENT


async def test_a_talk_begins_with_an_id_a_token_and_the_opening(site):
    """201, the token once, and the opening lines from event 1 on."""
    answer = await site.http.post("/api/v1/conversations", json={"entry": "ouders"})

    assert answer.status_code == 201
    begun = answer.json()
    assert set(begun) == {"id", "token", "seq"}
    assert re.fullmatch(r"[\w-]{43}", begun["token"])
    assert begun["seq"] == 3


async def test_events_have_the_agreed_shape(phone):
    """The widget and others rely on these keys."""
    await phone.send("hallo 🙂", str(uuid.UUID(int=7)))

    opening, _, state, line, *_ = await phone.events()
    assert opening["message"] == {
        "id": opening["message"]["id"],
        "author": "bot",
        "text": "utter_opening_algemeen",
        "buttons": [{"title": "Welke hulp is er?"}, {"title": "Ik wil een mens"}],
    }
    assert (state["type"], state["state"]["holder"]) == ("state", "bot")
    assert (line["seq"], line["type"]) == (4, "message")
    assert line["at"] == "2026-11-25T02:12:00+00:00"
    assert line["message"]["client_id"] == str(uuid.UUID(int=7))
    assert line["message"]["text"] == "hallo 🙂"


async def test_a_line_is_acknowledged_and_a_repeat_is_told_apart(phone):
    """201 the first time, 200 with the same seq after it."""
    client_id = str(uuid.uuid4())

    first = await phone.send(HARMLESS, client_id)
    again = await phone.send(HARMLESS, client_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert set(first.json()) == {"id", "seq", "client_id", "at"}
    assert (await phone.hears()).count(HARMLESS) == 1


async def test_parallel_duplicates_are_one_line(phone):
    """A phone that retries while the first try is under way."""
    client_id = str(uuid.uuid4())

    answers = await asyncio.gather(*(phone.send(HARMLESS, client_id) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["seq"] for answer in answers}) == 1


async def test_a_client_id_with_another_text_is_a_conflict(phone):
    """409, and nothing is stored."""
    client_id = str(uuid.uuid4())
    await phone.send("eerste", client_id)

    answer = await phone.send("tweede", client_id)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "client_id_reused")
    assert "tweede" not in await phone.hears()


async def test_risk_is_answered_with_the_bot_dead(phone):
    """Rules, safety reply and queue need no Rasa."""
    await phone.send(ACUTE)

    said = await phone.hears()
    assert said[-2:] == ["utter_acuut_zelfdoding", "utter_overdracht_acuut_niemand"]
    assert (await phone.events())[-2]["type"] == "message"


async def test_the_fallback_is_said_with_the_bot_dead(phone):
    """Nobody is left without an answer."""
    await phone.send(HARMLESS)

    assert (await phone.hears())[-1] == "utter_bot_stil"


async def test_a_counsellor_is_shown_by_name(phone, site, worker):
    """Lines of a counsellor carry the shown name; a state tells who has the talk."""
    await phone.send(URGENT)
    talk = uuid.UUID(phone.id)
    await claim_handoff(site.chat, worker.person, talk)
    await write_as_counsellor(site.chat, worker.person, talk, uuid.uuid4(), "Hoi")

    state, said = (await phone.events())[-2:]
    assert state["state"] == {
        "state": "live",
        "holder": "counsellor",
        "desk": "open",
        "opens": None,
        "name": "Sanne",
    }
    assert said["message"]["name"] == "Sanne"
    assert said["message"]["author"] == "counsellor"


@pytest.mark.parametrize(
    ("verb", "state"),
    [("/handoff", "waiting"), ("/handoff/decline", "bot"), ("/exit", "left"), ("/forget", "left")],
)
async def test_the_verbs_tell_where_the_talk_stands(phone, verb, state):
    """Each answers with the state; none needs a body."""
    answer = await phone.post(verb)

    assert (answer.status_code, answer.json()) == (200, {"state": state})


@pytest.mark.parametrize("verb", ["/exit", "/forget"])
async def test_after_the_end_everything_is_gone(phone, verb):
    """410 for every route of the talk, and a second time as well."""
    await phone.post(verb)

    answers = [
        await phone.send("nog iets"),
        await phone.get(),
        await phone.post("/handoff"),
        await phone.post("/forget"),
        await phone.post("/exit"),
    ]

    assert {answer.status_code for answer in answers} == {410}
    assert {answer.json()["error"]["code"] for answer in answers} == {"conversation_gone"}


@pytest.mark.parametrize("kind", ["application/json", "text/plain;charset=UTF-8"])
async def test_a_beacon_may_carry_its_token_in_the_body(phone, site, kind):
    """It cannot set a header; the exit must work all the same."""
    body = f'{{"token": "{phone.token}"}}'

    answer = await site.http.post(
        f"{phone.path}/exit", content=body, headers={"Content-Type": kind}
    )

    assert answer.json() == {"state": "left"}


async def test_only_the_exit_reads_a_token_from_a_body(phone, site):
    """Everywhere else the header is the only way."""
    answer = await site.http.post(f"{phone.path}/forget", json={"token": phone.token})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer",
        "Bearer wrong",
        "Basic {token}",
        "{token}",
        "Bearer {other}",
        "Bearer {token}x",
    ],
)
async def test_a_wrong_token_opens_nothing(phone, noise, site, header):
    """401 with one code, whatever was wrong with it."""
    headers = {}
    if header is not None:
        headers["Authorization"] = header.format(token=phone.token, other=noise.token)

    answers = [
        await site.http.get(f"{phone.path}/events?wait=0", headers=headers),
        await site.http.post(f"{phone.path}/messages", json={}, headers=headers),
        *[
            await site.http.post(f"{phone.path}{verb}", headers=headers)
            for verb in ("/exit", "/handoff", "/handoff/decline", "/forget")
        ],
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["error"]["code"] for answer in answers} == {"token_unknown"}
    assert answers[0].headers["www-authenticate"] == "Bearer"


async def test_a_token_in_the_address_opens_nothing(phone, site):
    """It would end up in logs and histories."""
    answer = await site.http.get(f"{phone.path}/events?wait=0&token={phone.token}")

    assert answer.status_code == 401


async def test_an_unknown_talk_is_no_different_from_a_wrong_token(site, phone, talk_id):
    """A stranger does not learn which talks there are."""
    unknown = await site.http.get(
        f"/api/v1/conversations/{talk_id}/events?wait=0", headers=phone.headers
    )
    foreign = await site.http.get(f"{phone.path}/events?wait=0", headers={})

    assert unknown.status_code == foreign.status_code == 401
    assert unknown.json() == foreign.json()


async def test_the_words_and_the_card_come_from_the_release(site):
    """Filled in for this moment: what is open now, and no number in the code."""
    answer = await site.http.get("/api/v1/words?entry=ouders")

    told = answer.json()
    assert told["audience"] == "ouder"
    assert told["words"]["help_danger"] == "Bel 0000."
    assert told["lines"][0]["phone"] == "0000"
