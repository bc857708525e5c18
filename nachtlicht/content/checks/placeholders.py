"""What stands between [[ ]] can be filled in, from a record that may be offered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.said import everything_said
from nachtlicht.content.schema import Referral
from nachtlicht.content.sources import Sources
from nachtlicht.content.vocabulary import CERTAIN, FIXED_PLACEHOLDERS

RULE = "invulling"
PLACEHOLDER = re.compile(r"\[\[([^\[\]]*)\]\]")
CHANNELS = {"telefoon": "telefoon", "chat": "chat", "url": "site"}
SIMPLE = ("naam", "kosten", "anonimiteit")
DESK = ("uren", "opent", "naam")


def check(sources: Sources) -> Iterator[Issue]:
    """Placeholders that are unknown, unverified, or not closed."""
    records = {
        record.code: record
        for file in sources.referrals
        if file.model
        for record in file.model.records
    }
    for said in everything_said(sources):
        for match in PLACEHOLDER.finditer(said.text):
            fault = _fault(match.group(1).strip(), records)
            if fault:
                yield Issue(said.path, said.line, RULE, fault)
        if said.text.count("[[") != said.text.count("]]") or _single(said.text):
            told = "Een invulling moet tussen dubbele haken staan: [[csg.telefoon]]."
            yield Issue(said.path, said.line, RULE, told)


def _single(text: str) -> bool:
    return bool(re.search(r"[\[\]]", PLACEHOLDER.sub("", text)))


def _fault(name: str, records: dict[str, Referral]) -> str | None:
    if name in FIXED_PLACEHOLDERS:
        return None
    code, _, field = name.rpartition(".")
    if code == "desk":
        return None if field in DESK else f"[[{name}]]: van de desk kan {', '.join(DESK)}."
    record = records.get(code)
    if record is None:
        return f"[[{name}]]: de code {code or name!r} staat niet in data/referrals."
    if record.zekerheid not in CERTAIN:
        return f"[[{name}]]: {record.naam} is niet nagekeken en mag niet genoemd worden."
    if field in SIMPLE:
        return None
    sure = [channel for channel in record.kanalen if channel.zekerheid in CERTAIN]
    if field == "uren":
        known = [c for c in sure if c.uren != "onbekend" and c.uren_zekerheid in CERTAIN]
        return None if known else f"[[{name}]]: de uren van {record.naam} zijn niet nagekeken."
    if field not in CHANNELS:
        known_fields = ", ".join((*CHANNELS, "uren", *SIMPLE))
        return f"[[{name}]]: kies uit {known_fields}."
    if any(channel.soort == CHANNELS[field] for channel in sure):
        return None
    return f"[[{name}]]: daarvoor is geen nagekeken gegeven in data/referrals/{code}.yml."
