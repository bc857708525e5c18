"""The published sentence encoder, and the classifier that stands on it."""

import json
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nachtlicht.encoder import SIZE, ClassifierError, Encoder, EncoderError, RiskClassifier
from nachtlicht.encoder.classifier import Judged
from nachtlicht.encoder.encoder import LENGTH, PUBLISHED
from nachtlicht.encoder.encoder import SIZE as WIDTH

THRESHOLDS = {"concern": 0.25, "urgent": 0.4, "acute": 0.3}


@pytest.fixture(scope="module")
def encoder():
    return Encoder.published()


def test_lines_that_mean_the_same_lie_nearer_than_others(encoder):
    """However they are spelled."""
    a, b, c = encoder.vectors(
        ["hij dreigt mijn foto te delen", "ie zegt dat ie me pic rondstuurt", "hoe laat is de bus"]
    )

    assert a @ b > a @ c


def test_a_vector_does_not_depend_on_its_neighbours_in_the_batch(encoder):
    """Short and long lines together give what each gives alone, and in the order given."""
    lines = ["hoi", "ik weet niet of ik dit durf te zeggen maar " * 6, "is er iemand"]

    together = encoder.vectors(lines)

    alone = np.stack([encoder.vectors([line])[0] for line in lines])
    assert np.allclose(together, alone, atol=0.05)  # eight-bit arithmetic rounds by the batch
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-3)


def test_of_a_long_line_both_ends_are_read(encoder):
    """The point comes late, the reason early."""
    tokens = encoder.tokens("begin " + "midden " * 500 + "eind")

    assert len(tokens) == LENGTH
    assert tokens[:3] == encoder.tokens("begin midden")[:3]
    assert tokens[-2:] == encoder.tokens("eind")[-2:]


@settings(max_examples=150)
@given(st.text(max_size=400))
def test_any_text_gets_a_vector(text):
    """Other scripts, emoji, control characters and half surrogates too."""
    (vector,) = Encoder.published().vectors([text])

    assert vector.shape == (WIDTH,)
    assert np.isfinite(vector).all()


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\x00\x01", "\ud800", "a" * 10_000, "😭" * 3000, "z e l f " * 2000]
)
def test_hostile_text_gets_a_vector(encoder, text):
    assert np.isfinite(encoder.vectors([text])).all()


def test_no_lines_give_no_rows(encoder):
    assert encoder.vectors([]).shape == (0, WIDTH)


def test_a_file_that_was_not_published_is_refused(tmp_path):
    """One byte more is another model."""
    shutil.copytree(PUBLISHED, tmp_path / "encoder")
    with (tmp_path / "encoder" / "tokenizer.json").open("ab") as file:
        file.write(b" ")

    with pytest.raises(EncoderError, match=r"tokenizer\.json"):
        Encoder.load(tmp_path / "encoder")


def test_a_folder_without_an_encoder_is_named(tmp_path):
    with pytest.raises(EncoderError, match="empty"):
        Encoder.load(tmp_path / "empty")


def classifier(bias=(-2.0, -3.0, -4.0), *, encoder=None, wanted=None, path=None):
    """A model without an encoder that knows no words: only its bias speaks."""
    arrays = {
        "level_words": np.zeros((3, SIZE), np.float32),
        "level_bias": np.array(bias, np.float32),
        "level_mix": np.array([[1, 0, 0]] * 3, np.float32),
        "theme_words": np.zeros((2, SIZE), np.float32),
        "theme_bias": np.array([0.0, 1.0], np.float32),
    }
    about = {"themes": ["geen", "somber"], "thresholds": THRESHOLDS, "encoder": wanted}
    if path is not None:
        np.savez(path, about=np.array(json.dumps(about)), **arrays)
        return RiskClassifier.load(path, encoder)
    return RiskClassifier(arrays, about, encoder)


@pytest.mark.parametrize(
    ("chances", "level"),
    [
        ((0.1, 0.1, 0.1), "none"),
        ((0.3, 0.1, 0.0), "concern"),
        ((0.9, 0.5, 0.1), "urgent"),
        ((0.9, 0.5, 0.31), "acute"),
        ((0.9, 0.39, 0.35), "concern"),  # acute tells among the urgent only
    ],
)
def test_a_level_counts_when_each_threshold_below_it_is_reached(chances, level):
    assert classifier().level(Judged(*chances, "geen")) == level


def test_what_is_acute_is_urgent():
    """The chances never rise with the level."""
    judged = classifier(bias=(-3.0, -3.0, 2.0)).judge(["x"])

    assert judged.concern == judged.urgent == judged.acute > 0.8
    assert judged.theme == "somber"


def test_a_model_of_another_encoder_is_refused(encoder, tmp_path):
    """Vectors of different versions don't compare."""
    with pytest.raises(ClassifierError, match="needs encoder 0123456789ab"):
        classifier(encoder=encoder, wanted="0123456789abcdef", path=tmp_path / "risk.npz")


def test_a_model_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "risk.npz").write_bytes(b"no model")

    with pytest.raises(ClassifierError, match=r"risk\.npz"):
        RiskClassifier.load(tmp_path / "risk.npz")
