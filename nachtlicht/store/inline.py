"""SQLite on the event loop: statements run where they are asked, only commits go to a thread.

aiosqlite sends every statement to a thread four times: to make a cursor, to execute, to fetch,
to close; each way costs more than a small query does. What can really take long is waiting for
the disk, at a commit, and for another process that writes: these two leave the loop free.
bench/store.py measures both drivers side by side.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.util.concurrency import await_

PATIENCE = 10.0  # seconds that a writer waits for another process
PAUSE = 0.005  # seconds between two tries

_BUSY = "database is locked"


class InlineCursor(sqlite3.Cursor):
    """A plain cursor, with what SQLAlchemy's asyncio side asks of one."""

    server_side = False

    async def _async_soft_close(self) -> None:
        """Nothing waits to be closed elsewhere; rows that are left stay to be read."""


class InlineConnection(AdaptedConnection):
    """A connection of Python's own sqlite3, as SQLAlchemy's asyncio side wants it."""

    __slots__ = ("_disk",)

    def __init__(self, connection: sqlite3.Connection, disk: ThreadPoolExecutor) -> None:
        self._connection: Any = connection
        self._disk = disk

    def cursor(self, server_side: bool = False) -> InlineCursor:
        """A cursor that runs at once, and gives its rows at once."""
        made: InlineCursor = self._connection.cursor(InlineCursor)
        return made

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        """Run a statement at once."""
        done: sqlite3.Cursor = self._connection.execute(statement, parameters)
        return done

    def begin(self, statement: str) -> None:
        """Begin a transaction; while another process writes, the loop goes on and we try again.

        Raises:
            sqlite3.OperationalError: it was still locked after `PATIENCE`.
        """
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._connection.execute(statement)
            except sqlite3.OperationalError as error:
                if _BUSY not in str(error) or time.monotonic() > until:
                    raise
                await_(asyncio.sleep(PAUSE))
            else:
                return

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; some errors end it by themselves."""
        is_open: bool = self._connection.in_transaction
        return is_open

    def commit(self) -> None:
        """Commit, in a thread: the disk may take its time."""
        if self._connection.in_transaction:
            self.on_disk(self._connection.commit)

    def rollback(self) -> None:
        """Undo what was not committed."""
        self._connection.rollback()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def terminate(self) -> None:
        """Close at once, as whoever held the connection was cancelled; undoes what was open."""
        self._connection.close()

    def create_function(self, *args: Any, **kw: Any) -> None:
        """Register a function for SQL; SQLAlchemy brings one for regular expressions."""
        self._connection.create_function(*args, **kw)

    @property
    def isolation_level(self) -> str | None:
        """None: transactions begin when we say so."""
        level: str | None = self._connection.isolation_level
        return level

    @isolation_level.setter
    def isolation_level(self, value: str | None) -> None:
        self._connection.isolation_level = value

    def on_disk(self, work: Callable[[], object]) -> None:
        """Do `work` in the thread, and wait for it whatever happens to us meanwhile.

        Who is cancelled during a commit must not let go of the connection before it is done.
        """
        await_(_finished(asyncio.get_running_loop().run_in_executor(self._disk, work)))


async def _finished(work: asyncio.Future[object]) -> None:
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        with contextlib.suppress(Exception):  # what we raise is that we were cancelled
            await asyncio.wait([work])
        raise


class InlineDriver:
    """What SQLAlchemy takes for the driver's module: sqlite3 with another `connect`."""

    has_stop = False
    paramstyle = "qmark"
    exceptions_module = sqlite3

    def __init__(self) -> None:
        self._disk = ThreadPoolExecutor(1, "sqlite-disk")

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)

    def connect(self, *args: Any, **kw: Any) -> InlineConnection:
        """Open a connection; it is used by the loop and, while that waits, by our thread."""
        kw["check_same_thread"] = False
        return InlineConnection(sqlite3.connect(*args, **kw), self._disk)
