"""Phone numbers, hours and addresses stand in the records and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.said import everything_said
from nachtlicht.content.sources import Sources

RULE = "nummer"
PATTERNS = (
    (re.compile(r"\b0\d{2,3}[\s-]*\d{2,}[\d\s-]*\b|\b06[\s-]?\d{6,}"), "een telefoonnummer"),
    (re.compile(r"(?<![\d.,])(112|113|1813|144)(?![\d.,]*\d)"), "een telefoonnummer"),
    (re.compile(r"\b\d{1,2}[.:]\d{2}\b"), "een tijd"),
    (re.compile(r"\b\d{1,2} uur\b|\b24/7\b|24 ?x ?7"), "een tijd"),
    (re.compile(r"\bdag en nacht\b|\b(elk|ieder) (moment|uur) open\b", re.I), "een openingstijd"),
    (re.compile(r"\b[\w-]+\.(nl|org|com|net|info|eu|be)\b", re.I), "een adres"),
)
CODE = ("nachtlicht/**/*.py", "bot/**/*.py", "actions/**/*.py", "widget/**/*.*")
TEXT_SUFFIXES = {".py", ".js", ".html", ".j2", ".css", ".mjs"}


def check(sources: Sources) -> Iterator[Issue]:
    """Numbers, times and addresses typed into a text, and known numbers typed into code."""
    for said in everything_said(sources):
        if said.kind == "sentence" and said.name.startswith("bewaren."):
            continue
        plain = re.sub(r"\[\[[^\]]*\]\]", "", said.text)
        for pattern, kind in PATTERNS:
            match = pattern.search(plain)
            if match:
                told = (
                    f"Hier staat {kind} ({match.group(0).strip()}). Gebruik een invulling, "
                    "zoals [[csg.telefoon]] of [[csg.uren]]; het nummer hoort in data/referrals."
                )
                yield Issue(said.path, said.line, RULE, told)
    yield from _in_code(sources)


def _in_code(sources: Sources) -> Iterator[Issue]:
    numbers = {
        re.sub(r"\D", "", channel.waarde)
        for file in sources.referrals
        for record in (file.model.records if file.model else ())
        for channel in record.kanalen
        if channel.soort == "telefoon"
    }
    long = sorted(number for number in numbers if len(number) > 5)
    if not long:
        return
    spaced = "|".join("[ -]*".join(number) for number in long)
    pattern = re.compile(rf"(?<!\d)({spaced})(?!\d)")
    for glob in CODE:
        for path in sorted(sources.root.glob(glob)):
            if path.suffix not in TEXT_SUFFIXES or ".min." in path.name:
                continue
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                if pattern.search(line):
                    told = "Een telefoonnummer hoort in data/referrals en niet in code."
                    yield Issue(path, number, RULE, told)
