"""From which chance a line counts as how serious: the editors' thresholds, and the risk model."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nachtlicht.content.issue import Issue
from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.content.sources import Sources
from nachtlicht.content.train import TrainingError
from nachtlicht.content.yaml_file import line_of
from nachtlicht.encoder import Encoder, kept_vectors
from nachtlicht.encoder.encoder import PUBLISHED
from nachtlicht.risk import RiskLevel, RiskRules

if TYPE_CHECKING:
    from nachtlicht.content.risk_model import Labelled

FILE = "levels.yml"
TOO_FEW = (
    "Het risicomodel kan niet leren: in data/nlu staan te weinig schrijvers. Er moeten voorbeelden"
    " zijn van minstens twee schrijvers, van wie de zinslezer er een wel kent en een niet."
)
NAMES = ("concern", "urgent", "acute")


def check(sources: Sources) -> Iterator[Issue]:
    """Care must come before a counsellor is called; acute tells among the urgent."""
    levels = sources.levels
    if levels.model is None:
        return
    thresholds = levels.model.drempels
    if thresholds.concern.vanaf > thresholds.urgent.vanaf:
        line = line_of(levels.raw, "drempels")
        text = "De drempel van concern mag niet hoger zijn dan die van urgent."
        yield Issue(levels.path, line, "drempel", text)


def thresholds(sources: Sources) -> dict[str, float]:
    """The chance from which each level counts."""
    return {name: getattr(sources.levels.model.drempels, name).vanaf for name in NAMES}


def train_model(
    sources: Sources, cache: Path, *, progress: Callable[[str], None] = lambda _: None
) -> Path:
    """Train the risk model on the examples of `sources`; returns its file.

    The same examples, thresholds and code give the model that was made before, from `cache`.

    Raises:
        TrainingError: the examples are by too few writers to learn from.
    """
    # Only who trains waits three seconds for scikit-learn; each start of the service would.
    from nachtlicht.content.risk_model import Labelled, TooFewWriters, train_risk_model

    cache.mkdir(parents=True, exist_ok=True)
    encoder = None
    if PUBLISHED.exists():  # with all cores: nobody waits for an answer while it trains
        encoder = Encoder.load(PUBLISHED, threads=os.cpu_count() or 1)
    rules = RiskRules(compile_rules(sources.root / "data"))
    known = encoder.writers if encoder is not None else frozenset()  # of these it is not asked
    examples = [
        Labelled(
            one.text,
            one.metadata.level,
            one.metadata.theme,
            one.metadata.writer,
            0 if one.metadata.writer in known else _by_rules(rules, one.text),
        )
        for one in sources.examples()
    ]
    model = cache / f"risk-{_fingerprint(sources, examples, encoder)}.npz"
    if not model.exists():
        made = model.with_suffix(".new.npz")
        vectors = None
        if encoder is not None:
            progress("Zinnen lezen met de zinslezer")
            vectors = kept_vectors(encoder, [example.text for example in examples], cache)
        try:
            train_risk_model(
                examples,
                thresholds(sources),
                made,
                encoder=encoder,
                vectors=vectors,
                progress=progress,
            )
        except TooFewWriters as error:
            raise TrainingError(TOO_FEW) from error
        made.replace(model)
    return model


def _by_rules(rules: RiskRules, text: str) -> int:
    return max((signal.level for signal in rules.signals(text)), default=RiskLevel.NONE)


def _fingerprint(sources: Sources, examples: list[Labelled], encoder: Encoder | None) -> str:
    digest = hashlib.sha256(repr((examples, sorted(thresholds(sources).items()))).encode())
    digest.update(encoder.version.encode() if encoder is not None else b"")
    for folder in ("encoder", "text"):
        for path in sorted((sources.root / "nachtlicht" / folder).glob("*.py")):
            digest.update(path.read_bytes())
    digest.update(Path(__file__).with_name("risk_model.py").read_bytes())
    return digest.hexdigest()[:32]
