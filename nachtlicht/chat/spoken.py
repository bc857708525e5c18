"""The lines of a talk as they were said, opened; what a judgement and a tapped button look at."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.errors import ConversationGone, TokenUnknown
from nachtlicht.store import (
    Author,
    Conversation,
    ConversationState,
    Counsellor,
    DataKey,
    Message,
    Store,
)

MEMORY = 20  # lines: how far back we look

# Built once: putting a statement together costs more than SQLite takes to answer it. And of the
# tables, not of the ORM, which takes three times as long: these are read at every line.
_M, _C = Message.__table__.c, Conversation.__table__.c
_LINES = (
    select(_M.id, _M.seq, _M.author, _M.text, _M.buttons)
    .where(_M.conversation_id == bindparam("talk"), _M.seq < bindparam("before"))
    .order_by(_M.seq.desc())
    .limit(bindparam("limit"))
)
HEAD = select(_C.id, _C.state, _C.wrapped_key, _C.last_seq).where(_C.id == bindparam("talk"))
_TALK = (  # both at once; a talk without a line is one row with nothing but itself
    HEAD.add_columns(_M.id, _M.seq, _M.author, _M.text, _M.buttons)
    .join_from(Conversation.__table__, Message.__table__, _M.conversation_id == _C.id, isouter=True)
    .order_by(_M.seq.desc())
    .limit(MEMORY)
)
_NO_LIMIT = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class Spoken:
    """A stored line, opened. `buttons` are (title, payload)."""

    seq: int
    author: Author
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class Head(NamedTuple):
    """What must be known of a talk before it is read."""

    id: uuid.UUID
    state: ConversationState
    wrapped_key: bytes | None
    last_seq: int

    @property
    def is_gone(self) -> bool:
        """Whether it was left or forgotten."""
        return self.state is ConversationState.LEFT or self.wrapped_key is None


async def read_head(session: AsyncSession, conversation_id: uuid.UUID) -> Head | None:
    """The head of a talk, unlocked; None when there is no such talk."""
    row = (await session.execute(HEAD, {"talk": conversation_id})).one_or_none()
    return None if row is None else Head(*row)


async def read_open(
    store: Store, asked: Select[Any], conversation_id: uuid.UUID, **more: int
) -> tuple[Head, list[Sequence[Any]]]:
    """What `asked`, a `HEAD` with columns of its own, gives: the head, and the rows of the rest.

    Raises:
        TokenUnknown, ConversationGone: the talk is not there (any more).
    """
    rows = await store.rows(asked, {"talk": conversation_id, **more})
    if not rows:
        raise TokenUnknown
    width = len(Head._fields)
    head = Head(*rows[0][:width])
    if head.is_gone:
        raise ConversationGone
    return head, [row[width:] for row in rows if row[width] is not None]


async def read_talk(store: Store, conversation_id: uuid.UUID) -> list[Spoken]:
    """The last `MEMORY` lines of a talk, oldest first, unlocked; raises as `read_open` does."""
    head, lines = await read_open(store, _TALK, conversation_id)
    key = store.conversation_key(head)
    return [_opened(key, *line) for line in reversed(lines)]


async def spoken(
    session: AsyncSession,
    conversation: Conversation | Head,
    key: DataKey,
    limit: int = MEMORY,
    *,
    before: int | None = None,
) -> list[Spoken]:
    """The last `limit` lines of a talk, oldest first; those with a seq under `before` only."""
    asked = {"talk": conversation.id, "before": before or _NO_LIMIT, "limit": limit}
    rows = await session.execute(_LINES, asked)
    return [_opened(key, *row) for row in reversed(rows.all())]


async def counsellor_name(
    store: Store, session: AsyncSession, counsellor_id: uuid.UUID | None
) -> str | None:
    """The name by which a counsellor is shown; None when the account is gone."""
    row = await session.get(Counsellor, counsellor_id) if counsellor_id else None
    name: str | None = row.unseal(store.staff_key, "display_name") if row else None
    return name


def _opened(
    key: DataKey,
    message_id: uuid.UUID,
    seq: int,
    author: Author,
    text: bytes | None,
    buttons: bytes | None,
) -> Spoken:
    shown = Message.opened(key, "buttons", message_id, buttons) or ()
    return Spoken(
        seq=seq,
        author=author,
        text=Message.opened(key, "text", message_id, text) or "",
        buttons=tuple((button["title"], button["payload"]) for button in shown),
    )
