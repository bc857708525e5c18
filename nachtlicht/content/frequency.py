"""How common a Dutch word is, by the Zipf frequencies of wordfreq; compounds count by their parts.

Source: W. van Heuven and others, SUBTLEX-UK, 2014: Zipf is the base-10 logarithm of how often a
word comes in a billion words, so 3 is once in a million. Below 3.5 is where rare begins.
wordfreq 3 is a frozen snapshot of 2021: the same text has the same measure on every machine.
"""

from __future__ import annotations

import functools

LANGUAGE = "nl"
FUNCTION_WORDS = 100  # the most common words carry no content
PART = 4.0  # Zipf of the parts of a compound: those must be plain words themselves
SHORTEST_PART = 3  # letters
ENDINGS = ("e", "s", "st", "je")  # "onveilige", "iets kleins", "appje": as common as without


@functools.cache
def function_words() -> frozenset[str]:
    """The Dutch words that say nothing about how hard a text is."""
    from wordfreq import top_n_list  # only the check needs it, and it loads for a while

    return frozenset(top_n_list(LANGUAGE, FUNCTION_WORDS))


@functools.cache
def zipf(word: str) -> float:
    """Between 0 (never seen) and 8. Digits count as common."""
    from wordfreq import zipf_frequency

    return 8.0 if word.isdigit() else float(zipf_frequency(word, LANGUAGE))


def is_rare(word: str, bound: float) -> bool:
    """Whether `word`, in lower case, is rarer than `bound` and not made of plain words."""
    return not any(
        zipf(form) >= bound or _is_compound(form)
        for form in (word, *(word.removesuffix(end) for end in ENDINGS if word.endswith(end)))
    )


def _is_compound(word: str) -> bool:
    """Two plain words in one, with an s between them or not ("nepfoto", "levensgevaar")."""
    for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        first, second = word[:place], word[place:]
        if zipf(second) >= PART and max(zipf(first), zipf(first.removesuffix("s"))) >= PART:
            return True
    return False
