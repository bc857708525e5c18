"""Backing up while talks go on, and restoring: what is there comes back, what is wiped does not."""

import asyncio
import dataclasses

import pytest
from sqlalchemy import select

from nachtlicht.chat.views import events_after
from nachtlicht.store import (
    ArchiveError,
    Audit,
    BackupError,
    Conversation,
    ConversationForgotten,
    MasterKeyError,
    Store,
    create_master_key,
    make_backup,
    restore_backup,
)
from tests.support import places
from tests.support.shared import shared_fixture
from tests.support.small_release import HARMLESS, URGENT
from tests.support.talks import Young, open_chat

CANARY = "kanariepiet"


async def test_what_was_backed_up_is_read_from_another_database(chat, settings, live, tmp_path):
    """Lines, states and the desk's claim come back; also into the other kind of database."""
    young, worker = live
    await worker.says(young, f"{CANARY} van de medewerker")
    before = await young.view()
    snapshot = await backed_up(settings, tmp_path)

    for other in elsewhere(settings, tmp_path):
        done = restore_backup(other, snapshot)
        opened = await Store.open(other)
        try:
            assert (await events_after(opened, young.id, 0)).events == before
            assert done.talks == 2
            async with opened.write() as session:
                session.add(Audit(at=settings.now(), action="restored"))
            async with opened.read() as session:
                assert "claim" in " ".join(await session.scalars(select(Audit.action)))
        finally:
            await opened.close()


async def test_backing_up_waits_for_nobody_and_nobody_for_it(chat, settings, young, tmp_path):
    """Lines that come in meanwhile are stored; the snapshot is one moment."""
    copying = asyncio.create_task(backed_up(settings, tmp_path))
    for number in range(5):
        await young.says(f"{HARMLESS} {number}")
    snapshot = await copying

    (other, *_) = elsewhere(settings, tmp_path)
    restore_backup(other, snapshot)
    opened = await Store.open(other)
    try:
        restored = (await events_after(opened, young.id, 0)).events
    finally:
        await opened.close()
    assert restored == (await young.view())[: len(restored)]


async def test_a_wiped_talk_does_not_come_back(chat, settings, young, noise, tmp_path):
    """Also from a snapshot of before: the next backup takes its key away there too."""
    await young.says(f"{CANARY} {HARMLESS}")
    old = await backed_up(settings, tmp_path)
    await chat.forget(young.id)
    settings.move(seconds=1)
    await backed_up(settings, tmp_path)

    (other, *_) = elsewhere(settings, tmp_path)
    done = restore_backup(other, old)

    assert (done.talks, done.without_key) == (1, 1)
    opened = await Store.open(other)
    try:
        async with opened.read() as session:
            assert [row.id for row in await session.scalars(select(Conversation))] == [noise.id]
    finally:
        await opened.close()


async def test_what_is_restored_too_late_is_forgotten_at_once(chat, settings, young, tmp_path):
    """A backup keeps nothing beyond its time: the first round after it forgets."""
    await young.says(HARMLESS)
    snapshot = await backed_up(settings, tmp_path)
    settings.move(hours=25)

    (other, *_) = elsewhere(settings, tmp_path)
    restore_backup(other, snapshot)
    opened = await Store.open(other)
    try:
        async for late in open_chat(other, opened):
            assert (await late.sweep()).forgotten == 2
        async with opened.read() as session:
            row = await session.get_one(Conversation, young.id)
        with pytest.raises(ConversationForgotten):
            opened.conversation_key(row)
    finally:
        await opened.close()


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_a_backup_holds_no_word_and_is_its_owners_alone(chat, settings, young, tmp_path):
    """Not of a talk, and not which desk or door: the whole file is sealed."""
    await young.says(f"{CANARY} {URGENT}")
    await backed_up(settings, tmp_path)

    files = [path for path in (tmp_path / "backups").rglob("*") if path.is_file()]
    assert len(files) == 2
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        raw = path.read_bytes()
        assert not [word for word in (CANARY, "algemeen", "afpersing") if word.encode() in raw]


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_old_snapshots_go(chat, settings, young, tmp_path):
    """After the days that the operator chose."""
    first = await backed_up(settings, tmp_path)
    settings.move(days=7, seconds=1)
    second = await backed_up(settings, tmp_path)

    assert not first.exists()
    assert second.exists()


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_nothing_is_restored_over_what_is_there(chat, settings, young, tmp_path):
    """A database with talks or people in it is left alone."""
    snapshot = await backed_up(settings, tmp_path)

    with pytest.raises(BackupError, match="not empty"):
        restore_backup(settings, snapshot)

    assert await young.view()


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "another file"])
async def test_a_damaged_backup_is_told_and_changes_nothing(chat, settings, young, tmp_path, harm):
    """One sentence; the new database stays empty, so that another snapshot can be tried."""
    snapshot = await backed_up(settings, tmp_path)
    raw = snapshot.read_bytes()
    middle = len(raw) // 2
    broken = {
        "cut": raw[:-100],
        "changed": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
        "empty": b"",
        "another file": b"SQLite format 3",
    }[harm]
    snapshot.write_bytes(broken)
    (other, *_) = elsewhere(settings, tmp_path)

    with pytest.raises(ArchiveError, match="backup"):
        restore_backup(other, snapshot)

    snapshot.write_bytes(raw)
    assert restore_backup(other, snapshot).talks == 2


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_another_master_key_makes_and_opens_no_backup(chat, settings, young, tmp_path):
    """Else a backup would be made that nobody can open."""
    snapshot = await backed_up(settings, tmp_path)
    key = tmp_path / "other.key"
    create_master_key(key)
    stranger = dataclasses.replace(settings, master_key_file=key)

    with pytest.raises(MasterKeyError, match="does not fit"):
        make_backup(stranger, tmp_path / "backups", keep_days=7)
    (other, *_) = elsewhere(stranger, tmp_path)
    with pytest.raises(ArchiveError, match="another master key"):
        restore_backup(other, snapshot)


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_a_full_or_missing_folder_is_one_sentence(chat, settings, young, tmp_path):
    """And what was there before stays."""
    in_the_way = tmp_path / "file"
    in_the_way.touch()

    with pytest.raises(BackupError, match="No backup was made"):
        make_backup(settings, in_the_way, keep_days=7)


async def backed_up(settings, tmp_path):
    """A backup, made beside what goes on."""
    return await asyncio.to_thread(make_backup, settings, tmp_path / "backups", keep_days=7)


def elsewhere(settings, tmp_path):
    """New databases: a file, and where the old one is no file, one on its server."""
    found = [dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path / 'new.db'}")]
    if "postgresql" in settings.database_url:
        server = settings.database_url.rpartition("/")[0] + "/postgres"
        address = places.postgres_settings(tmp_path / "pg", server).database_url
        found.append(dataclasses.replace(settings, database_url=address))
    return found


@shared_fixture
async def live(chat, young, worker):
    """A live talk."""
    await young.says(URGENT)
    await worker.takes(young)
    return young, worker


@shared_fixture
async def noise(chat):
    """Another young person, who is in the same backup."""
    return await Young.begin(chat)
