"""Referrals: one of each code, a sentence for what is offered, and somebody at every hour."""

from __future__ import annotations

from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.schema import Referral
from nachtlicht.content.sources import File, Sources
from nachtlicht.content.vocabulary import CERTAIN, THEMES
from nachtlicht.content.yaml_file import line_of
from nachtlicht.release import AUDIENCE_WORDS

RULE = "verwijzing"


def check(sources: Sources) -> Iterator[Issue]:
    """Faults in the records and in the choice between them."""
    seen: dict[str, File] = {}
    places: dict[tuple[str, str, int, str | None], str] = {}
    for file, record, line in _records(sources):
        if record.code in seen:
            yield Issue(
                file.path, line, RULE, f"De code {record.code!r} staat ook in een ander bestand."
            )
        seen[record.code] = file
        offered = _offered(record)
        used = bool(record.themas) or record.algemeen is not None
        if used and not offered:
            told = (
                f"{record.naam} staat bij een thema, maar is niet nagekeken (A of B). "
                "Kijk het na, of haal de thema's weg."
            )
            yield Issue(file.path, line, RULE, told)
        if used and offered and not record.zin.strip():
            told = f"{record.naam} wordt aangeboden en heeft geen zin."
            yield Issue(file.path, line, RULE, told)
        for theme, audience, place in _places(record):
            key = (theme, audience, place, file.model.stad)
            other = places.setdefault(key, record.code)
            if other != record.code:
                told = (
                    f"Bij thema {theme!r} voor {audience!r} staat {other!r} ook op plaats {place}. "
                    "Geef elk een eigen plaats."
                )
                yield Issue(file.path, line, RULE, told)
    yield from _somebody_at_every_hour(sources)


def _somebody_at_every_hour(sources: Sources) -> Iterator[Issue]:
    """Every theme has a place for a young person, and some line for everybody never closes."""
    records = [record for _, record, _ in _records(sources) if _offered(record)]
    if not any(record.algemeen and _never_closes(record) for record in records):
        told = "Geen enkele lijn met een plaats onder 'algemeen' is altijd open."
        yield Issue(sources.data / "referrals", 0, RULE, told)
    for theme in THEMES:
        if not any(theme in record.themas for record in records):
            told = f"Voor het thema {theme!r} is er geen enkele verwijzing."
            yield Issue(sources.data / "referrals", 0, RULE, told)


def _records(sources: Sources) -> Iterator[tuple[File, Referral, int]]:
    for file in sources.referrals:
        for index, record in enumerate(file.model.records if file.model else ()):
            steps = ("referral",) if file.model.referral else ("referrals", index)
            yield file, record, line_of(file.raw, *steps, "code")


def _places(record: Referral) -> Iterator[tuple[str, str, int]]:
    for theme, place in record.themas.items():
        by_audience = dict.fromkeys(record.voor_wie, place) if isinstance(place, int) else place
        for audience, number in by_audience.items():
            if audience in AUDIENCE_WORDS:
                yield theme, audience, number


def _offered(record: Referral) -> bool:
    return record.zekerheid in CERTAIN and any(c.zekerheid in CERTAIN for c in record.kanalen)


def _never_closes(record: Referral) -> bool:
    return any(c.uren == "altijd" and c.uren_zekerheid in CERTAIN for c in record.kanalen)
