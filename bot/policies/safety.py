"""Obeys the level that the web app gives: in danger nothing else is said, not even in a form."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import (
    ACTION_DEACTIVATE_LOOP_NAME,
    ACTION_EXTRACT_SLOTS,
    ACTION_LISTEN_NAME,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.context import Context
from bot.policies.listening import is_listening
from bot.policies.turn import PlanPolicy, executed, next_of
from nachtlicht.risk import RiskLevel

DEFAULT = "utter_urgent"
LISTENING = "utter_urgent_luisteren"
ABROAD = "utter_urgent_buiten_nederland"
FOR_ANOTHER = "utter_urgent_ander"
FOR_SELF = "utter_urgent_zelf"
DOUBT = 0.05  # chance from which an intent still speaks for its theme
# "A friend of mine" is often the writer; the line in which that is said deserves its own words.
SELF = re.compile(
    r"\b(ben ik (het )?(eigenlijk |gewoon )?zelf|eigenlijk ben ik (het|dat)|(dat|die) ben ik"
    r"|gaat (eigenlijk |gewoon )?over (mij|mezelf|me zelf|mijzelf)|ik ben die (vriend|vriendin))\b",
    re.IGNORECASE,
)
AFTER_ACUTE = "utter_na_acuut_"
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
SILENT = frozenset({ACTION_LISTEN_NAME, ACTION_DEACTIVATE_LOOP_NAME, ACTION_EXTRACT_SLOTS})
# Answers so short that a rule of the route would guess wrong right after a safety reply.
SHORT = frozenset({"ja", "nee", "weet_niet", "dank", "groet", "snap_niet", "nlu_fallback"})


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class SafetyPolicy(PlanPolicy):
    """Says what helps now, once a theme, when a line is urgent; is silent when it is acute.

    For an acute line the web app has already spoken, from the release and without Rasa. The
    lines after it get an `utter_na_acuut_…` when they are too short to stand on their own. A
    second serious line in the same theme is left to the route, so that nothing is said twice.

    The level is never doubted. The theme may be: when the bot is `sure` of an intent of another
    theme (`themes`) and hears next to nothing of the one that was seen, that theme's text is
    said, save where the web app sees a theme of which the number must be in the first answer.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults; Rasa takes the priority from here alone."""
        return {"priority": 100, "sure": 1.1, "themes": {}}

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
        if context.level is RiskLevel.URGENT and SELF.search(message.text or ""):
            said = _named(FOR_SELF, context.theme, domain)
            return None if said in executed(before) else [said]
        if context.level is RiskLevel.URGENT and not _spoken_about(context.theme, before):
            theme = self._theme(context, message)
            said = _urgent_text(context, theme, message, tracker, domain)
            return None if said in executed(before) else [said]
        if message.intent_name in SHORT and _still_acute(before):
            return [next_of(AFTER_ACUTE, before, domain)]
        return None

    def _theme(self, context: Context, message: UserUttered) -> str:
        """Return the theme whose text fits best."""
        themes = self.config["themes"]
        ranking = (message.parse_data or {}).get("intent_ranking") or []
        heard = message.intent_name
        is_sure = bool(ranking) and ranking[0]["confidence"] >= self.config["sure"]
        doubts = any(
            row["name"] in themes.get(context.theme, ()) and row["confidence"] >= DOUBT
            for row in ranking
        )
        if not is_sure or doubts or context.theme in TOLD_IN_FULL or heard in ABOUT_ANOTHER:
            return context.theme
        return next((t for t, names in themes.items() if heard in names), context.theme)


def _spoken_about(theme: str, before: list[Event]) -> bool:
    """Whether an earlier line was urgent or acute in this theme; it had its text then."""
    lines = (Context.of(event.metadata) for event in before if isinstance(event, UserUttered))
    return any(line.level >= RiskLevel.URGENT and line.theme == theme for line in lines)


def _urgent_text(
    context: Context,
    theme: str,
    message: UserUttered,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> str:
    """Return the name of the text for this theme and this person."""
    if tracker.get_slot("buiten_nederland"):
        return ABROAD
    if is_listening(tracker) and theme not in TOLD_IN_FULL:
        return LISTENING
    another = context.audience in OTHER_DOORS or _is_about_another(message)
    family = FOR_ANOTHER if another else DEFAULT
    return _named(family, theme, domain)


def _named(family: str, theme: str, domain: Domain) -> str:
    """Return the text of a family for this theme, or the family's own."""
    named = f"{family}_{theme}"
    return named if named in domain.responses else family


def _is_about_another(message: UserUttered) -> bool:
    """Whether the writer speaks of somebody else. A guess of the model alone is not enough."""
    if message.intent_name not in ABOUT_ANOTHER:
        return False
    text = message.text or ""
    return text.startswith("/") or OTHERS.search(text) is not None


def _still_acute(before: list[Event]) -> bool:
    """Whether an acute line came, and since then no route has begun."""
    for event in reversed(before):
        if isinstance(event, UserUttered) and Context.of(event.metadata).level is RiskLevel.ACUTE:
            return True
        if isinstance(event, ActionExecuted) and _begins_a_route(event.action_name or ""):
            return False
    return False


def _begins_a_route(action: str) -> bool:
    return action not in SILENT and not action.startswith(AFTER_ACUTE)
