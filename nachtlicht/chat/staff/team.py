"""The team: who has an account, by what name they are shown, and stopping an account."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.staff.audit import write_audit
from nachtlicht.chat.staff.errors import NameRefused, NotAllowed
from nachtlicht.chat.staff.rights import Person, check_manages
from nachtlicht.store import Counsellor, Role, SignInSession, Store


@dataclasses.dataclass(frozen=True)
class Member:
    """One line of the team page."""

    id: uuid.UUID
    name: str | None
    login: str
    role: Role
    joined: bool
    invited_until: dt.datetime | None
    disabled: bool
    sessions: int


async def team(store: Store, *, now: dt.datetime, read_by: uuid.UUID | None = None) -> list[Member]:
    """Everybody with an account, in the order in which they were invited.

    With `read_by` the reading is in the audit.
    """
    if read_by is not None:
        async with store.write() as session:
            write_audit(session, "read_people", now=now, counsellor_id=read_by)
    async with store.read() as session:
        people = await session.scalars(select(Counsellor).order_by(Counsellor.created_at))
        open_now = await session.scalars(
            select(SignInSession.counsellor_id).where(
                SignInSession.ended_at.is_(None), SignInSession.ends_at > now
            )
        )
        counts = list(open_now)
        return [
            Member(
                id=person.id,
                name=person.unseal(store.staff_key, "display_name"),
                login=person.unseal(store.staff_key, "login"),
                role=person.role,
                joined=person.password_hash is not None,
                invited_until=person.invitation_ends_at,
                disabled=person.disabled_at is not None,
                sessions=counts.count(person.id),
            )
            for person in people
        ]


async def set_disabled(
    store: Store, member_id: uuid.UUID, *, disabled: bool, by: Person, now: dt.datetime
) -> None:
    """Stop an account, which ends its sessions at once, or start it again.

    Nobody stops their own: the last lead would lock the whole desk.

    Raises:
        NameRefused: it is one's own account.
        NotAllowed: there is no such member, or `by` may not.
    """
    if member_id == by.id:
        raise NameRefused("Je kunt je eigen account niet stoppen.")
    async with store.write() as session:
        member = await session.get(Counsellor, member_id)
        if member is None:
            raise NotAllowed
        check_manages(by, member.role)
        member.disabled_at = now if disabled else None
        if disabled:
            await end_sessions_of(session, member_id, now=now)
        detail = "stop" if disabled else "start"
        write_audit(session, "disabled", now=now, counsellor_id=by.id, detail=detail)


async def end_sessions_of(session: AsyncSession, person_id: uuid.UUID, *, now: dt.datetime) -> None:
    """End every open session of a person, inside the caller's transaction."""
    await session.execute(
        update(SignInSession)
        .where(SignInSession.counsellor_id == person_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


async def display_names(
    session: AsyncSession, store: Store, ids: set[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """The names of some members of staff; who has none yet is left out."""
    if not ids:
        return {}
    people = await session.scalars(select(Counsellor).where(Counsellor.id.in_(ids)))
    named = ((person.id, person.unseal(store.staff_key, "display_name")) for person in people)
    return {person_id: name for person_id, name in named if name}
