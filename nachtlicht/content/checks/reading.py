"""Readable at B1: sentence length, word length, hard words, and Flesch-Douma; fit for a phone."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from nachtlicht.content.issue import Issue
from nachtlicht.content.language import Phone, Reading, plain, read_language
from nachtlicht.content.said import Said, everything_said, sentences, words
from nachtlicht.content.sources import Sources

RULE = "lezen"
PHONE_RULE = "lang"
SYLLABLE = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|[aeiouyáéíóúàèëïöü]"
)
READ_BY_YOUTH = ("text", "interface", "canned", "referral", "sentence")
LEAST_SENTENCES = 3  # a formula over whole texts says nothing about two short lines


@dataclasses.dataclass(frozen=True)
class Readability:
    """How readable all sentences together are. `share` is that within the bound, 0 to 1."""

    sentences: int
    within: int
    mean_words: float

    @property
    def share(self) -> float:
        """The share of sentences within the bound."""
        return self.within / self.sentences if self.sentences else 1.0


def check(sources: Sources) -> Iterator[Issue]:
    """Sentences far too long, hard words, difficult texts, a low share, and long messages."""
    language = read_language(sources.data)
    if language.reading is None or language.phone is None:
        return
    seen: set[tuple[str, str]] = set()
    for said in everything_said(sources):
        if said.kind in READ_BY_YOUTH:
            yield from _sentences(said, language.reading)
        yield from _fits(said, language.phone, first=(said.name, said.whole) not in seen)
        if (said.name, said.whole) not in seen and said.kind in READ_BY_YOUTH:
            yield from _formula(said, language.reading)
        seen.add((said.name, said.whole))
    found = readability(sources, language.reading)
    if found.share < language.reading.aandeel:
        told = (
            f"{found.share:.1%} van {found.sentences} zinnen is leesbaar op B1; "
            f"het moet {language.reading.aandeel:.0%} zijn. Maak lange zinnen korter."
        )
        yield Issue(sources.data / "responses", 0, RULE, told)


def readability(sources: Sources, reading: Reading) -> Readability:
    """Count over all that a young person may read."""
    counted = [
        (len(words(sentence)), _is_readable(sentence, reading))
        for said in everything_said(sources)
        if said.kind in READ_BY_YOUTH
        for sentence in sentences(said.text)
    ]
    total = sum(length for length, _ in counted)
    within = sum(readable for _, readable in counted)
    return Readability(len(counted), within, total / len(counted) if counted else 0.0)


def flesch_douma(text: str) -> float:
    """Reading ease for Dutch; higher is easier, and 60 is plain.

    Source: W. H. Douma, De leesbaarheid van landbouwbladen, 1960:
    206.84 - 0.77 x syllables per 100 words - 0.93 x words per sentence.
    """
    parts = sentences(text)
    found = [word for sentence in parts for word in words(sentence)]
    if not found:
        return 100.0
    syllables = sum(max(1, len(SYLLABLE.findall(word.lower()))) for word in found)
    return 206.84 - 77.0 * syllables / len(found) - 0.93 * len(found) / len(parts)


def _is_readable(sentence: str, reading: Reading) -> bool:
    found = words(sentence)
    return len(found) <= reading.woorden_per_zin and not any(_is_hard(w, reading) for w in found)


def _is_hard(word: str, reading: Reading) -> bool:
    word = word.lower()
    if word in reading.mag_wel or "-" in word:
        return False
    return len(word) > reading.letters_per_woord or word in reading.moeilijk


def _sentences(said: Said, reading: Reading) -> Iterator[Issue]:
    for sentence in sentences(said.text):
        found = words(sentence)
        if len(found) > reading.nooit_meer:
            told = f"Deze zin heeft {len(found)} woorden; meer dan {reading.nooit_meer} mag nooit."
            yield Issue(said.path, said.line, RULE, told)
        for word in found:
            easier = reading.moeilijk.get(word.lower())
            if easier:
                told = f"{word!r} is een moeilijk woord. Zeg bijvoorbeeld: {easier}."
                yield Issue(said.path, said.line, RULE, told)


def _formula(said: Said, reading: Reading) -> Iterator[Issue]:
    if len(sentences(said.whole)) < LEAST_SENTENCES:
        return
    score = flesch_douma(said.whole)
    if score < reading.flesch_douma:
        told = (
            f"De tekst {said.name} is moeilijk (Flesch-Douma {score:.0f}, het moet "
            f"{reading.flesch_douma:.0f} zijn). Gebruik kortere zinnen en woorden."
        )
        yield Issue(said.path, said.line, RULE, told)


def _fits(said: Said, phone: Phone, *, first: bool) -> Iterator[Issue]:
    length = len(plain(said.text))
    if said.kind == "button":
        if length > phone.tekens_per_knop:
            told = f"Deze knop heeft {length} tekens; {phone.tekens_per_knop} passen er."
            yield Issue(said.path, said.line, PHONE_RULE, told)
        return
    if said.kind == "text" and length > phone.tekens_per_alinea:
        told = (
            f"Deze alinea heeft {length} tekens; {phone.tekens_per_alinea} passen op een telefoon."
        )
        yield Issue(said.path, said.line, PHONE_RULE, told)
    if said.kind == "text" and first and len(said.whole) > phone.tekens_per_bericht:
        told = f"Dit bericht heeft {len(said.whole)} tekens; {phone.tekens_per_bericht} is genoeg."
        yield Issue(said.path, said.line, PHONE_RULE, told)
