"""Commands that judge and play: assess, replay, gate, try."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, TextIO

import click

from nachtlicht.chat.releases import Releases
from nachtlicht.cli import content, measuring
from nachtlicht.content.assess import AssessError, assess_lines, read_rows
from nachtlicht.content.talk_files import read_talks
from nachtlicht.replay import replay as play
from nachtlicht.replay import report
from nachtlicht.replay.try_page import create_try_app
from nachtlicht.replay.workshop import Workshop
from nachtlicht.settings import Settings


@click.command()
@click.option("--rules-only", is_flag=True, help="Neither the risk model nor the bot: rules alone.")
@click.argument("file", type=click.File(encoding="utf-8", errors="surrogateescape"))
def assess(file: TextIO, rules_only: bool) -> None:
    r"""Judge messages or talks: JSON lines in (FILE, or - for standard input), JSON lines out.

    \b
    In:  {"id", "text"} or {"id", "messages": [{"youth": …} | {"bot": …}, …]}
    Out: {"id", "level", "rules_level", "model_level", "p_urgent", "theme", "intent", "reasons"}
    """
    settings = Settings.from_env()
    live = Releases(settings.releases).live
    try:
        rows = list(read_rows(file))
    except AssessError as error:
        raise click.UsageError(str(error)) from error
    by = measuring.detector(settings, live, rules_only=rules_only)
    for judged in assess_lines(by.rules, rows, classifier=by.classifier, intents=by.intents):
        click.echo(json.dumps(judged, ensure_ascii=False))


@click.command()
@click.option("--lines", is_flag=True, help="Show what was said, also where all went well.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def replay(files: tuple[Path, ...], lines: bool) -> None:
    """Play whole talks (FILES or folders) against the live release, as the web app would."""
    settings = Settings.from_env()
    talks, issues = read_talks(files)
    for issue in issues:
        click.echo(str(issue), err=True)
    if issues:
        sys.exit(2)
    release = Releases(settings.releases).release
    played = asyncio.run(play(settings, release, talks))
    for line in report(played, settings.root, with_lines=lines):
        click.echo(line)
    if any(talk.unmet for talk in played):
        sys.exit(1)


@click.command()
def gate() -> None:
    """Build a release from data/ and try it, without putting it live."""
    settings = Settings.from_env()
    with tempfile.TemporaryDirectory(prefix="nachtlicht-gate-") as folder:
        done = content.publish_to(settings, Path(folder), say=click.echo, gated=True)
        click.echo(f"De toets is groen: {done.counts['talks']} gesprekken zoals verwacht.")


@click.command("try")
@click.option("--port", default=8090, show_default=True, help="Port on this machine.")
def try_out(port: int) -> None:
    """Open a local page on which an editor types and sees what would happen, and why."""
    settings = Settings.from_env()

    async def main() -> None:
        async with Workshop(
            settings,
            content.trainer(settings, click.echo),
            content.risk_trainer(settings, click.echo),
        ) as workshop:
            app = create_try_app(workshop)
            server: Any = await app.create_server(
                host="127.0.0.1", port=port, access_log=False, return_asyncio_server=True
            )
            if server is None:
                raise click.UsageError(f"Poort {port} is bezet. Kies een andere met --port.")
            await server.startup()
            click.echo(f"Open http://127.0.0.1:{port}/ (Ctrl-C stopt)")
            await server.serve_forever()

    asyncio.run(main())


COMMANDS = (assess, replay, gate, try_out)
