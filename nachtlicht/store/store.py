"""The door to the database: one writer, many readers, and the keys of what lies in it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Select, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
)

from nachtlicht.settings import Settings
from nachtlicht.store.conversation import Conversation
from nachtlicht.store.crypto import DataKey, Keyring, MasterKeyError, SealError, place
from nachtlicht.store.engine import parse_url, reading_engine, writing_engine
from nachtlicht.store.inline import InlineConnection
from nachtlicht.store.one_writer import OneWriter
from nachtlicht.store.staff import KeySlot

STAFF, LOGIN_INDEX = "staff", "login_index"


class StoreError(Exception):
    """The database is missing or not migrated; the sentence says what to do."""

    code = "store"
    http_status = 503


class ConversationForgotten(Exception):
    """The key of this talk was destroyed: nothing of it can be read again."""

    code = "conversation_gone"
    http_status = 410


class Keyed(Protocol):
    """A talk's row, or as much of it as opens what lies under it."""

    @property
    def id(self) -> uuid.UUID: ...  # noqa: D102
    @property
    def wrapped_key(self) -> bytes | None: ...  # noqa: D102


class Store:
    """The database and its keys. Open with `await Store.open(settings)`, end with `close()`."""

    def __init__(
        self, settings: Settings, reader: AsyncEngine, writer: AsyncEngine, keys: Keyring
    ) -> None:
        """Use `Store.open`; this only puts the parts together."""
        self.keys, self._settings = keys, settings
        self.is_log_swept = True
        self._reader, self._writer = reader, writer
        self._read = async_sessionmaker(reader, expire_on_commit=False)
        self._write = async_sessionmaker(writer, expire_on_commit=False)
        self.kind = writer.dialect.name  # sqlite or postgresql
        self.is_sqlite = self.kind == "sqlite"
        self._one_writer = OneWriter(writer)
        self._asking: AsyncConnection | None = None
        self._staff_key: DataKey | None = None
        self._login_key: DataKey | None = None

    @classmethod
    async def open(cls, settings: Settings) -> Store:
        """Open the migrated database of `settings`, and make sure that the master key is its own.

        Raises:
            StoreError: the database is not there or not migrated.
            MasterKeyError: the master key is missing or not the one of this database.
        """
        url = parse_url(settings.database_url)
        keys = Keyring.load(settings)
        _refuse_missing_file(url)
        reader = reading_engine(url)
        store = cls(settings, reader, writing_engine(url), keys)
        try:
            await store._open_slots()
            if store.is_sqlite:
                store._asking = await reader.connect()
        except DBAPIError as error:
            await store.close()
            raise StoreError(
                "The database cannot be used: is it running, and was nachtlicht migrate run?"
            ) from error
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Close all connections."""
        await self._one_writer.close()
        if self._asking is not None:
            await self._asking.close()
        await self._reader.dispose()
        await self._writer.dispose()

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction that may write; commits at the end, rolls back on any error.

        On SQLite one at a time, in order of arrival, with the database's own lock taken at the
        start (another process may write too); those who wait share a commit. On PostgreSQL the
        caller locks the rows that it decides on with FOR UPDATE. Tell others only after the
        block: before, nothing is stored.
        """
        own = self._one_writer.write() if self.is_sqlite else self._write.begin()
        async with own as session:
            yield session

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One transaction that sees a single moment of the database and cannot write."""
        session = self._read()
        if not self.is_sqlite:
            async with session:
                yield session
            return
        try:
            yield session
        finally:
            await session.close()  # never leaves the loop: see OneWriter.write

    async def rows(self, asked: Select[Any], parameters: Mapping[str, Any]) -> Sequence[Any]:
        """What one SELECT gives, at its own moment: for what is asked at every line.

        On SQLite without a session and over a connection that is kept: getting these ready takes
        longer than the answer. One is enough, as the loop does nothing else meanwhile.
        """
        found: Sequence[Any]
        if self._asking is not None:
            found = await self._asking.run_sync(_ask, asked, parameters)
            return found
        async with self.read() as session:
            found = (await session.execute(asked, parameters)).all()
        return found

    async def ping(self) -> None:
        """Ask the database for a sign of life; raises what the driver raises."""
        async with self.read() as session:
            await session.execute(text("SELECT 1"))

    async def sweep_log(self) -> None:
        """Empty SQLite's write-ahead log, so that what was deleted is not left behind in it.

        Somebody who still reads what was there before, such as a backup, stands in the way:
        then `is_log_swept` is False, and the next round tries again.
        """
        if not self.is_sqlite:
            return
        async with self._one_writer.alone() as connection:
            self.is_log_swept = await connection.run_sync(_checkpoint)

    # Keys

    def refresh_keys(self) -> None:
        """Read the master keys again; one that cannot be read changes nothing."""
        with contextlib.suppress(MasterKeyError):
            found = Keyring.load(self._settings)
            if found != self.keys:
                self.keys = found

    def new_conversation_key(self, conversation: Conversation) -> DataKey:
        """Make the data key of a new talk, and put it, wrapped, into its row."""
        key = DataKey.generate()
        conversation.wrapped_key = self.keys.wrap(key, key_place(conversation.id))
        return key

    def conversation_key(self, conversation: Keyed) -> DataKey:
        """The data key of a talk.

        Raises:
            ConversationForgotten: it was destroyed.
        """
        if conversation.wrapped_key is None:
            raise ConversationForgotten(f"Conversation {conversation.id} is forgotten.")
        try:
            return self.keys.unwrap(conversation.wrapped_key, key_place(conversation.id))
        except SealError:
            self.refresh_keys()  # a rotation may have come by a moment ago
            return self.keys.unwrap(conversation.wrapped_key, key_place(conversation.id))

    @property
    def staff_key(self) -> DataKey:
        """The key of everything about members of staff."""
        assert self._staff_key is not None  # noqa: S101 - set by open()
        return self._staff_key

    def login_index(self, login: str) -> bytes:
        """The blind index by which a login name is found without being stored."""
        assert self._login_key is not None  # noqa: S101 - set by open()
        return self._login_key.blind_index(login)

    async def _open_slots(self) -> None:
        async with self.write() as session:
            slots = {slot.name: slot for slot in await session.scalars(select(KeySlot))}
            for name in (STAFF, LOGIN_INDEX):
                if name not in slots:
                    wrapped = self.keys.wrap(DataKey.generate(), slot_place(name))
                    slots[name] = KeySlot(name=name, wrapped_key=wrapped)
                    session.add(slots[name])
        try:
            self._staff_key = self._slot_key(slots[STAFF])
            self._login_key = self._slot_key(slots[LOGIN_INDEX])
        except SealError as error:
            raise MasterKeyError(
                "The master key does not fit this database: put back the one it was made with."
            ) from error

    def _slot_key(self, slot: KeySlot) -> DataKey:
        return self.keys.unwrap(slot.wrapped_key, slot_place(slot.name))


def _refuse_missing_file(url: URL) -> None:
    # SQLite would make an empty file where there is none, and look like a database lost.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise StoreError(f"There is no database at {url.database}: run nachtlicht migrate.")


def _ask(
    connection: Connection, asked: Select[Any], parameters: Mapping[str, Any]
) -> Sequence[Any]:
    try:
        return connection.execute(asked, parameters).all()
    finally:
        connection.rollback()  # the next one shall see what was stored since


def _checkpoint(connection: Connection) -> bool:
    # Past SQLAlchemy, which would begin a transaction first: in one, nothing can be emptied.
    driver = cast(InlineConnection, connection.connection.dbapi_connection)
    told: list[tuple[int, int, int]] = []
    driver.on_disk(lambda: told.extend(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")))
    return not told[0][0]  # the first number says whether somebody stood in the way


def key_place(conversation_id: uuid.UUID) -> bytes:
    """Where the wrapped key of a talk belongs."""
    return place("conversation", "wrapped_key", str(conversation_id))


def slot_place(name: str) -> bytes:
    """Where the wrapped key of a slot belongs."""
    return place("key_slot", "wrapped_key", name)
