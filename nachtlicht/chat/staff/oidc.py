"""Who somebody is at the house's own identity provider, and which account that opens.

An account is made here, by invitation, with its role; the provider only says who is at the door.
The first time it is found by the verified address, and then bound to the provider's own name for
the person: an address that is given to somebody else later opens nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

from sqlalchemy import select

from nachtlicht.chat.staff.audit import write_audit
from nachtlicht.chat.staff.errors import SignInRefused
from nachtlicht.chat.staff.rights import Person
from nachtlicht.store import Counsellor, Store

NAME_LENGTH = 40
UNNAMED = "Medewerker"


@dataclasses.dataclass(frozen=True)
class Identity:
    """What the provider says, once its signature was checked. `login` only when it is verified."""

    issuer: str
    subject: str
    login: str | None
    name: str


async def person_of(store: Store, identity: Identity, *, now: dt.datetime) -> Person:
    """The member of staff who is at the door.

    Raises:
        SignInRefused: nobody of ours, stopped, or an account that belongs to another identity.
    """
    # Hashed first: a blind index does not know small letters from large, a subject does.
    digest = hashlib.sha256(f"{identity.issuer}\n{identity.subject}".encode()).hexdigest()
    index = store.staff_key.blind_index(f"identity {digest}")
    async with store.write() as session:
        person = await session.scalar(select(Counsellor).where(Counsellor.oidc_index == index))
        if person is None and identity.login:
            person = await session.scalar(
                select(Counsellor).where(
                    Counsellor.login_index == store.login_index(identity.login),
                    Counsellor.oidc_index.is_(None),
                )
            )
        if person is not None and person.disabled_at is None:
            _bind(store, person, index, identity)
            name = person.unseal(store.staff_key, "display_name")
            return Person(person.id, name, person.role)
    async with store.write() as session:
        counsellor_id = person.id if person else None
        write_audit(session, "sign_in_refused", now=now, counsellor_id=counsellor_id)
    raise SignInRefused


def _bind(store: Store, person: Counsellor, index: bytes, identity: Identity) -> None:
    if person.oidc_index is not None:
        return
    person.oidc_index = index
    person.invitation_hash = person.invitation_ends_at = None
    if person.display_name is None:
        shown = " ".join(identity.name.split())[:NAME_LENGTH]
        person.seal(store.staff_key, "display_name", shown if shown.isprintable() else UNNAMED)
