"""A small real release: texts that say their own name, three desks' worth of hours, four rules."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from nachtlicht.content.risk_rules import REQUIRED_CONCEPTS, compile_rules
from nachtlicht.release import write_manifest

NIGHT = dt.datetime(2026, 11, 25, 3, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))  # desk open
MORNING = NIGHT.replace(hour=10)  # desk shut until the evening

# What a young person may type in a test, and what the rules below make of it.
HARMLESS = "hoe laat is het daar eigenlijk"
CONCERN = "ik word steeds gepest"
URGENT = "dit is chantage met mijn foto"
OTHER_URGENT = "ik ben weggelopen van huis"
ACUTE = "dit is mijn afscheid"
EXPLANATION = "proefwoordverklaring"

# The concepts that the rules cannot do without, each with a word that nobody types.
WORDS = {"zorgwoord": "noodwoord", "ontkenning": "niet"}
RULES = "concepts:\n" + "".join(
    f"  {name}: [({WORDS.get(name, f'proefwoord{name}')} | proef)]\n" for name in REQUIRED_CONCEPTS
)
RULE_LINES = """
  - code: {word}
    level: {level}
    theme: {theme}
    why: Noemt {word}.
    match: [{word}]
    must_match: [ik {word}, nu {word}, dit is {word}, iemand {word}]
    must_not_match: [goedemorgen allemaal, hoe laat is het, lekker weer, tot straks]
"""
RULES += "risk_rules:" + "".join(
    RULE_LINES.format(word=word, level=level, theme=theme)
    for word, level, theme in (
        ("gepest", "concern", "pesten"),
        ("chantage", "urgent", "afpersing"),
        ("weggelopen", "urgent", "weggelopen"),
        ("afscheid", "acute", "zelfdoding"),
    )
)

YES_NO = [("Dat is goed", "nachtlicht:handoff"), ("Liever niet", "nachtlicht:decline")]
BUTTONS = {
    "utter_opening_algemeen": [
        ("Welke hulp is er?", "/hulp_overzicht"),
        ("Ik wil een mens", "nachtlicht:handoff"),
    ],
    "utter_overdracht_open": YES_NO,
    "utter_overdracht_niemand": YES_NO,
    "utter_overdracht_dicht": YES_NO,
    "utter_aanbod_mens": [
        ("Ja, graag", "nachtlicht:handoff"),
        ("Nee, nu niet", "nachtlicht:decline"),
    ],
    "utter_wis_vraag": [("Ja, wis alles", "nachtlicht:forget"), ("Nee", "/nee")],
}
NAMES = """
utter_opening_algemeen utter_opening_ouders utter_desk_open utter_desk_niemand utter_desk_dicht
utter_acuut_zelfdoding utter_urgent utter_urgent_afpersing
utter_overdracht_open utter_overdracht_niemand utter_overdracht_dicht
utter_overdracht_acuut_open utter_overdracht_acuut_niemand utter_overdracht_acuut_dicht
utter_overdracht_afgezegd utter_overdracht_blijft utter_mens_al_gevraagd utter_desk_nu_open
utter_medewerker_er utter_medewerker_kwijt utter_aanbod_mens utter_aanbod_nee utter_niet_zeker
utter_geblokkeerd utter_bot_stil utter_onleesbaar utter_stop utter_stop_acuut utter_wis_vraag
utter_gesprek_gesloten
""".split()  # noqa: SIM905 - a list of thirty lines is no easier to read
COMMANDS = {
    "handoff": ["ik wil een mens"],
    "stop": ["stop"],
    "forget": ["wis mijn gesprek"],
}
HOURS = {
    "days": {
        **{str(day): [["19:00", "06:00"]] for day in range(5)},
        **{str(day): [["20:00", "06:00"]] for day in (5, 6, 7)},
    },
    "holidays": ["2026-12-25"],
}
EVERYONE = ["jongere", "ouder", "vriend", "professional", "zelf"]


def publish_small(
    releases: Path, release_id: str = "20261101T000000Z-aaaaaa", **changes: dict[str, Any]
) -> Path:
    """Write a release and put it live; `changes` replace parts of `texts` or `words`."""
    folder = releases / release_id
    (folder / "bot").mkdir(parents=True)
    parts = {
        "texts.json": texts() | changes.get("texts", {}),
        "words.json": words() | changes.get("words", {}),
        "commands.json": COMMANDS,
        "desks.json": [_desk("nacht")],
        "referrals.json": [_referral()],
        "risk.json": _rules(),
    }
    for name, part in parts.items():
        (folder / name).write_text(json.dumps(part))
    (folder / "bot" / "model.tar.gz").write_bytes(b"no model: these tests don't run Rasa")
    write_manifest(folder, release_id=release_id, created_at=NIGHT, counts={})
    link = releases / f"new-{release_id}"
    link.symlink_to(release_id)
    os.replace(link, releases / "current")
    return folder


def texts() -> dict[str, Any]:
    """Every text says its own name, and some fill in a placeholder."""
    made: dict[str, Any] = {name: [{"text": name}] for name in NAMES}
    made["utter_acuut"] = [{"text": "utter_acuut"}, {"text": "utter_acuut, nog eens"}]
    made["utter_desk_dicht"] = [{"text": "utter_desk_dicht: weer [[desk.opent]]"}]
    made["utter_medewerker_er"] = [{"text": "utter_medewerker_er: [[medewerker]]"}]
    for name, buttons in BUTTONS.items():
        made[name][0]["buttons"] = [{"title": t, "payload": p} for t, p in buttons]
    return made


def words() -> dict[str, Any]:
    """The groups of words that the web app reads."""
    return {
        "widget": {"help_danger": "Bel [[112.telefoon]].", "note": ["een", "twee"]},
        "desk": {},
        "canned": {"antwoorden": []},
        "sentences": {"bewaren.bot": "24 uur", "bewaren.desk": "30 dagen"},
        "fouten": {"text_empty": "Typ eerst iets.", "algemeen": "Dat lukte niet."},
    }


def _desk(code: str) -> dict[str, Any]:
    return {"code": code, "name": code, "themes": [], "fallback": None, "hours": HOURS}


def _referral() -> dict[str, Any]:
    channel = {"kind": "telefoon", "value": "0000", "hours": {"always": True}, "countries": ["*"]}
    themes: dict[str, Any] = {"geen": dict.fromkeys(EVERYONE, 1)}
    return {
        "code": "112",
        "naam": "Alarm",
        "zin": "Alarm: bel [[112.telefoon]]",
        "themes": themes,
        "audiences": EVERYONE,
        "general": 1,
        "channels": [channel],
    }


@functools.cache
def _rules() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data:
        folder = Path(data) / "risk"
        folder.mkdir()
        (folder / "proef.yml").write_text(RULES)
        return compile_rules(Path(data))
