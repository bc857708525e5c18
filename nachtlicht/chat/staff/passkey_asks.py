"""What a browser is asked to sign with a passkey, and for which site.

It is kept in the database for five minutes, bound to one browser and one purpose, and gone with
the first answer, right or wrong.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import ipaddress
from urllib.parse import urlsplit

from sqlalchemy import delete
from webauthn.helpers import generate_challenge, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException

from nachtlicht.settings import Settings
from nachtlicht.store import PasskeyChallenge, Store, token_hash

CHALLENGE_LIFE = dt.timedelta(minutes=5)
ADD, SIGN_IN = "add", "sign_in"
# What reading an answer of a browser, which may hold anything, is known to raise.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, RecursionError)


@dataclasses.dataclass(frozen=True)
class Site:
    """What a passkey is tied to: the exact origin of the desk, and its host as `id`."""

    id: str
    origin: str

    @classmethod
    def of(cls, settings: Settings) -> Site | None:
        """That of the public origin; None where browsers have no passkeys: no name, or no TLS."""
        parts = urlsplit(settings.public_origin)
        host = parts.hostname or ""
        if host != "localhost" and (parts.scheme != "https" or _is_address(host)):
            return None
        return cls(host, f"{parts.scheme}://{parts.netloc}")


async def new_challenge(store: Store, purpose: str, *, browser: str, now: dt.datetime) -> bytes:
    """Make what this browser must sign for this purpose; those that are too old go."""
    challenge = generate_challenge()
    async with store.write() as session:
        await session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.ends_at <= now))
        session.add(
            PasskeyChallenge(
                challenge=challenge,
                purpose=purpose,
                browser_hash=token_hash(browser),
                ends_at=now + CHALLENGE_LIFE,
            )
        )
    return challenge


async def used_challenge(
    store: Store, purpose: str, client_data: bytes, *, browser: str, now: dt.datetime
) -> bytes | None:
    """The challenge that `client_data` answers; it works once. None if it is not this browser's.

    In a transaction of its own: it is used up also when the answer turns out to be wrong.
    """
    try:
        challenge = parse_client_data_json(client_data).challenge
    except UNREADABLE:
        return None
    async with store.write() as session:
        used: bytes | None = await session.scalar(
            delete(PasskeyChallenge)
            .where(
                PasskeyChallenge.challenge == challenge,
                PasskeyChallenge.purpose == purpose,
                PasskeyChallenge.browser_hash == token_hash(browser),
                PasskeyChallenge.ends_at > now,
            )
            .returning(PasskeyChallenge.challenge)
        )
    return used


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
