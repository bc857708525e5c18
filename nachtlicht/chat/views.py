"""What both sides see of a talk: its events, opened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam

from nachtlicht.chat.errors import SeqAhead
from nachtlicht.chat.spoken import HEAD, Head, counsellor_name, read_open
from nachtlicht.store import (
    Author,
    Conversation,
    Event,
    EventKind,
    Message,
    Store,
)

PAGE = 500  # events in one answer; who is further behind asks again


# Of the tables, not of the ORM, and the talk with its events at once: every open stream asks this
# at each line. A talk without news is one row with nothing but itself.
_C, _E, _M = Conversation.__table__.c, Event.__table__.c, Message.__table__.c
_AFTER = (
    HEAD.add_columns(_E.seq, _E.kind, _E.at, _E.payload)
    .add_columns(_M.id, _M.author, _M.text, _M.client_id, _M.counsellor_id, _M.buttons)
    .join_from(
        Conversation.__table__,
        Event.__table__,
        (_E.conversation_id == _C.id) & (_E.seq > bindparam("after")),
        isouter=True,
    )
    .join(
        Message.__table__,
        (_M.conversation_id == _E.conversation_id) & (_M.seq == _E.seq),
        isouter=True,
    )
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
    head, events = await read_open(store, _AFTER, conversation_id, after=after)
    if after > head.last_seq:
        raise SeqAhead(after, head.last_seq)
    if not events:
        return EventPage([], head.last_seq)
    return EventPage(await _opened(store, head, events), head.last_seq)


async def _opened(store: Store, head: Head, events: Sequence[Sequence[Any]]) -> list[EventView]:
    key = store.conversation_key(head)
    names: dict[uuid.UUID, str | None] = {}
    views = []
    for seq, kind, at, payload, *message in events:
        if kind is EventKind.STATE:
            state = Event.opened(key, "payload", Event.name_of(head.id, seq), payload)
            views.append(EventView(seq, at, state=state))
            continue
        message_id, author, text, client_id, author_id, buttons = message
        if author_id is not None and author_id not in names:
            names[author_id] = await _name(store, author_id)
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


async def _name(store: Store, counsellor_id: uuid.UUID) -> str | None:
    async with store.read() as session:
        return await counsellor_name(store, session, counsellor_id)
