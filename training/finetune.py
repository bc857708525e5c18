"""Fine-tunes the encoder so that texts of one level, theme and route come to lie together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.data import LEVELS, Example
from training.e5 import Encoder

LENGTH = 96  # tokens; longer lines are read from both ends (`clip`)
BATCH = 32
ENCODER_RATE, HEAD_RATE = 8e-5, 1e-3
LED_IN, SLOPPY = 0.12, 0.25  # share of the lines that get a line before them, or slips of the thumb
# Reaching "urgent" is what matters most; a missed route costs a question, a missed child more.
WEIGHTS = {"urgent": 1.0, "acute": 0.5, "concern": 0.5, "theme": 0.5, "intent": 0.7}


class Heads(nn.Module):
    """What is learned on top of one vector: three thresholds of level, the theme, the intent."""

    def __init__(self, hidden: int, themes: int, intents: int) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.levels = nn.Linear(hidden, 3)
        self.theme = nn.Linear(hidden, themes)
        self.intent = nn.Linear(hidden, intents)

    def loss(self, vectors: Tensor, targets: dict[str, Tensor]) -> Tensor:
        """Return the weighted sum of the losses of one batch."""
        x = self.drop(vectors)
        levels = self.levels(x)
        total = vectors.new_zeros(())
        for column, name in enumerate(LEVELS[1:]):
            reached = (targets["level"] > column).float()
            own = functional.binary_cross_entropy_with_logits(levels[:, column], reached)
            total = total + WEIGHTS[name] * own
        for name, layer in (("theme", self.theme), ("intent", self.intent)):
            own = functional.cross_entropy(layer(x), targets[name], label_smoothing=0.1)
            total = total + WEIGHTS[name] * own
        return total


def finetune(
    encoder: Encoder,
    examples: Sequence[Example],
    tokenise: Callable[[str], list[int]],
    *,
    epochs: int,
    seed: int = 42,
    say: Callable[[str], None] = print,
) -> Heads:
    """Train `encoder` in place on `examples` and return the heads it was trained with.

    The word embeddings stay as they are: they were read from 4 bits, are stored in 8, and words
    that no training line holds must stay where their neighbours are.
    """
    torch.manual_seed(seed)
    themes = sorted({example.theme for example in examples})
    intents = sorted({example.intent for example in examples})
    heads = Heads(encoder.word.embedding_dim, len(themes), len(intents))
    encoder.word.weight.requires_grad_(False)
    body = [p for p in encoder.parameters() if p.requires_grad]
    groups = [{"params": body, "lr": ENCODER_RATE}, {"params": heads.parameters(), "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    targets = [
        (LEVELS.index(e.level), themes.index(e.theme), intents.index(e.intent)) for e in examples
    ]
    steps = epochs * (len(examples) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [ENCODER_RATE, HEAD_RATE], total_steps=steps + epochs, pct_start=0.1
    )
    encoder.train()
    heads.train()
    for epoch in range(epochs):
        began, losses = time.monotonic(), []
        chance = random.Random(seed + epoch)  # noqa: S311
        texts = vary([e.text for e in examples], [e.level for e in examples], chance)
        rows = [(clip(tokenise(text)), *own) for text, own in zip(texts, targets, strict=True)]
        for ids, mask, wanted in batches(rows, chance):
            # In full precision: without matrix units, bfloat16 takes two thirds more time.
            vectors = encoder(ids, mask)
            loss = heads.loss(functional.normalize(vectors) * 8.0, wanted)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*body, *heads.parameters()], 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        mean, seconds = sum(losses) / len(losses), time.monotonic() - began
        say(f"epoch {epoch + 1}/{epochs}: loss {mean:.3f} in {seconds:.0f} s")
    encoder.eval()
    return heads.eval()


def vary(texts: Sequence[str], levels: Sequence[str], chance: random.Random) -> list[str]:
    """Return `texts` as they might also have come: after a harmless line, or typed in a hurry.

    A signal that comes after small talk is the same signal.
    """
    harmless = [text for text, level in zip(texts, levels, strict=True) if level == "none"]
    varied = []
    for text in texts:
        if chance.random() < SLOPPY:
            text = _slips(text, chance)
        if harmless and chance.random() < LED_IN:
            text = f"{chance.choice(harmless)[:120]}\n{text}"
        varied.append(text)
    return varied


def _slips(text: str, chance: random.Random) -> str:
    """Drop, double or swap about one letter in twenty-five, and most capitals and full stops."""
    if chance.random() < 0.6:
        text = text.lower().rstrip(".")
    letters = list(text)
    for _ in range(max(1, len(letters) // 25)):
        at = chance.randrange(max(1, len(letters) - 1))
        if not letters[at : at + 2] or not all(x.isalpha() for x in letters[at : at + 2]):
            continue
        kind = chance.randrange(3)
        if kind == 0:
            del letters[at]
        elif kind == 1:
            letters.insert(at, letters[at])
        else:
            letters[at : at + 2] = reversed(letters[at : at + 2])
    return "".join(letters)


def clip(ids: list[int]) -> list[int]:
    """Keep the first third and the last two thirds of a long line: the point comes late."""
    if len(ids) <= LENGTH:
        return ids
    head = LENGTH // 3
    return ids[:head] + ids[-(LENGTH - head) :]


def batches(rows: list[tuple], shuffle: random.Random) -> Iterator[tuple]:
    """Yield padded batches of lines of like length, in random order."""
    order = sorted(range(len(rows)), key=lambda i: (len(rows[i][0]) // 4, shuffle.random()))
    groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    shuffle.shuffle(groups)
    for group in groups:
        ids, mask = pad([rows[i][0] for i in group])
        names = ("level", "theme", "intent")
        targets = {
            name: torch.tensor([rows[i][k] for i in group]) for k, name in enumerate(names, 1)
        }
        yield ids, mask, targets


def pad(lines: list[list[int]], padding: int = 1) -> tuple[Tensor, Tensor]:
    """Return ids and mask, both (lines, longest line)."""
    longest = max(map(len, lines))
    ids = torch.full((len(lines), longest), padding)
    mask = torch.zeros(len(lines), longest, dtype=torch.long)
    for row, line in enumerate(lines):
        ids[row, : len(line)] = torch.tensor(line)
        mask[row, : len(line)] = 1
    return ids, mask


@torch.no_grad()
def embed(encoder: Encoder, lines: Sequence[list[int]]) -> Tensor:
    """Return the normalised vectors (lines, hidden), in the order given."""
    order = sorted(range(len(lines)), key=lambda i: len(lines[i]))
    out = torch.zeros(len(lines), encoder.word.embedding_dim)
    for start in range(0, len(order), 64):
        group = order[start : start + 64]
        ids, mask = pad([clip(lines[i]) for i in group])
        out[group] = functional.normalize(encoder(ids, mask))
    return out
