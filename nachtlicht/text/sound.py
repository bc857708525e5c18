"""Words that sound or look alike: for errors in d/t, ei/ij, ou/au, doubled letters, one typo."""

from __future__ import annotations

import re

_SOUNDS = (
    (re.compile(r"sch(?=[^aeiouyr]|$)"), "s"),
    (re.compile(r"(?<=[bcdfgjklmnpqrstvwxz])en$"), "e"),
    (re.compile(r"dt$|d$|tt$"), "t"),
    (re.compile(r"ij|ei|ey|y"), "y"),
    (re.compile(r"auw|ouw|au|ou"), "A"),
    (re.compile(r"ch|gh"), "g"),
    (re.compile(r"ck|q|c(?=[aouklrt])"), "k"),
    (re.compile(r"c"), "s"),
    (re.compile(r"ks|x"), "ks"),
    (re.compile(r"ph|v"), "f"),
    (re.compile(r"z"), "s"),
    (re.compile(r"th"), "t"),
    (re.compile(r"(?<=.)(.)\1+"), r"\1"),
)


def sound_key(word: str) -> str:
    """A key that is equal for words that sound alike in careless Dutch.

    "altijt" and "altijd", "gedwonge" and "gedwongen", "verkragt" and "verkracht" share one.
    Different words may share a key too (man, maan): use it only for words that are unknown.
    """
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def near_forms(word: str) -> set[str]:
    """`word` and all words with one letter left out.

    Two words are within one typing error (a letter left out, added, replaced, or two
    neighbours swapped) only if these sets meet.
    """
    return {word} | {word[:index] + word[index + 1 :] for index in range(len(word))}
