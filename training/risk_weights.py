"""Makes data/risk/gewichten.json, the word weights that stand in when there is no classifier.

    python -m training.risk_weights [--check]

Thresholds are set on writers whose lines were left out of training, so that of the harmless
lines without alarming words at most `URGENT_ALARMS` are called urgent, and of all harmless ones
`CARE_ALARMS` get care. `--check` only
prints what that gives for each writer, beside and together with the rules.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.risk import RiskRules
from nachtlicht.risk.tokens import tokenise
from nachtlicht.risk.weights import features

DATA = Path(__file__).resolve().parent.parent / "data"
TARGET = DATA / "risk" / "gewichten.json"
URGENT_ALARMS, CARE_ALARMS, ACUTE_AMONG_URGENT = 0.015, 0.12, 0.12
_LEAST_SEEN = 2
_STRENGTH = 3.0  # of the regularisation; chosen on left-out writers


class Lines:
    """All training lines with what is known of them."""

    def __init__(self) -> None:
        """Read data/nlu."""
        self.names: list[set[str]] = []
        self.texts: list[str] = []
        self.meta: list[dict[str, Any]] = []
        for path in sorted((DATA / "nlu").glob("*/*.yml")):
            for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu", []):
                meta = block.get("metadata") or {}
                if "level" in meta:
                    for text in (block.get("examples") or "").splitlines():
                        if text.strip().startswith("- "):
                            self._add(meta, text.strip()[2:])
        level = np.array([meta["level"] for meta in self.meta])
        self.writer = np.array([meta["writer"] for meta in self.meta])
        self.urgent = np.isin(level, ["urgent", "acute"])
        self.acute = level == "acute"
        self.none = level == "none"
        self.plain = self.none & ~np.array([bool(meta.get("hard")) for meta in self.meta])

    def _add(self, meta: dict[str, Any], text: str) -> None:
        words = [word for word in tokenise(text).words if word is not None]
        self.names.append({name for _, name in features(words)})
        self.texts.append(text)
        self.meta.append(meta)


def fit(lines: Lines, chosen: Any, target: Any) -> tuple[dict[str, float], float]:
    """Weights and bias that tell `target` from the rest of the `chosen` lines."""
    rows = [names for names, use in zip(lines.names, chosen, strict=True) if use]
    seen = Counter(name for names in rows for name in names)
    index = {name: at for at, name in enumerate(n for n, k in seen.items() if k >= _LEAST_SEEN)}
    matrix = _matrix(rows, index)
    # Stochastic descent: a second, where the exact way takes a minute and wins nothing.
    model = SGDClassifier(
        loss="log_loss",
        alpha=1.0 / (_STRENGTH * len(rows)),
        max_iter=12,
        tol=None,
        class_weight="balanced",
        random_state=42,
        average=True,
    )
    model.fit(matrix, target[chosen])
    weights = {name: round(float(model.coef_[0, at]), 3) for name, at in index.items()}
    return weights, float(model.intercept_[0])


def score(lines: Lines, chosen: Any, weights: dict[str, float], bias: float) -> Any:
    """The scores of the `chosen` lines."""
    index = {name: at for at, name in enumerate(weights)}
    rows = [names for names, use in zip(lines.names, chosen, strict=True) if use]
    return _matrix(rows, index) @ np.array(list(weights.values())) + bias


def _matrix(rows: list[set[str]], index: dict[str, int]) -> Any:
    data, columns, pointers = [], [], [0]
    for names in rows:
        known = [index[name] for name in names if name in index]
        columns.extend(known)
        data.extend([1 / np.sqrt(len(known) or 1)] * len(known))
        pointers.append(len(columns))
    return csr_matrix((data, columns, pointers), shape=(len(rows), len(index)))


def left_out_scores(lines: Lines) -> tuple[Any, Any]:
    """For each line, its urgent and acute score by weights that its writer had no part in."""
    urgent = np.zeros(len(lines.meta))
    acute = np.zeros(len(lines.meta))
    for writer in sorted(set(lines.writer)):
        out = lines.writer == writer
        weights, bias = fit(lines, ~out, lines.urgent)
        urgent[out] = score(lines, out, weights, bias)
        weights, bias = fit(lines, ~out & lines.urgent, lines.acute)
        acute[out] = score(lines, out, weights, bias)
    return urgent, acute


def themes(lines: Lines) -> dict[str, str]:
    """The theme that a word speaks for, where it clearly speaks for one."""
    by_word: dict[str, Counter[str]] = defaultdict(Counter)
    for names, meta, urgent in zip(lines.names, lines.meta, lines.urgent, strict=True):
        if urgent and meta.get("theme", "geen") != "geen":
            for name in names:
                by_word[name][meta["theme"]] += 1
    clear = {}
    for name, counts in by_word.items():
        (theme, times), total = counts.most_common(1)[0], sum(counts.values())
        if times >= 3 and times / total >= 0.5:
            clear[name] = theme
    return clear


def main() -> None:
    """Train, set the thresholds on left-out writers, report, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    lines = Lines()
    urgent, acute = left_out_scores(lines)
    urgent_at = float(np.quantile(urgent[lines.plain], 1 - URGENT_ALARMS))
    care_at = float(np.quantile(urgent[lines.none], 1 - CARE_ALARMS))
    merely_urgent = lines.urgent & ~lines.acute
    acute_at = float(np.quantile(acute[merely_urgent], 1 - ACUTE_AMONG_URGENT))
    called = urgent >= urgent_at
    _report(lines, called, urgent >= care_at, called & (acute >= acute_at))
    if options.check:
        return
    everything = np.ones(len(lines.meta), dtype=bool)
    weights, bias = fit(lines, everything, lines.urgent)
    acute_weights, acute_bias = fit(lines, lines.urgent, lines.acute)
    raw = {
        "urgent": weights,
        "urgent_bias": round(bias, 3),
        "urgent_at": round(urgent_at, 3),
        "care_at": round(care_at, 3),
        "acute": acute_weights,
        "acute_bias": round(acute_bias, 3),
        "acute_at": round(acute_at, 3),
        "themes": themes(lines),
    }
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, indent=0)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{len(weights)} weights, {TARGET.stat().st_size // 1024} kB")


def _report(lines: Lines, by_weights: Any, care: Any, acute_by_weights: Any) -> None:
    """Recall and false alarms for each writer: rules, weights of other writers, together."""
    compiled = compile_rules(DATA)
    compiled["weights"] = None
    rules = RiskRules(compiled)
    level = np.array(
        [max((s.level for s in rules.signals(text)), default=0) for text in lines.texts]
    )
    by_rules = level >= 2
    either = by_rules | by_weights
    acute = (level == 3) | acute_by_weights
    print("writer   n   rules weights either | acute | care | alarms: rules weights either, care")
    for writer in [*sorted(set(lines.writer)), "all"]:
        of = np.ones(len(level), dtype=bool) if writer == "all" else lines.writer == writer
        urgent, none, worst = of & lines.urgent, of & lines.none, of & lines.acute
        print(
            f"{writer:6} {urgent.sum():5} {by_rules[urgent].mean():6.2f} "
            f"{by_weights[urgent].mean():6.2f} {either[urgent].mean():6.2f} | "
            f"{acute[worst].mean():6.2f} | {(either | care | (level >= 1))[urgent].mean():.2f} | "
            f"{by_rules[none].mean():.3f} {by_weights[none].mean():.3f} "
            f"{either[none].mean():.3f} {(either | care | (level >= 1))[none].mean():.2f}"
        )


if __name__ == "__main__":
    main()
