"""A young person and a counsellor, as a test plays them: a talk in a test reads as a talk."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

from nachtlicht.chat import BotClient, Chat, Notifier, Releases
from nachtlicht.chat.desk import claim_handoff, heartbeat, write_as_counsellor
from nachtlicht.chat.inbox import Receipt
from nachtlicht.chat.staff import Person
from nachtlicht.chat.views import EventView, events_after
from nachtlicht.settings import Settings
from nachtlicht.store import (
    Assessment,
    Author,
    Conversation,
    ConversationState,
    Counsellor,
    Handoff,
    HandoffStatus,
    Role,
    Store,
)


async def open_chat(settings: Settings, store: Store, **bot: float) -> AsyncIterator[Chat]:
    """A chat over `store` and the release of `settings`; ends when the caller is done with it."""
    chat = Chat(
        settings, store, Releases(settings.releases), BotClient(settings, **bot), Notifier()
    )
    yield chat
    await chat.close()
    await chat.bot.close()


class Young:
    """One young person in one talk."""

    def __init__(self, chat: Chat, conversation_id: uuid.UUID, token: str) -> None:
        self.chat, self.id, self.token = chat, conversation_id, token
        self._heard = 0

    @classmethod
    async def begin(cls, chat: Chat, **how: object) -> Young:
        """Begin a talk; the opening lines count as heard."""
        started = await chat.start(**how)  # type: ignore[arg-type]
        young = cls(chat, started.id, started.token)
        young._heard = started.seq
        return young

    async def says(self, text: str, client_id: uuid.UUID | None = None) -> Receipt:
        """Say a line, and wait until everything that follows from it has happened."""
        receipt = await self.chat.receive(self.id, client_id or uuid.uuid4(), text)
        await self.chat.idle()
        return receipt

    async def hears(self) -> list[str]:
        """What the bot and the counsellor have said since the last time this was asked."""
        news = [event for event in await self.view() if event.seq > self._heard]
        self._heard = max([self._heard, *(event.seq for event in news)])
        return [
            event.message.text
            for event in news
            if event.message and event.message.author is not Author.YOUTH
        ]

    async def view(self) -> list[EventView]:
        """All events of the talk."""
        return (await events_after(self.chat.store, self.id, 0)).events

    async def row(self) -> Conversation:
        """The row of the talk."""
        async with self.chat.store.read() as session:
            return await session.get_one(Conversation, self.id)

    async def state(self) -> ConversationState:
        """Where the talk stands."""
        return (await self.row()).state

    async def handoffs(self) -> list[Handoff]:
        """All handoffs of the talk, oldest first."""
        return await self._all(Handoff, Handoff.opened_at)

    async def assessments(self) -> list[Assessment]:
        """All judgements, in the order of the lines."""
        return await self._all(Assessment, Assessment.seq)

    async def _all(self, table, order):  # type: ignore[no-untyped-def]
        from sqlalchemy import select

        query = select(table).where(table.conversation_id == self.id).order_by(order)
        async with self.chat.store.read() as session:
            return list((await session.scalars(query)).all())

    async def check_invariants(self) -> None:
        """What must hold after anything: numbers without gaps, one holder, words as stored."""
        await self.chat.idle()
        events = await self.view()
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        row = await self.row()
        assert row.last_seq == len(events)
        moves = [event.state["state"] for event in events if event.state]
        assert moves[-1] == row.state.value
        still_open = [h for h in await self.handoffs() if h.status is not HandoffStatus.CLOSED]
        if row.state.holder == "bot":
            assert still_open == []
        elif row.state.holder == "queue":
            assert [handoff.status for handoff in still_open] == [HandoffStatus.WAITING]
        elif row.state.holder == "counsellor":
            assert [handoff.status for handoff in still_open] == [HandoffStatus.CLAIMED]


class Worker:
    """One counsellor with an open console."""

    def __init__(self, chat: Chat, person: Person) -> None:
        self.chat, self.person = chat, person

    @classmethod
    async def arrive(cls, chat: Chat, name: str = "Sanne") -> Worker:
        """Make a counsellor who is present."""
        login = f"{name}-{uuid.uuid4().hex}"
        store, now = chat.store, chat.settings.now()
        row = Counsellor(login_index=store.login_index(login), role=Role.COUNSELLOR, created_at=now)
        row.seal(store.staff_key, "login", login)
        row.seal(store.staff_key, "display_name", name)
        async with store.write() as session:
            session.add(row)
        worker = cls(chat, Person(id=row.id, name=name, role=Role.COUNSELLOR))
        await worker.beats()
        return worker

    async def beats(self) -> None:
        """Give a sign of life."""
        await heartbeat(self.chat, self.person)

    async def takes(self, young: Young) -> None:
        """Claim a waiting talk."""
        await claim_handoff(self.chat, self.person, young.id)

    async def says(self, young: Young, text: str) -> int:
        """Write a line into a talk."""
        return await write_as_counsellor(self.chat, self.person, young.id, uuid.uuid4(), text)
