"""Rate limits that keep no address, and never stand between a child in danger and help."""

from __future__ import annotations

import datetime as dt
import hmac
import ipaddress
import secrets
import uuid

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from sanic import Request

from nachtlicht.settings import Settings
from nachtlicht.web.errors import RequestError

# Generous: a school class sits behind one address, and a frightened child types in bursts.
STARTS = RateLimitItemPerMinute(120)
LINES_OF_A_TALK = RateLimitItemPerMinute(60)
LINES_OF_AN_ADDRESS = RateLimitItemPerMinute(600)
# Words to come back with can be guessed at; these two make that hopeless.
CODES_OF_AN_ADDRESS = RateLimitItemPerMinute(10)
CODES_OF_ALL = RateLimitItemPerMinute(60)
TALKS_KNOWN = 5_000
PARTS = 64


class Limits:
    """Counts by address and by talk, in memory only.

    The address is counted under an HMAC with a salt that lives a day at most: what leaks from
    memory names nobody, and yesterday's cannot be compared with today's. Loopback is not
    counted: that is our own machine, or a proxy that was not told to pass addresses on, and
    then one count would be everybody's. Behind a proxy set `SANIC_PROXIES_COUNT`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Two counts a name. A moving window keeps each hit, and its sweep hops to a thread for
        # every name at every hit. This one's sweep still reads all names of its storage.
        self._limiters = [SlidingWindowCounterRateLimiter(MemoryStorage()) for _ in range(PARTS)]
        self._day: dt.date | None = None
        self._salt = b""
        self._talks: dict[uuid.UUID, str] = {}
        self._blocked: dict[str, dt.datetime] = {}

    async def check_start(self, request: Request) -> None:
        """Count a new talk.

        Raises:
            RequestError: too many from this address within a minute.
        """
        who = self._who(request)
        if who and not await self._hit(STARTS, "start", who):
            raise _too_many("new conversations")

    async def check_code(self, request: Request) -> None:
        """Count a try to come back by words, of this address and of everybody together.

        Raises:
            RequestError: too many within a minute.
        """
        who = self._who(request)
        within = not who or await self._hit(CODES_OF_AN_ADDRESS, "code", who)
        if not within or not await self._hit(CODES_OF_ALL, "codes"):
            raise _too_many("tries")

    def saw(self, request: Request, conversation_id: uuid.UUID) -> None:
        """Remember, for a day at most, from which hashed address a talk is held."""
        who = self._who(request)
        if who:
            self._talks.pop(conversation_id, None)
            self._talks[conversation_id] = who
            if len(self._talks) > TALKS_KNOWN:
                del self._talks[next(iter(self._talks))]

    def block(self, conversation_id: uuid.UUID, until: dt.datetime) -> None:
        """The desk blocked this talk: mark what begins at its address until then."""
        who = self._talks.get(conversation_id)
        if who:
            self._blocked[who] = until

    def resembles_blocked(self, request: Request) -> bool:
        """Whether a blocked talk came from this address. A whole school may: it is only a mark."""
        until = self._blocked.get(self._who(request) or "")
        return until is not None and self._settings.now() < until

    async def is_over(self, request: Request, conversation_id: uuid.UUID) -> bool:
        """Count a line; whether it is one too many. The chat decides what that means."""
        within = await self._hit(LINES_OF_A_TALK, "talk", str(conversation_id))
        who = self._who(request)
        if who:
            within &= await self._hit(LINES_OF_AN_ADDRESS, "address", who)
        return not within

    async def _hit(self, limit: RateLimitItem, *name: str) -> bool:
        return await self._limiters[hash(name) % PARTS].hit(limit, *name)

    def _who(self, request: Request) -> str | None:
        """The name under which an address is counted today; None for loopback."""
        today = self._settings.now().date()
        if today != self._day:
            self._day, self._salt = today, secrets.token_bytes(32)
            self._talks.clear()
            self._blocked.clear()
        address = request.client_ip
        if _is_loopback(address):
            return None
        return hmac.new(self._salt, address.encode(), "sha256").hexdigest()


def _too_many(what: str) -> RequestError:
    return RequestError("too_many", 429, f"Too many {what}; wait.", {"Retry-After": "60"})


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback  # Sanic puts IPv6 in these
    except ValueError:
        return not address  # a socket file has no address; a name that a proxy made up counts
