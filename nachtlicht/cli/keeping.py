"""Commands that keep what is kept safe: backup, restore, rotate-key."""

from __future__ import annotations

import time
from pathlib import Path

import click

from nachtlicht.settings import Settings
from nachtlicht.store import (
    add_master_key,
    drop_old_master_keys,
    make_backup,
    restore_backup,
    rewrap_all,
)

TAKEN_OVER = 6.0  # seconds; a running web app looks for a new master key every two


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keep-days",
    type=click.IntRange(1, 30),
    default=7,
    show_default=True,
    help="Remove snapshots that are older.",
)
def backup(folder: Path, keep_days: int) -> None:
    """Write an encrypted backup into FOLDER, also while Nachtlicht runs.

    The master key is not in it: keep a copy of that elsewhere.
    """
    path = make_backup(Settings.from_env(), folder, keep_days=keep_days)
    click.echo(f"Backed up to {path}")


@click.command()
@click.argument("snapshot", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def restore(snapshot: Path) -> None:
    """Fill an empty database from SNAPSHOT and the talk keys beside it."""
    done = restore_backup(Settings.from_env(), snapshot)
    click.echo(f"Restored {done.talks} talks.")
    if done.without_key:
        click.echo(f"{done.without_key} were forgotten since, and stay forgotten.")


@click.command("rotate-key")
@click.option("--drop-old", is_flag=True, help="End a rotation: leave only the newest key.")
def rotate_key(drop_old: bool) -> None:
    """Make a new master key and wrap every key anew, also while Nachtlicht runs.

    The old key stays behind the new one until --drop-old; backups of before need it.
    """
    settings = Settings.from_env()
    if drop_old:
        gone = drop_old_master_keys(settings)
        click.echo(f"{gone} old master key(s) removed; backups made under them need a copy.")
        return
    add_master_key(settings)
    time.sleep(TAKEN_OVER)  # until then it may still wrap a new talk under the old key
    click.echo(f"{rewrap_all(settings)} keys are under the new master key. Make a backup now.")


COMMANDS = (backup, restore, rotate_key)
