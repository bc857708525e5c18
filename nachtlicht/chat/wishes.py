"""What a typed or tapped line asks of the chat itself: a human, stop, or wipe my talk."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence

from nachtlicht.chat.spoken import Spoken
from nachtlicht.release import Commands, fold_phrase
from nachtlicht.store import Author

OURS = "nachtlicht:"
_TITLES = 512  # that are folded once; they are the editors' words, what a person types is not kept
OUR_PAYLOADS = ("handoff", "decline", "forget", "stop")


@dataclasses.dataclass(frozen=True)
class Wish:
    """What a line asks for: `kind` is one of `OUR_PAYLOADS` or None.

    `payload` is what a tapped button means to the bot (`/intent…`), or None. A wish that was
    tapped is meant; one that was typed may be asked back.
    """

    kind: str | None = None
    payload: str | None = None
    tapped: bool = False


def find_wish(text: str, before: Sequence[Spoken], commands: Commands, *, waits: bool) -> Wish:
    """Read a line as a tapped button of the last bot lines, else as one of the fixed phrases.

    The client sends the title that it shows, never a payload: what a button means is known
    here alone. While the talk `waits`, a button that declines counts however far back it stands.
    """
    payload = tapped_payload(text, before)
    if payload is None and waits:
        older = _tapped(text, [line for line in before if line.author is Author.BOT])
        payload = older if older == OURS + "decline" else None
    if payload is None:
        return Wish(kind=commands.find(text))
    if not payload.startswith(OURS):
        return Wish(payload=payload, tapped=True)
    kind = payload.removeprefix(OURS)
    return Wish(kind=kind if kind in OUR_PAYLOADS else None, tapped=True)


def tapped_payload(text: str, before: Sequence[Spoken]) -> str | None:
    """What the button means that the line taps, of those the bot showed last; None for none."""
    return _tapped(text, _last_bot_lines(before))


def _last_bot_lines(before: Sequence[Spoken]) -> list[Spoken]:
    """What the bot has said since the youth's previous line."""
    lines: list[Spoken] = []
    for line in reversed(before):
        if line.author is Author.YOUTH and lines:
            break
        if line.author is Author.BOT:
            lines.append(line)
    return lines[::-1]


def _tapped(text: str, lines: Sequence[Spoken]) -> str | None:
    """The payload of the newest button whose title is `text`."""
    folded = fold_phrase(text)
    for line in reversed(lines):
        for title, payload in line.buttons:
            if folded and _folded_title(title) == folded:
                return payload
    return None


@functools.lru_cache(_TITLES)
def _folded_title(title: str) -> str:
    return fold_phrase(title)
