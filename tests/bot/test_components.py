"""Components of our own: the contract for all, and what each of them finds."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract import CHECKS
from rasa.engine.graph import GraphComponent
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.age import AgeExtractor, find_age
from bot.components.context_hint import ContextHint
from bot.components.intents import PiecesIntentClassifier

COMPONENTS = (AgeExtractor, ContextHint, PiecesIntentClassifier)


@pytest.mark.parametrize(("make", "check"), itertools.product(COMPONENTS, CHECKS))
def test_every_component_keeps_the_contract(
    make: type, check: Callable[[GraphComponent], None]
) -> None:
    """Each component passes each check of the contract."""
    config = make.get_default_config() if hasattr(make, "get_default_config") else {}
    check(make.create(config, None, None, None))


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


EXAMPLES = {
    "groet": ["hoi", "hallo daar", "goedenavond", "hey hallo", "hoi hoi"],
    "privacy": ["is dit anoniem", "wie leest dit", "bewaren jullie dit", "is het geheim"],
    "geld": ["hij wil geld", "ze willen 50 euro", "ik moet betalen", "geld of hij stuurt het"],
}


def trained(folder: Path) -> tuple[PiecesIntentClassifier, dict[str, Any]]:
    """A classifier that has learnt three intents, saved to and loaded from `folder`."""
    storage, resource = LocalModelStorage(folder), Resource("intents")
    config = PiecesIntentClassifier.get_default_config()
    examples = [Message.build(text, name) for name, texts in EXAMPLES.items() for text in texts]
    fresh = PiecesIntentClassifier.create(config, storage, resource, None)
    fresh.train(TrainingData(examples))
    before = heard(fresh, "hoi is dit anoniem")
    return PiecesIntentClassifier.load(config, storage, resource, None), before


def heard(component: Any, text: str, **metadata: str) -> dict[str, Any]:
    """What is heard in a text."""
    message = Message({"text": text, "metadata": metadata or None})
    component.process([message])
    return {"intent": message.get("intent"), "ranking": message.get("intent_ranking")}


def test_what_was_learnt_is_heard_also_after_saving_and_loading(tmp_path: Path) -> None:
    """The same ranking, but for the last digits: the heads are kept in half precision."""
    loaded, before = trained(tmp_path)
    after = heard(loaded, "hoi is dit anoniem")
    assert [r["name"] for r in after["ranking"]] == [r["name"] for r in before["ranking"]]
    assert after["intent"]["confidence"] == pytest.approx(before["intent"]["confidence"], abs=0.01)
    assert heard(loaded, "ze willen geld zien")["intent"]["name"] == "geld"
    assert heard(loaded, "HALLLOO")["intent"]["name"] == "groet"


def test_the_chances_sum_to_one_and_nothing_known_is_no_certainty(tmp_path: Path) -> None:
    """A text without a known piece is far less sure than one that was learnt."""
    loaded, _ = trained(tmp_path)
    ranking = heard(loaded, "qqq")["ranking"]
    assert sum(row["confidence"] for row in ranking) == pytest.approx(1.0, abs=1e-4)
    known = heard(loaded, "is dit anoniem")["intent"]["confidence"]
    assert ranking[0]["confidence"] < known - 0.2


def test_writers_are_kept_apart_whole() -> None:
    """With enough writers the calibration looks at those that were not read."""
    from bot.components.intents import _apart

    examples = [
        Message.build(f"{writer} {n}", "groet", intent_metadata={"writer": writer})
        for writer in ("a", "b", "c", "d", "e", "f")
        for n in range(3)
    ]
    nobody = frozenset[str]()
    kept = _apart(examples, nobody).reshape(6, 3).tolist()
    assert kept == [[w in "af"] * 3 for w in "abcdef"]
    assert _apart(examples[:9], nobody).any()


def test_writers_that_the_encoder_knows_do_not_calibrate() -> None:
    """It is too sure of the lines that it was trained on."""
    from bot.components.intents import _apart

    examples = [
        Message.build(f"hoi {writer}", "groet", intent_metadata={"writer": writer})
        for writer in "abcdef"
    ]
    assert _apart(examples, frozenset("abce")).tolist() == [w in "df" for w in "abcdef"]


RANKING = [("ouder_beeld", 0.5), ("afpersing_geld", 0.3), ("groet", 0.2)]


@pytest.mark.parametrize(
    ("metadata", "first"),
    [
        ({}, "ouder_beeld"),
        ({"level": "none", "theme": "afpersing"}, "ouder_beeld"),
        ({"level": "urgent", "theme": "afpersing"}, "afpersing_geld"),
        ({"level": "concern", "theme": "afpersing", "audience": "ouder"}, "ouder_beeld"),
        ({"level": "urgent", "theme": "pesten"}, "ouder_beeld"),
        ({"level": "urgent", "theme": "onbekend"}, "ouder_beeld"),
    ],
)
def test_what_the_web_app_sees_tips_the_scale(metadata: dict[str, str], first: str) -> None:
    """The theme counts from concern on, the writer always; the sum of the chances stays."""
    hint = ContextHint({"afpersing": ["afpersing_geld"]}, {"ouder": ["ouder_beeld"]}, 3.0)
    rows = [{"name": name, "confidence": chance} for name, chance in RANKING]
    message = Message({"text": "x", "intent_ranking": rows, "metadata": metadata})
    hint.process([message])
    found = message.get("intent_ranking")
    assert found[0]["name"] == first
    assert sum(row["confidence"] for row in found) == pytest.approx(1.0)


def test_the_hints_name_intents_that_exist_and_agree_with_the_actions() -> None:
    """One map of intents to themes: in the configuration and in the action server."""
    root = Path(__file__).resolve().parents[2]
    pipeline = yaml.safe_load((root / "bot/config.yml").read_text())["pipeline"]
    hint = next(part for part in pipeline if part["name"].endswith("ContextHint"))
    intents = yaml.safe_load((root / "bot/domain/intents.yml").read_text())["intents"]
    for names in [*hint["themes"].values(), *hint["audiences"].values()]:
        assert set(names) <= set(intents)
    flat = {intent: theme for theme, names in hint["themes"].items() for intent in names}
    source = (root / "actions/themes.py").read_text()
    table: dict[str, str] = ast.literal_eval(
        source[source.index("THEMES = ") + 9 : source.index("}\n") + 1]
    )
    assert flat == table


def test_another_encoder_is_another_component_for_the_cache_of_rasa(tmp_path: Path) -> None:
    """Else a training after an update would bring back heads of the old encoder."""

    def addon(manifest: str) -> str:
        (tmp_path / "manifest.json").write_text(manifest)
        return PiecesIntentClassifier.fingerprint_addon({"encoder": str(tmp_path)})

    assert addon("one") == addon("one")
    assert addon("one") != addon("other")
    assert addon("one") != PiecesIntentClassifier.fingerprint_addon({"encoder": None})
