"""What a release makes of the development sets, by the same way as `assess`."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nachtlicht.content.assess import Intents, assess_lines
from nachtlicht.content.measure.cases import Case
from nachtlicht.content.train import CODE
from nachtlicht.release import Release, read_manifest
from nachtlicht.risk import RiskLevel, RiskRules
from nachtlicht.risk.assess import Classifier

KEPT = 8  # measurements: of the live release and the newest, with and without the model


@dataclasses.dataclass(frozen=True)
class Detector:
    """What judges: the rules of a release, and its model and bot unless the rules stand alone."""

    release: Release
    rules: RiskRules
    classifier: Classifier | None = None
    intents: Intents | None = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What was made of one case: `judged` is a line of `assess`."""

    case: Case
    judged: dict[str, Any]

    @property
    def level(self) -> RiskLevel:
        """The level by which the chat would have acted."""
        return RiskLevel.from_label(self.judged["level"])

    @property
    def chance(self) -> float | None:
        """The model's chance that it is urgent; None when the rules stood alone."""
        chance: float | None = self.judged["p_urgent"]
        return chance

    @property
    def intent(self) -> str | None:
        """What the bot heard in the last line; None when it was not asked."""
        intent: str | None = self.judged["intent"]
        return intent


def judge(cases: Sequence[Case], detector: Detector, cache: Path | None = None) -> list[Outcome]:
    """Let `detector` judge all cases.

    In the folder `cache` it is kept: the same release, sets and code are not judged twice.
    """
    kept = cache / f"measured-{_fingerprint(cases, detector)}.json" if cache else None
    if kept is not None and kept.exists():
        lines = json.loads(kept.read_text(encoding="utf-8"))
        kept.touch()
    else:
        rows = [case.row for case in cases]
        lines = list(
            assess_lines(
                detector.rules, rows, classifier=detector.classifier, intents=detector.intents
            )
        )
        if kept is not None:
            _keep(kept, lines)
    return [Outcome(case, line) for case, line in zip(cases, lines, strict=True)]


def _keep(path: Path, lines: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(".new")
    made.write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    made.replace(path)
    older = sorted(path.parent.glob("measured-*.json"), key=lambda one: one.stat().st_mtime)
    for one in older[:-KEPT]:
        one.unlink(missing_ok=True)


def _fingerprint(cases: Sequence[Case], detector: Detector) -> str:
    """A hash of all that decides a judgement: the release's files, the cases and the code."""
    release, root = detector.release, Path(__file__).resolve().parents[3]
    seen = [sorted(read_manifest(release.path)["files"].items())]
    seen.append([(case.id, case.row.lines) for case in cases])
    seen.append([(detector.classifier is not None, detector.intents is not None)])
    digest = hashlib.sha256(repr(seen).encode())
    code = [path for folder in CODE for path in (root / folder).rglob("*.py")]
    code += [*(root / "models").rglob("*.json"), root / "nachtlicht" / "content" / "assess.py"]
    for path in sorted(code):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
