"""Nothing old is offered: records checked in the last 90 days, texts with a review ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import File, Sources
from nachtlicht.content.vocabulary import CERTAIN, MAX_AGE_DAYS
from nachtlicht.content.yaml_file import line_of

RULE = "datum"
FURTHEST_REVIEW = 366  # days: a text that nobody reads again for years has no owner


def check(sources: Sources) -> Iterator[Issue]:
    """Stale or future dates of records, desks and texts."""
    for file in sources.referrals:
        for index, record in enumerate(file.model.records if file.model else ()):
            steps = ("referral",) if file.model.referral else ("referrals", index)
            for place, channel in enumerate(record.kanalen):
                if channel.zekerheid in CERTAIN and record.zekerheid in CERTAIN:
                    line = line_of(file.raw, *steps, "kanalen", place, "gecontroleerd")
                    yield from _checked(sources, file, line, channel.gecontroleerd, record.naam)
    for file in sources.desks:
        if file.model:
            desk = file.model.desk
            line = line_of(file.raw, "desk", "gecontroleerd")
            yield from _checked(sources, file, line, desk.gecontroleerd, desk.naam)
    for file in sources.responses:
        for name, variants in (file.model.responses if file.model else {}).items():
            for index, variant in enumerate(variants):
                raw = file.raw["responses"][name][index]
                line = line_of(raw, "metadata", "herzien")
                yield from _review(sources, file, line, variant.metadata.herzien)
    for file in sources.words.values():
        if file.model:
            line = line_of(file.raw, "herzien")
            yield from _review(sources, file, line, file.model.herzien)


def _checked(
    sources: Sources, file: File, line: int, checked: dt.date, name: str
) -> Iterator[Issue]:
    age = (sources.today - checked).days
    if age > MAX_AGE_DAYS:
        told = (
            f"{name} is {age} dagen geleden nagekeken; het mag {MAX_AGE_DAYS} dagen. "
            "Lees de site na en zet de datum van vandaag neer."
        )
        yield Issue(file.path, line, RULE, told)
    elif age < 0:
        yield Issue(file.path, line, RULE, f"{checked} ligt in de toekomst.")


def _review(sources: Sources, file: File, line: int, review: dt.date) -> Iterator[Issue]:
    ahead = (review - sources.today).days
    if ahead < 0:
        told = f"Deze tekst moest voor {review} worden herlezen. Lees hem, en zet een nieuwe datum."
        yield Issue(file.path, line, RULE, told)
    elif ahead > FURTHEST_REVIEW:
        told = f"{review} is te ver weg. Lees een tekst minstens elk jaar na."
        yield Issue(file.path, line, RULE, told)
