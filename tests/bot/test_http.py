"""The bot behind its own door: a really trained model, real HTTP, the real action server."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.conftest import SECRET

WEBHOOK = "/webhooks/nachtlicht/webhook"
FORGET = "/webhooks/nachtlicht/forget"
PARSE = "/webhooks/nachtlicht/parse"
ROOT = Path(__file__).resolve().parents[2]
INTENTS = yaml.safe_load((ROOT / "bot/domain/intents.yml").read_text())["intents"]
CANARY = "kanarievogel"


def body(**more: Any) -> dict[str, Any]:
    """A message as the web app sends it."""
    context = {"level": "none", "talk_level": "none", "theme": "geen", "desk": "dicht"}
    return {"sender": "t", "text": "hoi", "payload": None, "context": context, **more}


def test_health_tells_that_it_runs(bot: Any) -> None:
    """The supervisor and the web app look here; there is no secret in it."""
    with urllib.request.urlopen(bot.url + "/webhooks/nachtlicht/") as answer:
        assert json.load(answer)["status"] == "ok"


@pytest.mark.parametrize("secret", [None, "", "wrong", "only-for-tests-012345678", "é"])
def test_without_the_secret_nothing_is_answered(bot: Any, secret: str | None) -> None:
    """Neither a message, nor a parse, nor a wipe."""
    if secret == "é":
        secret = secret.encode().decode("latin-1")
    assert bot.post(WEBHOOK, body(), secret=secret) == (401, {"error": "secret_wrong"})
    assert bot.post(PARSE, {"texts": ["hoi"]}, secret=secret)[0] == 401
    assert bot.post(FORGET, {"sender": "t"}, secret=secret)[0] == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"sender": None}, 400),
        ({"sender": ""}, 400),
        ({"sender": "../x y"}, 400),
        ({"text": None}, 400),
        ({"text": "a" * 10_001}, 413),
        ({"context": None}, 400),
        ({"context": {"level": "erg"}}, 400),
        ({"payload": "/restart"}, 400),
        ({"payload": '/ja{"x": 1}'}, 400),
        ({"payload": "hoi"}, 400),
    ],
)
def test_a_bad_body_is_a_clear_error(bot: Any, change: dict[str, Any], status: int) -> None:
    """A code, and nothing of what was sent."""
    found, answer = bot.post(WEBHOOK, body(**change))
    assert found == status
    assert set(answer) == {"error"}


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"a":"' + b"x" * 300_000 + b'"}', 413),
        (b'{"a":"' + b"x" * 2_000_000 + b'"}', 413),
    ],
)
def test_a_broken_or_huge_body_is_refused(bot: Any, raw: bytes, status: int) -> None:
    """Whatever comes, the door stays whole."""
    try:
        found = bot.post(WEBHOOK, None, raw=raw)[0]
    except (urllib.error.URLError, ConnectionError):
        found = 413  # the server hung up before the whole of it was sent
    assert found == status
    assert bot.post(WEBHOOK, body())[0] == 200


def test_a_typed_command_does_nothing(bot: Any) -> None:
    """`/restart` and `/intent{…}` are words like others."""
    bot.say("cmd", "ik wil alleen mijn verhaal kwijt", payload="/alleen_vertellen")
    bot.say("cmd", "/restart")
    listened = bot.say("cmd", '/afpersing_geld{"a": "b"}')
    assert listened["intent"]["name"] != "restart"
    later = bot.texts("cmd", "mijn opa deed dingen bij mij")
    assert "nachtlicht" not in later
    # Still listening: the command has not started the talk anew.
    assert bot.say("cmd", "en toen", payload="/praatje")["messages"][0]["buttons"] == []


def test_talks_do_not_mix(bot: Any) -> None:
    """What one person says changes nothing for another."""
    bot.say("one", "", payload="/alleen_vertellen")
    answer = bot.say("two", "", payload="/praatje")
    assert answer["messages"][0]["buttons"]


def test_a_talk_that_is_wiped_is_forgotten_at_once(bot: Any) -> None:
    """The next line begins anew; another talk goes on where it was; a second wipe is none."""
    for sender in ("gone", "stays"):
        bot.say(sender, "", payload="/alleen_vertellen")

    for _ in range(2):
        assert bot.post(FORGET, {"sender": "gone"}) == (200, {"forgotten": True})

    buttons = {s: bot.say(s, "", payload="/praatje")["messages"][0]["buttons"] for s in
               ("gone", "stays")}  # fmt: skip
    assert buttons["gone"]
    assert not buttons["stays"]


@pytest.mark.parametrize("sender", [None, "", "../x y", 7])
def test_who_must_be_forgotten_has_to_be_said(bot: Any, sender: object) -> None:
    """A code, and nothing is dropped."""
    assert bot.post(FORGET, {"sender": sender}) == (400, {"error": "sender_missing"})


def test_a_long_text_is_answered(bot: Any) -> None:
    """Ten thousand characters are no problem."""
    assert bot.say("long", "ik " * 3333)["messages"]


@pytest.mark.parametrize("text", ["", " ", "\u0000", "😭😭", "\u202eabc", "<b>hoi</b>", "/", "?!"])
def test_odd_texts_are_answered(bot: Any, text: str) -> None:
    """Nobody gets silence."""
    assert bot.say("odd", text)["messages"]


def test_the_answer_tells_the_intent_and_the_ranking(bot: Any) -> None:
    """The web app and the desk see what was heard."""
    answer = bot.say("rank", "hoe krijg ik een foto van een site af")
    assert answer["intent"]["name"] == "beeld_verwijderen"
    assert answer["ranking"][0] == answer["intent"]
    assert len(answer["ranking"]) == 5


def test_parse_understands_without_answering(bot: Any) -> None:
    """For the evaluation; a slash makes no command of it either."""
    status, answer = bot.post(PARSE, {"texts": ["is dit anoniem", "/restart", ""]})
    assert status == 200
    assert [set(row) for row in answer["results"]] == [{"intent", "confidence", "ranking"}] * 3
    assert answer["results"][0]["intent"] == "privacy_vraag"
    assert answer["results"][1]["intent"] != "restart"
    assert bot.post(PARSE, {"texts": "hoi"})[0] == 400
    assert bot.post(PARSE, {"texts": ["hoi"] * 501})[0] == 400


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_says_something(bot: Any, intent: str) -> None:
    """Each has a rule with words; at most two bubbles, and buttons in the last one only."""
    messages = bot.say(f"every-{intent}", "x", payload=f"/{intent}")["messages"]
    assert 1 <= len(messages) <= 2
    assert all(m["text"] for m in messages)
    assert not any(m["buttons"] for m in messages[:-1])


@pytest.mark.parametrize("answer", ["ja", "nee", "weet_niet", "iets_anders", "dank", "snap_niet"])
@pytest.mark.parametrize("intent", INTENTS)
def test_every_answer_to_every_route_says_something(bot: Any, intent: str, answer: str) -> None:
    """After each first answer, each short answer leads on."""
    sender = f"after-{intent}-{answer}"
    bot.say(sender, "x", payload=f"/{intent}")
    assert bot.say(sender, "x", payload=f"/{answer}")["messages"]


@pytest.mark.parametrize("level", ["urgent", "acute"])
def test_in_a_form_danger_goes_first(bot: Any, level: str) -> None:
    """The form is left, and its question does not come back."""
    sender = f"form-{level}"
    asked = bot.say(sender, "", payload="/beeld_verwijderen")["messages"][-1]["text"]
    found = bot.say(
        sender,
        "hij dreigt dat hij mijn naaktfoto deelt als ik niet betaal",
        level=level,
        theme="afpersing",
    )["messages"]
    if level == "acute":
        assert found == []
    else:
        assert len(found) == 1
        assert "betaal niet" in found[0]["text"]
    later = [m["text"] for m in bot.say(sender, "", payload="/groet")["messages"]]
    assert asked not in later


def test_an_urgent_text_leads_into_its_route(bot: Any) -> None:
    """A yes after it is the first step of the route, not a bare yes."""
    bot.say("route", "hij wil geld", level="urgent", theme="afpersing")
    assert "Bewaar eerst" in bot.texts(
        "route", "", payload="/ja", level="urgent", theme="afpersing"
    )


def test_the_form_asks_two_questions_and_no_more(bot: Any) -> None:
    """Younger than 18, and the file is there: Take It Down."""
    bot.say("form", "", payload="/beeld_verwijderen")
    second = bot.say("form", "ja")["messages"]
    assert len(second) == 1
    advice = bot.texts("form", "ja")
    assert "[[takeitdown.url]]" in advice
    assert "?" in bot.texts("form", "", payload="/beeld_verwijderen")


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("15", "nee", "werkt alleen met het beeld"),
        ("ik ben 22", "ja", "[[stopncii.url]]"),
        ("nee ik was toen 14", "ja", "[[takeitdown.url]]"),
        ("nee", "nee", "voor elke leeftijd"),
        ("weet ik niet", "weet ik niet", "Dat geeft niet"),
    ],
)
def test_the_form_understands_what_people_type(
    bot: Any, first: str, second: str, found: str
) -> None:
    """Ages in figures and in a sentence, and not knowing."""
    sender = f"form-{first}".replace(" ", "-")
    bot.say(sender, "", payload="/beeld_verwijderen")
    bot.say(sender, first)
    assert found in bot.texts(sender, second)


def test_who_walks_out_of_the_form_is_answered(bot: Any) -> None:
    """The other question gets its answer, and the form does not come back."""
    bot.say("out", "", payload="/beeld_verwijderen")
    answer = bot.texts("out", "", payload="/privacy_vraag")
    assert "Je hoeft je naam niet te zeggen" in answer
    assert "jonger dan 18" not in answer
    assert "jonger dan 18" not in bot.texts("out", "", payload="/ja")


def test_listening_goes_on_until_a_question_is_asked(bot: Any) -> None:
    """No advice, no question and no form; "wat kan ik doen" ends it."""
    bot.say("listen", "", payload="/alleen_vertellen")
    for intent in ("misbruik_thuis", "schuld_schaamte", "ja"):
        messages = bot.say("listen", "", payload=f"/{intent}")["messages"]
        assert len(messages) == 1
        assert not messages[0]["buttons"]
        assert "?" not in messages[0]["text"]
    assert "?" in bot.texts("listen", "", payload="/wat_kun_je")
    assert "schuld" in bot.texts("listen", "", payload="/misbruik_thuis")


def test_assault_this_week_has_the_number_in_the_first_answer(bot: Any) -> None:
    """With the reason, and that the police is a choice."""
    first = bot.say("csg", "", payload="/verkrachting_nu")["messages"][0]["text"]
    assert "[[csg.telefoon]]" in first
    assert "7 dagen" in first
    assert "politie" in first


def test_a_human_is_asked_for_in_the_answer(bot: Any) -> None:
    """The web app opens the handover; the bot only says so."""
    messages = bot.say("human", "", payload="/mens_gevraagd")["messages"]
    assert {"type": "handoff"} in [m["custom"] for m in messages]


def test_a_dead_action_server_is_an_error_not_silence(
    start_bot: Callable[..., Any], dead_url: str
) -> None:
    """500 without a word of the talk, in the answer or in the log; the next line works."""
    broken = start_bot("--debug", actions=dead_url)
    found, answer = broken.post(WEBHOOK, body(text=CANARY, payload="/hulp_overzicht"))
    assert (found, answer) == (500, {"error": "bot_failed"})
    assert broken.say("t", f"{CANARY} hoi", payload="/groet")["messages"]
    assert broken.say("t", f"{CANARY} is er iemand")["messages"]
    assert CANARY not in broken.log.read_text()


def test_no_text_is_in_the_log_even_at_debug_level(bot: Any) -> None:
    """Whole talks with a word that is looked for afterwards, also in what makes Rasa warn."""
    for text in (f"{CANARY} ik word afgeperst", f'/ja{{"{CANARY}"', f"/{CANARY}", f"{CANARY} 15"):
        bot.say(CANARY, text)
    bot.say(CANARY, CANARY, payload="/beeld_verwijderen")
    bot.say(CANARY, f"ik was 15 {CANARY}", level="urgent", theme="afpersing")
    bot.post(WEBHOOK, {"sender": CANARY, "text": CANARY, "context": {"level": CANARY}})
    bot.post(WEBHOOK, None, raw=f'{{"{CANARY}'.encode())
    log = bot.log.read_text()
    assert log, "the bot prints something, or this test sees nothing"
    assert CANARY not in log
    assert SECRET not in log, "the action server's is the same one"


def test_rasas_own_doors_are_shut(bot: Any) -> None:
    """No REST channel, no API: only ours answers."""
    for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/t/tracker"):
        assert bot.post(path, {"sender": "x", "message": "hoi", "text": "hoi"})[0] == 404
