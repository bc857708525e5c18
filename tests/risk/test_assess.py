"""One judgement on a line: context, answers, denial, explanation, and never an exception."""

import pytest

from nachtlicht.risk import Line, RiskLevel, assess, assess_talk

ASKED = ("bot", "Ik schrik daarvan. Denk je aan zelfmoord?")


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ("ja", "urgent"),
        ("soms", "urgent"),
        ("weet niet", "urgent"),
        ("misschien", "urgent"),
        ("...", "urgent"),
        ("", "urgent"),
        ("🤷", "urgent"),
        ("ja vannacht", "acute"),
        ("ja ik heb een plan", "acute"),
        ("nee maar ik wil rust", "urgent"),
        ("nee hoor", "none"),
        ("nee ik ben gewoon moe", "none"),
    ],
)
def test_an_answer_means_what_was_asked(judge, answer, level):
    """A short answer to the question about suicide has the level of risk-levels.md."""
    assert judge("pff", ASKED, answer).level.label == level


def test_an_offer_after_the_question_does_not_take_it_back(judge):
    """The offer of a human may come between the question and its answer."""
    offer = ("bot", "Wil je liever een mens, typ dan: ik wil een mens.")

    assert judge("pff", ASKED, offer, "ja").level is RiskLevel.URGENT
    assert judge("pff", ASKED, "nee", offer, "ja").level is RiskLevel.NONE


@pytest.mark.parametrize("answer", ["ja", "weet niet", "..."])
def test_the_same_words_without_the_question_mean_nothing(judge, answer):
    """It is the question that gives "ja" its weight."""
    assert judge(("bot", "Wil je nog iets weten over de chat?"), answer).level is RiskLevel.NONE


def test_a_line_that_names_a_line_to_call_has_asked_nothing(judge):
    """The safety card stands in a bot's line before many a harmless answer."""
    card = (
        "bot",
        "Er is nu geen medewerker. Bij gedachten aan zelfmoord: bel de lijn, dag en nacht.",
    )

    assert judge(card, "ja ok").level is RiskLevel.NONE


@pytest.mark.parametrize(
    ("when", "level"),
    [("gisteravond", "acute"), ("zaterdag", "urgent"), ("jaren geleden", "concern")],
)
def test_time_decides_after_an_assault(judge, when, level):
    """The answer to "wanneer was dit?" sets the level of the line."""
    assert judge("ik ben verkracht", ("bot", "Wanneer was dit?"), when).level.label == level


def test_risk_told_in_pieces_is_seen(judge):
    """Lines that are harmless apart are read together."""
    pieces = ["ik ken haar van discord", "ze is best aardig", "we gaan straks afspreken"]

    assert judge(pieces[2]).level < RiskLevel.URGENT
    assert judge(*pieces).level >= RiskLevel.URGENT


def test_an_earlier_line_does_not_flag_every_later_one(judge):
    """The level is that of the newest line; thanks are thanks."""
    assert judge("ik wil niet meer leven", ("bot", "Fijn dat je het zegt."), "dankjewel").level == 0


def test_a_friend_who_is_the_writer(judge):
    """After "eigenlijk ben ik het" the line keeps the level of what was told of the friend."""
    found = judge("mijn vriendin wil niet meer leven", ("bot", "Wat naar."), "eigenlijk ben ik het")

    assert found.level is RiskLevel.URGENT
    assert found.theme == "zelfdoding"


@pytest.mark.parametrize("line", ["grapje", "laat maar", "vergeet het", "haha nee geintje"])
def test_a_joke_afterwards_lowers_nothing(rules, line):
    """The talk keeps its level."""
    talk = [Line("youth", "ik wil niet meer leven"), Line(*ASKED), Line("youth", line)]

    assert assess_talk(rules, talk).level >= RiskLevel.URGENT


def test_an_explanation_turns_urgent_into_concern(rules):
    """With "ging over een game" explained: the talk becomes CONCERN, and the line says why."""
    talk = [
        Line("youth", "ik word gechanteerd"),
        Line("bot", "Klopt het dat iemand je dreigt?"),
        Line("youth", "nee dat ging over een game"),
    ]

    assert assess(rules, talk).explains
    assert assess_talk(rules, talk).level is RiskLevel.CONCERN


def test_an_explanation_never_lowers_acute(rules):
    """After ACUTE only a human lowers the level."""
    talk = [
        Line("youth", "ik heb net pillen geslikt"),
        Line("bot", "Bel 112."),
        Line("youth", "dat ging over een game"),
    ]

    assert assess_talk(rules, talk).level is RiskLevel.ACUTE


@pytest.mark.parametrize(
    "line",
    [
        "ik lach me kapot",
        "ik ga dood van de hitte",
        "ik vermoord m'n broertje als hij m'n oplader weer pakt",
        "nee ik wil niet dood hoor, ben gewoon moe",
        "ik wil nu dood 💀 morgen toets wiskunde",
        "ik doe een werkstuk over zelfmoord",
        "in fortnite ben ik al drie keer dood",
        "vroeger sloeg mijn vader me maar nu gaat het goed",
        "vertellen jullie dit door?",
        "hoe laat gaan jullie open",
        "dankjewel",
    ],
)
def test_alarming_words_without_risk_are_no_alarm(judge, line):
    """Idiom, game, school, denial and a closed past stay below URGENT."""
    assert judge(line).level < RiskLevel.URGENT


@pytest.mark.parametrize("lines", [[], [None], [Line("youth", None)], [Line("youth", 3)], None, 7])
def test_what_cannot_be_read_is_acute(rules, lines):
    """Any fault gives the highest level with the reason, and never an exception."""
    found = assess(rules, lines)

    assert found.level is RiskLevel.ACUTE
    assert found.unread
    assert [(s.code, s.why) for s in found.signals] == [
        ("onleesbaar", "kon dit bericht niet lezen")
    ]


def test_broken_rules_are_acute_too():
    """Without rules every message is treated as the worst."""
    assert assess(None, [Line("youth", "hoi")]).unread


def test_a_classifier_raises_and_never_lowers(rules):
    """Of a firm rule and the model the higher wins; the rules' own level stays visible."""
    hello = [Line("youth", "hallo allemaal")]
    farewell = [Line("youth", "dit is mijn afscheid")]

    raised = assess(rules, hello, says(RiskLevel.URGENT))
    assert (raised.level, raised.rules_level, raised.theme) == (2, 0, "somber")
    kept = assess(rules, farewell, says(RiskLevel.NONE))
    assert (kept.level, kept.rules_level, kept.model_level) == (3, 3, 0)
    assert kept.theme == "zelfdoding"


def test_a_hint_is_weighed_by_the_model_and_never_lost(rules):
    """The model is told what the rules see; it may leave CONCERN of it, not less."""
    line = [Line("youth", "mijn vader slaat me")]
    told = []

    def weighs(level):
        return lambda lines: lambda by_rules: told.append(by_rules) or (level, 0.3, "somber")

    alone = rules.signals(line[0].text)
    assert all(signal.hint for signal in alone if signal.level >= RiskLevel.URGENT)
    assert assess(rules, line).level is RiskLevel.URGENT
    doubted = assess(rules, line, weighs(RiskLevel.NONE))
    assert (doubted.level, doubted.rules_level) == (RiskLevel.CONCERN, RiskLevel.CONCERN)
    agreed = assess(rules, line, weighs(RiskLevel.URGENT))
    assert (agreed.level, agreed.rules_level) == (RiskLevel.URGENT, RiskLevel.URGENT)
    assert told == [RiskLevel.URGENT] * 2


def test_of_a_hint_at_concern_the_model_may_leave_nothing(rules):
    """A rule that finds worry in many a harmless line does not ask for care by itself."""
    line = [Line("youth", "ik word gepest op school")]

    assert assess(rules, line).level is RiskLevel.CONCERN
    doubted = assess(rules, line, says(RiskLevel.NONE))
    assert (doubted.level, doubted.signals) == (RiskLevel.NONE, ())


def test_a_model_that_is_gone_leaves_a_hint_in_full(rules):
    """Nobody weighs it, so it counts."""
    line = [Line("youth", "mijn vader slaat me")]

    assert assess(rules, line, lambda lines: None).level is RiskLevel.URGENT


def says(level):
    """A model that says the same of every line."""
    return lambda lines: lambda by_rules: (level, 0.5, "somber")


def test_a_classifier_that_fails_leaves_the_rules_alone(rules):
    """A fault or no answer of the classifier does not count as unreadable."""

    def fails(lines):
        raise RuntimeError("gone")

    for classifier in (fails, lambda lines: None):
        found = assess(rules, [Line("youth", "hoi")], classifier)
        assert (found.level, found.model_level, found.unread) == (0, None, False)


def test_unsure_is_for_what_is_not_clearly_harmless(judge):
    """A word of distress without a rule is unsure; a greeting is not."""
    assert judge("ik weet niet of ik dit durf te zeggen").unsure
    assert not judge("hallo").unsure


@pytest.mark.parametrize(
    "line",
    [
        "mijn stiefvader heeft me vannacht verkracht",
        "mijn broer doet dingen met mij die ik niet wil",
        "gisteravond kroop mijn oom in mijn bed",
    ],
)
def test_abuse_by_a_relative_is_about_home(judge, line):
    """Home decides which help is offered, also when the words are of sexual violence."""
    found = judge(line)

    assert found.level >= RiskLevel.URGENT
    assert found.theme == "onveilig_thuis"


@pytest.mark.parametrize(
    "line",
    [
        "ze willen dat ik die foto verwijder",
        "mijn zus is boos omdat mijn oma niet terugkomt",
        "ik ben verliefd op iemand uit mijn klas",
        "ben op vakantie in spanje, werkt dit dan",
    ],
)
def test_little_words_are_no_death_wish(judge, line):
    """The words "die", "op" and "niet terug" mean many things."""
    assert judge(line).level < RiskLevel.URGENT


def test_a_feeling_of_a_parent_is_no_acute_extortion(judge):
    """The word "anders" in a worried story is not a threat."""
    story = (
        "mijn zoon is anders dan vorig jaar, vandaag zat hij stil in de auto met zijn telefoon "
        "en ik heb er geen goed gevoel bij"
    )

    assert judge(story).level < RiskLevel.ACUTE
