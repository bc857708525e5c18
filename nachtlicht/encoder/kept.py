"""Keeps the vectors of training lines, so that an edit costs those of the new lines only."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nachtlicht.encoder.encoder import SIZE, Encoder, Vectors


def kept_vectors(encoder: Encoder, texts: Sequence[str], folder: Path) -> Vectors:
    """Return the vectors of `texts` (texts, SIZE) in order, remembered in `folder`.

    They are kept by the hash of the text and the encoder's version. For lines of the editors'
    room only: what a person types is never kept. A file that cannot be read is only lost time.
    One process reads at a time: another that trains on the same lines waits, and finds them read.
    """
    file = folder / f"vectors-{encoder.version[:16]}.npz"
    keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
    folder.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        known = _read(file)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if fresh:
            found = encoder.vectors(list(fresh.values()))
            known |= dict(zip(fresh, found, strict=True))
            _write(file, known)
    if not keys:
        return np.zeros((0, SIZE), np.float32)
    return np.stack([known[key] for key in keys])


def _read(file: Path) -> dict[str, Vectors]:
    try:
        with np.load(file, allow_pickle=False) as kept:
            return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError):
        return {}


def _write(file: Path, known: dict[str, Vectors]) -> None:
    fresh = file.with_suffix(f".{os.getpid()}.npz")  # killed while writing, the old one is whole
    np.savez(fresh, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    fresh.replace(file)
