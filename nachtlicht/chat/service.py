"""The chat: everything that a young person can do, and the work that goes on behind it."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import uuid
import weakref
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import structlog

from nachtlicht.chat import comeback, inbox, opinion, place, reply, start, sweep, views
from nachtlicht.chat.bot import BotClient
from nachtlicht.chat.errors import ConversationGone, TokenUnknown
from nachtlicht.chat.forget import forget_in
from nachtlicht.chat.handoff import close, decline, want_human
from nachtlicht.chat.judge import PATIENCE
from nachtlicht.chat.notifier import Notifier
from nachtlicht.chat.releases import Releases
from nachtlicht.chat.reply import Turn
from nachtlicht.chat.start import Started
from nachtlicht.chat.talk import Talk
from nachtlicht.chat.youth_here import YouthHere
from nachtlicht.settings import Settings
from nachtlicht.store import Conversation, ConversationState, HandoffStatus, Store

log = structlog.get_logger("nachtlicht.chat")


class Counts:
    """What `/metrics` tells about the chat: numbers, never words."""

    def __init__(self) -> None:
        self.late_replies = 0
        self.remembered = 0  # talks that the bot did not forget when it was told to
        self.silent: collections.Counter[str] = collections.Counter()
        self.lines: collections.Counter[str] = collections.Counter()
        self.failed_tasks = 0
        self.rules_alone = 0  # lines of which the classifier had not spoken in time


class Chat:
    """All verbs of the young person's side, over one store and one live release.

    The parts are public: the desk's verbs (`nachtlicht.chat.desk`) work on the same ones.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        releases: Releases,
        bot: BotClient,
        notifier: Notifier,
        *,
        patience: float = PATIENCE,
    ) -> None:
        """Use the parts; a line waits `patience` seconds for the classifier."""
        self.settings, self.store, self.releases = settings, store, releases
        self.bot, self.notifier, self.patience = bot, notifier, patience
        self.counts = Counts()
        self.youth = YouthHere(settings)
        self._lines: weakref.WeakValueDictionary[uuid.UUID, asyncio.Lock]
        self._lines = weakref.WeakValueDictionary()
        self._turns: weakref.WeakValueDictionary[uuid.UUID, asyncio.Lock]
        self._turns = weakref.WeakValueDictionary()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._replying: collections.Counter[uuid.UUID] = collections.Counter()
        self.judging: set[uuid.UUID] = set()  # lines whose late verdict somebody waits for
        self.judged: set[uuid.UUID] = set()  # of these, the ones of which nothing is to be done
        self.tokens: dict[uuid.UUID, bytes] = {}  # hashes of talks that were open a moment ago

    # The verbs

    async def start(
        self,
        *,
        entry: str = "algemeen",
        source: str | None = None,
        is_test: bool = False,
        resembles_blocked: bool = False,
    ) -> Started:
        """Begin a talk; see `start.start`."""
        return await start.start(
            self,
            entry=entry,
            source=source,
            is_test=is_test,
            resembles_blocked=resembles_blocked,
        )

    async def authenticate(self, conversation_id: uuid.UUID, token: str) -> None:
        """Make sure that `token` opens the talk; see `start.authenticate`."""
        await start.authenticate(self, conversation_id, token)
        self.youth.hear(conversation_id)

    async def receive(
        self,
        conversation_id: uuid.UUID,
        client_id: uuid.UUID,
        text: str,
        *,
        is_over_limit: bool = False,
    ) -> inbox.Receipt:
        """Take a line; see `inbox.receive`.

        A client that hangs up in the middle does not stop it half way: what is stored is also
        told to those who wait, and answered.
        """
        work = inbox.receive(self, conversation_id, client_id, text, is_over_limit=is_over_limit)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        receipt = await asyncio.shield(task)
        if not receipt.is_repeat:
            self.counts.lines[receipt.level.label] += 1
        return receipt

    async def reply(self, conversation_id: uuid.UUID) -> int:
        """Answer what is owed; see `reply.reply`. `receive` sees to it by itself."""
        return await reply.reply(self, conversation_id)

    async def events_after(self, conversation_id: uuid.UUID, after: int) -> views.EventPage:
        """The news of a talk; see `views.events_after`."""
        return await views.events_after(self.store, conversation_id, after)

    async def exit(self, conversation_id: uuid.UUID) -> ConversationState:
        """Quick exit: final. The token is dead, a waiting handoff closed; the desk is told.

        Raises:
            TokenUnknown, ConversationGone: the talk is not there; gone is also after the first.
        """
        async with self.talk(conversation_id) as talk:
            handoff = await talk.handoff()
            if handoff is not None and handoff.status is HandoffStatus.WAITING:
                close(handoff, "left", talk.now)
            await talk.move(ConversationState.LEFT)
        self.tokens.pop(conversation_id, None)
        self.let_bot_forget(conversation_id, talk.conversation.bot_sender)
        self._tell_all(conversation_id)
        return ConversationState.LEFT

    async def make_code(self, conversation_id: uuid.UUID) -> str:
        """Four words with which the young person can come back; see `comeback.make_code`."""
        return await comeback.make_code(self, conversation_id)

    async def come_back(self, words: str) -> Started:
        """Open a talk by its words; see `comeback.come_back`."""
        return await comeback.come_back(self, words)

    async def place_in_queue(self, conversation_id: uuid.UUID) -> int | None:
        """How many talks come first; see `place.place_in_queue`."""
        return await place.place_in_queue(self, conversation_id)

    async def give_opinion(self, conversation_id: uuid.UUID, question: str, answer: str) -> None:
        """Answer an end question; see `opinion.give_opinion`."""
        await opinion.give_opinion(self, conversation_id, question, answer)

    async def request_handoff(self, conversation_id: uuid.UUID) -> ConversationState:
        """The young person wants a human. A second call says that it is asked already, once."""
        async with self.talk(conversation_id) as talk:
            await want_human(talk)
        self._tell_all(conversation_id)
        return talk.conversation.state

    async def decline_handoff(self, conversation_id: uuid.UUID) -> ConversationState:
        """The young person would rather not; after ACUTE the talk stays in the queue."""
        async with self.talk(conversation_id) as talk:
            await decline(talk)
        self._tell_all(conversation_id)
        return talk.conversation.state

    async def forget(self, conversation_id: uuid.UUID) -> ConversationState:
        """Wipe a talk now: key destroyed, rows gone.

        Raises:
            TokenUnknown, ConversationGone: the talk is not there; gone is also after the first.
        """
        async with self.store.write() as session:
            row = await session.get(Conversation, conversation_id, with_for_update=True)
            if row is None:
                raise TokenUnknown
            if row.wrapped_key is None:
                raise ConversationGone
            sender = row.bot_sender
            await forget_in(session, row, self.settings.now())
        self.tokens.pop(conversation_id, None)
        self.let_bot_forget(conversation_id, sender)
        self._tell_all(conversation_id)
        await self.store.sweep_log()
        return ConversationState.LEFT

    async def sweep(self) -> sweep.Swept:
        """One round of upkeep; see `sweep.sweep`. Also forgets who was seen long ago."""
        self.tokens.clear()
        self.youth.let_go()
        return await sweep.sweep(self)

    # For the verbs, here and at the desk

    @contextlib.asynccontextmanager
    async def talk(
        self, conversation_id: uuid.UUID, *, left_too: bool = False
    ) -> AsyncIterator[Talk]:
        """One write transaction with the talk locked; see `Talk.lock`. Notify after the block."""
        release, now = self.releases.release, self.settings.now()
        async with self.store.write() as session:
            yield await Talk.lock(
                self.store, session, conversation_id, release, now, left_too=left_too
            )

    @property
    def verdicts_waiting(self) -> int:
        """Stored lines of which the classifier has not spoken yet, as far as this process knows."""
        return len(self.judging) - len(self.judged)

    def one_line_at_a_time(self, conversation_id: uuid.UUID) -> asyncio.Lock:
        """Held while a line is judged, so that each is judged in the light of the one before."""
        return self._lines.setdefault(conversation_id, asyncio.Lock())

    def one_turn_at_a_time(self, conversation_id: uuid.UUID) -> asyncio.Lock:
        """Held while the bot is asked, so that it hears the lines in their order."""
        return self._turns.setdefault(conversation_id, asyncio.Lock())

    def owe(self, conversation_id: uuid.UUID, first: Turn | None = None) -> None:
        """Answer what is owed to a talk, in the background; `first` as in `reply.reply`."""
        self._replying[conversation_id] += 1
        self._spawn(self._answer(conversation_id, first))

    def owe_if_idle(self, conversation_id: uuid.UUID) -> bool:
        """The same, unless that is going on already; whether it was begun."""
        if self._replying[conversation_id]:
            return False
        self.owe(conversation_id)
        return True

    def tell_acute(self, conversation_id: uuid.UUID, seq: int) -> None:
        """Let the bot hear of an acute line, in the background."""
        self._spawn(reply.tell(self, conversation_id, seq))

    def let_bot_forget(self, conversation_id: uuid.UUID, sender: str) -> None:
        """Let the bot forget a talk that it knows as `sender`, in the background."""
        self._spawn(reply.let_bot_forget(self, conversation_id, sender))

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do `work` behind what is going on; its failure is counted, never thrown."""
        self._spawn(work)

    async def close(self, *, within: float = 3.0) -> None:
        """Let running answers finish for at most `within` seconds; what is owed stays owed."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def idle(self) -> None:
        """Wait until nothing goes on in the background; for tests and for `replay`."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _tell_all(self, conversation_id: uuid.UUID) -> None:
        self.notifier.changed(conversation_id)
        self.notifier.queue_changed()

    async def _answer(self, conversation_id: uuid.UUID, first: Turn | None) -> None:
        try:
            await reply.reply(self, conversation_id, first)
        finally:
            self._replying[conversation_id] -= 1
            if not self._replying[conversation_id]:
                del self._replying[conversation_id]

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen: who waited gets it, and who hung up needs no warning

    async def _guarded(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except Exception as error:  # what is owed stays owed: the next sweep tries again
            self.counts.failed_tasks += 1
            log.error("task_failed", error=type(error).__name__)
