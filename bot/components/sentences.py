"""The sentence encoder for the bot: loaded where a model uses it, remembered text by text."""

from __future__ import annotations

import numpy as np

from bot.environment import ROOT, var_folder
from nachtlicht.encoder import Encoder, kept_vectors
from nachtlicht.encoder.encoder import SIZE


class SentenceVectors:
    """Gives unit vectors of texts, or none when the bot works without the encoder."""

    def __init__(self, folder: str | None) -> None:
        """Load the encoder in `folder`, relative to the project; None is without."""
        path = ROOT / folder if folder else None
        self._encoder = Encoder.load(path) if path and path.exists() else None
        self.version = self._encoder.version if self._encoder else ""
        self.writers = self._encoder.writers if self._encoder else frozenset()
        self.size = SIZE if self._encoder else 0

    def of_one(self, text: str) -> np.ndarray:
        """Return the vector of what a person typed; it is never kept."""
        return self._encoder.vectors([text])[0]  # type: ignore[union-attr]

    def of_examples(self, texts: list[str]) -> np.ndarray:
        """Return the vectors of training lines (texts, 384), kept on disk by their hash."""
        return kept_vectors(self._encoder, texts, var_folder() / "cache")  # type: ignore[arg-type]
