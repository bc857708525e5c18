"""Chooses which pieces of the vocabulary stay: Dutch, English and every single character."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import wordfreq
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from training.e5 import Pieces

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
# Dutch is what is typed; English is mixed in; the rest may appear as a loan word.
WORDS = {
    "nl": 300_000,
    "en": 60_000,
    "de": 8_000,
    "fr": 8_000,
    "tr": 8_000,
    "ar": 2_000,
    "pl": 4_000,
}
SPACE = "\u2581"


def build_tokenizer(pieces: list[tuple[str, float]], unknown: int) -> Tokenizer:
    """Return the unigram tokenizer over `pieces`; ids are positions in that list.

    Texts must first go through the character map (`normalise`). Adds <s> and </s>.
    """
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(SPACE, prepend_scheme="always")
    ids = {name: next(i for i, (text, _) in enumerate(pieces) if text == name) for name in SPECIAL}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[(name, ids[name]) for name in ("<s>", "</s>")]
    )
    return tokenizer


def normalise(text: str, table: dict[int, str]) -> str:
    """Apply the character map and fold white space, as the original engine does."""
    return " ".join(part for part in text.translate(table).split(" ") if part)


def choose(pieces: Pieces, texts: Iterable[str], size: int) -> list[int]:
    """Return the ids of at most about `size` pieces, ascending, special ones first.

    Kept: the special pieces; each single character of Latin script, digits, punctuation and
    emoji; then what is used most in words weighted by frequency and in `texts`.
    """
    full = build_tokenizer(list(zip(pieces.texts, pieces.scores, strict=True)), pieces.unknown)
    table = {ord(a): b for a, b in pieces.normal.items()}
    used: Counter[int] = Counter()
    for text, weight in _weighted(texts):
        for token in full.encode(normalise(text, table), add_special_tokens=False).ids:
            used[token] += weight
    kept = {pieces.texts.index(name) for name in SPECIAL}
    kept |= {i for i, text in enumerate(pieces.texts) if _is_basic(text)}
    for token, _ in used.most_common():
        if len(kept) >= size:
            break
        kept.add(token)
    return sorted(kept)


def _weighted(texts: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Yield the words of the frequency lists, and `texts`, with how much each counts."""
    for language, count in WORDS.items():
        best = functools.partial(wordfreq.top_n_list, language)
        try:
            words = best(count, wordlist="large")
        except LookupError:
            words = best(count, wordlist="small")
        share = 1.0 if language == "nl" else 0.3
        for rank, word in enumerate(words):
            yield word, share * 1000 / (rank + 100)
            if language == "nl" and rank < 50_000:
                yield word.capitalize(), share * 200 / (rank + 100)
    for text in texts:
        yield text, 1.0


def _is_basic(text: str) -> bool:
    """True for single characters that must never become unknown."""
    bare = text.removeprefix(SPACE)
    if len(bare) != 1:
        return text == SPACE
    name, kind = unicodedata.name(bare, ""), unicodedata.category(bare)
    return "LATIN" in name or kind[0] in "NPSZ" or "ARABIC" in name or "CYRILLIC" in name


def character_table(pieces: Pieces) -> str:
    """Return the character map as JSON: one character to its replacement."""
    return json.dumps(pieces.normal, ensure_ascii=False, sort_keys=True)
