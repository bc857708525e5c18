"""What is said outright is always seen: no model weighs plain words for danger away."""

import functools

import pytest

from nachtlicht.chat.judge import classify
from nachtlicht.encoder import RiskClassifier
from nachtlicht.release import Release
from nachtlicht.risk import Line, RiskLevel, RiskRules, assess
from tests.support.release import built_release

URGENT = """
ik word nu al een week gechanteerd
ik word gechanteerd met een naaktfoto
er wordt mij geld afgeperst met mn nudes
iemand chanteert mij op insta
ik ben verkracht op een feestje
ik ben zaterdagavond aangerand
mijn trainer heeft me aangerand
mijn vader slaat mij elke week
mn moeder mishandelt ons
mijn stiefvader misbruikt mij
mijn broer zit 's nachts aan mij
ik wil echt niet meer leven
ik denk elke dag aan zelfmoord
ik wil dood en niemand weet het
ik snij mezelf elke avond
ik kras mezelf weer open
ik ben weggelopen van huis
mijn vriend dwingt me om seks te hebben met zijn vrienden
ik moet van hem seks hebben voor geld
ze willen mij laten trouwen met een neef en ik wil niet
mijn ex dreigt mijn naaktfoto's te verspreiden
hij zegt dat hij mijn naaktvideo doorstuurt als ik niet betaal
mijn vriendin wil zelfmoord plegen
mijn dochter wordt gechanteerd met een naaktfoto
een leerling vertelde mij dat haar vader haar misbruikt
"""
ACUTE = """
ik ben vannacht verkracht
ik ga vanavond zelfmoord plegen
ik heb pillen klaarliggen en ik ga het nu doen
mijn vader slaat me nu en ik ben bang dat hij me vermoordt
hij gaat me vermoorden, hij staat voor mijn deur
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """Rules and model of the release, as the web app asks them."""
    release = Release.current(built_release(tmp_path_factory.mktemp("outright")))
    rules = RiskRules.load(release.risk_rules_path)
    model = functools.partial(classify, RiskClassifier.load(release.risk_model_path))
    return lambda text: assess(rules, [Line("youth", text)], model)


@pytest.mark.parametrize("text", URGENT.strip().splitlines())
def test_plain_words_for_danger_are_urgent(judge, text):
    found = judge(text)

    assert found.model_level is not None
    assert found.level >= RiskLevel.URGENT


@pytest.mark.parametrize("text", ACUTE.strip().splitlines())
def test_plain_words_for_danger_today_are_acute(judge, text):
    assert judge(text).level is RiskLevel.ACUTE
