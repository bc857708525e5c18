"""Readable at B1: length of sentences and words, hard and rare words, Flesch-Douma; phones."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from nachtlicht.content.frequency import function_words, is_rare, zipf
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

    def told(self, reading: Reading) -> str:
        """The share, and the measure by name."""
        return (
            f"Leesbaar op B1: {_percent(self.share)} van {self.sentences} zinnen; het moet "
            f"{_percent(reading.aandeel)} zijn. De maat: hoogstens {reading.woorden_per_zin} "
            f"woorden in een zin, {reading.letters_per_woord} letters in een woord, en geen woord "
            f"dat moeilijk is of zeldzaam (Zipf onder {_number(reading.zipf)})."
        )


def check(sources: Sources) -> Iterator[Issue]:
    """Sentences far too long, hard words, difficult texts, a low share, and long messages."""
    language = read_language(sources.data)
    if language.reading is None or language.phone is None:
        return
    seen: set[tuple[str, str]] = set()
    for said in everything_said(sources):
        is_read = _is_read(said, language.reading)
        if is_read:
            yield from _sentences(said, language.reading)
            yield from _rare_words(said, language.reading)
        yield from _fits(said, language.phone, first=(said.name, said.whole) not in seen)
        if (said.name, said.whole) not in seen and is_read:
            yield from _formula(said, language.reading)
        seen.add((said.name, said.whole))
    found = readability(sources, language.reading)
    if found.share < language.reading.aandeel:
        told = f"{found.told(language.reading)} Maak lange zinnen korter."
        yield Issue(sources.data / "responses", 0, RULE, told)


def readability(sources: Sources, reading: Reading) -> Readability:
    """Count over all that a young person may read."""
    counted = [
        (len(words(sentence)), _is_readable(sentence, reading))
        for said in everything_said(sources)
        if _is_read(said, reading)
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


def _is_read(said: Said, reading: Reading) -> bool:
    """Whether a young person reads it, in Dutch."""
    return said.kind in READ_BY_YOUTH and said.name not in reading.andere_taal


def _is_readable(sentence: str, reading: Reading) -> bool:
    found = words(sentence)
    return len(found) <= reading.woorden_per_zin and not any(_is_hard(w, reading) for w in found)


def _is_hard(word: str, reading: Reading) -> bool:
    word = word.lower()
    if word in reading.mag_wel or "-" in word:
        return False
    too_long = len(word) > reading.letters_per_woord
    return too_long or word in reading.moeilijk or is_rare(word, reading.zipf)


def _rare_words(said: Said, reading: Reading) -> Iterator[Issue]:
    """Each rare word of a text that has too many: a share of the words that carry content."""

    def content(text: str) -> list[str]:
        found = (word for sentence in sentences(text) for word in words(sentence))
        return [word for word in found if word.lower() not in function_words()]

    def rare(text: str) -> list[str]:
        found = (word for word in content(text) if "-" not in word)
        return [
            word
            for word in dict.fromkeys(found)
            if word.lower() not in reading.mag_wel and is_rare(word.lower(), reading.zipf)
        ]

    if len(rare(said.whole)) <= reading.zeldzaam_per_tekst * len(content(said.whole)):
        return
    for word in rare(said.text):
        told = (
            f"{word!r} is een zeldzaam woord (Zipf {_number(zipf(word.lower()))}, onder "
            f"{_number(reading.zipf)}). Kies een gewoner woord. Kan dat echt niet? Zet het dan bij "
            "mag_wel in data/taal/lezen.yml."
        )
        yield Issue(said.path, said.line, RULE, told)


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


def _percent(share: float) -> str:
    return f"{_number(round(100 * share, 1))} %"


def _number(value: float) -> str:
    """As it is written in Dutch: 3,5 and 95."""
    return f"{value:g}".replace(".", ",")
