"""Fills the placeholders of a Dutch text: numbers, hours and names come from their records."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping

from nachtlicht.release.desks import Desk
from nachtlicht.release.moments import moment_words
from nachtlicht.release.referrals import FIELDS, Choice, Referral, Referrals

PLACEHOLDER = re.compile(r"\[\[([^\[\]]+)\]\]")
DESK_FIELDS = ("uren", "opent", "naam")
LINES = ("lijnen.nu", "lijnen.thema")
MAX_LINES = 4  # on a phone at night a longer list is no help


@dataclasses.dataclass(frozen=True)
class Scene:
    """For whom and when a text is said."""

    moment: dt.datetime
    desk: Desk
    theme: str | None
    audience: str | None
    country: str
    city: str | None


def render(text: str, scene: Scene, referrals: Referrals, names: Mapping[str, str]) -> str:
    """Replace every `[[…]]` in `text`.

    `names` holds the fixed ones ("bewaren.bot", "medewerker"). What is not known becomes an
    empty string: a half sentence is better than brackets, and the content check refuses
    such a text before it is published.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if name in names:
            return names[name]
        if name == "lijnen.nu":
            return lines_now(scene, referrals, names)
        if name == "lijnen.thema":
            return lines_for_theme(scene, referrals, names)
        owner, _, field = name.rpartition(".")
        if owner == "desk":
            return _desk_field(scene, field)
        if owner in referrals and field in FIELDS:
            return referrals[owner].field(field)
        return ""

    return PLACEHOLDER.sub(value, text)


def lines_now(scene: Scene, referrals: Referrals, names: Mapping[str, str]) -> str:
    """A short list of lines that are open now, one to a line."""
    found = referrals.lines_now(scene.moment, scene.country)[:MAX_LINES]
    return _join(found, scene, referrals, names)


def lines_for_theme(scene: Scene, referrals: Referrals, names: Mapping[str, str]) -> str:
    """The main place and its backup; or the lines that never close, and when the main opens."""
    choice = referrals.choose(scene.theme, scene.audience, scene.moment, scene.country, scene.city)
    found = [r for r in (choice.main, choice.backup) if r]
    if not any(r.is_open(scene.moment) for r in found):
        found += [r for r in choice.always if r not in found][: MAX_LINES - len(found)]
    said = _join(found, scene, referrals, names)
    later = _opens(choice, scene, names)
    return "\n".join(part for part in (said, later) if part)


def _opens(choice: Choice, scene: Scene, names: Mapping[str, str]) -> str:
    pattern = names.get("zin.opent", "")
    if not (choice.best and choice.main_opens and pattern):
        return ""
    when = moment_words(choice.main_opens, scene.moment)
    return pattern.replace("{naam}", choice.best.naam).replace("{wanneer}", when)


def _join(
    found: list[Referral], scene: Scene, referrals: Referrals, names: Mapping[str, str]
) -> str:
    if not found:
        return names.get("zin.geen_lijnen", "")
    # A record's own sentence holds only fields of records, so one round is enough.
    return "\n".join(render(f"• {record.zin}", scene, referrals, names) for record in found)


def _desk_field(scene: Scene, field: str) -> str:
    match field:
        case "uren":
            return scene.desk.hours_words()
        case "opent":
            return scene.desk.opening_words(scene.moment)
        case "naam":
            return scene.desk.name
        case _:
            return ""
