"""Signing in with a passkey: the device proves itself and its owner, so nothing else is asked."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NamedTuple

import webauthn
from sqlalchemy import select, update
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.structs import AuthenticationCredential, UserVerificationRequirement

from nachtlicht.chat.staff.audit import write_audit
from nachtlicht.chat.staff.errors import PasskeyRefused
from nachtlicht.chat.staff.passkey_asks import (
    CHALLENGE_LIFE,
    SIGN_IN,
    UNREADABLE,
    Site,
    new_challenge,
    used_challenge,
)
from nachtlicht.chat.staff.passkeys import credential_index
from nachtlicht.chat.staff.rights import Person
from nachtlicht.chat.staff.sessions import NewSession, add_session, write_refusal
from nachtlicht.chat.staff.throttle import Throttle
from nachtlicht.store import Counsellor, Passkey, Store

DETAIL = "passkey"  # how the audit tells these from sign-ins by password


class _Owned(NamedTuple):
    passkey: Passkey
    person: Counsellor


class PasskeyDoor:
    """The second door beside that of password and code, with the same throttle before it."""

    def __init__(self, store: Store, site: Site | None, throttle: Throttle) -> None:
        """Use `store`; without a `site` every answer is refused."""
        self._store, self._site, self._throttle = store, site, throttle

    async def ask(self, *, browser: str, place: str, now: dt.datetime) -> str:
        """What the browser must let a passkey sign, as JSON; it names nobody.

        `browser` is a secret that only this browser has.

        Raises:
            TooManyTries: too many were asked for from this place.
            PasskeyRefused: passkeys do not work here.
        """
        self._throttle.count_ask(place)
        if self._site is None:
            raise PasskeyRefused
        options = webauthn.generate_authentication_options(
            rp_id=self._site.id,
            challenge=await new_challenge(self._store, SIGN_IN, browser=browser, now=now),
            timeout=int(CHALLENGE_LIFE.total_seconds() * 1000),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    async def sign_in(
        self, answer: str, *, browser: str, place: str, now: dt.datetime
    ) -> NewSession:
        """Sign in who signed; `answer` is the browser's JSON.

        Raises:
            TooManyTries: nothing was looked at.
            PasskeyRefused: something is wrong; it does not say what.
        """
        given = _read(answer)
        self._throttle.count(given.id if given else "", place)
        owned = await self._owned(given)
        try:
            if given is None or owned is None:
                raise PasskeyRefused
            count = await self._checked(owned.passkey, given, browser=browser, now=now)
            begun = await self._begin(owned, count, now)
        except PasskeyRefused:
            person_id = owned.person.id if owned else None
            await write_refusal(self._store, person_id, now=now, detail=DETAIL)
            raise
        self._throttle.forget(given.id, place)
        return begun

    async def _owned(self, given: AuthenticationCredential | None) -> _Owned | None:
        if given is None:
            return None
        async with self._store.read() as session:
            found = await session.execute(
                select(Passkey, Counsellor)
                .join(Counsellor, Counsellor.id == Passkey.counsellor_id)
                .where(
                    Passkey.credential_index == credential_index(self._store, given.raw_id),
                    Counsellor.disabled_at.is_(None),
                )
            )
            row = found.one_or_none()
        return None if row is None else _Owned(*row)

    async def _checked(
        self, passkey: Passkey, given: AuthenticationCredential, *, browser: str, now: dt.datetime
    ) -> int:
        """The device's new count of uses; raises PasskeyRefused when any word is wrong."""
        challenge = await used_challenge(
            self._store, SIGN_IN, given.response.client_data_json, browser=browser, now=now
        )
        is_owners = given.response.user_handle == passkey.counsellor_id.bytes
        if challenge is None or self._site is None or not is_owners:
            raise PasskeyRefused
        try:
            return webauthn.verify_authentication_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=self._site.id,
                expected_origin=self._site.origin,
                credential_public_key=base64url_to_bytes(
                    passkey.unseal(self._store.staff_key, "public_key")
                ),
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            ).new_sign_count
        except UNREADABLE as error:
            raise PasskeyRefused from error

    async def _begin(self, owned: _Owned, count: int, now: dt.datetime) -> NewSession:
        """Begin a session, unless passkey or owner went meanwhile, or the passkey was used."""
        passkey, person = owned
        async with self._store.write() as session:
            still_in = await session.scalar(
                update(Counsellor)
                .where(Counsellor.id == person.id, Counsellor.disabled_at.is_(None))
                .values(failed_sign_ins=0)
                .returning(Counsellor.id)
            )
            # The count is the condition: a copied key, used at the same moment, gets one in.
            used: uuid.UUID | None = await session.scalar(
                update(Passkey)
                .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
                .values(sign_count=count, last_used_at=now)
                .returning(Passkey.id)
            )
            if still_in is None or used is None:
                raise PasskeyRefused
            token = add_session(session, person.id, now)
            write_audit(session, "sign_in", now=now, counsellor_id=person.id, detail=DETAIL)
        name = person.unseal(self._store.staff_key, "display_name")
        return NewSession(token, Person(person.id, name, person.role), person.failed_sign_ins)


def _read(answer: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(answer)
    except UNREADABLE:
        return None
