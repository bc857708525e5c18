"""A new master key while the store is in use: all stays readable, nothing stays behind."""

import base64
import dataclasses
import datetime as dt
import os

import pytest
from sqlalchemy import select

from nachtlicht.store import (
    Conversation,
    MasterKeyError,
    RotationError,
    SealError,
    Store,
    add_master_key,
    drop_old_master_keys,
    rewrap_all,
    token_hash,
)
from nachtlicht.store.rotate import BATCH

NOW = dt.datetime(2026, 3, 1, 22, 30, tzinfo=dt.UTC)


async def test_talks_stay_readable_before_during_and_after(settings, store):
    """The running store takes the new key by itself; the old one opens nothing in the end."""
    old = settings.master_key_file.read_text()
    before = await talk(store, "before")
    add_master_key(settings)
    between = await talk(store, "between")  # the store still wraps under the old key
    assert rewrap_all(settings) == 2 + 2  # two talks, and the two keys of the database itself
    store.refresh_keys()
    after = await talk(store, "after")
    assert drop_old_master_keys(settings) == 1

    again = await Store.open(settings)
    try:
        for opened in (store, again):
            assert await keys_of(opened) == {row: key for row, key in (before, between, after)}
    finally:
        await again.close()
    settings.master_key_file.write_text(old)
    with pytest.raises(MasterKeyError, match="does not fit"):
        await Store.open(settings)


async def test_a_store_that_missed_the_change_finds_out_by_itself(settings, store):
    """A key that it cannot open makes it look at the key file again."""
    row, key = await talk(store, "talk")
    add_master_key(settings)
    rewrap_all(settings)
    drop_old_master_keys(settings)

    assert await keys_of(store) == {row: key}


async def test_more_talks_than_fit_in_one_step(settings, store):
    """All of them, in small transactions."""
    for number in range(3):
        async with store.write() as session:
            for place in range(BATCH // 2):
                made = row(f"{number} {place}")
                store.new_conversation_key(made)
                session.add(made)
    add_master_key(settings)

    assert rewrap_all(settings) == 3 * (BATCH // 2) + 2
    assert rewrap_all(settings) == 0


async def test_a_talk_that_was_forgotten_stays_so(settings, store):
    """Its empty place is left empty."""
    gone, _ = await talk(store, "gone")
    async with store.write() as session:
        (await session.get_one(Conversation, gone)).wrapped_key = None
    add_master_key(settings)
    rewrap_all(settings)

    async with store.read() as session:
        assert (await session.get_one(Conversation, gone)).wrapped_key is None


async def test_the_key_file_stays_its_owners_and_is_never_half(settings, store):
    """The newest key stands first, the old one behind it."""
    old = settings.master_key_file.read_text().split()

    add_master_key(settings)

    words = settings.master_key_file.read_text().split()
    assert words[1:] == old
    assert settings.master_key_file.stat().st_mode & 0o777 == 0o600
    assert [name for name in os.listdir(settings.var) if name.endswith(".new")] == []


async def test_the_environment_is_for_the_operator_to_change(settings, store):
    """One key there cannot be rotated by us; with a new one before it, all is wrapped anew."""
    await talk(store, "talk")
    old = settings.master_key_file.read_text().strip()
    fresh = base64.b64encode(bytes(32)).decode()

    with pytest.raises(RotationError, match="put a new one before it"):
        add_master_key(dataclasses.replace(settings, master_key=old))

    both = dataclasses.replace(settings, master_key=f"{fresh} {old}")
    add_master_key(both)
    assert rewrap_all(both) == 3
    with pytest.raises(RotationError, match="yourself"):
        drop_old_master_keys(both)


async def test_a_key_that_nobody_can_open_stops_the_rotation(settings, store):
    """And the old master keys stay in the file: nothing is thrown away on a guess."""
    broken, _ = await talk(store, "broken")
    async with store.write() as session:
        (await session.get_one(Conversation, broken)).wrapped_key = b"\x01abcd not a box at all"
    add_master_key(settings)

    with pytest.raises(RotationError, match="none of the master keys"):
        drop_old_master_keys(settings)

    assert len(settings.master_key_file.read_text().split()) == 2


async def test_a_key_file_that_is_gone_for_a_moment_changes_nothing(settings, store):
    """The store goes on with what it has; a box that does not open is still an error."""
    row, key = await talk(store, "talk")
    settings.master_key_file.rename(settings.var / "away")

    store.refresh_keys()

    assert await keys_of(store) == {row: key}
    async with store.read() as session:
        talk_row = await session.get_one(Conversation, row)
    talk_row.wrapped_key = b"\x01abcd not a box at all"
    with pytest.raises(SealError):
        store.conversation_key(talk_row)


def row(name):
    return Conversation(
        token_hash=token_hash(name),
        entry="algemeen",
        bot_sender="x",
        created_at=NOW,
        last_line_at=NOW,
    )


async def talk(store, name):
    """A stored talk: its id and its key."""
    made = row(name)
    key = store.new_conversation_key(made)
    async with store.write() as session:
        session.add(made)
    return made.id, key


async def keys_of(store):
    async with store.read() as session:
        rows = await session.scalars(select(Conversation))
        return {row.id: store.conversation_key(row) for row in rows}
