"""Members of staff: invited by a one-time link, in once they chose a password and a second factor.

The link carries a token of 256 bits behind its `#`, so that it reaches no log; the database
knows its hash. A second invitation replaces the first, and is also the way back in for who lost
a phone: the old password works until the new one is set. Then the passkeys go, too.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.staff.audit import write_audit
from nachtlicht.chat.staff.errors import CodeRefused, InvitationRefused, NameRefused
from nachtlicht.chat.staff.names import clean_name
from nachtlicht.chat.staff.passkeys import remove_passkeys_of
from nachtlicht.chat.staff.passwords import check_password, hash_password
from nachtlicht.chat.staff.rights import Person, check_manages
from nachtlicht.chat.staff.team import end_sessions_of
from nachtlicht.chat.staff.totp import matching_step
from nachtlicht.settings import Settings
from nachtlicht.store import Counsellor, Role, Store, new_token, token_hash

INVITATION_LIFE = dt.timedelta(hours=24)
NAME_LENGTH = 40
LOGIN_LENGTH = 80
FIRST_LOGIN = "eerste"


@dataclasses.dataclass(frozen=True)
class Invitation:
    """A fresh invitation. `token` is known to nobody after this."""

    login: str
    token: str
    ends_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class OpenInvitation:
    """What the page of an invitation shows: the login, and the secret for the authenticator."""

    login: str
    role: Role
    totp_secret: str


async def invite(
    store: Store, login: str, role: Role, *, now: dt.datetime, by: Person | None = None
) -> Invitation:
    """Invite somebody, new or known; a new invitation ends the one before.

    `by` is None for the operator of the machine, who may do everything anyway.

    Raises:
        NameRefused: the login is empty, too long, or of somebody whose account was stopped.
        NotAllowed: `by` may not give this role, or not to this person.
    """
    check_manages(by, role)
    login = clean_name(login, LOGIN_LENGTH, "inlognaam")
    token, ends_at = new_token(), now + INVITATION_LIFE
    async with store.write() as session:
        person = await _by_login(session, store, login)
        if person is None:
            person = Counsellor(login_index=store.login_index(login), role=role, created_at=now)
            person.seal(store.staff_key, "login", login)
            session.add(person)
        elif person.disabled_at:
            raise NameRefused("Dit account is gestopt. Zet het eerst weer aan.")
        check_manages(by, person.role)
        person.role = role
        person.invitation_hash, person.invitation_ends_at = token_hash(token), ends_at
        write_audit(
            session, "invited", now=now, counsellor_id=by.id if by else None, detail=role.value
        )
    return Invitation(login, token, ends_at)


async def invite_first(store: Store, settings: Settings) -> str | None:
    """Make the link for the very first member of staff; None once somebody is in.

    Call it at every start: until the link is used, each call gives a new one and ends the last.
    """
    async with store.read() as session:
        joined = await session.scalar(
            select(Counsellor.id).where(Counsellor.password_hash.is_not(None)).limit(1)
        )
    if joined is not None:
        return None
    invitation = await invite(store, FIRST_LOGIN, Role.LEAD, now=settings.now())
    return invitation_address(settings, invitation)


def invitation_address(settings: Settings, invitation: Invitation) -> str:
    """The address to send; what stands behind the # never reaches a server or its logs."""
    return f"{settings.public_origin}/desk/uitnodiging#{invitation.token}"


async def open_invitation(store: Store, token: str, *, now: dt.datetime) -> OpenInvitation:
    """Look at an invitation without using it.

    Raises:
        InvitationRefused: it is unknown, used or too old.
    """
    async with store.read() as session:
        person = await _by_invitation(session, token, now)
        login = person.unseal(store.staff_key, "login")
        return OpenInvitation(login, person.role, _pending_secret(store, token))


async def accept_invitation(
    store: Store,
    token: str,
    *,
    name: str,
    password: str,
    code: str,
    now: dt.datetime,
    phone_now: dt.datetime,
) -> Person:
    """Set name, password and second factor; old sessions and passkeys end with the invitation.

    `code` proves that the authenticator has the secret. It counts as used. `phone_now` is the
    real time, by which an authenticator makes its codes.

    Raises:
        InvitationRefused: it is unknown, used or too old.
        NameRefused, PasswordRefused, CodeRefused: with what to do, in Dutch.
    """
    name = clean_name(name, NAME_LENGTH, "naam")
    opened = await open_invitation(store, token, now=now)
    check_password(password, name, opened.login)
    step = matching_step(opened.totp_secret, code, now=phone_now, after=None)
    if step is None:
        raise CodeRefused("De code klopt niet. Wacht op een nieuwe code en vul die in.")
    kept = await asyncio.to_thread(hash_password, password)
    async with store.write() as session:
        # Taking the invitation away is the condition: of two who press at once, one gets in.
        person = await session.scalar(
            update(Counsellor)
            .where(
                Counsellor.invitation_hash == token_hash(token),
                Counsellor.invitation_ends_at > now,
                Counsellor.disabled_at.is_(None),
            )
            .values(
                invitation_hash=None,
                invitation_ends_at=None,
                password_hash=kept,
                totp_last_step=step,
                failed_sign_ins=0,
            )
            .returning(Counsellor)
        )
        if person is None:
            raise InvitationRefused
        person.seal(store.staff_key, "display_name", name)
        person.seal(store.staff_key, "totp_secret", opened.totp_secret)
        await end_sessions_of(session, person.id, now=now)
        await remove_passkeys_of(session, person.id)
        write_audit(session, "invitation_accepted", now=now, counsellor_id=person.id)
        return Person(person.id, name, person.role)


async def _by_login(session: AsyncSession, store: Store, login: str) -> Counsellor | None:
    found: Counsellor | None = await session.scalar(
        select(Counsellor).where(Counsellor.login_index == store.login_index(login))
    )
    return found


async def _by_invitation(session: AsyncSession, token: str, now: dt.datetime) -> Counsellor:
    person: Counsellor | None = await session.scalar(
        select(Counsellor).where(
            Counsellor.invitation_hash == token_hash(token),
            Counsellor.invitation_ends_at > now,
            Counsellor.disabled_at.is_(None),
        )
    )
    if person is None:
        raise InvitationRefused
    return person


def _pending_secret(store: Store, token: str) -> str:
    """The authenticator's secret while an invitation is open.

    Made from the invitation and the staff key: the same at every look, stored nowhere, and not
    to be found from the link alone.
    """
    digest = store.staff_key.blind_index(f"totp of invitation {token_hash(token).hex()}")
    return base64.b32encode(digest[:20]).decode()
