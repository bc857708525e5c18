"""Vectors of training lines are read once, whoever asks, and asked again they are the same."""

import subprocess
import sys

import numpy as np

from nachtlicht.encoder import Encoder, kept_vectors
from tests.support.system import ROOT

LINES = ["hoi", "hij dreigt mijn foto te sturen", "wat eten we vanavond"]
ROUNDING = 0.05  # of eight-bit arithmetic, which differs with the lines that are read beside
READ = """
import sys
from pathlib import Path
from nachtlicht.encoder import Encoder, kept_vectors
encoder, read = Encoder.published(), []
vectors = encoder.vectors
encoder.vectors = lambda texts: read.append(len(texts)) or vectors(texts)
kept_vectors(encoder, sys.argv[2:], Path(sys.argv[1]))
print(sum(read))
"""


def test_two_trainings_at_once_read_each_line_once(tmp_path):
    """The second waits for the first, and finds its lines read."""
    command = [sys.executable, "-c", READ, str(tmp_path), *LINES]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    read = sorted(int(one.communicate(timeout=120)[0]) for one in both)

    assert read == [0, len(LINES)]


def test_an_edit_costs_the_new_line_only(tmp_path):
    """In the order asked, as the encoder itself gives them; a damaged file is only lost time."""
    encoder = Encoder.published()
    kept_vectors(encoder, LINES[:2], tmp_path)
    wanted = encoder.vectors(LINES[::-1])

    assert np.allclose(kept_vectors(encoder, LINES[::-1], tmp_path), wanted, atol=ROUNDING)
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(b"no archive")
    assert np.allclose(kept_vectors(encoder, LINES[::-1], tmp_path), wanted, atol=ROUNDING)
