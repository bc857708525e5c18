"""One try of an editor: a few lines at a chosen moment, and everything that they lead to."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import httpx

from nachtlicht.chat.judge import classify
from nachtlicht.chat.releases import Live
from nachtlicht.content.schema import Talk, TalkLine
from nachtlicht.content.talk_files import TalkFile
from nachtlicht.release import ZONE, Choice, Release, moment_words
from nachtlicht.replay.play import Played, play
from nachtlicht.replay.stage import House
from nachtlicht.risk import Classifier, Line, assess
from nachtlicht.settings import Settings

BY_HOURS = "volgens de uren"  # the desk is open when it says that it is
PARSE = "/webhooks/nachtlicht/parse"


@dataclasses.dataclass(frozen=True)
class Heard:
    """What was made of one line: its level, theme, intent, and why. All in words."""

    text: str
    level: str
    theme: str
    intent: str
    reasons: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Trial:
    """The talk as it went, what was made of each line, and where the person would be sent."""

    played: Played
    heard: tuple[Heard, ...]
    referral: tuple[str, ...]


async def try_lines(
    in_house: House,
    lines: Sequence[str],
    *,
    moment: dt.datetime,
    desk: str = BY_HOURS,
    entry: str = "algemeen",
) -> Trial:
    """Play `lines` at `moment` (Dutch time when it has no zone) and explain them."""
    release = in_house.releases.release
    when = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
    if desk == BY_HOURS:
        desk = "open" if release.desks.choose(None, when).is_open(when) else "dicht"
    steps = [TalkLine(youth=line) for line in lines]
    talk = Talk.model_construct(
        talk="proef", why="", entry=entry, moment=moment, desk=desk, bot="aan", lines=steps
    )
    played = await play(in_house, TalkFile(Path("proef"), {}, talk))
    intents = await _intents(in_house.settings, lines)
    heard = tuple(_heard(in_house.releases.live, played, lines, intents))
    choice = release.referrals.choose(played.theme, played.audience or entry, when)
    return Trial(played, heard, tuple(_told(release, choice, when)))


def _heard(live: Live, played: Played, lines: Sequence[str], intents: Sequence[str]) -> list[Heard]:
    """Judge the lines as the web app does: rules and risk model."""
    model = live.classifier
    classifier: Classifier | None = (lambda so_far: classify(model, so_far)) if model else None
    found: list[Heard] = []
    so_far: list[Line] = []
    for author, text in played.said:
        so_far.append(Line(author, text))
        if author != "youth" or len(found) >= len(lines):
            continue
        judged = assess(live.rules, so_far, classifier)
        reasons = tuple(
            f"{signal.why} ({signal.code}: “{text[signal.start : signal.end]}”)"
            for signal in judged.signals
        )
        level = "concern (niet zeker)" if judged.unsure else judged.level.label
        intent = intents[len(found)] if len(found) < len(intents) else "?"
        found.append(Heard(text, level, judged.theme or "geen", intent, reasons))
    return found


def _told(release: Release, choice: Choice, moment: dt.datetime) -> list[str]:
    """The choice of a place in words: main, backup, and when the best one opens."""
    told = []
    if choice.main:
        state = "nu open" if choice.main_open else "uren niet zeker"
        told.append(f"eerst: {choice.main.naam} ({state})")
    if choice.backup:
        told.append(f"daarnaast: {choice.backup.naam} (nu open)")
    if choice.best and choice.main_opens:
        told.append(f"{choice.best.naam} opent {moment_words(choice.main_opens, moment)}")
    if not told:
        told = [f"altijd open: {line.naam}" for line in choice.always]
    desk = release.desks.choose(None, moment)
    told.append(f"{desk.name}: {'open' if desk.is_open(moment) else desk.opening_words(moment)}")
    return told


async def _intents(settings: Settings, lines: Sequence[str]) -> list[str]:
    """What the bot hears in each line; a question mark when it does not say."""
    async with httpx.AsyncClient(base_url=settings.bot_url, trust_env=False, timeout=20) as client:
        try:
            answer = await client.post(
                PARSE,
                json={"texts": list(lines)},
                headers={"X-Nachtlicht-Secret": settings.bot_secret},
            )
            results = answer.raise_for_status().json()["results"]
            return [_intent(result["intent"], result.get("confidence")) for result in results]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return ["?"] * len(lines)


def _intent(name: object, confidence: object) -> str:
    return f"{name} ({confidence:.0%})" if isinstance(confidence, float) else str(name)
