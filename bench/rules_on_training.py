"""Reports how the risk rules do on the training lines, by writer and theme.

    python bench/rules_on_training.py [--writers w01 w02] [--miss 20] [--theme zelfdoding]
    python bench/rules_on_training.py --rules    # each rule: is it a hint?

The lines are never copied into rules; a writer that nobody has looked at yet shows what the
rules are worth. The word weights are left out unless asked for: they were trained on these
lines, and `python -m training.risk_weights --check` scores them on left-out writers.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.risk import Line, RiskAssessment, RiskLevel, RiskRules, assess

DATA = Path(__file__).resolve().parent.parent / "data"


def lines(writers: list[str]) -> Iterator[tuple[dict[str, str], str]]:
    """Each training line with the metadata of its block."""
    for path in sorted((DATA / "nlu").glob("*/*.yml")):
        if writers and path.parent.name not in writers:
            continue
        for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu", []):
            meta = {"intent": block.get("intent", ""), **(block.get("metadata") or {})}
            if "level" not in meta:
                continue
            for text in (block.get("examples") or "").splitlines():
                if text.strip().startswith("- "):
                    yield meta, text.strip()[2:]


def main() -> None:
    """Score, and print misses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", nargs="*", default=[])
    parser.add_argument("--miss", type=int, default=0, help="how many misses to print")
    parser.add_argument("--theme", default="")
    parser.add_argument("--kind", default="", help="miss, low, false, care")
    parser.add_argument("--weights", action="store_true", help="with the word weights, too")
    parser.add_argument("--rules", action="store_true", help="a line for each rule instead")
    options = parser.parse_args()
    compiled = compile_rules(DATA)
    if not options.weights:
        compiled["weights"] = None
    rules = RiskRules(compiled)
    if options.rules:
        _print_rules(rules, options.writers)
        return
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    printed = 0
    for meta, text in lines(options.writers):
        if options.theme and options.theme not in (meta.get("theme"), meta["intent"]):
            continue
        found = assess(rules, [Line("youth", text)])
        kind = _count(counts, meta, found)
        wanted = options.kind in ("", kind) or (options.kind == "urgent" and kind in ("miss",))
        if kind and wanted and printed < options.miss:
            printed += 1
            codes = ",".join(signal.code for signal in found.signals[:3])
            where = f"{meta['writer']} {meta['intent']} {meta['level']}"
            print(f"{kind:5} {where} → {found.level.label} [{codes}] {text}")
    _print(counts)


def _print_rules(rules: RiskRules, writers: list[str]) -> None:
    """Print what each rule from URGENT on matches: in danger, CONCERN, harmless; worst first."""
    hits: dict[tuple[str, bool], Counter[RiskLevel]] = defaultdict(Counter)
    for meta, text in lines(writers):
        for signal in rules.signals(text):
            if signal.level >= RiskLevel.URGENT:
                level = RiskLevel.from_label(meta["level"])
                hits[signal.code, signal.hint][min(level, RiskLevel.URGENT)] += 1
    print(f"{'rule':32}{'danger':>8}{'concern':>9}{'harmless':>10}{'of these harmless':>19}")
    rows = []
    for (code, hint), count in hits.items():
        danger, concern, harmless = (count[RiskLevel(level)] for level in (2, 1, 0))
        share = harmless / (danger + harmless) if danger + harmless else 0.0
        rows.append((share, code, danger, concern, harmless, "hint" if hint else ""))
    for share, code, danger, concern, harmless, hint in sorted(rows, reverse=True):
        print(f"{code:32}{danger:8}{concern:9}{harmless:10}{share:19.3f} {hint}")


def _count(counts: dict[str, Counter[str]], meta: dict[str, str], found: RiskAssessment) -> str:
    """Add one line to the counts of its writer and theme; say what went wrong."""
    level = RiskLevel.from_label(meta["level"])
    hard = str(meta.get("hard")).lower() == "true"
    care = found.level >= RiskLevel.CONCERN or found.unsure
    kind = ""
    for key in (f"writer {meta['writer']}", f"theme {meta.get('theme')}", "all"):
        count = counts[key]
        if level >= RiskLevel.URGENT:
            count["urgent"] += 1
            count["urgent_found"] += found.level >= RiskLevel.URGENT
            count["urgent_care"] += care
            kind = "" if found.level >= RiskLevel.URGENT else "miss"
        if level == RiskLevel.ACUTE:
            count["acute"] += 1
            count["acute_found"] += found.level == RiskLevel.ACUTE
            kind = kind or ("" if found.level == RiskLevel.ACUTE else "low")
        if level == RiskLevel.CONCERN:
            count["concern"] += 1
            count["concern_found"] += found.level >= RiskLevel.CONCERN
            count["concern_urgent"] += found.level >= RiskLevel.URGENT
            kind = "over" if found.level >= RiskLevel.URGENT else ("" if care else "conc")
        if level == RiskLevel.NONE:
            name = "hard" if hard else "none"
            count[name] += 1
            count[f"{name}_alarm"] += found.level >= RiskLevel.URGENT
            count["harmless_care"] += care
            kind = "false" if found.level >= RiskLevel.URGENT else ("care" if care else "")
    return kind


def _print(counts: dict[str, Counter[str]]) -> None:
    print(
        f"{'':28}{'urgent+':>14}{'acute=':>13}{'≥care':>7}{'concern':>9}{'c→u':>6}"
        f"{'none alarm':>14}{'hard alarm':>14}{'care':>6}"
    )
    for key in sorted(counts):
        count = counts[key]

        def share(part: str, whole: int, count: Counter[str] = count) -> str:
            return f"{count[part] / whole:.2f}" if whole else "-"

        harmless = count["none"] + count["hard"]
        print(
            f"{key:28}{share('urgent_found', count['urgent']):>8} {count['urgent']:>5}"
            f"{share('acute_found', count['acute']):>8} {count['acute']:>4}"
            f"{share('urgent_care', count['urgent']):>7}"
            f"{share('concern_found', count['concern']):>9}"
            f"{share('concern_urgent', count['concern']):>6}"
            f"{share('none_alarm', count['none']):>8} {count['none']:>5}"
            f"{share('hard_alarm', count['hard']):>8} {count['hard']:>5}"
            f"{share('harmless_care', harmless):>6}"
        )


if __name__ == "__main__":
    main()
