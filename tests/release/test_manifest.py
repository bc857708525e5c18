"""A release is used whole and unchanged, or not at all."""

import json

import pytest

from nachtlicht.release import Release, ReleaseError


def test_opens_what_was_published(releases):
    """The live release has its id, date and files."""
    release = Release.current(releases)

    assert release.id == "2026-11-22-a"
    assert release.created_at.isoformat() == "2026-11-22T12:00:00+00:00"
    assert release.bot_model_path.read_bytes() == b"a model"
    assert release.risk_rules_path.is_file()


def test_says_that_nothing_is_published(tmp_path):
    """Before the first publish the sentence says what to do."""
    with pytest.raises(ReleaseError, match="No release is published"):
        Release.current(tmp_path)


def test_refuses_a_dangling_link(releases):
    """`current` that points at a removed folder counts as nothing published."""
    (releases / "current").unlink()
    (releases / "current").symlink_to("weg")

    with pytest.raises(ReleaseError, match="No release is published"):
        Release.current(releases)


FILES = ("texts.json", "risk.json", "referrals.json", "desks.json", "words.json", "commands.json")


@pytest.mark.parametrize("name", [*FILES, "bot/model.tar.gz"])
def test_refuses_a_changed_file(releases, name):
    """One byte more in any file is found, and the file is named."""
    with (releases / "current" / name).open("ab") as handle:
        handle.write(b" ")

    with pytest.raises(ReleaseError, match=f"the file {name} was changed"):
        Release.current(releases)


def test_refuses_a_missing_file(releases):
    """A file that went is named."""
    (releases / "current" / "risk.json").unlink()

    with pytest.raises(ReleaseError, match=r"lacks the file risk\.json"):
        Release.current(releases)


def test_refuses_an_unknown_file(releases):
    """A file that was put in later is named."""
    (releases / "current" / "extra.json").write_text("{}")

    with pytest.raises(ReleaseError, match=r"unknown file extra\.json"):
        Release.current(releases)


@pytest.mark.parametrize("content", [None, "no json", "[]", "{}"])
def test_refuses_a_broken_manifest(releases, content):
    """Without a readable manifest nothing else is read."""
    manifest = releases / "current" / "manifest.json"
    manifest.unlink()
    if content is not None:
        manifest.write_text(content)

    with pytest.raises(ReleaseError, match=r"manifest"):
        Release.current(releases)


def test_the_manifest_names_every_file(releases):
    """Seven files, each with a SHA-256."""
    manifest = json.loads((releases / "current" / "manifest.json").read_text())

    assert len(manifest["files"]) == 7
    assert {len(hash_) for hash_ in manifest["files"].values()} == {64}
