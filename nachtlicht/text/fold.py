"""Folds typed Dutch to one plain form, and remembers where each character came from."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from typing import NamedTuple

from nachtlicht.text.characters import fold_character
from nachtlicht.text.spelling import AFTER_MY, SENSITIVE, SPELLINGS, VERBS

_PIECE = re.compile(r"[^\W\d_]+[*]+[^\W\d_]+|[^\W_]+(?:'[^\W_]+)*|\n|[^\w\s']|_")
_LETTERS_AND_DIGITS = re.compile(r"(?=.*[a-z])(?=.*\d)")
_LEET = str.maketrans("013457", "oieast")
_LEET_INSIDE = re.compile(r"^[a-z]+[013457]+[a-z][a-z013457]*$|^[a-z]+[013457]{2}[a-z]+$")
_NUMBER_FIRST = re.compile(r"^(\d+)([a-z]{2,})$|^(\d{2,})([jue])$")
_RUN = re.compile(r"(.)\1{2,}")
_LONGEST_REPEAT = 64  # a longer token is no word; looking closer would cost time for nothing
_FEWEST_SPACED = 3  # single letters in a row before they count as one spaced-out word
_SPACERS = ("-", ".", "_", "*", "/", "+")
_STUCK_SUBJECTS = {"ie": "hij", "se": "ze"}
_DOUBLED_AT_END = "e"  # nee, mee, zee
_MOST_PASSES = 4  # a new spelling can make new neighbours; one more pass nearly always settles it


@dataclasses.dataclass(frozen=True)
class Folded:
    """A folded text and the way back.

    `text` has words in lower case, plain letters, single spaces, and punctuation apart.
    `starts[i]` and `ends[i]` are the offsets (end exclusive, in characters of the text as
    typed) of what became `text[i]`.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as typed that `text[start:end]` came from."""
        if not self.starts or start >= end:
            return (0, 0)
        last = len(self.starts) - 1
        first, final = min(start, last), min(end - 1, last)
        return self.starts[first], max(self.ends[first], self.ends[final])


class Piece(NamedTuple):
    """One folded word or mark, with its place in the text as typed (end exclusive)."""

    text: str
    start: int
    end: int


_piece = functools.partial(tuple.__new__, Piece)  # there are many, and this is the fast way


def fold(text: str) -> Folded:
    """Fold `text`.

    Never raises on a string; takes time in proportion to its length; a folded text folds to
    itself.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in fold_pieces(text):
        if out:
            out.append(" ")
            starts.append(min(ends[-1], piece.start))
            ends.append(max(piece.start, ends[-1]))
        out.append(piece.text)
        starts.extend([piece.start] * len(piece.text))
        ends.extend([piece.end] * len(piece.text))
    return Folded("".join(out), tuple(starts), tuple(ends))


def fold_pieces(text: str) -> list[Piece]:
    """The words and marks of the folded `text`, each with its place in the text as typed."""
    typed = _pieces(text)
    pieces = _spelled(_join_single_letters(typed))
    for _ in range(_MOST_PASSES if pieces is not typed else 0):
        again = _spelled(_join_single_letters(pieces, by_gap=False))
        if [piece.text for piece in again] == [piece.text for piece in pieces]:
            break
        pieces = again
    return pieces


def _pieces(text: str) -> list[Piece]:
    """Cut the text into words and marks, with plain characters."""
    if text.isascii() and "$" not in text and "@" not in text and text.isprintable():
        plain, origin = text.lower(), range(len(text))
    else:
        parts: list[str] = []
        where: list[int] = []
        for index, character in enumerate(text):
            folded = fold_character(character)
            parts.append(folded)
            where.extend([index] * len(folded))
        plain, origin = "".join(parts), where  # type: ignore[assignment]
    pieces = []
    for found in _PIECE.finditer(plain):
        start, end = found.span()
        pieces.append(_piece((found[0].replace("'", ""), origin[start], origin[end - 1] + 1)))
    return pieces


def _join_single_letters(pieces: list[Piece], by_gap: bool = True) -> list[Piece]:
    """Join "z e l f m o o r d" and "d-o-o-d"; `by_gap`, a wider space among them ends a word.

    Without enough single letters it is the same list that comes back.
    """
    if sum(len(piece[0]) == 1 and piece[0].isalpha() for piece in pieces) < _FEWEST_SPACED:
        return pieces
    joined: list[Piece] = []
    index = 0
    while index < len(pieces):
        if len(pieces[index].text) != 1 or not pieces[index].text.isalnum():
            joined.append(pieces[index])
            index += 1
            continue
        mark, letters, after = _single_letters(pieces, index)
        if sum(letter.text.isalpha() for letter in letters) < _FEWEST_SPACED:
            joined.extend(pieces[index : max(after, index + 1)])
        else:
            whole = mark or not by_gap
            joined.extend([_joined(letters)] if whole else _words_by_gap(letters))
        index = max(after, index + 1)
    return joined


def _single_letters(pieces: list[Piece], index: int) -> tuple[str, list[Piece], int]:
    """The run of single letters at `index`: the mark between them, the letters, what follows."""
    letters: list[Piece] = []
    mark: str | None = None
    while index < len(pieces) and len(pieces[index].text) == 1 and pieces[index].text.isalnum():
        letters.append(pieces[index])
        index += 1
        between = pieces[index].text if index < len(pieces) else ""
        between = between if between in _SPACERS else ""
        if mark is None:
            mark = between
        ahead = index + (1 if between else 0)
        is_letter = ahead < len(pieces) and len(pieces[ahead].text) == 1
        if between != mark or not is_letter or not pieces[ahead].text.isalnum():
            break
        index = ahead
    return mark or "", letters, index


def _words_by_gap(letters: list[Piece]) -> list[Piece]:
    """Cut single letters into words where the space is wider than the narrowest."""
    gaps = [after.start - before.end for before, after in itertools.pairwise(letters)]
    narrow = min(gaps)
    words: list[list[Piece]] = [[letters[0]]]
    for gap, letter in zip(gaps, letters[1:], strict=True):
        if gap > narrow:
            words.append([])
        words[-1].append(letter)
    result: list[Piece] = []
    for alone, group in itertools.groupby(words, key=lambda word: len(word) == 1):
        parts = list(group)
        if alone and len(parts) >= _FEWEST_SPACED:
            parts = [[letter for part in parts for letter in part]]
        result.extend(_joined(part) for part in parts)
    return result


def _joined(letters: list[Piece]) -> Piece:
    """One word out of single letters."""
    text = "".join(letter.text for letter in letters)
    return Piece(text, letters[0].start, letters[-1].end)


def _spelled(pieces: list[Piece]) -> list[Piece]:
    """Give every word its usual spelling; the same list comes back when all have it."""
    spelled: list[Piece] = []
    changed = False
    for index, piece in enumerate(pieces):
        text = piece[0]
        word = spell(text)
        if word == "me" and index + 1 < len(pieces) and spell(pieces[index + 1].text) in AFTER_MY:
            word = "mijn"
        if word == text:
            spelled.append(piece)
            continue
        changed = True
        spelled.extend(Piece(part, *piece[1:]) for part in word.split(" ") if part)
    return spelled if changed else pieces


@functools.lru_cache(maxsize=8192)
def spell(word: str) -> str:
    """The usual spelling of one plain word; may be several words ("kheb" is "ik heb")."""
    if len(word) > _LONGEST_REPEAT or not word[:1].isalnum():
        return word
    if word in SPELLINGS:
        return SPELLINGS[word]
    if "*" in word:
        return _uncensored(word)
    if _LETTERS_AND_DIGITS.match(word):
        word = _without_leet(word)
        if " " in word:
            return word
    word = _without_runs(word)
    if word[:-2] in VERBS and word[-2:] in _STUCK_SUBJECTS:
        return f"{spell(word[:-2])} {_STUCK_SUBJECTS[word[-2:]]}"
    return SPELLINGS.get(word, word)


def _without_leet(word: str) -> str:
    """Read digits inside a word as letters, and cut a number from what follows it."""
    if counted := _NUMBER_FIRST.match(word):
        number, rest = counted[1] or counted[3], counted[2] or counted[4]
        return f"{number} {spell(rest)}"
    if _LEET_INSIDE.match(word):
        plain = word.translate(_LEET)
        return plain if plain.isalpha() else word
    return word


def _without_runs(word: str) -> str:
    """Shorten drawn-out letters: "neeeee" to "nee", "dooood" to "dood", "hallooo" to "hallo"."""
    if not _RUN.search(word):
        return word

    def shorten(found: re.Match[str]) -> str:
        letter = found[1]
        at_end = found.end() == len(word)
        if letter.isdigit():
            return found[0]
        if at_end:
            return letter * 2 if letter in _DOUBLED_AT_END else letter
        return letter * 2 if letter in "aeo" else letter

    return _RUN.sub(shorten, word)


def _uncensored(word: str) -> str:
    """The word behind the stars, when there is just one that fits best."""
    plain = word.replace("*", "")
    stars = re.compile(re.escape(word).replace(r"\*", "[a-z]"))
    for candidate in SENSITIVE:
        if stars.fullmatch(candidate):
            return candidate
    loose = re.compile(re.sub(r"(\\\*)+", "[a-z]{0,6}", re.escape(word)))
    for candidate in SENSITIVE:
        if loose.fullmatch(candidate):
            return candidate
    return spell(plain)
