"""A new release reaches a running chat without dropping a talk; a broken one does not."""

import pytest

from nachtlicht.chat import Releases
from nachtlicht.release import ReleaseError
from nachtlicht.risk import RiskRulesError
from tests.support.small_release import HARMLESS, publish_small

SECOND = "20261102T000000Z-bbbbbb"


async def test_a_published_release_is_taken_at_the_next_look(chat, young):
    """The talk goes on, with the new words."""
    publish_small(
        chat.settings.releases, SECOND, texts={"utter_stop": [{"text": "nieuwe woorden"}]}
    )

    assert await chat.releases.refresh()
    assert not await chat.releases.refresh()

    await young.says("stop")
    assert await young.hears() == ["nieuwe woorden"]


async def test_a_damaged_release_is_not_taken(chat, young):
    """The old one goes on, and the problem is there to be told."""
    folder = publish_small(chat.settings.releases, SECOND)
    (folder / "risk.json").write_text("{}")

    assert not await chat.releases.refresh()

    assert "risk.json" in chat.releases.problem
    await young.says(HARMLESS)
    assert await young.hears() == [f"bot: {HARMLESS}"]


async def test_a_problem_that_was_mended_is_forgotten(chat):
    """Going back to the release before ends the complaint."""
    before = chat.releases.release.id
    folder = publish_small(chat.settings.releases, SECOND)
    (folder / "texts.json").unlink()
    await chat.releases.refresh()

    link = chat.settings.releases / "current"
    link.unlink()
    link.symlink_to(before)
    await chat.releases.refresh()

    assert chat.releases.problem is None


def test_without_a_release_nothing_starts(tmp_path):
    """Rules fail closed: no rules, no start."""
    with pytest.raises(ReleaseError, match="publish"):
        Releases(tmp_path)


def test_with_unreadable_rules_nothing_starts(tmp_path):
    """Also when the hash is right."""
    from nachtlicht.release import write_manifest
    from tests.support.small_release import NIGHT

    folder = publish_small(tmp_path)
    (folder / "risk.json").write_text("[]")
    write_manifest(folder, release_id=folder.name, created_at=NIGHT, counts={})

    with pytest.raises(RiskRulesError):
        Releases(tmp_path)
