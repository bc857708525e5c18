"""The one writer of SQLite: writers take turns, and those who waited share one commit.

A commit waits for the disk and for a thread, longer than the statements of a line take. So each
writer works inside a savepoint of a transaction that is open already, and the commit stands in
line behind whoever waited when that transaction began. Nobody goes on before it is done: what was
acknowledged is on disk, as if each had committed by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from nachtlicht.store.inline import InlineConnection


@dataclasses.dataclass
class _Shared:
    """A transaction that several write in; `stored` is done when it is on disk, or has failed."""

    connection: AsyncConnection
    driver: InlineConnection
    stored: asyncio.Future[None]


class OneWriter:
    """Lets one write at a time, in order of arrival, over the one connection of `engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Nothing is opened before the first `write`."""
        self._engine = engine
        self._turn = asyncio.Lock()
        self._shared: _Shared | None = None
        self._commits: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction of one's own, as it looks; returns when it is on disk.

        An error inside undoes what was done inside, and nothing else. When the commit fails, it
        fails for all who share it.
        """
        async with self._turn:
            shared = self._shared or await self._begin()
            session = AsyncSession(
                shared.connection,
                expire_on_commit=False,
                join_transaction_mode="create_savepoint",
            )
            # Not by their context managers: those wait for a task of their own, and so for a
            # round of the loop, while others wait for us. Nothing here leaves the loop, so
            # nothing can be cancelled half-way.
            try:
                yield session
                await session.commit()
            except BaseException as error:
                if shared.driver.in_transaction:
                    await session.rollback()
                else:  # a full disk undoes the others' part too
                    await self._end(shared, error)
                raise
            finally:
                await session.close()
        await asyncio.shield(shared.stored)

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """The connection, with nobody's transaction open on it."""
        async with self._turn:
            if self._shared is not None:
                await self._commit(self._shared)
            async with self._engine.connect() as connection:
                yield connection

    async def close(self) -> None:
        """Wait for the last commit; nobody may write any more."""
        await asyncio.gather(*self._commits, return_exceptions=True)

    async def _begin(self) -> _Shared:
        connection = await self._engine.connect()
        try:
            await connection.begin()
            driver = (await connection.get_raw_connection()).dbapi_connection
        except BaseException:
            await connection.close()
            raise
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        stored.add_done_callback(asyncio.Future.exception)  # all who wait may have been cancelled
        self._shared = _Shared(connection, cast(InlineConnection, driver), stored)
        commit = asyncio.create_task(self._commit_in_turn(self._shared))
        self._commits.add(commit)
        commit.add_done_callback(self._commits.discard)
        return self._shared

    async def _commit_in_turn(self, shared: _Shared) -> None:
        async with self._turn:
            if shared is self._shared:
                await self._commit(shared)

    async def _commit(self, shared: _Shared) -> None:
        try:
            await shared.connection.commit()
        except BaseException as error:
            await self._end(shared, error)
        else:
            await self._end(shared)

    async def _end(self, shared: _Shared, error: BaseException | None = None) -> None:
        """Let go of the connection, and tell all who wait."""
        self._shared = None
        try:
            if shared.driver.in_transaction:  # the commit failed, and SQLAlchemy thinks it is over
                shared.driver.rollback()
            await shared.connection.close()
        finally:
            if error is None:
                shared.stored.set_result(None)
            else:
                shared.stored.set_exception(error)
