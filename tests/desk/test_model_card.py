"""Why the model raised a talk, as the counsellor reads it: in words, with the words it weighed."""

import dataclasses
import types

import pytest

from nachtlicht.chat.desk.words import model_words
from nachtlicht.content.sources import WORD_FILES
from nachtlicht.content.yaml_file import read_yaml
from nachtlicht.risk import RiskLevel
from tests.desk.talking import path
from tests.support.small_release import HARMLESS, URGENT
from tests.support.system import ROOT

THOUGHT = "Het model denkt aan afpersing met beelden. Het is daar heel zeker van."


class Model:
    """Finds every line urgent; `marks` are its reasons, None when it cannot say."""

    def __init__(self, marks=((4, 8),)):
        self._marks = marks

    def judge(self, _lines):
        return types.SimpleNamespace(urgent=0.9, theme="afpersing")

    def weigh(self, judged, _by_rules):
        return judged

    def level(self, _judged):
        return "urgent"

    def reasons(self, _text, _level):
        if self._marks is None:
            raise RuntimeError
        return self._marks


async def test_the_card_says_what_the_model_thinks_of_and_how_sure(app, sanne, enter, young, use):
    """In the editors' words and without a number; the heaviest word is marked."""
    use(Model())
    await young.says(HARMLESS)
    browser = await enter(sanne)
    page, queue = (await browser.get(path(young))).text, (await browser.get("/desk")).text

    assert f"<strong>Dringend</strong>: {THOUGHT}" in page
    assert f'<mark title="{THOUGHT}">laat</mark>' in page
    assert "0.9" not in page
    assert THOUGHT in queue


async def test_a_model_that_cannot_say_why_still_raises(app, sanne, enter, young, use):
    """The words are a help; the level is what counts."""
    use(Model(marks=None))
    receipt = await young.says(HARMLESS)
    page = (await (await enter(sanne)).get(path(young))).text

    assert receipt.level is RiskLevel.URGENT
    assert THOUGHT in page
    assert "<mark" not in page


async def test_where_a_rule_found_it_the_rule_is_named(app, sanne, enter, young, use):
    """And with rules alone the card is as it was."""
    use(Model())
    await young.says(URGENT)
    with_model = (await (await enter(sanne)).get(path(young))).text
    use(None)
    await young.says(URGENT)
    alone = (await (await enter(sanne)).get(path(young))).text

    for page in (with_model, alone):
        assert "Noemt chantage." in page
        assert "Het model" not in page


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.99, "Het is daar heel zeker van."),
        (0.6, "Het is daar vrij zeker van."),
        (0.31, "Het is daar niet zo zeker van."),
        (0.02, "Het kan ook iets anders zijn."),
        (None, "Het kan ook iets anders zijn."),
    ],
)
async def test_how_sure_is_said_in_four_grades(app, use, chance, words):
    """From the calibrated chance."""
    found = model_words("afpersing", chance, app.chat.releases.release)
    assert found == f"Het model denkt aan afpersing met beelden. {words}"


def test_the_editors_have_words_for_every_theme():
    """Those that the desk shows are those that the model may think of."""
    words = desk_words()
    assert set(words["model"]) == set(words["themes"])
    assert set(words["model_zeker"]) == {"heel", "vrij", "matig", "weinig"}


def desk_words():
    file = ROOT / "data" / "responses" / "woorden" / "desk.yml"
    raw, _issues = read_yaml(file)
    return WORD_FILES["desk"].model_validate(raw).woorden


@pytest.fixture
def use(app):
    """Put a model into the live release, or none; it is waited for, however long it takes."""
    app.chat.patience = 30

    def use(model):
        releases = app.chat.releases
        releases._live = dataclasses.replace(releases.live, classifier=model)

    return use
