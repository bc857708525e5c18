"""What the web app tells the bot beside each message: level, theme, moment and desk."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from nachtlicht.risk import RiskLevel

FIELDS = ("level", "theme", "talk_level", "now", "desk", "entry", "audience", "state")
MAX_VALUE = 100  # characters; all of these are closed words or an ISO moment
DESK_STATES = ("open", "niemand", "dicht")


class ContextError(ValueError):
    """The context of a message cannot be used; the sentence names the field, never its value."""

    code = "context"


@dataclasses.dataclass(frozen=True)
class Context:
    """The judgement of the web app on one message and on the talk so far.

    `level` belongs to this line, `talk_level` is the highest of the talk. `theme` is "geen"
    when nothing alarming was seen. `audience` is who writes, by the door they came through.
    """

    level: RiskLevel = RiskLevel.NONE
    talk_level: RiskLevel = RiskLevel.NONE
    theme: str = "geen"
    audience: str = "algemeen"

    @classmethod
    def of(cls, metadata: Mapping[str, Any] | None) -> Context:
        """Read the metadata of a message that came through `clean`."""
        given = metadata or {}
        return cls(
            level=RiskLevel.from_label(given.get("level") or "none"),
            talk_level=RiskLevel.from_label(given.get("talk_level") or "none"),
            theme=given.get("theme") or "geen",
            audience=given.get("audience") or given.get("entry") or "algemeen",
        )


def clean(raw: Any) -> dict[str, str]:
    """Return the known fields of a context as strings, and nothing else.

    A level that is missing or unknown is refused: the bot must not answer as if all were well.

    Raises:
        ContextError: it is no mapping, or a field cannot be used.
    """
    if not isinstance(raw, Mapping):
        raise ContextError("The context must be an object.")
    kept: dict[str, str] = {}
    for name in FIELDS:
        value = raw.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or len(value) > MAX_VALUE:
            raise ContextError(f"The context field {name} must be a short string.")
        kept[name] = value
    for name in ("level", "talk_level"):
        try:
            RiskLevel.from_label(kept.get(name, kept.get("level", "")))
        except ValueError as error:
            raise ContextError(f"The context field {name} is not a risk level.") from error
    if kept.get("desk", "dicht") not in DESK_STATES:
        raise ContextError("The context field desk is not a state of a desk.")
    return kept
