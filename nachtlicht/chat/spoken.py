"""The lines of a talk as they were said, opened; what a judgement and a tapped button look at."""

from __future__ import annotations

import dataclasses
import uuid

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.store import Author, Conversation, Counsellor, DataKey, Message, Store

MEMORY = 20  # lines: how far back we look

# Built once: putting a statement together costs more than SQLite takes to answer it. And
# columns, not rows of the ORM: this is read at every line, twenty at a time.
_LINES = (
    select(Message.id, Message.seq, Message.author, Message.text, Message.buttons)
    .where(Message.conversation_id == bindparam("talk"), Message.seq < bindparam("before"))
    .order_by(Message.seq.desc())
    .limit(bindparam("limit"))
)
_TALK = select(Conversation).where(Conversation.id == bindparam("talk"))
_NO_LIMIT = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class Spoken:
    """A stored line, opened. `buttons` are (title, payload)."""

    seq: int
    author: Author
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


async def read_talk(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation | None:
    """The row of a talk, unlocked; None when there is none."""
    found: Conversation | None = await session.scalar(_TALK, {"talk": conversation_id})
    return found


async def spoken(
    session: AsyncSession,
    conversation: Conversation,
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
