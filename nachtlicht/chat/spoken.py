"""The lines of a talk as they were said, opened; what a judgement and a tapped button look at."""

from __future__ import annotations

import dataclasses
import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.store import Author, Conversation, Counsellor, DataKey, Message, Store

MEMORY = 20  # lines: how far back we look


@dataclasses.dataclass(frozen=True)
class Spoken:
    """A stored line, opened. `buttons` are (title, payload)."""

    seq: int
    author: Author
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


async def spoken(
    session: AsyncSession,
    conversation: Conversation,
    key: DataKey,
    limit: int = MEMORY,
    *,
    before: int | None = None,
) -> list[Spoken]:
    """The last `limit` lines of a talk, oldest first; those with a seq under `before` only."""
    # Columns, not rows of the ORM: this is read at every line, twenty at a time.
    query = select(Message.id, Message.seq, Message.author, Message.text, Message.buttons)
    query = query.where(Message.conversation_id == conversation.id)
    if before is not None:
        query = query.where(Message.seq < before)
    rows = await session.execute(query.order_by(Message.seq.desc()).limit(limit))
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
