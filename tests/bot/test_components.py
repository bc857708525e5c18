"""Components of our own: the contract for all, and what each of them finds."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from contract import CHECKS
from rasa.engine.graph import GraphComponent

from bot.components.age import AgeExtractor, find_age

COMPONENTS = (AgeExtractor,)


@pytest.mark.parametrize(("make", "check"), itertools.product(COMPONENTS, CHECKS))
def test_every_component_keeps_the_contract(
    make: type, check: Callable[[GraphComponent], None]
) -> None:
    """Each component passes each check of the contract."""
    check(make.create({}, None, None, None))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15", "jonger"),
        ("ik was toen zestien", "jonger"),
        ("nee ik ben 17", "jonger"),
        ("18", "ouder"),
        ("achttien geworden vorige week", "ouder"),
        ("ik ben 34 jaar", "ouder"),
    ],
)
def test_an_age_is_younger_than_18_or_not(text: str, value: str) -> None:
    """An age in figures or in words gives "jonger" or "ouder"."""
    found = find_age(text)
    assert found is not None
    assert found["value"] == value


@pytest.mark.parametrize(
    "text",
    [
        "ik moet 50 euro betalen",
        "€ 15",
        "om 16:30",
        "17 uur",
        "in 2019",
        "12 foto's",
        "ja",
        "112233",
    ],
)
def test_what_is_no_age_is_not_taken_for_one(text: str) -> None:
    """Amounts, hours, years and counts are no ages."""
    assert find_age(text) is None


def test_the_place_of_an_age_is_where_it_stands() -> None:
    """`start` and `end` cut the age out of the text."""
    text = "toen was ik veertien denk ik"
    found = find_age(text)
    assert found is not None
    assert text[found["start"] : found["end"]] == "veertien"
