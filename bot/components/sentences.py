"""The sentence encoder for the bot: loaded where a model uses it, remembered text by text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from bot.environment import ROOT, var_folder
from nachtlicht.encoder import Encoder

SIZE = 384


class SentenceVectors:
    """Gives unit vectors of texts, or none when the bot works without the encoder.

    In training the vectors are kept on disk by the hash of the text, so that an edit costs the
    vectors of the new lines only. What a person types is never kept: `of` with one text, as in
    a talk, neither reads nor writes the disk.
    """

    def __init__(self, folder: str | None) -> None:
        """Load the encoder in `folder`, relative to the project; None is without."""
        path = ROOT / folder if folder else None
        self._encoder = Encoder.load(path) if path and path.exists() else None
        self.version = self._encoder.version if self._encoder else ""
        self.size = SIZE if self._encoder else 0

    def of(self, texts: list[str]) -> np.ndarray:
        """Return the vectors (texts, 384) in order; without an encoder (texts, 0)."""
        if self._encoder is None:
            return np.zeros((len(texts), 0), np.float32)
        if len(texts) == 1:
            return self._encoder.vectors(texts)
        return self._remembered(texts)

    def _remembered(self, texts: list[str]) -> np.ndarray:
        file = var_folder() / "rasa-cache" / f"vectors-{self.version[:16]}.npz"
        known = _read(file)
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if fresh:
            found = self._encoder.vectors(list(fresh.values()))  # type: ignore[union-attr]
            known |= dict(zip(fresh, found, strict=True))
            _write(file, {key: known[key] for key in dict.fromkeys(keys)})
        return np.stack([known[key] for key in keys])


def _read(file: Path) -> dict[str, np.ndarray]:
    """Return what was kept; a file that cannot be read is only lost time."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def _write(file: Path, known: dict[str, np.ndarray]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".fresh.npz")
    np.savez(fresh, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    fresh.replace(file)
