"""The policies of our own, one turn at a time, without a trained model."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.policies.policy import Policy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policies.leave_form import LeaveFormPolicy
from bot.policies.listening import ListeningPolicy
from bot.policies.safety import SafetyPolicy

DOMAIN = Domain.from_dict(
    {
        "intents": ["ja", "afpersing_geld", "ouder_anders", "wat_kun_je"],
        "slots": {
            "luisteren": {"type": "bool", "influence_conversation": False, "mappings": []},
            "buiten_nederland": {"type": "bool", "influence_conversation": False, "mappings": []},
        },
        "forms": {"verwijderen_form": {"required_slots": []}},
        "responses": {
            name: [{"text": name}]
            for name in (
                "utter_urgent",
                "utter_urgent_afpersing",
                "utter_urgent_zelfdoding",
                "utter_urgent_luisteren",
                "utter_urgent_buiten_nederland",
                "utter_urgent_ander",
                "utter_urgent_zelf",
                "utter_urgent_ander_zelfdoding",
                "utter_na_acuut_1",
                "utter_na_acuut_2",
                "utter_luisteren_1",
                "utter_luisteren_2",
            )
        },
    }
)
LISTEN = ActionExecuted("action_listen")


def policy(kind: type[Policy], **config: Any) -> Policy:
    context = ExecutionContext(GraphSchema({}))
    return kind({**kind.get_default_config(), **config}, None, Resource("x"), context)


def youth(
    level: str = "none",
    theme: str = "geen",
    intent: str = "ja",
    text: str = "een zin",
    **more: str,
) -> UserUttered:
    """A line with the judgement that the web app sends along."""
    metadata = {"level": level, "talk_level": level, "theme": theme, **more}
    return UserUttered(text, {"name": intent, "confidence": 1.0}, metadata=metadata)


def play(chosen: Policy, *events: Event) -> list[str]:
    """Let the policy lead a whole turn and return what it did; [] when it had no opinion."""
    tracker = DialogueStateTracker.from_events("a", [LISTEN, *events], DOMAIN.slots)
    done: list[str] = []
    while len(done) < 5:
        prediction = chosen.predict_action_probabilities(tracker, DOMAIN)
        if prediction.max_confidence == 0.0:
            return done
        assert prediction.is_no_user_prediction, "without it, a form would win"
        name = DOMAIN.action_names_or_texts[prediction.max_confidence_index]
        done.append(name)
        tracker.update(ActionExecuted(name))
        if name == "action_deactivate_loop":
            tracker.update(ActiveLoop(None))
        if name == "action_listen":
            return done
    return done


FORM = (youth(), ActionExecuted("verwijderen_form"), ActiveLoop("verwijderen_form"), LISTEN)


def test_without_danger_safety_has_no_opinion() -> None:
    """None and concern are left to the rules."""
    for level in ("none", "concern"):
        assert play(policy(SafetyPolicy), youth(level, "afpersing")) == []


def test_an_urgent_line_gets_the_text_of_its_theme() -> None:
    """The text of the theme, and then the turn ends."""
    said = play(policy(SafetyPolicy), youth("urgent", "afpersing"))
    assert said == ["utter_urgent_afpersing", "action_listen"]


def test_a_theme_without_a_text_gets_the_default() -> None:
    """No theme is left without words."""
    assert play(policy(SafetyPolicy), youth("urgent", "eten"))[0] == "utter_urgent"


def test_the_second_urgent_line_of_a_theme_is_left_to_the_route() -> None:
    """The same text is not said twice."""
    first = (youth("urgent", "afpersing"), ActionExecuted("utter_urgent_afpersing"), LISTEN)
    assert play(policy(SafetyPolicy), *first, youth("urgent", "afpersing")) == []


def test_another_theme_in_the_same_talk_gets_its_own_text() -> None:
    """Two themes at once: both get their words."""
    first = (youth("urgent", "afpersing"), ActionExecuted("utter_urgent_afpersing"), LISTEN)
    said = play(policy(SafetyPolicy), *first, youth("urgent", "zelfdoding"))
    assert said[0] == "utter_urgent_zelfdoding"


def test_an_acute_line_gets_silence() -> None:
    """The web app has spoken already; Rasa adds nothing."""
    assert play(policy(SafetyPolicy), youth("acute", "zelfdoding")) == ["action_listen"]


def test_inside_a_form_the_form_is_left_first() -> None:
    """Else the next line would be eaten as an answer."""
    said = play(policy(SafetyPolicy), *FORM, youth("urgent", "afpersing"))
    assert said == ["action_deactivate_loop", "utter_urgent_afpersing", "action_listen"]
    said = play(policy(SafetyPolicy), *FORM, youth("acute", "afpersing"))
    assert said == ["action_deactivate_loop", "action_listen"]


def test_a_short_line_right_after_an_acute_one_is_not_left_to_chance() -> None:
    """A bare yes after a safety reply gets words that fit any question in it."""
    acute = (youth("acute", "zelfdoding"), LISTEN)
    assert play(policy(SafetyPolicy), *acute, youth("none"))[0] == "utter_na_acuut_1"
    assert play(policy(SafetyPolicy), *acute, youth("none", intent="wat_kun_je")) == []


@pytest.mark.parametrize(
    "line",
    [
        youth("urgent", "zelfdoding", "ouder_anders", "mijn dochter wil niet meer leven"),
        youth("urgent", "zelfdoding", "ouder_anders", "/ouder_anders"),
        youth("urgent", "zelfdoding", audience="ouders"),
        youth("urgent", "zelfdoding", entry="professionals"),
    ],
)
def test_who_writes_about_another_is_not_asked_about_themselves(line: UserUttered) -> None:
    """A parent is not asked whether they think of suicide."""
    assert play(policy(SafetyPolicy), line)[0] == "utter_urgent_ander_zelfdoding"


def test_after_an_acute_line_short_words_keep_getting_care() -> None:
    """Until a route begins; then the route's own rules know what the answer means."""
    events = [youth("acute", "zelfdoding"), LISTEN, youth(), ActionExecuted("utter_na_acuut_1")]
    events.append(LISTEN)
    assert play(policy(SafetyPolicy), *events, youth())[0] == "utter_na_acuut_2"
    begun = [*events, youth(intent="wat_kun_je"), ActionExecuted("utter_urgent"), LISTEN]
    assert play(policy(SafetyPolicy), *begun, youth()) == []


THEMES = {"afpersing": ["afpersing_geld"], "eten": ["eten"]}


def heard(theme: str, *ranking: tuple[str, float]) -> UserUttered:
    """An urgent line with what the bot heard in it."""
    metadata = {"level": "urgent", "talk_level": "urgent", "theme": theme}
    rows = [{"name": name, "confidence": chance} for name, chance in ranking]
    line = UserUttered("een zin", rows[0], metadata=metadata)
    line.parse_data["intent_ranking"] = rows
    return line


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (heard("eten", ("afpersing_geld", 0.9)), "utter_urgent_afpersing"),
        (heard("eten", ("afpersing_geld", 0.5)), "utter_urgent"),
        (heard("eten", ("afpersing_geld", 0.9), ("eten", 0.06)), "utter_urgent"),
        (heard("eten", ("wat_kun_je", 0.9)), "utter_urgent"),
        (heard("zelfdoding", ("afpersing_geld", 0.9)), "utter_urgent_zelfdoding"),
    ],
)
def test_the_theme_may_be_corrected_but_not_away_from_the_gravest(
    line: UserUttered, text: str
) -> None:
    """Only when the bot is sure, and never away from suicide or assault."""
    safety = policy(SafetyPolicy, sure=0.8, themes=THEMES)
    assert play(safety, line)[0] == text


def test_a_guess_alone_makes_nobody_a_parent() -> None:
    """A victim that the model takes for a parent is still spoken to as the victim."""
    line = youth("urgent", "afpersing", "ouder_anders", "ze dreigen mijn foto te delen")
    assert play(policy(SafetyPolicy), line)[0] == "utter_urgent_afpersing"


def test_a_friend_who_turns_out_to_be_the_writer_gets_their_own_words() -> None:
    """Also when the theme had its text: it was said about somebody else."""
    friend = youth("urgent", "zelfdoding", "ouder_anders", "mijn vriendin wil dood")
    first = (friend, ActionExecuted("utter_urgent_ander_zelfdoding"), LISTEN)
    turn = youth("urgent", "zelfdoding", text="eigenlijk ben ik het zelf")
    assert play(policy(SafetyPolicy), *first, turn)[0] == "utter_urgent_zelf"


def test_after_a_safety_reply_the_same_theme_is_not_begun_again() -> None:
    """The question of the acute text is not asked a second time in other words."""
    acute = (youth("acute", "zelfdoding"), LISTEN)
    assert (
        play(policy(SafetyPolicy), *acute, youth("urgent", "zelfdoding"))[0] == "utter_na_acuut_1"
    )


def test_abroad_no_dutch_number_is_given_as_valid() -> None:
    """The urgent text for who lives elsewhere."""
    abroad = SlotSet("buiten_nederland", True)
    said = play(policy(SafetyPolicy), youth(), abroad, LISTEN, youth("urgent", "zelfdoding"))
    assert said[0] == "utter_urgent_buiten_nederland"


def test_who_only_wants_to_tell_gets_the_soft_text_but_not_for_suicide() -> None:
    """Listening stays soft, save where a number must be in the first answer."""
    listening = (youth(), SlotSet("luisteren", True), LISTEN)
    soft = play(policy(SafetyPolicy), *listening, youth("urgent", "afpersing"))
    assert soft[0] == "utter_urgent_luisteren"
    full = play(policy(SafetyPolicy), *listening, youth("urgent", "zelfdoding"))
    assert full[0] == "utter_urgent_zelfdoding"


def test_listening_says_each_text_once_before_one_comes_back() -> None:
    """The same words do not come twice in a row."""
    listening = policy(ListeningPolicy)
    events: list[Event] = [youth(), SlotSet("luisteren", True), LISTEN]
    said = []
    for _ in range(4):
        events.append(youth(intent="afpersing_geld"))
        said.append(play(listening, *events)[0])
        events += [ActionExecuted(said[-1]), LISTEN]
    one, two = "utter_luisteren_1", "utter_luisteren_2"
    assert said == [one, two, one, two]


def test_listening_leaves_questions_to_their_rules() -> None:
    """Who asks something is answered."""
    listening = policy(ListeningPolicy, answered=["wat_kun_je"])
    asked = (youth(), SlotSet("luisteren", True), LISTEN, youth(intent="wat_kun_je"))
    assert play(listening, *asked) == []
    assert play(listening, youth(intent="afpersing_geld")) == []


def test_a_form_that_refused_a_line_is_ended() -> None:
    """The end of the form comes along with whatever wins."""
    refused = ActionExecutionRejected("verwijderen_form", "RulePolicy", 1.0)
    tracker = DialogueStateTracker.from_events(
        "a", [LISTEN, *FORM, youth(intent="wat_kun_je"), refused], DOMAIN.slots
    )
    prediction = policy(LeaveFormPolicy).predict_action_probabilities(tracker, DOMAIN)
    assert prediction.max_confidence == 0.0
    assert ActiveLoop(None) in prediction.events


def test_a_form_that_took_a_line_goes_on() -> None:
    """Nothing is ended without a refusal."""
    tracker = DialogueStateTracker.from_events("a", [LISTEN, *FORM, youth()], DOMAIN.slots)
    prediction = policy(LeaveFormPolicy).predict_action_probabilities(tracker, DOMAIN)
    assert prediction.events == []
