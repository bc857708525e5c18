"""Passkeys of members of staff: adding one, seeing them, removing one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

import webauthn
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from nachtlicht.chat.staff.audit import write_audit
from nachtlicht.chat.staff.errors import NotAllowed, PasskeyNotAdded, SignInAgain
from nachtlicht.chat.staff.names import clean_name
from nachtlicht.chat.staff.passkey_asks import (
    ADD,
    CHALLENGE_LIFE,
    UNREADABLE,
    Site,
    new_challenge,
    used_challenge,
)
from nachtlicht.chat.staff.rights import Person
from nachtlicht.chat.staff.sessions import SignedIn
from nachtlicht.store import Counsellor, Passkey, Store

MOST = 10  # passkeys of one person
NAME_LENGTH = 40
HOUSE = "Nachtlicht"


@dataclasses.dataclass(frozen=True)
class KnownPasskey:
    """One line of the account page."""

    id: uuid.UUID
    name: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None


async def passkeys_of(store: Store, person_id: uuid.UUID) -> list[KnownPasskey]:
    """The passkeys of a person, in the order in which they were added."""
    async with store.read() as session:
        return [
            KnownPasskey(
                row.id, row.unseal(store.staff_key, "name"), row.created_at, row.last_used_at
            )
            for row in await _rows_of(session, person_id)
        ]


async def ask_to_add(
    store: Store, site: Site | None, signed_in: SignedIn, *, browser: str, now: dt.datetime
) -> str:
    """What the browser must make a new passkey from, as JSON.

    `browser` is a secret that only this browser has.

    Raises:
        SignInAgain: the session is not fresh: whoever sits there may have found the desk open.
        PasskeyNotAdded: there are too many already, or passkeys do not work here.
    """
    if site is None:
        raise PasskeyNotAdded
    if not signed_in.is_fresh(now):
        raise SignInAgain
    person = signed_in.person
    async with store.read() as session:
        known = await _rows_of(session, person.id)
        row = await session.get_one(Counsellor, person.id)
    if len(known) >= MOST:
        raise PasskeyNotAdded(f"Je hebt al {MOST} passkeys. Verwijder er eerst een.")
    ids = [base64url_to_bytes(one.unseal(store.staff_key, "credential_id")) for one in known]
    options = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name=HOUSE,
        user_id=person.id.bytes,
        user_name=row.unseal(store.staff_key, "login"),
        user_display_name=person.name,
        challenge=await new_challenge(store, ADD, browser=browser, now=now),
        timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in ids],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


async def add_passkey(
    store: Store,
    site: Site | None,
    person: Person,
    name: str,
    answer: str,
    *,
    browser: str,
    now: dt.datetime,
) -> None:
    """Keep the passkey that the browser has made; `answer` is its JSON.

    Raises:
        NameRefused: with what to do, in Dutch; nothing was used up.
        PasskeyNotAdded: the answer is not one to what this browser was asked, or too late.
    """
    name = clean_name(name, NAME_LENGTH, "naam voor je passkey")
    made = await _made(store, site, answer, browser=browser, now=now)
    async with store.write() as session:
        # The owner's row is held, so that two at once cannot both be the last that fits.
        await session.get_one(Counsellor, person.id, with_for_update=True)
        fits = await _count_of(session, person.id) < MOST
        row = _new_row(store, person.id, name, made, now) if made is not None and fits else None
        if row is not None and await _is_known(session, row.credential_index):
            row = None
        if row is not None:
            session.add(row)
        action = "passkey_refused" if row is None else "passkey_added"
        write_audit(session, action, now=now, counsellor_id=person.id)
    if row is None:
        raise PasskeyNotAdded


async def remove_passkey(
    store: Store, passkey_id: uuid.UUID, *, owner: uuid.UUID, now: dt.datetime
) -> None:
    """Remove one passkey of `owner`.

    Raises:
        NotAllowed: there is none, or it is somebody else's.
    """
    async with store.write() as session:
        removed = await session.scalar(
            delete(Passkey)
            .where(Passkey.id == passkey_id, Passkey.counsellor_id == owner)
            .returning(Passkey.id)
        )
        if removed is None:
            raise NotAllowed
        write_audit(session, "passkey_removed", now=now, counsellor_id=owner)


async def remove_passkeys_of(session: AsyncSession, person_id: uuid.UUID) -> None:
    """Remove all passkeys of a person, inside the caller's transaction."""
    await session.execute(delete(Passkey).where(Passkey.counsellor_id == person_id))


def credential_index(store: Store, credential_id: bytes) -> bytes:
    """The blind index by which a passkey is found."""
    return store.staff_key.blind_index(f"passkey {credential_id.hex()}")


async def _made(
    store: Store, site: Site | None, answer: str, *, browser: str, now: dt.datetime
) -> VerifiedRegistration | None:
    """The new passkey in `answer`; None when any word of it is not as it must be."""
    if site is None:
        return None
    try:
        given = parse_registration_credential_json(answer)
        challenge = await used_challenge(
            store, ADD, given.response.client_data_json, browser=browser, now=now
        )
        if challenge is None:
            return None
        return webauthn.verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None


def _new_row(
    store: Store, person_id: uuid.UUID, name: str, made: VerifiedRegistration, now: dt.datetime
) -> Passkey:
    row = Passkey(
        counsellor_id=person_id,
        credential_index=credential_index(store, made.credential_id),
        sign_count=made.sign_count,
        created_at=now,
    )
    row.seal(store.staff_key, "name", name)
    row.seal(store.staff_key, "credential_id", bytes_to_base64url(made.credential_id))
    row.seal(store.staff_key, "public_key", bytes_to_base64url(made.credential_public_key))
    return row


async def _rows_of(session: AsyncSession, person_id: uuid.UUID) -> list[Passkey]:
    mine = select(Passkey).where(Passkey.counsellor_id == person_id)
    return list(await session.scalars(mine.order_by(Passkey.created_at)))


async def _is_known(session: AsyncSession, index: bytes) -> bool:
    mine = select(Passkey.id).where(Passkey.credential_index == index)
    return await session.scalar(mine) is not None


async def _count_of(session: AsyncSession, person_id: uuid.UUID) -> int:
    mine = select(func.count()).where(Passkey.counsellor_id == person_id)
    return await session.scalar(mine) or 0
