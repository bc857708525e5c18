"""Writes down who did or read what, and finds it back. Lines are added, never changed.

The fields are those of NEN 7513: which event (`action`, `detail`), when (`at`), about which
client (`conversation_id`), by which user (`counsellor_id`). Never a word of a talk.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.store import Audit, Store

# A person who keeps a talk open reads it anew every second; one line in this time will do.
READ_AGAIN = dt.timedelta(minutes=10)
PAGE = 100

ACTIONS = {
    "sign_in": "aangemeld",
    "sign_in_refused": "aanmelden mislukt",
    "sign_out": "afgemeld",
    "session_ended": "sessie beëindigd",
    "invited": "uitgenodigd",
    "invitation_accepted": "uitnodiging aangenomen",
    "passkey_added": "passkey toegevoegd",
    "passkey_removed": "passkey verwijderd",
    "passkey_refused": "passkey toevoegen mislukt",
    "disabled": "account gestopt",
    "role_changed": "rol veranderd",
    "read_talk": "gesprek gelezen",
    "preview_talk": "wachtend gesprek bekeken",
    "read_along": "meegelezen",
    "claimed": "gesprek aangenomen",
    "gave_back": "teruggezet in de rij",
    "lease_lost": "verbinding kwijt, terug in de rij",
    "transferred": "doorgegeven",
    "closed": "gesprek afgesloten",
    "blocked": "gesprek geblokkeerd",
    "unblocked": "blokkade opgeheven",
    "note_written": "notitie geschreven",
    "searched_audit": "logboek doorzocht",
    "read_figures": "cijfers bekeken",
    "read_people": "team bekeken",
}


@dataclasses.dataclass(frozen=True)
class Search:
    """What to look for; what is None does not narrow."""

    action: str | None = None
    counsellor_id: uuid.UUID | None = None
    conversation_id: uuid.UUID | None = None
    since: dt.datetime | None = None
    before_id: int | None = None


def write_audit(
    session: AsyncSession,
    action: str,
    *,
    now: dt.datetime,
    counsellor_id: uuid.UUID | None = None,
    conversation_id: uuid.UUID | None = None,
    detail: str | None = None,
) -> None:
    """Add one line inside the caller's transaction: what is not stored did not happen."""
    session.add(
        Audit(
            at=now,
            action=action,
            counsellor_id=counsellor_id,
            conversation_id=conversation_id,
            detail=detail,
        )
    )


async def was_read(
    session: AsyncSession,
    action: str,
    *,
    since: dt.datetime,
    counsellor_id: uuid.UUID,
    conversation_id: uuid.UUID,
) -> bool:
    """Whether this reading is in the audit already, from after `since`."""
    found = await session.scalar(
        select(Audit.id)
        .where(
            Audit.conversation_id == conversation_id,
            Audit.counsellor_id == counsellor_id,
            Audit.action == action,
            Audit.at >= since,
        )
        .limit(1)
    )
    return found is not None


async def search_audit(
    store: Store, by: uuid.UUID, search: Search, *, now: dt.datetime
) -> list[Audit]:
    """The newest lines first, at most a page of them; the search itself is written down first."""
    async with store.write() as session:
        write_audit(
            session,
            "searched_audit",
            now=now,
            counsellor_id=by,
            conversation_id=search.conversation_id,
            detail=search.action,
        )
    async with store.read() as session:
        return await _find(session, search)


async def _find(session: AsyncSession, search: Search) -> list[Audit]:
    query = select(Audit).order_by(Audit.id.desc()).limit(PAGE)
    if search.action:
        query = query.where(Audit.action == search.action)
    if search.counsellor_id:
        query = query.where(Audit.counsellor_id == search.counsellor_id)
    if search.conversation_id:
        query = query.where(Audit.conversation_id == search.conversation_id)
    if search.since:
        query = query.where(Audit.at >= search.since)
    if search.before_id:
        query = query.where(Audit.id < search.before_id)
    return list(await session.scalars(query))
