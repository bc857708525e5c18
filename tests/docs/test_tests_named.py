"""The pages that point at tests point at tests that exist."""

import re

import pytest

from tests.support.system import ROOT

PAGES = [
    "faults",
    "threat-model",
    "asvs",
    "dpia",
    "operating",
    "privacy-claims",
    "systems",
    "mutants",
]
POINTER = re.compile(
    r"`((?:tests|bench|nachtlicht|bot|actions|widget|deploy)/[\w./]+)(?:::(\w+))?`"
)
TALK = re.compile(r"`([a-z_]+/[a-z_*]+)`")


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page):
    """By file, and by name where one is given; a renamed test is found here."""
    told = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    found = POINTER.findall(told)
    assert found
    for path, name in found:
        assert (ROOT / path).exists(), path
        if name:
            assert f"def {name}(" in (ROOT / path).read_text("utf-8"), f"{path}::{name}"


def test_every_talk_that_the_systems_name_exists():
    """A row is worth what its talks show; `folder/*` is all talks of a folder."""
    named = TALK.findall((ROOT / "docs" / "systems.md").read_text("utf-8"))
    assert named
    missing = [one for one in named if not list((ROOT / "data" / "talks").glob(f"{one}.yml"))]
    assert missing == []
