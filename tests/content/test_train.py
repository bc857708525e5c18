"""What Rasa is given to train on, and when a model of before will do."""

from __future__ import annotations

import json

import pytest
import yaml

from nachtlicht.content.train import TrainingError, fingerprint, train, write_project


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def configured(room):
    """The room has a bot with a configuration."""
    room.write("/bot/config.yml", "recipe: default.v1\n")


def test_rasa_gets_everything_it_needs(room, project):
    """Configuration, domain, texts, examples of all writers, rules."""
    write_project(room.sources(), project)

    found = sorted(str(path.relative_to(project)) for path in project.rglob("*.yml"))
    assert found == [
        "config.yml",
        "data/nlu/w1__groet.yml",
        "data/nlu/w1__stop.yml",
        "data/stories/groet.yml",
        "domain/intents.yml",
        "domain/responses.yml",
    ]
    responses = yaml.safe_load((project / "domain" / "responses.yml").read_text())["responses"]
    assert responses["utter_groet"][0]["text"].startswith("Hoi.")


def test_a_new_date_asks_for_no_training(room, project, tmp_path):
    """Owners, sources and dates are not in what is trained on."""
    write_project(room.sources(), project)
    before = fingerprint(project, room.root)
    room.change("responses/groet.yml", "2027-05-22", "2027-04-01")

    again = tmp_path / "again"
    again.mkdir()
    write_project(room.sources(), again)

    assert fingerprint(again, room.root) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("nlu/w1/groet.yml", "- hey", "- heey"),
        ("stories/groet.yml", "action: utter_stop", "action: utter_groet"),
        ("responses/groet.yml", "Hoi.", "Hallo."),
    ],
)
def test_what_matters_asks_for_training(room, project, tmp_path, name, old, new):
    """An example, a rule or a text makes another model."""
    write_project(room.sources(), project)
    before = fingerprint(project, room.root)
    room.change(name, old, new)

    again = tmp_path / "again"
    again.mkdir()
    write_project(room.sources(), again)

    assert fingerprint(again, room.root) != before


def test_a_model_of_before_is_used_again(room, project, tmp_path):
    """With the same data nothing is trained, not even with Rasa gone."""
    cache = tmp_path / "cache"
    cache.mkdir()
    write_project(room.sources(), project)
    ready = cache / f"{fingerprint(project, room.root)}.tar.gz"
    ready.write_bytes(b"a model")
    told = []

    assert train(room.sources(), cache, progress=told.append) == ready
    assert "vorige keer" in told[0]


def test_without_rasa_the_sentence_says_so(room, tmp_path):
    """A missing environment is named."""
    with pytest.raises(TrainingError, match="niet geïnstalleerd"):
        train(room.sources(), tmp_path / "cache")


def test_what_rasa_says_is_told(room, tmp_path):
    """A training that fails ends in one sentence with Rasa's own last words."""
    python = room.write(
        "/.venv/bot/bin/python", "#!/bin/sh\necho 'YamlException: kapot' >&2\nexit 1\n"
    )
    python.chmod(0o755)

    with pytest.raises(TrainingError, match="YamlException: kapot"):
        train(room.sources(), tmp_path / "cache")

    assert list((tmp_path / "cache").iterdir()) == []


def test_the_texts_are_valid_for_rasa(room, project):
    """JSON is YAML: every text is read back as it was."""
    write_project(room.sources(), project)

    path = project / "domain" / "responses.yml"
    assert json.loads(path.read_text()) == yaml.safe_load(path.read_text())
