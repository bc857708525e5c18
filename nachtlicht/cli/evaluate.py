"""The command `evaluate`: how well a release finds risk, on the development sets."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import click

from nachtlicht.chat.desk.agreement import agreement
from nachtlicht.cli.measuring import measure
from nachtlicht.content.measure import Period, Report, page, set_floors, summary
from nachtlicht.content.publish import CURRENT
from nachtlicht.settings import Settings
from nachtlicht.store import Store

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--set", "sets", multiple=True, type=FOLDER, help="A set; by default tests/data/*.")
@click.option("--release", type=FOLDER, help="A release folder; by default the live one.")
@click.option("--rules-only", is_flag=True, help="Neither the risk model nor the bot: rules alone.")
@click.option("--corrections", is_flag=True, help="Read from the database if counsellors agreed.")
@click.option("--json", "json_file", type=FILE, help="Write everything as JSON.")
@click.option("--html", "html_file", type=FILE, help="Write one page for editors.")
@click.option("--set-floors", "floors", is_flag=True, help="Put what is held now in levels.yml.")
def evaluate(
    sets: tuple[Path, ...],
    release: Path | None,
    rules_only: bool,
    corrections: bool,
    json_file: Path | None,
    html_file: Path | None,
    floors: bool,
) -> None:
    """Measure a release on messages and talks by writers that nobody trained on.

    A release that is not live is compared with the one that is. What is found is told and
    written; only the gate refuses.
    """
    if floors and sets:
        raise click.UsageError("Grenzen gelden voor alle sets: laat --set weg bij --set-floors.")
    settings = Settings.from_env()
    folder = release or settings.releases / CURRENT
    report = measure(settings, folder, sets, rules_only=rules_only)
    if corrections:
        report = dataclasses.replace(report, agreement=asyncio.run(_agreement(settings)))
    for line in summary(report):
        click.echo(line)
    _write(report, json_file, html_file)
    if floors:
        for line in set_floors(settings.data, report.figures, rules_only=rules_only):
            click.echo(line)


def _write(report: Report, json_file: Path | None, html_file: Path | None) -> None:
    if json_file is not None:
        json_file.write_text(report.to_json(), encoding="utf-8")
    if html_file is not None:
        html_file.write_text(page(report), encoding="utf-8")
        click.echo(f"Het verslag staat in {html_file}.")


async def _agreement(settings: Settings) -> tuple[Period, ...]:
    store = await Store.open(settings)
    try:
        return tuple(Period(**dataclasses.asdict(one)) for one in await agreement(store))
    finally:
        await store.close()


COMMANDS = (evaluate,)
