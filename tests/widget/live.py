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

from nachtlicht.chat.desk import claim_handoff, end_talk, give_back, write_as_counsellor
from nachtlicht.chat.staff import accept_invitation, invite, open_invitation
from nachtlicht.chat.staff.rights import Person
from nachtlicht.store import Role
from nachtlicht.web.app import create_app
from tests.support.serve import serving
from tests.widget.site import Site


class LiveSite(Site):
    """A site whose chat can be called from the test. It cannot be killed."""

    def __init__(self, var: Path) -> None:
        super().__init__(var)
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

    def counsellor(self, name: str) -> Counsellor:
        """Somebody at the desk."""
        return Counsellor(self, self._do(self._join(name)))

    def act(self, verb: Callable[..., Awaitable[Any]], *arguments: Any) -> None:
        """Call a verb of the desk on the running chat."""
        self._do(verb(self._app.ctx.chat, *arguments))

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    async def _join(self, name: str) -> Person:
        store, now = self._app.ctx.store, self.settings.now()
        phone_now = dt.datetime.now(dt.UTC)
        token = (await invite(store, f"{name}@desk.test", Role.COUNSELLOR, now=now)).token
        secret = (await open_invitation(store, token, now=now)).totp_secret
        person = await accept_invitation(
            store,
            token,
            name=name,
            password="paarse fiets zingt zacht",
            code=pyotp.TOTP(secret).at(phone_now),
            now=now,
            phone_now=phone_now,
        )
        return Person(person.id, name, Role.COUNSELLOR)


class Counsellor:
    """What somebody at the desk does to one talk, by its id."""

    def __init__(self, site: LiveSite, person: Person) -> None:
        self._site, self._person = site, person

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
