"""A young person over HTTP: says lines, reads what comes, tries again when the network is gone."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import httpx


class Youth:
    """One talk with a running web app at `origin`; never counted in its figures."""

    def __init__(self, origin: str, entry: str = "algemeen") -> None:
        """Begin the talk and read the opening."""
        self.http = httpx.Client(base_url=f"{origin}/api/v1/conversations", timeout=60)
        made = self.http.post("", json={"entry": entry, "test": True}).raise_for_status().json()
        self.id = made["id"]
        self.http.headers["Authorization"] = f"Bearer {made['token']}"
        self.events: list[dict] = []
        self.read()

    def forget(self) -> None:
        """Wipe the talk, also from the desk's queue; a second time does nothing."""
        answer = self.http.post(f"/{self.id}/forget")
        if answer.status_code != httpx.codes.GONE:
            answer.raise_for_status()

    def close(self) -> None:
        """Close the connection; the talk stays."""
        self.http.close()

    def say(self, text: str, *, tries: int = 1, client_id: str = "") -> int:
        """Post a line and return its number; again with the same id when the network fails."""
        body = {"client_id": client_id or str(uuid.uuid4()), "text": text}
        for left in reversed(range(tries)):
            try:
                answer = self.http.post(f"/{self.id}/messages", json=body)
                if answer.status_code < 500:
                    return answer.raise_for_status().json()["seq"]
            except httpx.TransportError:
                if not left:
                    raise
            time.sleep(0.2)
        raise AssertionError("the line was not taken")

    def read(self, wait: float = 0) -> list[dict]:
        """Fetch the news after what was read before, waiting up to `wait` seconds."""
        after = self.events[-1]["seq"] if self.events else 0
        query = {"after": after, "wait": wait}
        page = self.http.get(f"/{self.id}/events", params=query).raise_for_status().json()
        self.events += page["events"]
        return page["events"]

    def wait_for(self, seen: Callable[[dict], bool], within: float = 60) -> dict:
        """Read until an event fulfils `seen`; events that were read before count too."""
        deadline = time.monotonic() + within
        at = 0
        while True:
            for event in self.events[at:]:
                if seen(event):
                    return event
            at = len(self.events)
            left = deadline - time.monotonic()
            assert left > 0, f"not seen within {within} s: {[e['type'] for e in self.events]}"
            self.read(wait=min(left, 5))

    def answer_to(self, seq: int, within: float = 60) -> str:
        """Return the first thing the bot says after line `seq`."""
        event = self.wait_for(lambda e: e["seq"] > seq and said_by(e, "bot"), within)
        return event["message"]["text"]

    def lines(self, author: str) -> list[str]:
        """Return what `author` said, in order."""
        return [e["message"]["text"] for e in self.events if said_by(e, author)]

    @property
    def state(self) -> str:
        """The last state that was told."""
        return [e["state"]["state"] for e in self.events if e["type"] == "state"][-1]


def said_by(event: dict, author: str) -> bool:
    """Whether an event is a line by `author`."""
    return event["type"] == "message" and event["message"]["author"] == author
