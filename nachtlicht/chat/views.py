"""What both sides see of a talk: its events, opened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.errors import ConversationGone, SeqAhead, TokenUnknown
from nachtlicht.chat.spoken import counsellor_name, read_talk
from nachtlicht.store import (
    Author,
    Conversation,
    ConversationState,
    DataKey,
    Event,
    EventKind,
    Message,
    Store,
)

PAGE = 500  # events in one answer; who is further behind asks again


_AFTER = (
    select(Event, Message)
    .outerjoin(
        Message, (Message.conversation_id == Event.conversation_id) & (Message.seq == Event.seq)
    )
    .where(Event.conversation_id == bindparam("talk"), Event.seq > bindparam("after"))
    .order_by(Event.seq)
    .limit(PAGE)
)


@dataclasses.dataclass(frozen=True)
class MessageView:
    """A line as it is shown. `buttons` are titles only; `name` is that of a counsellor."""

    id: uuid.UUID
    author: Author
    text: str
    client_id: uuid.UUID | None
    name: str | None
    buttons: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class EventView:
    """One event: a line in `message`, or in `state` where the talk came to stand."""

    seq: int
    at: dt.datetime
    message: MessageView | None = None
    state: dict[str, Any] | None = None


@dataclasses.dataclass(frozen=True)
class EventPage:
    """Events in order, and the number of the talk's last one."""

    events: list[EventView]
    last: int


async def events_after(store: Store, conversation_id: uuid.UUID, after: int) -> EventPage:
    """The events of a talk with a number above `after`, at most `PAGE` of them.

    Raises:
        TokenUnknown, ConversationGone: the talk is not there (any more).
        SeqAhead: `after` lies beyond the last event.
    """
    async with store.read() as session:
        row = await read_talk(session, conversation_id)
        if row is None:
            raise TokenUnknown
        if row.state is ConversationState.LEFT or row.wrapped_key is None:
            raise ConversationGone
        if after > row.last_seq:
            raise SeqAhead(after, row.last_seq)
        if after == row.last_seq:
            return EventPage([], after)
        return EventPage(await read_events(store, session, row, after), row.last_seq)


async def read_events(
    store: Store, session: AsyncSession, row: Conversation, after: int = 0
) -> list[EventView]:
    """The opened events of a talk after `after`; for both sides, so that they see the same."""
    key = store.conversation_key(row)
    found = await session.execute(_AFTER, {"talk": row.id, "after": after})
    names: dict[uuid.UUID, str | None] = {}
    views = []
    for event, message in found:
        if event.kind is EventKind.STATE:
            views.append(EventView(event.seq, event.at, state=event.unseal(key, "payload")))
            continue
        author_id = message.counsellor_id
        if author_id is not None and author_id not in names:
            names[author_id] = await counsellor_name(store, session, author_id)
        view = _message_view(message, key, names[author_id] if author_id else None)
        views.append(EventView(event.seq, event.at, message=view))
    return views


def _message_view(message: Message, key: DataKey, name: str | None) -> MessageView:
    return MessageView(
        id=message.id,
        author=message.author,
        text=message.unseal(key, "text") or "",
        client_id=message.client_id,
        name=name,
        buttons=tuple(button["title"] for button in message.unseal(key, "buttons") or ()),
    )
