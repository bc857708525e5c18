"""Who is there: a console says so every few seconds, and whether talks may come to it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.staff.team import display_names
from nachtlicht.store import Presence, Store

# A console beats every 15 seconds; two missed beats are a closed laptop.
THERE_FOR = dt.timedelta(seconds=45)


@dataclasses.dataclass(frozen=True)
class Present:
    """One member of staff with an open console."""

    id: uuid.UUID
    name: str
    available: bool


async def beat(session: AsyncSession, person_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Say that the console of this person is open, inside the caller's transaction.

    Returns whether the person was not there before: then the others should see it.
    """
    row = await session.get(Presence, person_id)
    if row is None:
        session.add(Presence(counsellor_id=person_id, last_seen_at=now))
        return True
    was_gone = row.last_seen_at <= now - THERE_FOR
    row.last_seen_at = now
    return was_gone


async def set_available(
    store: Store, person_id: uuid.UUID, *, available: bool, now: dt.datetime
) -> None:
    """Pause, or be there again. A paused counsellor does not make the desk look staffed."""
    async with store.write() as session:
        await beat(session, person_id, now=now)
        await session.flush()
        row = await session.get_one(Presence, person_id)
        row.available = available


async def leave(store: Store, person_id: uuid.UUID) -> None:
    """Be gone at once, by signing out."""
    async with store.write() as session:
        row = await session.get(Presence, person_id)
        if row is not None:
            await session.delete(row)


async def who_is_there(session: AsyncSession, store: Store, *, now: dt.datetime) -> list[Present]:
    """Everybody with an open console, by name."""
    rows = list(
        await session.scalars(select(Presence).where(Presence.last_seen_at > now - THERE_FOR))
    )
    names = await display_names(session, store, {row.counsellor_id for row in rows})
    there = [
        Present(row.counsellor_id, names[row.counsellor_id], row.available)
        for row in rows
        if row.counsellor_id in names
    ]
    return sorted(there, key=lambda present: present.name.casefold())
