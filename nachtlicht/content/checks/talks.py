"""Talks: one of each name, known states, and no more than three questions before help."""

from __future__ import annotations

from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import Sources
from nachtlicht.content.yaml_file import line_of

RULE = "gesprek"
STATES = (
    *("bot", "waiting", "waiting_closed", "live", "live_lost_youth", "live_lost_staff"),
    *("wrap_up", "closed", "left"),
)
MOST_QUESTIONS = 3


def check(sources: Sources) -> Iterator[Issue]:
    """Faults in the talks, and lines that neither say nor expect anything."""
    seen: dict[str, str] = {}
    for file in sources.talks:
        if file.model is None:
            continue
        talk = file.model
        name = seen.setdefault(talk.talk, file.path.name)
        if name != file.path.name:
            line = line_of(file.raw, "talk")
            yield Issue(file.path, line, RULE, f"Het gesprek {talk.talk!r} heet ook zo in {name}.")
        if not any(step.expect for step in talk.lines):
            yield Issue(file.path, 0, RULE, "Dit gesprek verwacht niets. Zet er expect: bij.")
        for index, step in enumerate(talk.lines):
            line = line_of(file.raw, "lines", index)
            if step.parts != 1:
                told = "Zet hier één van youth:, counsellor:, hours: of expect:."
                yield Issue(file.path, line, RULE, told)
            if step.expect and step.expect.state and step.expect.state not in STATES:
                told = (
                    f"De stand {step.expect.state!r} bestaat niet. Kies uit: {', '.join(STATES)}."
                )
                yield Issue(file.path, line, RULE, told)
            if step.expect and (step.expect.max_questions or 0) > MOST_QUESTIONS:
                told = f"Meer dan {MOST_QUESTIONS} vragen voor het eerste antwoord mag niet."
                yield Issue(file.path, line, RULE, told)
