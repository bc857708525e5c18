"""What both sides see of a talk: its events, opened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.errors import ConversationGone, SeqAhead, TokenUnknown
from nachtlicht.chat.spoken import Head, counsellor_name, read_head
from nachtlicht.store import (
    Author,
    Event,
    EventKind,
    Message,
    Store,
)

PAGE = 500  # events in one answer; who is further behind asks again


# Of the tables, not of the ORM: every open stream reads this at each line.
_E, _M = Event.__table__.c, Message.__table__.c
_AFTER = (
    select(_E.seq, _E.kind, _E.at, _E.payload)
    .add_columns(_M.id, _M.author, _M.text, _M.client_id, _M.counsellor_id, _M.buttons)
    .join_from(
        Event.__table__,
        Message.__table__,
        (_M.conversation_id == _E.conversation_id) & (_M.seq == _E.seq),
        isouter=True,
    )
    .where(_E.conversation_id == bindparam("talk"), _E.seq > bindparam("after"))
    .order_by(_E.seq)
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
        head = await read_head(session, conversation_id)
        if head is None:
            raise TokenUnknown
        if head.is_gone:
            raise ConversationGone
        if after > head.last_seq:
            raise SeqAhead(after, head.last_seq)
        if after == head.last_seq:
            return EventPage([], after)
        return EventPage(await read_events(store, session, head, after), head.last_seq)


async def read_events(
    store: Store, session: AsyncSession, head: Head, after: int = 0
) -> list[EventView]:
    """The opened events of a talk after `after`; for both sides, so that they see the same."""
    key = store.conversation_key(head)
    found = await session.execute(_AFTER, {"talk": head.id, "after": after})
    names: dict[uuid.UUID, str | None] = {}
    views = []
    for seq, kind, at, payload, *message in found:
        if kind is EventKind.STATE:
            state = Event.opened(key, "payload", Event.name_of(head.id, seq), payload)
            views.append(EventView(seq, at, state=state))
            continue
        message_id, author, text, client_id, author_id, buttons = message
        if author_id is not None and author_id not in names:
            names[author_id] = await counsellor_name(store, session, author_id)
        shown = Message.opened(key, "buttons", message_id, buttons) or ()
        view = MessageView(
            id=message_id,
            author=author,
            text=Message.opened(key, "text", message_id, text) or "",
            client_id=client_id,
            name=names[author_id] if author_id else None,
            buttons=tuple(button["title"] for button in shown),
        )
        views.append(EventView(seq, at, message=view))
    return views
