"""Slows down who tries many passwords, without storing where they come from."""

from __future__ import annotations

import hmac
import secrets
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from nachtlicht.chat.staff.errors import TooManyTries

# One login from one place; one place; one login from anywhere. The last is wide on purpose: a
# stranger who tries a counsellor's login must not be able to keep that counsellor from the desk.
LOGIN_AND_PLACE = parse("5 per 5 minutes")
PLACE = parse("30 per 5 minutes")
LOGIN = parse("200 per hour")
# Each asked-for challenge is a row for five minutes.
ASKS = parse("60 per 5 minutes")


class Throttle:
    """Counts tries in memory, by digests under a secret that lives as long as the process."""

    def __init__(self) -> None:
        """Start with no tries counted."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._secret = secrets.token_bytes(32)

    def count(self, login: str, place: str) -> None:
        """Count a try of `login` from `place` (an address of the network, kept as a digest).

        Raises:
            TooManyTries: a limit was reached; the try itself must not be looked at.
        """
        login_key, place_key = self._digest(login.strip().casefold()), self._digest(place)
        for limit, keys in (
            (LOGIN_AND_PLACE, ("both", login_key, place_key)),
            (PLACE, ("place", place_key)),
            (LOGIN, ("login", login_key)),
        ):
            if not self._limiter.hit(limit, *keys):
                raise TooManyTries(self._seconds(limit, *keys))

    def count_ask(self, place: str) -> None:
        """Count that a browser at `place` wants to try a passkey.

        Raises:
            TooManyTries: the limit was reached; nothing must be made for it.
        """
        keys = ("ask", self._digest(place))
        if not self._limiter.hit(ASKS, *keys):
            raise TooManyTries(self._seconds(ASKS, *keys))

    def forget(self, login: str, place: str) -> None:
        """Forget the tries of who has now signed in."""
        login_key, place_key = self._digest(login.strip().casefold()), self._digest(place)
        self._limiter.clear(LOGIN_AND_PLACE, "both", login_key, place_key)

    def _seconds(self, limit: RateLimitItem, *keys: str) -> int:
        return int(self._limiter.get_window_stats(limit, *keys).reset_time - time.time())

    def _digest(self, text: str) -> str:
        return hmac.digest(self._secret, text.encode(), "sha256").hex()
