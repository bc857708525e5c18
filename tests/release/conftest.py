"""A small release on disk, with desks and referrals made up for the tests."""

import datetime as dt
import json
from pathlib import Path

import pytest

from nachtlicht.release import Release, write_manifest

NIGHT = {
    "days": {
        **{str(day): [["19:00", "06:00"]] for day in range(5)},
        **{str(day): [["20:00", "06:00"]] for day in (5, 6, 7)},
    },
    "holidays": [
        "2026-12-25",
        "2026-12-26",
        "2027-01-01",
        "2027-03-26",
        "2027-03-28",
        "2027-03-29",
    ],
}
DAY = {"days": {str(day): [["09:00", "17:00"]] for day in range(5)}}
EVERYONE = ["jongere", "ouder", "vriend", "professional", "zelf"]


def record(code, *, themes, phone="0000", hours=None, audiences=EVERYONE, **more):
    """A referral as publish writes it."""
    return {
        "code": code,
        "naam": code.title(),
        "zin": f"{code.title()}: bel [[{code}.telefoon]].",
        "themes": {t: dict.fromkeys(audiences, place) for t, place in themes.items()},
        "channels": [
            {
                "kind": "telefoon",
                "value": phone,
                "hours": hours,
                "countries": more.pop("land", ["NL"]),
            }
        ],
        **more,
    }


PARTS = {
    "risk.json": {"rules": []},
    "texts.json": {
        "utter_acuut": [{"text": "Bel [[altijd.telefoon]]."}],
        "utter_knop": [
            {"text": "Kies.", "buttons": [{"title": "Stop", "payload": "nachtlicht:stop"}]}
        ],
    },
    "words.json": {
        "widget": {"titel": "Nachtlicht"},
        "desk": {},
        "canned": {},
        "sentences": {
            "bewaren.bot": "24 uur",
            "bewaren.desk": "30 dagen",
            "medewerker": "een medewerker",
            "zin.opent": "{naam} is er weer {wanneer}.",
            "zin.geen_lijnen": "Ik weet geen nummer voor waar jij bent.",
        },
    },
    "referrals.json": [
        record("altijd", themes={"pesten": 2, "somber": 3}, hours={"always": True}, general=1),
        record("onbekend", themes={"pesten": 1}),
        record("overdag", themes={"somber": 1}, hours=DAY),
        record("nachtlijn", themes={"somber": 2}, hours=NIGHT),
        record("school", themes={"somber": 0}, hours={"always": True}, audiences=["professional"]),
        record("stad", themes={"pesten": 1}, hours={"always": True}, city="amsterdam"),
    ],
    "desks.json": [{"code": "nacht", "name": "de nachtdesk", "hours": NIGHT}],
    "commands.json": {
        "handoff": ["ik wil een mens"],
        "stop": ["stop"],
        "forget": ["wis mijn gesprek"],
    },
}


def write_release(folder: Path, parts=PARTS, *, release_id="2026-11-22-a") -> Path:
    """Write a release with a manifest; returns its folder."""
    (folder / "bot").mkdir(parents=True)
    (folder / "bot" / "model.tar.gz").write_bytes(b"a model")
    for name, part in parts.items():
        (folder / name).write_text(json.dumps(part), encoding="utf-8")
    moment = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    write_manifest(folder, release_id=release_id, created_at=moment, counts={"texts": 2})
    return folder


@pytest.fixture
def releases(tmp_path):
    """A releases folder in which one release is live."""
    folder = write_release(tmp_path / "releases" / "2026-11-22-a")
    (folder.parent / "current").symlink_to(folder.name)
    return folder.parent


@pytest.fixture
def release(releases):
    return Release.current(releases)
