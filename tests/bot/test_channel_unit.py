"""What a person types, and what a button may carry, before Rasa sees it."""

from __future__ import annotations

import asyncio
import types

import pytest
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel import ChannelError, Collector, NachtlichtChannel, allowed_payload, typed
from bot.context import ContextError, clean
from bot.tracker_store import ShortMemoryTrackerStore


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hoi", "hoi"),
        ("/restart", "restart"),
        ("  //restart", "restart"),
        ("\u200b/stop", "stop"),
        ('/afpersing_geld{"a":1}', 'afpersing_geld{"a":1}'),
        ("/", ""),
        ("1/2", "1/2"),
    ],
)
def test_typed_text_never_starts_with_a_slash(text: str, read: str) -> None:
    """Rasa would take it for a command."""
    assert typed(text) == read


def test_of_a_long_text_beginning_and_end_are_read() -> None:
    """The signal may stand at the end."""
    read = typed("b" * 3000 + " eind")
    assert len(read) <= 2001
    assert read.endswith("eind")


def test_a_text_that_is_too_long_is_refused() -> None:
    """The web app lets none through; this is the second lock."""
    with pytest.raises(ChannelError) as caught:
        typed("a" * 10_001)
    assert caught.value.http_status == 413


@pytest.mark.parametrize(
    "payload", ["/restart", "/back", "/session_start", "/x", "ja", "/ja{}", "/ja\n", 7, "//ja", ""]
)
def test_only_an_intent_of_ours_is_a_payload(payload: object) -> None:
    """Neither Rasa's own commands, nor entities, nor anything unknown."""
    with pytest.raises(ChannelError):
        allowed_payload(payload, ["ja", "restart", "back", "session_start"])


def test_an_intent_of_ours_is_a_payload() -> None:
    """A button of ours works."""
    assert allowed_payload("/ja", ["ja"]) == "/ja"


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"level": "erg"}, {"level": 3}, {"level": "none", "theme": "x" * 101},
     {"level": "none", "desk": "weg"}, {"level": "none", "talk_level": "erg"}],
)  # fmt: skip
def test_a_context_without_a_known_level_is_refused(raw: object) -> None:
    """Without a judgement the bot would answer as if all were well."""
    with pytest.raises(ContextError):
        clean(raw)


def test_unknown_fields_of_a_context_are_dropped() -> None:
    """Only what is known gets into the tracker."""
    assert clean({"level": "none", "text": "geheim"}) == {"level": "none"}


def test_a_reply_stays_whole() -> None:
    """Text, buttons and custom part of one reply are one message; an empty line splits nothing."""
    collector = Collector()
    reply = {
        "text": "een\n\ntwee",
        "buttons": [{"title": "Ja", "payload": "/ja"}],
        "custom": {"type": "handoff"},
        "metadata": {"eigenaar": "redactie"},
    }
    asyncio.run(collector.send_response("a", reply))
    asyncio.run(collector.send_response("a", {"text": ""}))
    assert collector.messages == [
        {
            "text": "een\n\ntwee",
            "buttons": [{"title": "Ja", "payload": "/ja"}],
            "custom": {"type": "handoff"},
        }
    ]


def test_a_wipe_waits_for_the_line_that_is_being_answered() -> None:
    """Else that line would be remembered after the wipe. Another talk's line holds up nothing."""

    async def wiped_meanwhile(busy: str) -> tuple[bool, list[str]]:
        store = ShortMemoryTrackerStore(Domain.empty())
        agent = types.SimpleNamespace(
            lock_store=InMemoryLockStore(), tracker_store=FailSafeTrackerStore(store)
        )
        async with agent.lock_store.lock(busy):
            wipe = asyncio.create_task(NachtlichtChannel("")._forget(agent, {"sender": "a"}))
            done, _ = await asyncio.wait([wipe], timeout=1 if busy == "a" else 60)
            spoken = DialogueStateTracker.from_events("a", [UserUttered("een")])
            if not done:
                await agent.tracker_store.save(spoken)
        assert await wipe == {"forgotten": True}
        return bool(done), list(store._talks)

    assert asyncio.run(wiped_meanwhile(busy="a")) == (False, [])
    assert asyncio.run(wiped_meanwhile(busy="b")) == (True, [])
