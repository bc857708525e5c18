"""Counts that outlive a talk: how often something happened on a day, and nothing about whom."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.release import ZONE
from nachtlicht.store import Conversation, Counted, Handoff, HandoffStatus

# How a handover ends that no human ever took.
MISSED = ("left", "forgotten", "stopped", "expired")


async def count_one(session: AsyncSession, kind: str, word: str, at: dt.datetime) -> None:
    """Add one to the count of `word` on the day (Europe/Amsterdam) of `at`."""
    place = {"day": at.astimezone(ZONE).date(), "kind": kind, "word": word}
    # Two may come at the same moment: the database adds, not we.
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    await session.execute(
        insert(Counted)
        .values(id=uuid.uuid4(), number=1, **place)
        .on_conflict_do_update(index_elements=list(place), set_={"number": Counted.number + 1})
    )


async def count_missed(session: AsyncSession, row: Conversation) -> None:
    """Count the handovers of a talk that nobody took; called when their rows are about to go."""
    if row.is_test:
        return
    missed = await session.scalars(
        select(Handoff).where(
            Handoff.conversation_id == row.id,
            Handoff.status == HandoffStatus.CLOSED,
            Handoff.claimed_at.is_(None),
            Handoff.outcome.in_(MISSED),
        )
    )
    for handoff in missed.all():
        await count_one(session, "missed", handoff.level.label, handoff.opened_at)
