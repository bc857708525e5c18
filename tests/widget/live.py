"""The web app inside the test's own process, so that a counsellor can act on a talk at once."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Page

from nachtlicht.chat.desk import (
    claim_handoff,
    end_talk,
    give_back,
    heartbeat,
    queue,
    write_as_counsellor,
)
from nachtlicht.chat.staff import accept_invitation, invite, open_invitation
from nachtlicht.chat.staff.rights import Person
from nachtlicht.store import Base, Role
from nachtlicht.store import Counsellor as StaffRow
from nachtlicht.web.app import create_app
from tests.support.serve import serving
from tests.widget.site import Site

PASSWORD = "paarse fiets zingt zacht"


class LiveSite(Site):
    """A site whose chat can be called from the test. It cannot be killed."""

    def __init__(self, var: Path, **env: str) -> None:
        super().__init__(var, **env)
        self._loop = asyncio.new_event_loop()
        self._app = create_app(self.settings)

    @contextlib.contextmanager
    def served(self) -> Iterator[LiveSite]:
        """Serve it for as long as the block runs."""
        thread = threading.Thread(target=self._loop.run_forever)
        thread.start()
        server = serving(self._app)
        try:
            self.origin = self._do(server.__aenter__())
            yield self
            self._do(server.__aexit__(None, None, None))
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def counsellor(self, name: str, role: Role = Role.COUNSELLOR) -> Counsellor:
        """Somebody at the desk."""
        return Counsellor(self, *self._do(self._join(name, role)))

    def act(self, verb: Callable[..., Awaitable[Any]], *arguments: Any) -> None:
        """Call a verb of the desk on the running chat."""
        self._do(verb(self._app.ctx.chat, *arguments))

    def first_waiting(self, person: Person) -> uuid.UUID:
        """The talk at the top of the queue."""
        return self._do(queue(self._app.ctx.chat, person)).waiting[0].conversation_id

    def write(self, *rows: Base) -> None:
        """Put rows into the store as they are."""

        async def put() -> None:
            async with self._app.ctx.store.write() as session:
                session.add_all(rows)

        self._do(put())

    def renew_code(self, person_id: uuid.UUID) -> None:
        """Let half a minute pass for somebody's second factor."""

        async def forget() -> None:
            async with self._app.ctx.store.write() as session:
                row = await session.get_one(StaffRow, person_id)
                row.totp_last_step = None

        self._do(forget())

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=120)

    async def _join(self, name: str, role: Role = Role.COUNSELLOR) -> tuple[Person, str]:
        store, now = self._app.ctx.store, self.settings.now()
        phone_now = dt.datetime.now(dt.UTC)
        token = (await invite(store, f"{name}@desk.test", role, now=now)).token
        secret = (await open_invitation(store, token, now=now)).totp_secret
        person = await accept_invitation(
            store,
            token,
            name=name,
            password=PASSWORD,
            code=pyotp.TOTP(secret).at(phone_now),
            now=now,
            phone_now=phone_now,
        )
        return Person(person.id, name, role), secret


class Counsellor:
    """What somebody at the desk does to one talk, by its id."""

    def __init__(self, site: LiveSite, person: Person, secret: str) -> None:
        self._site, self._person, self._secret = site, person, secret

    def sign_in(self, page: Page) -> None:
        """Come to the queue through the door, in a browser."""
        self._site.renew_code(self._person.id)
        page.goto(f"{self._site.origin}/desk/aanmelden")
        page.fill("#login", f"{self._person.name}@desk.test")
        page.fill("#wachtwoord", PASSWORD)
        page.fill("#code", pyotp.TOTP(self._secret).now())
        page.click("text=Meld je aan")
        page.wait_for_url("**/desk")

    def arrive(self) -> None:
        """Sit down at the desk."""
        self._site.act(heartbeat, self._person)

    def claim_first(self) -> None:
        """Take the talk that stands at the top."""
        self.claim(self._site.first_waiting(self._person))

    def claim(self, talk: uuid.UUID) -> None:
        """Take it."""
        self._site.act(claim_handoff, self._person, talk)

    def write(self, talk: uuid.UUID, text: str) -> None:
        """Say a line."""
        self._site.act(write_as_counsellor, self._person, talk, uuid.uuid4(), text)

    def give_back(self, talk: uuid.UUID) -> None:
        """Put it back into the queue."""
        self._site.act(give_back, self._person, talk)

    def end(self, talk: uuid.UUID) -> None:
        """Stop talking."""
        self._site.act(end_talk, self._person, talk)
