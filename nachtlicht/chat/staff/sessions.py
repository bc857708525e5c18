"""Signing in and staying signed in: 256-bit tokens of which only the hash is stored."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import uuid

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.staff.audit import write_audit
from nachtlicht.chat.staff.errors import SignInRefused
from nachtlicht.chat.staff.passwords import password_matches
from nachtlicht.chat.staff.rights import Person
from nachtlicht.chat.staff.throttle import Throttle
from nachtlicht.chat.staff.totp import matching_step, new_secret
from nachtlicht.store import Counsellor, SignInSession, Store, new_token, token_hash

# A night shift may be quiet for hours, and a counsellor who was signed out misses a child:
# so a long idle limit, told beforehand on the page, and one that nobody outlives.
IDLE = dt.timedelta(hours=4)
ABSOLUTE = dt.timedelta(hours=12)
TOUCH_EVERY = dt.timedelta(minutes=1)
# So long both factors, just shown, stand for their owner; who finds an open desk comes later.
FRESH = dt.timedelta(minutes=15)
# Hashing takes 64 MiB and a core: no more at once than this, whoever knocks.
_HASHING = 2

_NOBODYS_SECRET = new_secret()


@dataclasses.dataclass(frozen=True)
class SignedIn:
    """One signed-in browser. `idle_ends_at` moves on with every act of the person."""

    id: uuid.UUID
    person: Person
    csrf: str
    created_at: dt.datetime
    last_seen_at: dt.datetime
    ends_at: dt.datetime

    @property
    def idle_ends_at(self) -> dt.datetime:
        """When it ends if nothing is done."""
        return min(self.last_seen_at + IDLE, self.ends_at)

    def is_fresh(self, now: dt.datetime) -> bool:
        """Whether this browser signed in just now."""
        return now - self.created_at <= FRESH


@dataclasses.dataclass(frozen=True)
class NewSession:
    """A session just begun; `token` goes into the cookie and is known to nobody else."""

    token: str
    person: Person
    failed_before: int


class SignIn:
    """The door: checks login, password and code, in the same time for known and unknown."""

    def __init__(self, store: Store, throttle: Throttle | None = None) -> None:
        """Use `store`; a throttle of its own unless one is given."""
        self._store = store
        self._throttle = throttle or Throttle()
        self._hashing = asyncio.Semaphore(_HASHING)

    async def sign_in(
        self,
        login: str,
        password: str,
        code: str,
        *,
        place: str,
        now: dt.datetime,
        phone_now: dt.datetime,
    ) -> NewSession:
        """Sign in. `place` is where the request came from; it is not stored.

        `phone_now` is the real time, by which an authenticator makes its codes; `now` may be
        that of a demonstration.

        Raises:
            TooManyTries: nothing was looked at.
            SignInRefused: something is wrong; it does not say what.
        """
        self._throttle.count(login, place)
        store = self._store
        async with store.read() as session:
            person = await session.scalar(
                select(Counsellor).where(Counsellor.login_index == store.login_index(login))
            )
        kept = person.password_hash if person and person.disabled_at is None else None
        async with self._hashing:
            known = await asyncio.to_thread(password_matches, kept, password)
        secret = person.unseal(store.staff_key, "totp_secret") if person else None
        after = person.totp_last_step if person else None
        step = matching_step(secret or _NOBODYS_SECRET, code, now=phone_now, after=after)
        if person is None or not known or secret is None or step is None:
            await write_refusal(store, person.id if person else None, now=now)
            raise SignInRefused
        session_begun = await self._begin(person, step, now)
        self._throttle.forget(login, place)
        return session_begun

    async def begin_for(self, person: Person, *, now: dt.datetime) -> NewSession:
        """Sign in who just proved both factors by accepting an invitation."""
        async with self._store.write() as session:
            token = add_session(session, person.id, now)
            write_audit(session, "sign_in", now=now, counsellor_id=person.id)
        return NewSession(token, person, 0)

    async def _begin(self, person: Counsellor, step: int, now: dt.datetime) -> NewSession:
        store = self._store
        async with store.write() as session:
            # The condition uses the code up: of two browsers with one code, one gets in.
            used = await session.execute(
                update(Counsellor)
                .where(
                    Counsellor.id == person.id,
                    Counsellor.disabled_at.is_(None),
                    Counsellor.password_hash == person.password_hash,
                    or_(Counsellor.totp_last_step.is_(None), Counsellor.totp_last_step < step),
                )
                .values(totp_last_step=step, failed_sign_ins=0)
                .returning(Counsellor.id)
            )
            if used.scalar() is None:
                raise SignInRefused
            token = add_session(session, person.id, now)
            write_audit(session, "sign_in", now=now, counsellor_id=person.id)
        name = person.unseal(store.staff_key, "display_name")
        return NewSession(token, Person(person.id, name, person.role), person.failed_sign_ins)


async def write_refusal(
    store: Store, person_id: uuid.UUID | None, *, now: dt.datetime, detail: str | None = None
) -> None:
    """Write a failure down; an unknown person (None) costs the same two statements."""
    async with store.write() as session:
        await session.execute(
            update(Counsellor)
            .where(Counsellor.id == (person_id or uuid.UUID(int=0)))
            .values(failed_sign_ins=Counsellor.failed_sign_ins + 1)
        )
        write_audit(session, "sign_in_refused", now=now, counsellor_id=person_id, detail=detail)


async def find_session(
    store: Store, token: str, *, now: dt.datetime, touch: bool
) -> SignedIn | None:
    """Who holds `token`, or None when it is unknown, ended, idle too long or too old.

    `touch` says that the person did something; the page's own polling does not count.
    """
    async with store.read() as session:
        found = await session.execute(
            select(SignInSession, Counsellor)
            .join(Counsellor, Counsellor.id == SignInSession.counsellor_id)
            .where(
                SignInSession.token_hash == token_hash(token),
                SignInSession.ended_at.is_(None),
                SignInSession.ends_at > now,
                SignInSession.last_seen_at > now - IDLE,
                Counsellor.disabled_at.is_(None),
            )
        )
        row = found.one_or_none()
    if row is None:
        return None
    signed_in, counsellor = row
    last_seen_at = signed_in.last_seen_at
    if touch and now - last_seen_at > TOUCH_EVERY:
        last_seen_at = now
        await _touch(store, signed_in.id, now)
    name = counsellor.unseal(store.staff_key, "display_name") or ""
    return SignedIn(
        id=signed_in.id,
        person=Person(counsellor.id, name, counsellor.role),
        csrf=signed_in.csrf,
        created_at=signed_in.created_at,
        last_seen_at=last_seen_at,
        ends_at=signed_in.ends_at,
    )


async def open_sessions(
    store: Store, person_id: uuid.UUID, *, now: dt.datetime
) -> list[SignInSession]:
    """The sessions of a person that still work, newest first."""
    async with store.read() as session:
        found = await session.scalars(
            select(SignInSession)
            .where(
                SignInSession.counsellor_id == person_id,
                SignInSession.ended_at.is_(None),
                SignInSession.ends_at > now,
                SignInSession.last_seen_at > now - IDLE,
            )
            .order_by(SignInSession.created_at.desc())
        )
        return list(found)


async def end_session(
    store: Store, session_id: uuid.UUID, *, owner: uuid.UUID, action: str, now: dt.datetime
) -> bool:
    """End one session of `owner`; False when it was not theirs or had ended."""
    async with store.write() as session:
        ended = await session.scalar(
            update(SignInSession)
            .where(
                SignInSession.id == session_id,
                SignInSession.counsellor_id == owner,
                SignInSession.ended_at.is_(None),
            )
            .values(ended_at=now)
            .returning(SignInSession.id)
        )
        if ended is not None:
            write_audit(session, action, now=now, counsellor_id=owner)
    return ended is not None


async def _touch(store: Store, session_id: uuid.UUID, now: dt.datetime) -> None:
    async with store.write() as session:
        await session.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.last_seen_at < now)
            .values(last_seen_at=now)
        )


def add_session(session: AsyncSession, person_id: uuid.UUID, now: dt.datetime) -> str:
    """Add a session to the caller's transaction and give its token; always a new one."""
    token = new_token()
    session.add(
        SignInSession(
            counsellor_id=person_id,
            token_hash=token_hash(token),
            csrf=new_token(),
            created_at=now,
            last_seen_at=now,
            ends_at=now + ABSOLUTE,
        )
    )
    return token
