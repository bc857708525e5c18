"""What every component of ours must do, whatever it finds: one list of checks for all."""

from __future__ import annotations

from collections.abc import Callable

from rasa.engine.graph import GraphComponent
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

ODD_TEXTS = (
    "",
    " ",
    "\u0000",
    "\u202e15",
    "😭😭",
    "/restart",
    "x" * 10_000,
    "1" * 5_000,
    "<b>15</b>",
    '{"leeftijd": 15}',
    "²³",
    "١٥",
)


def survives_odd_texts(component: GraphComponent) -> None:
    """Any text, or none, is gone through without an exception."""
    messages = [Message({TEXT: text}) for text in ODD_TEXTS] + [Message({})]
    assert component.process(messages) is messages


def keeps_what_others_found(component: GraphComponent) -> None:
    """Entities that were there stay, in place and in order."""
    others = [{"entity": "a", "value": 1}, {"entity": "b", "value": 2}]
    message = Message({TEXT: "ik was 15", ENTITIES: list(others)})
    component.process([message])
    assert message.get(ENTITIES)[:2] == others


def leaves_the_text(component: GraphComponent) -> None:
    """The text itself is not changed."""
    message = Message({TEXT: "Ik was  15 "})
    component.process([message])
    assert message.get(TEXT) == "Ik was  15 "


CHECKS: tuple[Callable[[GraphComponent], None], ...] = (
    survives_odd_texts,
    keeps_what_others_found,
    leaves_the_text,
)
