"""The store: one writer, readers that cannot write, and a database that knows its master key."""

import asyncio
import dataclasses
import datetime as dt

import pytest
from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from nachtlicht.risk import RiskLevel
from nachtlicht.store import (
    Audit,
    Author,
    Conversation,
    ConversationForgotten,
    Event,
    EventKind,
    Handoff,
    HandoffStatus,
    MasterKeyError,
    Message,
    Store,
    StoreError,
    create_master_key,
    token_hash,
)
from tests.support import places

NOW = dt.datetime(2026, 3, 1, 22, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))


async def test_a_line_comes_back_as_it_was_written(store, talk):
    """Text and buttons open with the talk's key, and what is empty stays empty."""
    message = await talk.line("hallo 🙂", buttons=[{"title": "ja", "payload": "/ja"}])

    async with store.read() as session:
        row = await session.get_one(Conversation, talk.id)
        key = store.conversation_key(row)
        stored = await session.get_one(Message, message.id)
        assert stored.unseal(key, "text") == "hallo 🙂"
        assert stored.unseal(key, "buttons") == [{"title": "ja", "payload": "/ja"}]
        assert stored.author is Author.YOUTH


async def test_a_column_that_does_not_exist_cannot_be_sealed(talk):
    """A misspelled column is an error, not a text that is lost."""
    with pytest.raises(AttributeError, match="txet"):
        Message(conversation_id=talk.id, seq=1, author=Author.BOT, at=NOW).seal(
            talk.key, "txet", "hallo"
        )


LAST = select(Conversation.last_seq).where(Conversation.id == bindparam("talk"))


async def test_rows_see_what_was_stored_since(store, talk):
    """The connection that is kept for them holds on to no earlier moment."""
    (first,) = await store.rows(LAST, {"talk": talk.id})
    async with store.write() as session:
        row = await session.get_one(Conversation, talk.id)
        row.last_seq += 1
        await session.flush()
        assert await store.rows(LAST, {"talk": talk.id}) == [first]  # not stored yet

    (second,) = await store.rows(LAST, {"talk": talk.id})
    assert second.last_seq == first.last_seq + 1


async def test_rows_are_asked_again_after_an_error(store, talk):
    """One question that fails does not spoil the next."""
    broken = select(Conversation.id).where(text("no_such_column = 1"))
    with pytest.raises(DBAPIError):
        await store.rows(broken, {})

    assert len(await store.rows(LAST, {"talk": talk.id})) == 1


async def test_the_key_of_one_talk_does_not_open_another(store, talk, noise):
    """Two talks, two keys."""
    async with store.read() as session:
        rows = {row.id: row for row in await session.scalars(select(Conversation))}

    assert store.conversation_key(rows[talk.id]) != store.conversation_key(rows[noise.id])


async def test_a_talk_whose_key_is_gone_cannot_be_read(store, talk):
    """Destroying the wrapped key is forgetting."""
    async with store.write() as session:
        await session.execute(
            update(Conversation).where(Conversation.id == talk.id).values(wrapped_key=None)
        )

    async with store.read() as session:
        row = await session.get_one(Conversation, talk.id)
    with pytest.raises(ConversationForgotten):
        store.conversation_key(row)


async def test_moments_come_back_in_utc_and_need_a_zone(store, talk):
    """What was written at 22.30 in Amsterdam is 21.30 UTC; a moment without a zone is refused."""
    async with store.read() as session:
        row = await session.get_one(Conversation, talk.id)
        assert row.created_at == NOW
        assert row.created_at.utcoffset() == dt.timedelta(0)

    with pytest.raises(StatementError, match="has no zone"):
        async with store.write() as session:
            session.add(_row(created_at=NOW.replace(tzinfo=None)))


async def test_the_most_urgent_handoff_comes_first(store, talk, noise):
    """ORDER BY level means urgency, on every database."""
    async with store.write() as session:
        session.add(_handoff(noise.id, level=RiskLevel.URGENT))
        session.add(_handoff(talk.id, level=RiskLevel.ACUTE))

    async with store.read() as session:
        levels = await session.scalars(select(Handoff.level).order_by(Handoff.level.desc()))
        assert levels.all() == [RiskLevel.ACUTE, RiskLevel.URGENT]


async def test_a_talk_has_at_most_one_handoff_that_is_not_closed(store, talk):
    """The database itself refuses the second; closed ones do not count."""
    async with store.write() as session:
        session.add(_handoff(talk.id, status=HandoffStatus.CLOSED))
        session.add(_handoff(talk.id, status=HandoffStatus.CLAIMED))

    with pytest.raises(IntegrityError):
        async with store.write() as session:
            session.add(_handoff(talk.id))


async def test_a_number_is_given_once_in_a_talk(store, talk):
    """Two events with one seq cannot be stored."""
    async with store.write() as session:
        session.add(Event(conversation_id=talk.id, seq=1, kind=EventKind.STATE, at=NOW))

    with pytest.raises(IntegrityError):
        async with store.write() as session:
            session.add(Event(conversation_id=talk.id, seq=1, kind=EventKind.STATE, at=NOW))


async def test_what_fails_is_rolled_back_whole(store, talk):
    """An error after a write leaves nothing behind."""

    async def fail():
        async with store.write() as session:
            session.add(_handoff(talk.id))
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with store.read() as session:
        assert (await session.scalars(select(Handoff))).all() == []


async def test_a_reader_cannot_write(store, talk):
    """`read()` refuses a change, so that no change escapes the one writer."""

    async def write():
        async with store.read() as session:
            await session.execute(delete(Conversation))
            await session.commit()

    with pytest.raises(DBAPIError):
        await write()

    async with store.read() as session:
        assert await session.get(Conversation, talk.id) is not None


async def test_twenty_writers_at_once_lose_nothing(store, talk):
    """Each reads a number and writes the next: no update is lost."""

    async def count_on() -> None:
        async with store.write() as session:
            row = await session.get_one(Conversation, talk.id, with_for_update=True)
            row.last_seq += 1

    await asyncio.gather(*(count_on() for _ in range(20)))

    async with store.read() as session:
        assert (await session.get_one(Conversation, talk.id)).last_seq == 20


async def test_a_writer_who_is_cancelled_at_any_moment_harms_nobody(store, talk, caplog):
    """Also in the middle of a commit: what was begun is done whole or not, and others go on."""

    async def count_on() -> None:
        async with store.write() as session:
            row = await session.get_one(Conversation, talk.id, with_for_update=True)
            row.last_seq += 1

    for moments in range(25):
        task = asyncio.create_task(count_on())
        for _ in range(moments):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await count_on()

    async with store.read() as session:
        assert 1 <= (await session.get_one(Conversation, talk.id)).last_seq <= 26
    assert [record.name for record in caplog.records if record.levelname == "ERROR"] == []


async def test_readers_do_not_wait_for_a_writer(store, talk):
    """While a transaction is open, others read what was there before it."""
    async with store.write() as session:
        (await session.get_one(Conversation, talk.id)).last_seq = 7
        await session.flush()
        async with asyncio.timeout(2), store.read() as reader:
            assert (await reader.get_one(Conversation, talk.id)).last_seq == 0


async def test_removing_a_talk_removes_its_lines(store, talk):
    """Children go with their parent; nothing is left that points nowhere."""
    await talk.line("hallo")
    async with store.write() as session:
        await session.delete(await session.get_one(Conversation, talk.id))

    async with store.read() as session:
        assert (await session.scalars(select(Message))).all() == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
async def test_the_audit_can_only_grow(store, statement):
    """The database refuses to change or remove a line."""
    async with store.write() as session:
        session.add(Audit(at=NOW, action="sign_in"))

    with pytest.raises(DBAPIError, match="append-only"):
        async with store.write() as session:
            await session.execute(text(statement))

    async with store.read() as session:
        assert (await session.scalars(select(Audit.action))).all() == ["sign_in"]


async def test_a_wrong_master_key_is_refused_at_the_start(settings, store, tmp_path):
    """One clear sentence, before anything is served."""
    other = tmp_path / "other.key"
    create_master_key(other)

    with pytest.raises(MasterKeyError, match="does not fit this database"):
        await Store.open(dataclasses.replace(settings, master_key_file=other))


async def test_a_second_start_with_the_right_key_finds_the_same_names(settings, store):
    """The staff keys are made once and found again."""
    again = await Store.open(settings)
    try:
        assert again.login_index("sanne") == store.login_index("Sanne ")
        assert again.staff_key == store.staff_key
    finally:
        await again.close()


async def test_a_database_without_tables_is_named(settings):
    """The operator is told to migrate."""
    empty = _elsewhere(settings)

    with pytest.raises(StoreError, match="nachtlicht migrate"):
        await Store.open(empty)


async def test_no_text_is_in_an_error_of_the_database(store, talk):
    """Errors hide their parameters: they end in logs."""
    with pytest.raises(IntegrityError) as refusal:
        async with store.write() as session:
            session.add_all(_row(token_hash=b"same", entry="kanarie") for _ in range(2))

    assert "kanarie" not in str(refusal.value)


async def test_the_file_is_as_durable_and_as_clean_as_promised(sqlite_store):
    """WAL, FULL, foreign keys, deleted pages zeroed: on every connection."""
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for door in (sqlite_store.read, sqlite_store.write):
        async with door() as session:
            found = {name: await session.scalar(text(f"PRAGMA {name}")) for name in expected}
        assert found == expected


async def test_only_its_owner_reads_the_file(sqlite_store, tmp_path):
    """The file and its logs are closed to others."""
    modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.glob("nachtlicht.db*")}

    assert modes == dict.fromkeys(modes, 0)
    assert "nachtlicht.db-wal" in modes


async def test_the_log_of_sqlite_can_be_emptied(sqlite_store, tmp_path):
    """After `sweep_log` no old page is left in the write-ahead log."""
    await Stored(sqlite_store, "talk").begin()
    assert (tmp_path / "nachtlicht.db-wal").stat().st_size > 0

    await sqlite_store.sweep_log()

    assert (tmp_path / "nachtlicht.db-wal").stat().st_size == 0


async def test_the_log_is_emptied_later_when_somebody_reads(sqlite_store, tmp_path):
    """A long read, such as a backup, stands in the way: the store knows, and can try again."""
    await Stored(sqlite_store, "talk").begin()
    async with sqlite_store.read() as reader:
        await reader.scalars(select(Conversation))
        await Stored(sqlite_store, "other").begin()
        await sqlite_store.sweep_log()
        assert sqlite_store.is_log_swept is False
        assert (tmp_path / "nachtlicht.db-wal").stat().st_size > 0

    await sqlite_store.sweep_log()

    assert sqlite_store.is_log_swept is True
    assert (tmp_path / "nachtlicht.db-wal").stat().st_size == 0


def _elsewhere(settings):
    """The same settings with a database that was never migrated."""
    if "sqlite" in settings.database_url:
        path = settings.var / "empty.db"
        path.touch()
        return dataclasses.replace(settings, database_url=f"sqlite:///{path}")
    return dataclasses.replace(
        settings, database_url=settings.database_url.rpartition("/")[0] + "/postgres"
    )


def _row(**changes):
    fields = {
        "token_hash": token_hash("token"),
        "entry": "algemeen",
        "bot_sender": "x",
        "created_at": NOW,
        "last_line_at": NOW,
    }
    return Conversation(**fields | changes)


def _handoff(conversation_id, **changes):
    fields = {
        "conversation_id": conversation_id,
        "level": RiskLevel.URGENT,
        "opened_at": NOW,
        "desk_code": "nacht",
        "reason": "risk",
    }
    return Handoff(**fields | changes)


class Stored:
    """A talk in the store, with its key."""

    def __init__(self, store, name):
        self._store, self._name = store, name

    async def begin(self):
        row = _row(token_hash=token_hash(self._name))
        self.key, self.id = self._store.new_conversation_key(row), row.id
        async with self._store.write() as session:
            session.add(row)
        return self

    async def line(self, text, **sealed):
        message = Message(conversation_id=self.id, seq=1, author=Author.YOUTH, at=NOW)
        for column, value in {"text": text, **sealed}.items():
            message.seal(self.key, column, value)
        async with self._store.write() as session:
            session.add(message)
        return message


@pytest.fixture
async def sqlite_store(tmp_path, sqlite_template):
    """A store on a file, for what only a file can promise."""
    opened = await Store.open(places.sqlite_settings(tmp_path, sqlite_template))
    yield opened
    await opened.close()


@pytest.fixture
async def talk(store):
    return await Stored(store, "talk").begin()


@pytest.fixture(autouse=True)
async def noise(store):
    """Another talk, in every test, so that none passes because the table is empty."""
    return await Stored(store, "noise").begin()
