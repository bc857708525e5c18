"""Pieces of words as numbers: many lines at once give what each gives by itself."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachtlicht.encoder import SIZE, ngram_row, ngram_rows


def test_pieces_words_and_pairs_have_their_place():
    """Of "ik ik": twice each piece of the word and the word itself, once the pair."""
    columns, weights = ngram_row("ik ik")
    pieces = [" i", "ik", "k ", " ik", "ik ", " ik ", "w=ik", "p=ik_ik"]
    place = {zlib.crc32(piece.encode()) % SIZE: piece for piece in pieces}
    assert columns.tolist() == sorted(place)
    assert float((weights**2).sum()) == pytest.approx(1.0)
    by_piece = {place[column]: weight for column, weight in zip(columns, weights, strict=True)}
    twice, once = by_piece["w=ik"], by_piece["p=ik_ik"]
    assert twice / once == pytest.approx(1 + np.log(2))
    assert by_piece["ik"] == pytest.approx(twice)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_many_lines_give_what_each_gives_alone(texts):
    """No texts, empty ones, and words that come again included."""
    weights, columns, starts = ngram_rows(texts)
    assert len(starts) == len(texts) + 1
    assert starts[-1] == len(columns) == len(weights)
    for number, text in enumerate(texts):
        own = slice(starts[number], starts[number + 1])
        alone = ngram_row(text)
        assert np.array_equal(columns[own], alone[0])
        assert np.array_equal(weights[own], alone[1])
