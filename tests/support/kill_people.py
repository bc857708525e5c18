"""Young people and counsellors over HTTP whose server is killed under them: they try again."""

from __future__ import annotations

import asyncio
import random
import re
import uuid
from typing import Any

import httpx

from nachtlicht.chat.staff import Person
from nachtlicht.chat.staff.sessions import SignIn
from nachtlicht.store import Counsellor, Role, Store
from nachtlicht.web.desk.guard import COOKIE
from tests.support.small_release import CONCERN, HARMLESS, OTHER_URGENT, URGENT

PAUSE = 0.02  # seconds between two tries
DOWN = (httpx.HTTPError,)
BUSY = (429, 503)  # try again later, with the same id
HELD = ("queue", "counsellor")


class YoungPerson:
    """Types lines until told to stop; keeps what was acknowledged, and what was seen in pieces."""

    def __init__(self, http: httpx.AsyncClient, dice: random.Random) -> None:
        self._http, self._dice = http, dice
        self.id, self._headers = "", {}
        self.acknowledged: list[tuple[int, str, str]] = []
        self.seen: list[dict[str, Any]] = []
        self.is_done = False

    async def live(self) -> None:
        """Begin a talk, type and read until the end."""
        made = await _insist(lambda: self._http.post("/api/v1/conversations", json={}), 201)
        begun = made.json()
        self.id, self._headers = begun["id"], {"Authorization": f"Bearer {begun['token']}"}
        number = 0
        while not self.is_done:
            words = self._dice.choice((HARMLESS, HARMLESS, CONCERN, URGENT, OTHER_URGENT))
            await self._say(f"{words} {number}")
            await self._look()
            number += 1

    async def _say(self, text: str) -> None:
        body = {"client_id": str(uuid.uuid4()), "text": text}
        path = f"/api/v1/conversations/{self.id}/messages"
        taken = await _insist(
            lambda: self._http.post(path, json=body, headers=self._headers), 201, 200
        )
        self.acknowledged.append((taken.json()["seq"], body["client_id"], text))

    async def _look(self) -> None:
        after = self.seen[-1]["seq"] if self.seen else 0
        try:
            answer = await self._events(after, wait=self._dice.choice((0, 0.1)))
        except DOWN:
            return
        if answer.status_code == 200:
            self.seen += answer.json()["events"]

    async def refetch(self) -> list[dict[str, Any]]:
        """All events from the start, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["seq"] if found else 0
            page = (await _insist(lambda a=after: self._events(a), 200)).json()
            found += page["events"]
            if not page["events"] or found[-1]["seq"] >= page["seq"]:
                return found

    async def _events(self, after: int, wait: float = 0) -> httpx.Response:
        path = f"/api/v1/conversations/{self.id}/events"
        query = {"after": after, "wait": wait}
        return await self._http.get(path, params=query, headers=self._headers)


class AtDesk:
    """A counsellor who takes talks, writes in them, and gives them back or closes them."""

    def __init__(self, http: httpx.AsyncClient, dice: random.Random, token: str) -> None:
        self._http, self._dice = http, dice
        self._headers = {
            "cookie": f"{COOKIE}={token}",
            "origin": str(http.base_url).rstrip("/"),
            "sec-fetch-site": "same-origin",
            "accept": "application/json",
        }
        self._csrf = ""
        self._mine: set[str] = set()
        self.claims: list[str] = []
        self.acknowledged: list[tuple[str, int, str, str]] = []
        self.is_done = False

    @property
    def steps(self) -> int:
        """How much of the work was done so far."""
        return len(self.claims) + len(self.acknowledged)

    @classmethod
    async def arrive(
        cls, store: Store, http: httpx.AsyncClient, dice: random.Random, name: str, now: Any
    ) -> AtDesk:
        """Join the staff and sign in, beside the running process."""
        row = Counsellor(login_index=store.login_index(name), role=Role.COUNSELLOR, created_at=now)
        row.seal(store.staff_key, "login", name)
        row.seal(store.staff_key, "display_name", name)
        async with store.write() as session:
            session.add(row)
        person = Person(id=row.id, name=name, role=Role.COUNSELLOR)
        begun = await SignIn(store).begin_for(person, now=now)
        return cls(http, dice, begun.token)

    async def live(self) -> None:
        """Work until the end of the shift."""
        account = await _insist(lambda: self._get("/desk/account"), 200)
        self._csrf = re.search(r'name="csrf" value="([^"]+)"', account.text)[1]  # type: ignore[index]
        while not self.is_done:
            await _insist(lambda: self._post("/desk/hartslag"), 200, 204)
            rows = await _insist(lambda: self._get("/desk/wachtrij/lijst"), 200, 204)
            waiting = re.findall(r'id="rij-([0-9a-f-]{36})"', rows.text)
            if waiting:
                await self._take(waiting[0])  # all press on the same one
            for talk in sorted(self._mine):
                await self._let_go(talk)
            await asyncio.sleep(PAUSE)

    async def _take(self, talk: str) -> None:
        """Claim and write; a claim whose answer was lost is looked up on the page."""
        self._mine.add(talk)
        answer = await self._try(lambda: self._post(f"{_page(talk)}/aannemen"))
        if await self._state(talk) in (None, "wrap_up"):
            assert answer is None or answer.status_code != 303
            return
        self.claims.append(talk)
        for number in range(self._dice.randint(1, 3)):
            await self._write(talk, f"regel {number} van de desk")

    async def _let_go(self, talk: str) -> None:
        """Give a talk back or close it, as far as it was not done before a kill."""
        form = {"contact": "self", "onderwerp": "violence_osec", "niveau": "urgent"}
        ends_well = self._dice.random() < 0.5
        while (state := await self._state(talk)) is not None:
            if state == "wrap_up":
                act, more = "afronden", {**form, "afloop": "helped"}
            else:
                act, more = "stoppen" if ends_well else "terugzetten", {}
            await self._try(lambda a=act, m=more: self._post(f"{_page(talk)}/{a}", m))
        self._mine.discard(talk)

    async def _state(self, talk: str) -> str | None:
        """The state of a talk that is held by this one; None of any other."""
        page = await _insist(lambda: self._get(_page(talk)), 200, 404)
        found = re.search(r'data-state="(\w+)"', page.text)
        is_mine = found is not None and 'data-mine="1"' in page.text
        is_held = is_mine and (found[1].startswith("live") or found[1] == "wrap_up")  # type: ignore[index]
        return found[1] if found and is_held else None

    async def _write(self, talk: str, text: str) -> None:
        form = {"client_id": str(uuid.uuid4()), "text": text}
        taken = await _insist(lambda: self._post(f"{_page(talk)}/regels", form), 201, 404, 409, 422)
        if taken.status_code == 201:
            line = (talk, taken.json()["seq"], form["client_id"], text)
            self.acknowledged.append(line)

    async def _try(self, ask: Any) -> httpx.Response | None:
        """Once: whether it was done is seen on the next page."""
        try:
            found: httpx.Response = await ask()
        except DOWN:
            return None
        return found

    async def _get(self, path: str) -> httpx.Response:
        return await self._http.get(path, headers=self._headers)

    async def _post(self, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        data = {"csrf": self._csrf, **(form or {})}
        return await self._http.post(path, data=data, headers=self._headers)


def _page(talk: str) -> str:
    return f"/desk/gesprekken/{talk}"


async def _insist(ask: Any, *wanted: int) -> httpx.Response:
    """Ask again and again, with the same words, until there is an answer."""
    for _ in range(3000):
        try:
            answer: httpx.Response = await ask()
        except DOWN:
            await asyncio.sleep(PAUSE)
            continue
        if answer.status_code in BUSY:
            await asyncio.sleep(5 * PAUSE)
            continue
        assert answer.status_code in wanted, f"{answer.status_code}: {answer.text[:300]}"
        return answer
    raise AssertionError("no answer within a minute")
