"""How long one message takes, rules and risk model together, beside the network alone.

The peer is onnxruntime by itself on the tokens of the newest line, alone and below the whole of
those before it: what nobody can do without who wants a sentence encoder. Talks are judged line by
line, as they come. Processor time of one thread; needs a published release.
Run it with `python -m bench.assess_time`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bench.rules_on_training import lines
from nachtlicht.chat.judge import classify
from nachtlicht.encoder import Encoder, RiskClassifier
from nachtlicht.encoder.classifier import TOGETHER
from nachtlicht.release import Release
from nachtlicht.risk import Line, RiskAssessment, RiskRules, assess
from nachtlicht.settings import ROOT

ASKED = "Dank je dat je dit vertelt. Ben je nu veilig?"


def published(folder: Path | None = None) -> tuple[RiskRules, RiskClassifier]:
    """Return the rules and the risk model of the release in `folder`, or the newest around."""
    places = [folder] if folder else [ROOT / "var" / "releases", ROOT / "var/tests/releases"]
    for place in places:
        if (place / "current").exists():
            release = Release.current(place)
            model = RiskClassifier.load(release.risk_model_path, Encoder.published())
            return RiskRules.load(release.risk_rules_path), model
    raise SystemExit("There is no release yet: run `nachtlicht publish` first.")


def judge(rules: RiskRules, model: RiskClassifier, talk: Sequence[Line]) -> RiskAssessment:
    """Assess the newest line as the web process does."""
    opinion = classify(model, talk)
    return assess(rules, talk, lambda _: opinion)


def network(talk: Sequence[Line]) -> Callable[[], object]:
    """Return a run of the network alone on the texts that the model reads of `talk`."""
    encoder = Encoder.published()
    said = [line.text for line in talk if line.author == "youth"]
    earlier = said[-1 - TOGETHER : -1]
    texts = [said[-1]] + (["\n".join([*earlier, said[-1]])] if earlier else [])
    rows = [np.array([encoder.tokens(text)], np.int64) for text in texts]
    session = encoder._session

    def run() -> object:
        return [session.run(None, {"ids": row, "mask": np.ones_like(row)}) for row in rows]

    return run


def report(name: str, work: Callable[[Sequence[Line]], object], talks: list[list[Line]]) -> None:
    """Time `work` and the peer by turns, and print one line."""
    ours, theirs = [], []
    for talk in talks:
        peer = network(talk)
        for end in range(1, len(talk)):
            if talk[end - 1].author == "youth":
                work(talk[:end])
        start = time.thread_time()
        work(talk)
        between = time.thread_time()
        peer()
        ours.append((between - start) * 1000)
        theirs.append((time.thread_time() - between) * 1000)
    ours.sort()
    theirs.sort()
    last = int(len(ours) * 0.95) - 1
    p50, re50 = statistics.median(ours), statistics.median(theirs)
    print(
        f"{name:24} median {p50:6.2f} ms  p95 {ours[last]:6.2f} ms   network alone: "
        f"{re50:6.2f} {theirs[last]:6.2f}   ratio {p50 / re50:.2f} {ours[last] / theirs[last]:.2f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=600)
    parser.add_argument("--releases", type=Path, help="a folder with releases")
    options = parser.parse_args()
    rules, model = published(options.releases)
    draw = random.Random(7)
    real = [text for _, text in lines([])]
    talks = []
    for _ in range(options.talks + 20):
        told = [(Line("youth", text), Line("bot", ASKED)) for text in draw.sample(real, 3)]
        talks.append([*(line for pair in told for line in pair), Line("youth", draw.choice(real))])
    half = len(talks) // 2  # each line is new to the model, which remembers what it has judged
    work = partial(judge, rules, model)
    for talk in talks[:20]:
        work(talk)
    report("a message", work, [talk[-1:] for talk in talks[20:half]])
    report("a message after 3 lines", work, talks[half:])


if __name__ == "__main__":
    main()
