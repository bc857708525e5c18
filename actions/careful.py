"""An action that never fails: a fault ends in a fixed text, and no word of the talk in a log."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

logger = logging.getLogger("actions")


class CarefulAction(Action):
    """Does its work in `answer`; when that fails, says `otherwise` and goes on.

    An exception would print the whole talk in Rasa's log, and the person would get silence.
    """

    otherwise = "utter_hulp_niet_gevonden"

    def name(self) -> str:
        """Return the name by which rules call it."""
        raise NotImplementedError

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer, or say `otherwise`."""
        try:
            return self.answer(dispatcher, tracker)
        except Exception as error:
            # Whatever it is: told without its words, as they may quote the talk.
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error(
                "%s failed: %s at %s:%s",
                self.name(),
                type(error).__name__,
                place.filename.rpartition("/")[2],
                place.lineno,
            )
            dispatcher.messages.clear()
            dispatcher.utter_message(response=self.otherwise)
            return []

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say something and return events."""
        raise NotImplementedError


def metadata_of(tracker: Tracker) -> Mapping[str, Any]:
    """Return what the web app told beside the last message."""
    return (tracker.latest_message or {}).get("metadata") or {}
