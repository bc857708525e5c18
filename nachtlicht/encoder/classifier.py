"""The risk classifier: how likely a line is urgent, how serious, and about what. numpy only."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nachtlicht.encoder.encoder import Encoder, EncoderError
from nachtlicht.encoder.ngrams import WORDS_READ, ngram_row, word_columns
from nachtlicht.text import fold

LEVELS = ("concern", "urgent", "acute")
MARKS = 3  # words that are named as a reason, at most
WORTH_A_MARK = 0.25  # of what the heaviest word adds
TOGETHER = 3  # earlier lines that are read with the newest one: risk is told in pieces
# Characters of both, as the network's time grows with them: of the earlier ones their end, so much
# that it makes WHOLE with the newest, but never less than EARLIER.
WHOLE, EARLIER = 160, 60
# Verdicts that are kept, as the next line of a talk asks for the last one again: with five thousand
# talks open, that may be minutes later.
REMEMBERED = 20_000

Floats = npt.NDArray[np.float32]

_WORD = re.compile(r"\S+")


class ClassifierError(Exception):
    """The classifier cannot be used; the sentence names the file."""

    code = "classifier"


class OtherEncoder(ClassifierError):
    """The classifier was made with another encoder than the one that is here."""


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """Calibrated chances that a line is at least that serious, and the likeliest theme.

    `logits` (3) are those of the chances, before what rules may add.
    """

    concern: float
    urgent: float
    acute: float
    theme: str
    logits: tuple[float, ...] = ()


class RiskClassifier:
    """Linear heads on pieces of words and, where the model was made with it, on the encoder.

    The numbers of a model stand in one `.npz` without pickled objects: `level_words` (3, SIZE),
    `level_bias` (3), `level_mix` (3, 3: weight of the words, of the vector, constant),
    `level_rules` (3, 3: what it adds that a rule sees at least CONCERN, URGENT, ACUTE),
    `theme_words` (themes, SIZE), `theme_bias`; with an encoder also `level_vectors` (3, 384),
    `theme_vectors`. `about` is JSON: the themes, the thresholds, the encoder's version.
    """

    def __init__(
        self, arrays: Mapping[str, Any], about: Mapping[str, Any], encoder: Encoder | None
    ) -> None:
        """Use the parts that `load` read."""
        self._arrays = {name: np.asarray(value, np.float32) for name, value in arrays.items()}
        self._encoder = encoder
        self._secret = secrets.token_bytes(32)
        self._remembered: dict[bytes, Judged] = {}
        self.themes: list[str] = list(about["themes"])
        self.thresholds: dict[str, float] = dict(about["thresholds"])

    @classmethod
    def load(cls, path: Path, encoder: Encoder | None = None) -> RiskClassifier:
        """Load the model at `path`, with the published encoder when it needs one and none is given.

        Raises:
            ClassifierError: the file or its encoder cannot be read.
            OtherEncoder: it was made with another one.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files if name != "about"}
                about = json.loads(str(file["about"]))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ClassifierError(f"The risk model {path} cannot be read.") from error
        wanted = about.get("encoder")
        if wanted:
            encoder = _fitting(encoder, wanted, path)
        return cls(arrays, about, encoder if wanted else None)

    def judge(self, lines: Sequence[str]) -> Judged:
        """Judge the last of `lines` (a youth's lines, oldest first), alone and with those before.

        With those before it counts only as far as it makes the talk more serious than they were
        without it: a story told in pieces is seen, and "stop" after danger is no new danger.
        Where one of them is of the highest level already, the two are not read together.
        """
        alone = self._judge_text(lines[-1])
        if len(lines) == 1:
            return alone
        order = ("none", *LEVELS)
        before = order.index(self.level(self._judge_text(_together(lines[:-1]))))
        if order[-1] in (order[before], self.level(alone)):
            return alone
        together = self._judge_text(_together(lines))
        adds = order.index(self.level(together)) > before and together.urgent > alone.urgent
        return together if adds else alone

    def _judge_text(self, text: str) -> Judged:
        """Judge one text, or tell what was made of it before: of that no text is kept."""
        key = hashlib.blake2b(text.encode("utf-8", "replace"), key=self._secret).digest()
        known = self._remembered.get(key)
        if known is None:
            (levels,), (themes,) = self.scores([text])
            known = _judged(levels, self.themes[int(themes.argmax())])
            if len(self._remembered) >= REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[key] = known
        return known

    def weigh(self, judged: Judged, by_rules: int) -> Judged:
        """Return `judged` with the evidence that rules see the level `by_rules` (0 none-3)."""
        added = self._arrays["level_rules"][:, :by_rules].sum(axis=1)
        return _judged(np.array(judged.logits, np.float32) + added, judged.theme)

    def scores(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Return logits of the levels (texts, 3), calibrated, and of the themes (texts, themes)."""
        arrays = self._arrays
        rows = [ngram_row(fold(text).text) for text in texts]
        words = np.stack([arrays["level_words"][:, c] @ w for c, w in rows]) + arrays["level_bias"]
        themes = np.stack([arrays["theme_words"][:, c] @ w for c, w in rows]) + arrays["theme_bias"]
        mix = arrays["level_mix"]
        levels = words * mix[:, 0] + mix[:, 2]
        if self._encoder is not None:
            vectors = self._encoder.vectors(texts)
            own = vectors @ arrays["level_vectors"].T + arrays["level_vector_bias"]
            levels = levels + own * mix[:, 1]
            themes = themes + vectors @ arrays["theme_vectors"].T
        return levels.astype(np.float32), themes.astype(np.float32)

    def level(self, judged: Judged) -> str:
        """Return the level up to which every threshold is reached, "none" when not even the first.

        The threshold of "acute" may be lower than that of "urgent": it tells among the urgent.
        """
        reached = "none"
        for name in LEVELS:
            if getattr(judged, name) < self.thresholds[name]:
                break
            reached = name
        return reached

    def reasons(self, text: str, level: str = "urgent") -> list[tuple[int, int]]:
        """Return where the words stand that add most to the score of `level`, heaviest first.

        At most `MARKS` spans in characters of `text` as typed, end exclusive; none when no word
        adds to it. What the encoder sees in the line as a whole has no place, so it has no mark.
        """
        row = self._arrays["level_words"][LEVELS.index(level)]
        folded = fold(text)
        found: dict[str, tuple[float, tuple[int, int]]] = {}
        for place in list(_WORD.finditer(folded.text))[-WORDS_READ:]:
            word = place[0].lower()
            if word not in found and any(map(str.isalnum, word)):
                adds = float(row[word_columns(word)].sum())
                found[word] = (adds, folded.typed_span(*place.span()))
        ranked = sorted(found.values(), reverse=True)
        worth = [span for adds, span in ranked if adds > 0 and adds >= ranked[0][0] * WORTH_A_MARK]
        return list(dict.fromkeys(worth))[:MARKS]  # one sign may fold to two words


def _together(lines: Sequence[str]) -> str:
    """Return the last of `lines` below the end of those before it."""
    earlier = "\n".join(lines[-1 - TOGETHER : -1])
    room = max(EARLIER, WHOLE - len(lines[-1]))
    if len(earlier) > room:
        earlier = earlier[-room:].partition(" ")[2]
    return f"{earlier}\n{lines[-1]}" if earlier else lines[-1]


def _judged(logits: Floats, theme: str) -> Judged:
    chances = 1.0 / (1.0 + np.exp(-logits))
    # What is acute is urgent: the chances never rise with the level.
    concern, urgent, acute = np.maximum.accumulate(chances[::-1])[::-1].tolist()
    return Judged(concern, urgent, acute, theme, tuple(logits.tolist()))


def _fitting(encoder: Encoder | None, wanted: str, path: Path) -> Encoder:
    """Return the encoder with which the model at `path` was made."""
    try:
        encoder = encoder or Encoder.published()
    except EncoderError as error:
        raise ClassifierError(f"The risk model {path.name} needs the encoder: {error}") from error
    if encoder.version != wanted:
        raise OtherEncoder(f"The risk model {path.name} needs encoder {wanted[:12]}.")
    return encoder
