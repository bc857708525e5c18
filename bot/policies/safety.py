"""Obeys the level that the web app gives: in danger nothing else is said, not even in a form."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.context import Context
from bot.policies.listening import is_listening
from bot.policies.turn import PlanPolicy, executed
from nachtlicht.risk import RiskLevel

DEFAULT = "utter_urgent"
LISTENING = "utter_urgent_luisteren"
ABROAD = "utter_urgent_buiten_nederland"
FOR_ANOTHER = "utter_urgent_ander"
AFTER_ACUTE = "utter_na_acuut"
# Who writes about somebody else is not asked whether they themselves think of suicide.
ABOUT_ANOTHER = frozenset(
    {
        "ouder_onderbuik",
        "ouder_beeld",
        "ouder_anders",
        "vriend_zorgen",
        "professional_zorgen",
        "professional_vraag",
    }
)
OTHERS = re.compile(
    r"\b(dochter\w*|zoon\w*|kind\w*|pleeg\w+|stief(kind|zoon|dochter)|leerling\w*|student\w*|pupil"
    r"|cli[eë]nt\w*|mentor\w*|klas\w*|vrien\w+|bestie|besties?|matti\w*|maat|zus\w*|broer\w*"
    r"|nicht\w*|neef\w*|kleuter|tiener|puber|meisje|jongen|meid)\b",
    re.IGNORECASE,
)
OTHER_DOORS = frozenset({"ouders", "ouder", "vriend", "professionals", "professional"})
# In these a place to call must be in the first answer, also for one who only wants to tell.
TOLD_IN_FULL = frozenset({"seksueel_geweld", "zelfdoding", "zwanger"})
# Answers so short that a rule of the route would guess wrong right after a safety reply.
SHORT = frozenset({"ja", "nee", "weet_niet", "dank", "groet", "snap_niet", "nlu_fallback"})


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class SafetyPolicy(PlanPolicy):
    """Says what helps now, once a theme, when a line is urgent; is silent when it is acute.

    For an acute line the web app has already spoken, from the release and without Rasa. The
    line after it gets `utter_na_acuut` when it is too short to stand on its own. A second
    serious line in the same theme is left to the route, so that nothing is said twice.
    """

    def plan(
        self,
        before: list[Event],
        message: UserUttered,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[str] | None:
        """Return the safety text of this turn, [] for silence, None when there is no danger."""
        context = Context.of(message.metadata)
        if context.level is RiskLevel.ACUTE:
            return []
        if context.level is RiskLevel.URGENT and not _spoken_about(context.theme, before):
            said = _urgent_text(context, message, tracker, domain)
            return None if said in executed(before) else [said]
        if _acute_just_now(before) and message.intent_name in SHORT:
            return [AFTER_ACUTE]
        return None


def _spoken_about(theme: str, before: list[Event]) -> bool:
    """Whether an earlier line was urgent or acute in this theme; it had its text then."""
    lines = (Context.of(event.metadata) for event in before if isinstance(event, UserUttered))
    return any(line.level >= RiskLevel.URGENT and line.theme == theme for line in lines)


def _urgent_text(
    context: Context, message: UserUttered, tracker: DialogueStateTracker, domain: Domain
) -> str:
    """Return the name of the text for this theme and this person."""
    if tracker.get_slot("buiten_nederland"):
        return ABROAD
    if is_listening(tracker) and context.theme not in TOLD_IN_FULL:
        return LISTENING
    another = context.audience in OTHER_DOORS or _is_about_another(message)
    family = FOR_ANOTHER if another else DEFAULT
    named = f"{family}_{context.theme}"
    return named if named in domain.responses else family


def _is_about_another(message: UserUttered) -> bool:
    """Whether the writer speaks of somebody else. A guess of the model alone is not enough."""
    if message.intent_name not in ABOUT_ANOTHER:
        return False
    text = message.text or ""
    return text.startswith("/") or OTHERS.search(text) is not None


def _acute_just_now(before: list[Event]) -> bool:
    """Whether the line before this one was acute."""
    last = next((e for e in reversed(before) if isinstance(e, UserUttered)), None)
    return last is not None and Context.of(last.metadata).level is RiskLevel.ACUTE
