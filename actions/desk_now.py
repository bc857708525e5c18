"""Says whether there is a counsellor at this moment, in the words of the desk."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.careful import CarefulAction, metadata_of
from actions.live_release import LiveRelease, moment_of, releases_folder

STATES = ("open", "niemand", "dicht")


class DeskNow(CarefulAction):
    """Takes the state from the web app: only that knows who is signed in.

    Without one, the desk's hours decide; who might be away counts as away ("niemand").
    """

    otherwise = "utter_desk_niemand"

    def __init__(self) -> None:
        """Read no release before it is needed."""
        self._release = LiveRelease(releases_folder())

    def name(self) -> str:
        """Return the name by which rules call it."""
        return "action_desk"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say the sentence for the state of the desk."""
        metadata = metadata_of(tracker)
        state = metadata.get("desk")
        if state not in STATES:
            moment = moment_of(metadata)
            desk = self._release.get().desks.choose(metadata.get("theme"), moment)
            state = "niemand" if desk.is_open(moment) else "dicht"
        dispatcher.utter_message(response=f"utter_desk_{state}")
        return []
