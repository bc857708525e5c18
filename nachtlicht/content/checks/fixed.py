"""The texts that the web app asks for by name are there, and the wishes that always work."""

from __future__ import annotations

from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import Sources
from nachtlicht.content.vocabulary import FIXED_TEXTS
from nachtlicht.content.yaml_file import line_of
from nachtlicht.release import fold_phrase

RULE = "vast"
SAY = {"say_human": "handoff", "say_stop": "stop"}


def check(sources: Sources) -> Iterator[Issue]:
    """Missing fixed texts, and wishes that are empty, doubled, or not those of the widget."""
    for name in FIXED_TEXTS:
        if name not in sources.texts:
            told = f"De vaste tekst {name} mist. De website vraagt erom; zet hem in data/responses."
            yield Issue(sources.data / "responses", 0, RULE, told)
    yield from _wishes(sources)


def _wishes(sources: Sources) -> Iterator[Issue]:
    file = sources.words["opdrachten"]
    if file.model is None:
        return
    kinds: dict[str, str] = {}
    for kind in ("handoff", "stop", "forget"):
        phrases = file.model.opdrachten.get(kind, [])
        if not phrases:
            yield Issue(file.path, 0, RULE, f"Onder {kind!r} staat geen enkele zin.")
        for index, phrase in enumerate(phrases):
            line = line_of(file.raw, "opdrachten", kind, index)
            folded = fold_phrase(phrase)
            if kinds.setdefault(folded, kind) != kind:
                told = (
                    f"{phrase!r} staat ook onder {kinds[folded]!r}; een zin kan maar één ding zijn."
                )
                yield Issue(file.path, line, RULE, told)
    widget = sources.words["widget"]
    for name, kind in SAY.items():
        said = widget.model.woorden.get(name) if widget.model else None
        if isinstance(said, str) and kinds.get(fold_phrase(said)) != kind:
            told = f"De knop {said!r} moet ook als zin onder {kind!r} in opdrachten.yml staan."
            yield Issue(widget.path, line_of(widget.raw, "woorden", name), RULE, told)
