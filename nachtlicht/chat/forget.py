"""Forgets a talk: destroys its key, removes its rows, and keeps a count without text."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.counting import add_to, count_one
from nachtlicht.release import ZONE
from nachtlicht.store import (
    Assessment,
    Conversation,
    ConversationState,
    Event,
    Handoff,
    HandoffStatus,
    Message,
    Store,
    Tally,
)


async def forget_in(
    session: AsyncSession, row: Conversation, now: dt.datetime, *, ended: str = "forgotten"
) -> None:
    """Wipe a talk inside the open transaction; the emptied row stays as a gravestone.

    The key is destroyed, so that what a backup still holds cannot be read. The gravestone lets
    a client that asks again be told "gone", and lets a counsellor close the handoff. Call
    `store.sweep_log()` after the transaction. A second call is a no-op.
    """
    if row.wrapped_key is None:
        return
    await count_talk(session, row, ended)
    for table in (Assessment, Event, Message):
        await session.execute(delete(table).where(table.conversation_id == row.id))
    await session.execute(
        update(Handoff)
        .where(Handoff.conversation_id == row.id, Handoff.status == HandoffStatus.WAITING)
        .values(status=HandoffStatus.CLOSED, outcome=ended, closed_at=now)
    )
    await session.execute(
        update(Handoff).where(Handoff.conversation_id == row.id).values(note=None, theme=None)
    )
    row.wrapped_key = None
    row.state = ConversationState.LEFT
    row.forgotten_at = now
    row.reply_due = None
    row.bot_sender = row.opinions = ""
    row.code_hash = None
    row.source = row.theme = row.declined_theme = row.told_urgent = row.audience = None


async def forget_talk(store: Store, conversation_id: uuid.UUID, *, now: dt.datetime) -> str | None:
    """Wipe one talk, for who has no chat at hand.

    Returns the name by which the bot knows it, so that it can be told to forget as well; None
    when there is nothing left to wipe.
    """
    async with store.write() as session:
        row = await session.get(Conversation, conversation_id, with_for_update=True)
        if row is None or row.wrapped_key is None:
            return None
        sender = row.bot_sender
        await forget_in(session, row, now)
    await store.sweep_log()
    return sender


async def count_talk(session: AsyncSession, row: Conversation, ended: str) -> None:
    """Add a talk to the counts that outlive its text. Test talks are never counted."""
    if row.is_test:
        return
    lines = await session.scalar(
        select(func.count()).select_from(Message).where(Message.conversation_id == row.id)
    )
    kind = {
        "day": row.created_at.astimezone(ZONE).date(),
        "entry": row.entry,
        "source": row.source or "",
        "level": row.level,
        "theme": row.theme or "",
        "human": row.human_joined_at is not None,
        "ended": ended,
    }
    if row.audience:
        await count_one(session, "audience", row.audience, row.created_at)
    await add_to(session, Tally, kind, {"talks": 1, "lines": lines or 0})
