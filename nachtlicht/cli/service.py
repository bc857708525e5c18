"""Commands of the operator: run, serve, migrate, invite, forget."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid

import click

from nachtlicht.chat.bot import BotClient, BotSilent
from nachtlicht.chat.forget import forget_talk
from nachtlicht.chat.staff import invite as invite_person
from nachtlicht.chat.staff import invite_first
from nachtlicht.cli import content
from nachtlicht.cli import run as running
from nachtlicht.settings import Settings
from nachtlicht.store import Role, Store, create_master_key
from nachtlicht.store import migrate as migrate_store
from nachtlicht.web import serve as serving


@click.command()
def run() -> None:
    """Start web app, actions and bot, and keep them running until Ctrl-C.

    Makes what is missing first: folders, keys, the database, a first release.
    """
    settings = Settings.from_env()
    began = time.monotonic()
    running.stop_on_signals()
    running.prepare_var(settings)
    running.refuse_taken_ports(settings)
    click.echo("Nachtlicht is starting.")
    _migrate(settings)
    click.echo("  database ready")
    if content.lacks_release(settings):
        running.aside(settings, "publish-shipped")
    link = asyncio.run(_first_sign_in(settings))
    try:
        with running.supervised(settings) as child:
            running.wait_until_ready(settings, child)
            _show_addresses(settings, link, time.monotonic() - began)
            running.wait_for_stop(child)
    except KeyboardInterrupt:
        click.echo("\nStopped. Everything that was started has ended; the data stays in var/.")


@click.command()
def serve() -> None:
    """Run the web app alone: youth API, stream, widget and desk."""
    serving.run(Settings.from_env())


@click.command()
def migrate() -> None:
    """Bring the database to the newest revision. A second call changes nothing."""
    settings = Settings.from_env()
    running.prepare_var(settings)
    _migrate(settings)
    click.echo("The database is up to date.")


@click.command()
@click.argument("login")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.COUNSELLOR.value,
    show_default=True,
)
def invite(login: str, role: str) -> None:
    """Print a one-time link with which LOGIN chooses a password and a second factor."""
    settings = Settings.from_env()

    async def make() -> str:
        store = await Store.open(settings)
        try:
            made = await invite_person(store, login, Role(role), now=settings.now())
            return made.token
        finally:
            await store.close()

    token = asyncio.run(make())
    click.echo(f"{settings.public_origin}/desk/uitnodiging#{token}")


def _migrate(settings: Settings) -> None:
    """Migrate; a first database gets its master key just before.

    A key that is gone while its SQLite file is there is never replaced: `Store.open` says so.
    """
    database = settings.var / "nachtlicht.db"
    if not settings.master_key and not database.exists():
        create_master_key(settings.master_key_file)
    migrate_store(settings)


async def _first_sign_in(settings: Settings) -> str | None:
    store = await Store.open(settings)
    try:
        return await invite_first(store, settings)
    finally:
        await store.close()


def _show_addresses(settings: Settings, link: str | None, seconds: float) -> None:
    """Tell where everything is; the demo page lies at another origin on purpose."""
    lines = [
        f"Ready in {seconds:.0f} s.",
        "",
        f"  Demo page   http://localhost:{settings.port}/demo.html",
        f"  Full page   {settings.public_origin}/chat",
        f"  Desk        {settings.public_origin}/desk/",
    ]
    if link:
        lines += ["", "  First counsellor: open this once, within 24 hours", f"  {link}"]
    lines += ["", "  Ctrl-C stops everything."]
    click.echo("\n".join(lines))


@click.command()
@click.argument("conversation_id", type=click.UUID)
def forget(conversation_id: uuid.UUID) -> None:
    """Destroy the key and the lines of one talk, at once and for good."""
    settings = Settings.from_env()
    found = asyncio.run(_forget(settings, conversation_id))
    if not found:
        raise click.UsageError(f"There is no talk {conversation_id}, or it was forgotten before.")
    click.echo(f"Talk {conversation_id} is forgotten.")


async def _forget(settings: Settings, conversation_id: uuid.UUID) -> bool:
    store, bot = await Store.open(settings), BotClient(settings)
    try:
        sender = await forget_talk(store, conversation_id, now=settings.now())
        if sender is not None:
            with contextlib.suppress(BotSilent):  # dead, it has forgotten; else it will in 2 hours
                await bot.forget(sender)
        return sender is not None
    finally:
        await bot.close()
        await store.close()


COMMANDS = (run, serve, migrate, invite, forget)
