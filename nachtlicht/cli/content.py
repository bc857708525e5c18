"""Commands of the editors' room: check, train, publish, rollback. They speak Dutch."""

from __future__ import annotations

import functools
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from nachtlicht.cli import measuring
from nachtlicht.content import publish as publishing
from nachtlicht.content import risk_levels
from nachtlicht.content import train as training
from nachtlicht.content.check import check_sources
from nachtlicht.content.checks.reading import readability
from nachtlicht.content.diff import diff as compare
from nachtlicht.content.issue import Issue
from nachtlicht.content.language import read_language
from nachtlicht.content.picture import draw_routes
from nachtlicht.content.sources import Sources, read_sources
from nachtlicht.encoder import OtherEncoder, RiskClassifier
from nachtlicht.release import Release
from nachtlicht.replay import talks_gate
from nachtlicht.settings import Settings

Say = Callable[[str], None]


@click.command()
def check() -> None:
    """Look at everything in data/ and tell what is wrong, where, and how to mend it."""
    settings = Settings.from_env()
    began = time.monotonic()
    sources = _read(settings)
    issues = check_sources(sources)
    _show(issues, settings)
    reading = None if sources.unread else read_language(sources.data).reading
    if sources.unread:
        click.echo("Of alles bij elkaar past, wordt pas nagekeken als elk bestand te lezen is.")
    if reading is not None:
        click.echo(readability(sources, reading).told(reading))
    seconds = time.monotonic() - began
    if issues:
        found = "1 fout" if len(issues) == 1 else f"{len(issues)} fouten"
        click.echo(f"{found} gevonden in {seconds:.1f} s.")
        sys.exit(1)
    click.echo(f"Geen fouten gevonden ({seconds:.1f} s).")


@click.command()
def train() -> None:
    """Train the bot on data/. What did not change is not trained again."""
    settings = Settings.from_env()
    began = time.monotonic()
    sources = _read(settings)
    trainers = trainer(settings, click.echo), risk_trainer(settings, click.echo)
    model, _ = training.train_both(sources, *trainers)
    click.echo(f"Klaar in {time.monotonic() - began:.0f} s: {model.name}")


@click.command()
def publish() -> None:
    """Check, train and put live what stands in data/; the old release stays for a rollback."""
    settings = Settings.from_env()
    done = publish_now(settings, say=click.echo)
    words = "Live" if done.is_new else "Niets veranderd; live blijft"
    click.echo(f"{words}: {done.id}")
    click.echo("  " + ", ".join(f"{name} {count}" for name, count in done.counts.items()))


@click.command()
@click.argument("release_id", required=False)
def rollback(release_id: str | None) -> None:
    """Put the release before the live one back, or RELEASE_ID."""
    settings = Settings.from_env()
    done = publishing.rollback(settings.releases, release_id)
    click.echo(f"Live: {done.id}")


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
def diff(old: str | None, new: str | None) -> None:
    """Tell in Dutch what changed between two releases; by default the last two."""
    releases = Settings.from_env().releases
    known = {path.name: path for path in publishing.all_releases(releases)}
    names, live = sorted(known), (releases / publishing.CURRENT).resolve().name
    if len(names) < 2:
        raise publishing.PublishError("Er is nog geen tweede versie om mee te vergelijken.")
    chosen = [old or names[-2], new or names[-1]]
    for name in chosen:
        if name not in known:
            told = f"Versie {name} is er niet. Er zijn: {', '.join(names)}."
            raise publishing.PublishError(told)
    first, last = (f"{name} (live)" if name == live else name for name in chosen)
    click.echo(f"Van {first} naar {last}:")
    for line in compare(known[chosen[0]], known[chosen[1]]) or ["Geen verschil."]:
        click.echo(line)


@click.command()
@click.argument("folder", default="var/pictures", type=click.Path(path_type=Path))
def pictures(folder: Path) -> None:
    """Draw every story and the routes as SVG into FOLDER."""
    drawn = draw_routes(_read(Settings.from_env()), folder)
    click.echo(f"{len(drawn)} tekeningen in {folder}")


def publish_now(settings: Settings, *, say: Say, gated: bool = True) -> publishing.Published:
    """Publish to where the running system looks; see `publish_to`."""
    return publish_to(settings, settings.releases, say=say, gated=gated)


def publish_to(
    settings: Settings, releases: Path, *, say: Say, gated: bool
) -> publishing.Published:
    """Check, train, try and publish; what a red check or gate found is shown.

    Raises:
        PublishError, TrainingError, ReplayError: nothing was published.
        SetError, BarsError, ParseError: nothing was published, as nothing could be measured.
    """
    sources = _read(settings)
    try:
        return publishing.publish(
            sources,
            releases,
            now=settings.now(),
            trainer=trainer(settings, say),
            issues=check_sources(sources),
            risk_trainer=risk_trainer(settings, say),
            gate=_gate(settings, say) if gated else None,
        )
    except publishing.CheckFailed as error:
        _show(error.issues, settings)
        raise
    except publishing.GateFailed as error:
        for fault in error.faults:
            say(fault)
        raise


def lacks_release(settings: Settings) -> bool:
    """Whether nothing can start before something is published; tells how it stands.

    That is when there is no release, and after an update that brought another encoder: neither
    bot nor model can read what was made with the old one. A broken one is an error, never
    replaced.
    """
    if not (settings.releases / publishing.CURRENT).is_symlink():
        _indented("no release yet: checking, training and publishing the first one …")
        return True
    release = Release.current(settings.releases)
    if _fits(release):
        _indented(f"release {release.id}")
        return False
    _indented(f"release {release.id} was made with another encoder: publishing anew …")
    return True


@click.command(hidden=True)
def publish_shipped() -> None:
    """Publish without playing the talks, for `run`: what came with the code has been played.

    A newcomer waits long enough.
    """
    done = publish_now(Settings.from_env(), say=_indented, gated=False)
    _indented(f"release {done.id}")


def _indented(text: str) -> None:
    click.echo(f"  {text}")


def _fits(release: Release) -> bool:
    """Whether the release can be read with the encoder that came with the code."""
    try:
        if release.risk_model_path is not None:
            RiskClassifier.load(release.risk_model_path)
    except OtherEncoder:
        return False
    return True


def _read(settings: Settings) -> Sources:
    return read_sources(settings.data, settings.root, today=settings.now().date())


def trainer(settings: Settings, say: Say) -> training.Trainer:
    """What trains the bot for `publish`, with its cache under var/."""
    return functools.partial(training.train, cache=settings.var / "cache", progress=say)


def _gate(settings: Settings, say: Say) -> publishing.Gate:
    return measuring.whole_gate(settings, talks_gate(settings, progress=say), say=say)


def risk_trainer(settings: Settings, say: Say) -> training.Trainer:
    """What trains the risk model, with the same cache."""
    return functools.partial(risk_levels.train_model, cache=settings.var / "cache", progress=say)


def _show(issues: list[Issue] | tuple[Issue, ...], settings: Settings) -> None:
    """Print findings with paths as the editor knows them, and how many of each kind."""
    for issue in issues:
        path = issue.path
        if path.is_absolute() and path.is_relative_to(settings.root):
            path = path.relative_to(settings.root)
        click.echo(f"{Path(path)}:{issue.line}: {issue.text} [{issue.rule}]")
    if len(issues) > 10:
        kinds = Counter(issue.rule for issue in issues)
        click.echo("  ".join(f"{rule} {count}" for rule, count in kinds.most_common()))


COMMANDS = (check, train, publish, publish_shipped, rollback, diff, pictures)
