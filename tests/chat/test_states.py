"""Any order of acts by both sides, the clock and a restart: what must always hold, holds."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from nachtlicht.chat import BotClient, Chat, ChatError, Notifier, Releases
from nachtlicht.chat.desk import DeskError, end_talk, give_back, heartbeat
from nachtlicht.chat.staff import StaffError
from nachtlicht.store import Conversation, ConversationState, Store
from tests.support import places
from tests.support.small_release import (
    ACUTE,
    CONCERN,
    HARMLESS,
    OTHER_URGENT,
    URGENT,
    publish_small,
)
from tests.support.talks import Worker, Young

FINAL = (ConversationState.LEFT,)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    return places.migrated_sqlite(tmp_path_factory.mktemp("states"))


class Talks(RuleBasedStateMachine):
    """One young person, two counsellors, a clock, and a process that may begin anew."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.Runner()
        self.settings = places.sqlite_settings(Path(self.folder.name), self.template)
        publish_small(self.settings.releases)
        self.was_left, self.level = False, 0
        self.run(self._begin())

    def run(self, work):
        return self.loop.run(work)

    async def _begin(self) -> None:
        self.store = await Store.open(self.settings)
        self.chat = self._chat()
        self.young = await Young.begin(self.chat)
        self.desk = [await Worker.arrive(self.chat, name) for name in ("Sanne", "Mila")]

    def _chat(self) -> Chat:
        bot = BotClient(self.settings, timeout=0.2)
        return Chat(self.settings, self.store, Releases(self.settings.releases), bot, Notifier())

    async def _try(self, act) -> None:
        """A refusal is an answer; anything else is a fault."""
        with contextlib.suppress(ChatError, DeskError, StaffError):
            await act
        await self.chat.idle()

    @rule(text=st.sampled_from((HARMLESS, CONCERN, URGENT, OTHER_URGENT, ACUTE, "stop")))
    def writes(self, text):
        self.run(self._try(self.young.says(text)))

    @rule(act=st.sampled_from(("request_handoff", "decline_handoff")))
    def wants(self, act):
        self.run(self._try(getattr(self.chat, act)(self.young.id)))

    @rule()
    def both_press_at_once(self):
        async def press():
            claims = (one.takes(self.young) for one in self.desk)
            done = await asyncio.gather(*claims, return_exceptions=True)
            assert [error for error in done if error and not isinstance(error, DeskError)] == []
            assert len([one for one in done if one is None]) <= 1

        self.run(press())

    @rule(who=st.integers(0, 1), text=st.sampled_from(("hoi", "ik ben er")))
    def answers(self, who, text):
        self.run(self._try(self.desk[who].says(self.young, text)))

    @rule(who=st.integers(0, 1), act=st.sampled_from((give_back, end_talk)))
    def lets_go(self, who, act):
        self.run(self._try(act(self.chat, self.desk[who].person, self.young.id)))

    @rule(who=st.integers(0, 1))
    def beats(self, who):
        self.run(heartbeat(self.chat, self.desk[who].person))

    @rule(minutes=st.sampled_from((0.1, 0.6, 1, 30, 240, 700)))
    def time_goes_by(self, minutes):
        self.settings.move(minutes=minutes)
        self.run(self.chat.sweep())
        self.run(self.chat.idle())

    @rule()
    def process_begins_anew(self):
        self.run(self.chat.close())
        self.run(self.chat.bot.close())
        self.chat = self._chat()
        self.young.chat = self.chat
        for one in self.desk:
            one.chat = self.chat

    @rule(act=st.sampled_from(("exit", "forget")))
    def leaves(self, act):
        if self.settings.now().minute % 3 == 0:  # not in every run: most of what matters is before
            self.run(self._try(getattr(self.chat, act)(self.young.id)))

    @invariant()
    def what_must_hold_holds(self):
        row = self.run(self._row())
        if row is None or row.wrapped_key is None or row.state in FINAL:
            self.was_left = True
            return
        assert not self.was_left, "a talk that was left is open again"
        assert int(row.level) >= self.level, "the level of a talk sank"
        self.level = int(row.level)
        self.run(self.young.check_invariants())

    async def _row(self) -> Conversation | None:
        async with self.store.read() as session:
            return await session.get(Conversation, self.young.id)

    def teardown(self) -> None:
        self.run(self.chat.close())
        self.run(self.chat.bot.close())
        self.run(self.store.close())
        self.loop.close()
        self.folder.cleanup()


def test_in_any_order_the_invariants_hold(migrated):
    """Numbers without gaps, one holder, a level that never sinks, no way back after leaving."""
    Talks.template = migrated
    Talks.TestCase.settings = settings(
        max_examples=12,
        stateful_step_count=18,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    Talks.TestCase().runTest()
