"""The row of Rasa's own DIET classifier for the table of `training.compare`.

    .venv/bot/bin/python -m training.diet [--every 6] [--epochs 20]

Same split: the levels are its intents, the featurizers those that `rasa init` writes. It needs
Rasa's environment. On all lines a single pass had not ended after six minutes on two cores; so
only every sixth is trained on, and `training.compare --every 6` is what its row stands beside.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.environment import rasa_environment
from training.compare import ALARMS, Split, recall_at
from training.data import LEVELS, Example, read_examples

PIPELINE = """
recipe: default.v1
assistant_id: diet
language: nl
pipeline:
- name: WhitespaceTokenizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  entity_recognition: false
  random_seed: 42
policies: []
"""


def main() -> None:
    """Train on the writers that are not held out, test on those that are, print one row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--every", type=int, default=6)
    options = parser.parse_args()
    split = Split.of(read_examples(options.data), options.every)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.monotonic()
        model = _train(folder, split.train, options.epochs)
        trained = time.monotonic() - began
        began = time.monotonic()
        scores = asyncio.run(_scores(model, [e.text for e in split.test]))
        each = (time.monotonic() - began) / len(split.test) * 1000
    urgent = split.urgent(split.test)
    harmless = np.array([e.level == "none" for e in split.test])
    recalls = [recall_at(scores, urgent, harmless, alarms) for alarms in ALARMS]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"DIET, {options.epochs} epochs, {len(split.train)} lines", end=" | ")
    print(f"{recalls[0]:.3f} | {recalls[1]:.3f} | {trained:.0f} | {each:.2f} | {peak:.0f}")


def _train(folder: Path, examples: Sequence[Example], epochs: int) -> Path:
    import rasa.model_training

    lines: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        lines[example.level].append(example.text)
    nlu = [
        {"intent": level, "examples": "".join(f"- {text}\n" for text in texts)}
        for level, texts in lines.items()
    ]
    # Rasa looks for a line that begins with "nlu:"; the list below it may be JSON, which is YAML.
    (folder / "nlu.yml").write_text(f'version: "3.1"\nnlu: {json.dumps(nlu)}\n', "utf-8")
    (folder / "config.yml").write_text(PIPELINE.format(epochs=epochs), "utf-8")
    made = rasa.model_training.train_nlu(
        str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder)
    )
    return Path(made)


async def _scores(model: Path, texts: Sequence[str]) -> np.ndarray:
    """Return how likely DIET finds each text urgent or acute."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    found = []
    for text in texts:
        ranking = (await agent.parse_message(text))["intent_ranking"]
        found.append(sum(i["confidence"] for i in ranking if i["name"] in LEVELS[2:]))
    return np.array(found)


if __name__ == "__main__":
    import os

    os.environ.update(rasa_environment(Path("var")))
    main()
