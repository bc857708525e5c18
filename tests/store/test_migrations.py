"""Every migration: up and down, equal to the models, and with rows in it."""

import datetime as dt

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from nachtlicht.store import Base, DatabaseUrlError, MigrationError, migrate
from nachtlicht.store.engine import parse_url
from nachtlicht.store.migrate import config, run
from tests.support import places

NOW = dt.datetime(2026, 3, 1, 22, 30, tzinfo=dt.UTC)


def test_the_newest_revision_equals_the_models(migrated):
    """A model that was changed without a migration is found here."""
    assert _on(migrated, _differences) == []


def test_a_second_migration_changes_nothing(migrated):
    """`migrate` may be run at every start."""
    migrate(migrated)

    assert _on(migrated, _differences) == []


def test_all_the_way_down_and_up_again(migrated):
    """Each revision undoes what it did; nothing but Alembic's own table is left at the bottom."""
    _on(migrated, lambda connection: command.downgrade(config(connection), "base"))
    assert set(_on(migrated, _tables)) <= {"alembic_version"}

    migrate(migrated)
    assert _on(migrated, _differences) == []


def test_rows_survive_each_step_up(fresh):
    """A talk that was stored under the first revision is still there under the newest."""
    migrate(fresh, "0001")
    _on(fresh, _insert_talk)

    for revision in _revisions():
        migrate(fresh, revision)
        assert _on(fresh, lambda c: c.scalar(text("SELECT entry FROM conversation"))) == "algemeen"


def test_a_migration_that_breaks_leaves_the_database_as_it_was(fresh):
    """All steps are one transaction: nothing half done is left to mend by hand."""
    migrate(fresh, "0001")
    _on(fresh, lambda c: c.execute(text("CREATE TABLE closing (in_the_way INTEGER)")))
    before = _on(fresh, _tables)

    with pytest.raises(MigrationError):
        migrate(fresh)

    assert _on(fresh, _tables) == before


def test_there_is_one_line_of_revisions():
    """Two heads would mean that two people's changes were never put in order."""
    assert len(ScriptDirectory.from_config(_offline()).get_heads()) == 1


@pytest.mark.parametrize("url", ["mysql://x/y", "not an address", ""])
def test_an_address_that_we_do_not_serve_is_refused(tmp_path, url):
    """The sentence names the setting and not the address, which may hold a password."""
    settings = places.sqlite_settings(tmp_path)
    object.__setattr__(settings, "database_url", url)

    with pytest.raises(DatabaseUrlError, match="DATABASE_URL"):
        migrate(settings)


def _on(settings, step):
    found = []
    run(parse_url(settings.database_url), lambda connection: found.append(step(connection)))
    return found[0]


def _differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, Base.metadata)


def _tables(connection):
    return sorted(inspect(connection).get_table_names())


def _insert_talk(connection):
    connection.execute(
        text(
            "INSERT INTO conversation (id, token_hash, entry, bot_sender, created_at, "
            "last_line_at, state, level, last_seq, bot_turns, wanted_human, offered_human, "
            "is_test) VALUES (:id, :hash, 'algemeen', 'x', :now, :now, 'bot', 0, 0, 0, "
            "false, false, false)"
        ),
        {"id": "0" * 32, "hash": b"hash", "now": NOW.replace(tzinfo=None)},
    )


def _revisions():
    walked = ScriptDirectory.from_config(_offline()).walk_revisions()
    return [script.revision for script in walked][::-1]


def _offline():
    return config(None)


@pytest.fixture
def migrated(fresh):
    migrate(fresh)
    return fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request, tmp_path):
    """Settings with a database that holds nothing yet."""
    if request.param == "sqlite":
        yield places.sqlite_settings(tmp_path)
        return
    made = places.postgres_settings(tmp_path, request.getfixturevalue("postgres"))
    yield made
    places.drop_postgres(made)
