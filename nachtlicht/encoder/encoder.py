"""The Dutch sentence encoder: a text becomes one vector, by onnxruntime and tokenizers."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from nachtlicht.settings import ROOT

PUBLISHED = ROOT / "models" / "encoder"
SIZE = 384  # of a vector
LENGTH = 96  # tokens that are read of one text; as in training
CHARACTERS = 2000  # of a longer text the first third and the last two thirds are tokenised
BATCH = 16  # texts that are read at once
PREFIX = "query: "  # the encoder was made with it, and expects it

Vectors = npt.NDArray[np.float32]


class EncoderError(Exception):
    """The encoder cannot be used; the sentence names the file."""

    code = "encoder"


class Encoder:
    """Maps texts to unit vectors. One instance serves several threads.

    `version` is the hash of the model file: vectors of different versions don't compare.
    `writers` are those whose lines it was trained on; it is too sure of them. Those of `held_out`
    were kept from it to calibrate on.
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        characters: dict[int, str],
        threads: int = 1,
    ) -> None:
        """Use the parts that `load` made; `threads` read so many batches at once."""
        self._session = session
        self._threads = threads
        self._tokenizer = tokenizer
        self._characters = characters
        self.version = ""
        self.writers: frozenset[str] = frozenset()
        self.held_out: frozenset[str] = frozenset()

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> Encoder:
        """Load the encoder in `folder`, after comparing each file with its hash in `manifest.json`.

        Raises:
            EncoderError: a file is missing or not the one that was published.
        """
        manifest = _verify(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            # Added up and normalised in one, a batch takes about a sixth longer than in two steps.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        table = json.loads((folder / "characters.json").read_text("utf-8"))
        characters = {ord(old): new for old, new in table.items()}
        encoder = cls(session, tokenizer, characters, threads)
        encoder.version = manifest["files"]["encoder.onnx"]
        encoder.writers = frozenset(manifest.get("writers", []))
        encoder.held_out = frozenset(manifest.get("held_out", []))
        return encoder

    @classmethod
    @functools.cache
    def published(cls) -> Encoder:
        """The encoder of this project, `models/encoder`, loaded once in a process.

        Raises:
            EncoderError: it is not there or damaged.
        """
        return cls.load(PUBLISHED)

    def tokens(self, text: str) -> list[int]:
        """Return the token ids of `text` with the prefix and both ends, clipped to `LENGTH`."""
        text = _clip_text(text).translate(self._characters)
        whole = PREFIX + " ".join(part for part in text.split(" ") if part)
        ids: list[int] = self._tokenizer.encode(whole).ids
        if len(ids) <= LENGTH:
            return ids
        head = LENGTH // 3
        return ids[:head] + ids[-(LENGTH - head) :]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (texts, SIZE) in the order given; an empty sequence gives no rows."""
        lines = [self.tokens(text) for text in texts]
        out = np.zeros((len(lines), SIZE), np.float32)
        order = sorted(range(len(lines)), key=lambda row: len(lines[row]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def read(rows: list[int]) -> None:
            longest = len(lines[rows[-1]])
            ids = np.ones((len(rows), longest), np.int64)
            mask = np.zeros((len(rows), longest), np.int64)
            for at, row in enumerate(rows):
                ids[at, : len(lines[row])] = lines[row]
                mask[at, : len(lines[row])] = 1
            out[rows] = self._session.run(None, {"ids": ids, "mask": mask})[0]

        if self._threads == 1 or len(batches) == 1:
            for rows in batches:
                read(rows)
        else:  # a batch on each core takes two thirds of the time of a batch on all cores
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(read, batches))
        return out


def _clip_text(text: str) -> str:
    """Drop the middle of a very long text, and what is no character at all."""
    text = text.encode("utf-8", "ignore").decode("utf-8")
    if len(text) <= CHARACTERS:
        return text
    head = CHARACTERS // 3
    return text[:head] + " " + text[-(CHARACTERS - head) :]


def _verify(folder: Path) -> dict[str, Any]:
    """Return the manifest after comparing every file with its hash in it."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
        for name, wanted in manifest["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise EncoderError(f"{folder / name} is not the file that was published.")
    except (OSError, ValueError, KeyError) as error:
        raise EncoderError(f"The encoder in {folder} cannot be read: {error}.") from error
    return manifest
