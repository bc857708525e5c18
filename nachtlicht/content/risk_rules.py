"""Reads the risk rules that editors keep in data/risk/, checks them, and compiles them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nachtlicht.content.issue import Issue
from nachtlicht.content.risk_fields import FieldReader
from nachtlicht.content.yaml_file import read_yaml
from nachtlicht.risk import RiskRules, RiskRulesError
from nachtlicht.risk.pattern import concepts_in
from nachtlicht.risk.rules import FORMAT
from nachtlicht.risk.weights import Weights

LEVELS_FILE = "levels.yml"  # beside the rules, but of the model: `risk_levels` reads it
WEIGHTS_FILE = "gewichten.json"
REQUIRED_CONCEPTS = ("ontkenning", "zorgwoord", "verklaring", "eigenlijk_ik")


def compile_rules(data_dir: Path) -> dict[str, Any]:
    """All rules under `data_dir`/risk as one dictionary, to be written as risk.json.

    Raises:
        RiskRulesError: something is wrong; `check_rules` tells what and where.
    """
    compiled, issues, _ = _read_all(data_dir)
    if issues:
        raise RiskRulesError(f"The risk rules have {len(issues)} faults; the first: {issues[0]}")
    return compiled


def check_rules(data_dir: Path) -> list[Issue]:
    """Every fault in the rules under `data_dir`/risk, in the order of files and lines."""
    compiled, issues, lines = _read_all(data_dir)
    if not issues:
        try:
            rules = RiskRules(compiled)
        except RiskRulesError as error:
            return [Issue(data_dir / "risk", 0, "regels", f"De regels laden niet: {error}")]
        issues = list(_wrong_examples(rules, lines))
    return sorted(issues)


def _read_all(data_dir: Path) -> tuple[dict[str, Any], list[Issue], list[dict[str, Any]]]:
    """Read all files: the compiled rules, the faults, and the example lines with their places."""
    folder = data_dir / "risk"
    reader = FieldReader()
    paths = sorted(path for path in folder.glob("**/*.yml") if path != folder / LEVELS_FILE)
    if not paths:
        reader.issues.append(Issue(folder, 0, "leeg", "Er zijn geen bestanden met risicoregels."))
    for path in paths:
        content, faults = read_yaml(path)
        reader.issues.extend(faults)
        if content is not None:
            reader.file(path, content)
    _check_concepts(reader, folder)
    compiled = {
        "format": FORMAT,
        "concepts": reader.concepts,
        "rules": reader.rules,
        "idioms": reader.idioms,
        "questions": reader.questions,
        "plain_words": sorted(reader.plain_words),
        "weights": _weights(folder / WEIGHTS_FILE, reader.issues),
    }
    return compiled, sorted(reader.issues), reader.examples


def _weights(path: Path, issues: list[Issue]) -> dict[str, Any] | None:
    """The word weights that `training/risk_weights.py` made, or None where there are none."""
    if not path.exists():
        return None
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        Weights(raw)
    except (OSError, ValueError, LookupError, TypeError) as error:
        text = f"De woordgewichten zijn beschadigd ({error}); zet het bestand terug."
        issues.append(Issue(path, 0, "gewichten", text))
        return None
    return raw


def _check_concepts(reader: FieldReader, folder: Path) -> None:
    """Name concepts that are used but not defined, or that refer to themselves."""
    for name in REQUIRED_CONCEPTS:
        if name not in reader.concepts:
            text = f"Het begrip {name!r} ontbreekt; zonder dat werken de regels niet."
            reader.issues.append(Issue(folder, 0, "begrip", text))
    for path, line, tree in reader.trees:
        for name in sorted(concepts_in(tree)):
            if name not in reader.concepts:
                text = f"Het begrip {{{name}}} bestaat niet. Staat het anders geschreven?"
                reader.issues.append(Issue(path, line, "begrip", text))
    uses = {
        name: set().union(*(concepts_in(tree) for tree in trees)) & reader.concepts.keys()
        for name, trees in reader.concepts.items()
        if trees
    }
    for name in sorted(uses):
        if _reaches(name, name, uses):
            path, line = reader.concept_places[name]
            text = f"Het begrip {{{name}}} verwijst (via een omweg) naar zichzelf."
            reader.issues.append(Issue(path, line, "begrip", text))


def _reaches(start: str, goal: str, uses: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(uses.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(uses.get(name, ()))
    return False


def _wrong_examples(rules: RiskRules, examples: list[dict[str, Any]]) -> Iterator[Issue]:
    """The example lines that a rule misses, or catches though it must not."""
    for example in examples:
        codes = rules.codes(example["text"])
        if example["must"] and example["code"] not in codes:
            text = f"Regel {example['code']!r} ziet deze zin niet, en dat moet wel."
            yield Issue(example["path"], example["line"], "must_match", text)
        if not example["must"] and example["code"] in codes:
            text = f"Regel {example['code']!r} slaat aan op deze zin, en dat mag niet."
            yield Issue(example["path"], example["line"], "must_not_match", text)
