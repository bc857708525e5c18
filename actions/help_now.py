"""Says who helps with this, now: one place for the theme and at most one other that is open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.careful import CarefulAction, metadata_of
from actions.live_release import LiveRelease, moment_of, releases_folder
from actions.themes import audience_of, theme_of

ABROAD = "ZZ"  # no country's code: only records that work everywhere fit


class HelpNow(CarefulAction):
    """Chooses by theme, person, country and moment; the sentences are those of the records."""

    def __init__(self) -> None:
        """Read no release before it is needed."""
        self._release = LiveRelease(releases_folder())

    def name(self) -> str:
        """Return the name by which rules call it."""
        return "action_hulp"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say the lines for this talk."""
        release = self._release.get()
        moment = moment_of(metadata_of(tracker))
        theme, audience = theme_of(tracker), audience_of(tracker)
        country = ABROAD if tracker.get_slot("buiten_nederland") else "NL"
        choice = release.referrals.choose(theme, audience, moment, country)
        if not (choice.main or choice.backup or choice.always):
            dispatcher.utter_message(response=self.otherwise)
            return []
        lines = release.render(
            "[[lijnen.thema]]", moment=moment, theme=theme, audience=audience, country=country
        )
        dispatcher.utter_message(response="utter_hulp_lijnen", lijnen=lines)
        return []
