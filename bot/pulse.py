"""Feels whether Rasa still answers at its door. Standard library only."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

PATH = "/webhooks/nachtlicht/"  # the same door at which the web app's /readyz asks
EVERY = 5.0  # seconds between two questions
# The longest that the door may be kept waiting by work that goes well is one call to parse 500
# texts: five seconds. A question may take twice that, and three in a row must fail, so that a
# bot that is only busy, or a machine that is, never costs a talk its memory.
ANSWER_WITHIN = 10.0  # seconds
MISSES = 3
START_WITHIN = 600.0  # seconds; twenty times a start on two busy cores


class Pulse:
    """Knows when a bot that was started just now has stopped answering.

    `beats` asks the door, at most once in `EVERY` seconds, and waits `ANSWER_WITHIN` for a word.
    Any answer will do, whatever it says: what is wrong with it a new start would not mend.
    """

    def __init__(self, bot_url: str) -> None:
        """Feel for the bot at `bot_url`."""
        address = urlsplit(bot_url)
        self._where = (address.hostname or "127.0.0.1", address.port or 5005)
        self._began = self._asked = time.monotonic()
        self._has_answered, self._misses = False, 0

    def beats(self) -> bool:
        """Whether there is hope; False when it is time to start the bot anew.

        A bot that has not answered yet is still starting, for as long as `START_WITHIN`.
        """
        if time.monotonic() - self._asked >= EVERY:
            self._misses = 0 if self._answers() else self._misses + 1
            self._asked = time.monotonic()
            if not (self._misses or self._has_answered):
                self._has_answered = True
                after = self._asked - self._began
                print(f"bot: answers, {after:.0f} s after its start", flush=True)
        if self._has_answered:
            return self._misses < MISSES
        return time.monotonic() - self._began < START_WITHIN

    def _answers(self) -> bool:
        # Not urllib: it would send this through a proxy that the environment names.
        door = http.client.HTTPConnection(*self._where, timeout=ANSWER_WITHIN)
        try:
            door.request("GET", PATH)
            return bool(door.getresponse().status)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            door.close()
