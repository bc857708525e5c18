"""Measures a release on the development sets, alone and as a part of the gate."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from nachtlicht.chat.judge import classify
from nachtlicht.chat.releases import Live, Releases
from nachtlicht.content.assess import bot_intents
from nachtlicht.content.measure import (
    Detector,
    Outcome,
    Report,
    found_sets,
    judge,
    make_report,
    page,
    read_bars,
    read_sets,
    summary,
)
from nachtlicht.content.publish import CURRENT, Gate
from nachtlicht.release import ReleaseError
from nachtlicht.risk import Classifier, RiskRulesError
from nachtlicht.settings import Settings

Say = Callable[[str], None]
PAGE = "toets.html"  # under var/
NO_SETS = (
    "Het risico kan niet gemeten worden: in tests/data/ staan geen berichten (messages.jsonl). "
    "Zonder meting gaat er niets live. [risico]"
)


def load(folder: Path) -> Live:
    """Open any release folder as the web app opens the live one.

    Raises:
        ReleaseError, RiskRulesError: it cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="nachtlicht-release-") as name:
        (Path(name) / CURRENT).symlink_to(folder.resolve())
        return Releases(Path(name)).live


def classifier_of(live: Live) -> Classifier | None:
    """The risk model of a release, as `assess` asks it; None when the release has none."""
    model = live.classifier
    return None if model is None else functools.partial(classify, model)


def detector(settings: Settings, live: Live, *, rules_only: bool) -> Detector:
    """What judges for this release: rules, model and bot, or its rules alone."""
    if rules_only:
        return Detector(live.release, live.rules)
    intents = bot_intents(settings.root, live.release.bot_model_path)
    return Detector(live.release, live.rules, classifier_of(live), intents)


def measure(
    settings: Settings,
    folder: Path,
    sets: Sequence[Path] = (),
    *,
    rules_only: bool = False,
    beside_live: bool = True,
) -> Report:
    """Measure the release in `folder`, beside the live one if that is another.

    What was judged before, by the same code, is taken from the cache under var/.

    Raises:
        SetError, BarsError: the sets or the bars cannot be read.
        ReleaseError, RiskRulesError, ParseError: the release cannot be asked.
    """
    folders = list(sets) or found_sets(settings.root)
    cases = read_sets(folders)
    bars = read_bars(settings.data, rules_only=rules_only)
    new = load(folder)

    def judged(live: Live) -> list[Outcome]:
        asked = detector(settings, live, rules_only=rules_only)
        return judge(cases, asked, settings.var / "cache")

    outcomes = judged(new)
    notes = []
    if not rules_only and new.classifier is None:
        notes.append("Deze release heeft geen risicomodel: de regels stonden er alleen voor.")
    beside = None
    try:
        live = _other_live(settings, new) if beside_live else None
        beside = (live.release.id, judged(live)) if live is not None else None
    except (ReleaseError, RiskRulesError) as error:
        notes.append(f"Niet vergeleken met wat live is, want dat kan niet gelezen worden: {error}")
    return make_report(
        new.release.id,
        outcomes,
        bars,
        now=settings.now(),
        sets=[one.name for one in folders],
        rules_only=rules_only,
        live=beside,
        notes=notes,
    )


def whole_gate(settings: Settings, talks: Gate, *, say: Say) -> Gate:
    """The gate of `publish`: the risk bars, then `talks`. Its report is a page under var/.

    The function that it gives raises what `measure` and `talks` raise.
    """

    def gate(folder: Path) -> Sequence[str]:
        if not found_sets(settings.root):
            return [NO_SETS, *talks(folder)]
        say("Het risico wordt gemeten. Dat duurt een paar minuten.")
        alone = measure(settings, folder, rules_only=True, beside_live=False)
        report = measure(settings, folder)
        report = report.with_faults(f"Regels alleen: {fault}" for fault in alone.faults)
        for line in summary(report):
            say(line)
        played = talks(folder)
        _write(settings, report.with_faults(played), say)
        return [*report.faults, *played]

    return gate


def _write(settings: Settings, report: Report, say: Say) -> None:
    path = settings.var / PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(report), encoding="utf-8")
    say(f"Het verslag staat in {path}.")


def _other_live(settings: Settings, new: Live) -> Live | None:
    """The live release, unless there is none or it is the one that is measured."""
    link = settings.releases / CURRENT
    if not link.exists() or link.resolve() == new.release.path.resolve():
        return None
    return load(link)
