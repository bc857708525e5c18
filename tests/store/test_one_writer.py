"""Writers on SQLite share commits: each is told after its own, and each fails for itself."""

import asyncio

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from nachtlicht.store import Conversation

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
async def table(store):
    """A store on SQLite with a table of words, each once."""
    await write(store, "CREATE TABLE word (word UNIQUE, filler)")
    return store


async def write(store, *statements):
    async with store.write() as session:
        for statement in statements:
            await session.execute(text(statement))


def leave_room_for(connection, pages):
    driver = connection.connection.dbapi_connection
    (used,) = driver.execute("PRAGMA page_count").fetchone()
    driver.execute(f"PRAGMA max_page_count = {used + pages}").close()


def add(store, word, size=0):
    return write(store, f"INSERT INTO word VALUES ('{word}', zeroblob({size}))")


async def words(store):
    async with store.read() as session:
        return set(await session.scalars(text("SELECT word FROM word")))


async def test_writers_who_wait_share_a_commit(table):
    """Twenty at once need two or three commits, not twenty."""
    commits = []
    event.listen(table._writer.sync_engine, "commit", commits.append)

    await asyncio.gather(*(add(table, number) for number in range(20)))

    assert len(await words(table)) == 20
    assert 1 <= len(commits) <= 3


async def test_nobody_is_told_before_the_commit(table):
    """What a writer was told is seen by every reader, in whatever order they are told."""

    async def add_and_look(word):
        await add(table, word)
        return word in await words(table)

    assert all(await asyncio.gather(*(add_and_look(letter) for letter in "abcdefghijklmnop")))


async def test_one_that_fails_leaves_the_others(table):
    """Of two with the same word the second fails; all else is stored."""
    told = await asyncio.gather(
        *(add(table, word) for word in ("een", "twee", "een", "drie")), return_exceptions=True
    )

    assert [type(error) for error in told if error] == [IntegrityError]
    assert told[2] is not None
    assert await words(table) == {"een", "twee", "drie"}


async def test_a_commit_that_fails_fails_for_all(table):
    """Nobody is told that it is stored, nothing is, and the next one can write."""

    def fail(_connection):
        raise OperationalError("COMMIT", None, OSError("disk"))

    event.listen(table._writer.sync_engine, "commit", fail)
    told = await asyncio.gather(*(add(table, n) for n in range(5)), return_exceptions=True)
    event.remove(table._writer.sync_engine, "commit", fail)

    assert {type(error) for error in told} == {OperationalError}
    assert await words(table) == set()
    await add(table, "weer")
    assert await words(table) == {"weer"}


async def test_a_disk_that_fills_up_in_the_middle_tells_all_whom_it_undoes(table):
    """What was told to be stored is, and what was told to have failed is not."""
    async with table._writer.connect() as connection:
        await connection.run_sync(leave_room_for, 8)
    sizes = {"klein": 10, "groot": 1_000_000, "later": 10}

    told = dict(
        zip(
            sizes,
            await asyncio.gather(
                *(add(table, word, size) for word, size in sizes.items()), return_exceptions=True
            ),
            strict=True,
        )
    )

    assert isinstance(told["groot"], OperationalError)
    assert await words(table) == {word for word, error in told.items() if error is None}


@pytest.mark.parametrize("moments", range(12))
async def test_who_is_cancelled_keeps_nobody_waiting(table, moments):
    """At whatever moment the first goes away, those with whom it shares a commit are told."""
    tasks = [asyncio.create_task(add(table, word)) for word in ("een", "twee", "drie")]
    for _ in range(moments):
        await asyncio.sleep(0)
    tasks[0].cancel()

    async with asyncio.timeout(5):
        told = await asyncio.gather(*tasks, return_exceptions=True)

    assert told[1:] == [None, None]
    assert await words(table) >= {"twee", "drie"}


async def test_the_log_is_swept_between_two_transactions(table):
    """Writers before and after it lose nothing by it, and it waits for no reader of theirs."""
    await asyncio.gather(
        *(add(table, number) for number in range(5)),
        table.sweep_log(),
        *(add(table, number) for number in range(5, 10)),
    )

    assert len(await words(table)) == 10
    assert table.is_log_swept
    async with table.read() as session:
        assert (await session.scalars(select(Conversation))).all() == []
