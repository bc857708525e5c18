"""Counts that outlive a talk: how often something happened on a day, and nothing about whom."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.release import ZONE
from nachtlicht.store import Conversation, Counted, Handoff, HandoffStatus, Tally

# How a handover ends that no human ever took.
MISSED = ("left", "forgotten", "stopped", "expired")


async def count_one(session: AsyncSession, kind: str, word: str, at: dt.datetime) -> None:
    """Add one to the count of `word` on the day (Europe/Amsterdam) of `at`."""
    place = {"day": at.astimezone(ZONE).date(), "kind": kind, "word": word}
    await add_to(session, Counted, place, {"number": 1})


async def add_to(
    session: AsyncSession,
    table: type[Counted | Tally],
    place: Mapping[str, Any],
    counts: Mapping[str, int],
) -> None:
    """Add `counts` to the row of `table` at `place`, or begin it.

    Two may come at the same moment: the database adds, not we.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    await session.execute(
        insert(table)
        .values(id=uuid.uuid4(), **place, **counts)
        .on_conflict_do_update(
            index_elements=list(place),
            set_={name: getattr(table, name) + number for name, number in counts.items()},
        )
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
