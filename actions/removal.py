"""Says which service can help to get an image offline, after the two questions of the form."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.careful import CarefulAction

UNKNOWN = "utter_verwijderen_onbekend"
AFTER = "utter_verwijderen_verder"
ADVICE = {
    ("jonger", "met"): "utter_verwijderen_jonger_met",
    ("jonger", "zonder"): "utter_verwijderen_jonger_zonder",
    ("ouder", "met"): "utter_verwijderen_ouder_met",
    ("ouder", "zonder"): "utter_verwijderen_ouder_zonder",
    # Not knowing whether the file is there: the service's own page helps to find out.
    ("jonger", "onbekend"): "utter_verwijderen_jonger_met",
    ("ouder", "onbekend"): "utter_verwijderen_ouder_met",
}


class Removal(CarefulAction):
    """Take It Down below 18, StopNCII from 18 on; neither works without the file on one's device.

    The answers are dropped afterwards: a second image is asked about anew.
    """

    otherwise = UNKNOWN

    def name(self) -> str:
        """Return the name by which rules call it."""
        return "action_verwijderen"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say what fits, and forget the answers."""
        answers = tracker.get_slot("leeftijd_toen"), tracker.get_slot("heeft_bestand")
        dispatcher.utter_message(response=ADVICE.get(answers, UNKNOWN))
        dispatcher.utter_message(response=AFTER)
        return [SlotSet("leeftijd_toen", None), SlotSet("heeft_bestand", None)]
