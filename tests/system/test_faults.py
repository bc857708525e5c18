"""The real processes, killed in the middle of a talk."""

import time

from tests.support.youth import said_by

URGENT = "hij dreigt mijn foto door te sturen als ik niet betaal"


def test_the_bot_answers_in_dutch(whole, young):
    """A plain question gets the bot's own answer, and the talk stays with the bot."""
    youth = young()
    answer = youth.answer_to(youth.say("wat kun je voor me doen"))
    assert "help" in answer.lower() or "vertel" in answer.lower()
    assert not any(e["type"] == "state" and e["state"]["state"] != "bot" for e in youth.events)


def test_with_rasa_killed_the_talk_goes_on_and_risk_reaches_the_desk(whole, young):
    """Within the patience for the bot there is a fixed answer; a risk line still waits in line."""
    youth = young()
    youth.answer_to(youth.say("hoi"))
    whole.kill("bot")

    began = time.monotonic()
    answer = youth.answer_to(youth.say("ik weet niet waar ik moet beginnen"), within=6)
    assert answer
    assert time.monotonic() - began < 6
    youth.say(URGENT)
    youth.wait_for(lambda e: e["type"] == "state" and e["state"]["holder"] == "queue")
    assert whole.readiness()["bot"]["ok"] is False
    assert whole.readiness()["store"]["ok"] is True

    whole.start("bot")
    whole.wait()
    assert youth.answer_to(youth.say("wat voor hulp is er"))


def test_with_the_web_process_killed_nothing_is_lost_or_doubled(whole, young):
    """Lines sent across the kill are there once, in order, and all get their answer."""
    youth = young()
    youth.answer_to(youth.say("hallo"))
    sent = ["ik wil iets vragen", "blijft dit tussen ons", "wie leest dit", "ok dank je"]
    first = youth.say(sent[0])
    whole.kill("web")
    whole.start("web")
    seqs = [first, *(youth.say(line, tries=600) for line in sent[1:])]
    again = youth.say(sent[-1], tries=5, client_id="5b1f8c1e-9d0b-4a58-8f0e-0d8a3b7b7c11")

    youth.answer_to(again)
    seen, youth.events = youth.events, []
    youth.read()
    assert youth.events[: len(seen)] == seen
    assert youth.lines("youth") == ["hallo", *sent, sent[-1]]
    assert [e["seq"] for e in youth.events] == list(range(1, len(youth.events) + 1))
    assert sorted(seqs) == seqs
    last = {e["seq"] for e in youth.events if said_by(e, "youth")}
    assert again == max(last)
