"""What of the editors' room reaches a release, and how."""

from __future__ import annotations

import datetime as dt

import pytest

from nachtlicht.content import compile as compiled
from tests.content.conftest import TODAY


def test_unverified_records_stay_out(room):
    """A record of certainty C is in the data and not in the release."""
    codes = [record["code"] for record in compiled.compile_referrals(room.sources(), TODAY)]

    assert codes == ["altijd"]


def test_unverified_channels_stay_out(room):
    """Of a verified organisation only the verified ways are offered."""
    room.change(
        "referrals/oud.yml",
        "  zekerheid: C\n  bron: een oude lijst\n  eigenaar",
        "  zekerheid: B\n  bron: een oude lijst\n  eigenaar",
    )

    records = {r["code"]: r for r in compiled.compile_referrals(room.sources(), TODAY)}

    assert records["oud"]["channels"] == []


def test_unverified_hours_stay_out(room):
    """A verified number with unverified hours is offered, and never as open."""
    room.change("referrals/altijd.yml", "uren_zekerheid: A", "uren_zekerheid: C")

    (record,) = compiled.compile_referrals(room.sources(), TODAY)

    assert record["channels"][0]["value"] == "0800-1234"
    assert record["channels"][0]["hours"] is None


def test_a_place_counts_for_whom_the_record_is_for(room):
    """One number stands for all audiences; named ones stand for themselves."""
    room.change("referrals/altijd.yml", "    eten: 1\n", "    eten: {ouder: 4}\n")

    (record,) = compiled.compile_referrals(room.sources(), TODAY)

    assert record["themes"]["eten"] == {"ouder": 4}
    assert set(record["themes"]["pesten"]) == {"jongere", "ouder", "vriend", "professional", "zelf"}


@pytest.mark.parametrize(
    ("date", "is_holiday"),
    [
        ("2026-12-25", True),
        ("2027-01-01", True),
        ("2027-03-26", True),  # Goede Vrijdag: yes for this desk
        ("2027-03-29", True),
        ("2027-04-27", True),
        ("2027-05-05", False),  # Bevrijdingsdag: no for this desk
        ("2027-05-06", True),
        ("2027-05-17", True),
        ("2028-04-17", True),
        ("2028-12-26", True),
        ("2026-12-24", False),
    ],
)
def test_holidays_are_those_of_the_desk(room, date, is_holiday):
    """The dates of facts about Dutch holidays, with the two that a desk chooses itself."""
    (desk,) = compiled.compile_desks(room.sources(), TODAY)

    assert (date in desk["hours"]["holidays"]) is is_holiday


def test_a_day_of_its_own_goes_before_its_group(room):
    """Friday by name wins from "doordeweeks"."""
    room.change("desks/nacht.yml", "    weekend:", '    vrijdag: "17:00-06:00"\n    weekend:')

    (desk,) = compiled.compile_desks(room.sources(), TODAY)

    assert desk["hours"]["days"]["4"] == [["17:00", "06:00"]]
    assert desk["hours"]["days"]["3"] == [["19:00", "06:00"]]


def test_without_holiday_hours_a_holiday_is_a_weekday():
    """Hours without "feestdag" have no dates to keep."""
    hours = compiled.opening_hours({"doordeweeks": "09:00-17:00"}, {dt.date(2026, 12, 25)})

    assert hours["holidays"] == []


def test_owners_and_dates_stay_out_of_the_texts(room):
    """A release holds what is said; who wrote it stands in the data."""
    texts = compiled.compile_texts(room.sources())

    assert texts["utter_groet"] == [
        {
            "text": "Hoi. Fijn dat je er bent.\nBel gerust [[altijd.telefoon]].",
            "buttons": [{"title": "Stop", "payload": "/stop"}],
        }
    ]
