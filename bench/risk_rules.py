"""Measures the risk rules: milliseconds of processor time, beside Python's `re`.

The peer looks for the same words, one alternation each, and knows nothing of order, negation or
spelling. Rules and peer take turns, so that a busy machine slows both: the ratio tells more than
the milliseconds. Run it with `python -m bench.risk_rules`.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.rules_on_training import lines
from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.risk import Line, RiskRules, assess

DATA = Path(__file__).resolve().parent.parent / "data"
_ASKED = "Dank je dat je dit vertelt. Ben je nu veilig?"
_TALK = (
    "hoi ik wil iets vragen maar ik weet niet of dit de goede plek is",
    "er is een jongen van snap en die heeft een filmpje van mij en nu wil hij geld anders stuurt "
    "hij het naar mijn klas en ik durf het niet tegen mijn ouders te zeggen",
    "hoe laat gaan jullie open",
    "mijn dochter doet de laatste tijd zo stil en ik maak me zorgen over haar telefoon",
    "k wil gwn nie meer wakker worden ofzo",
    "haha ik lach me dood om die kat van de buren 😂",
    "kheb egt geen zin in wiskunde morgen",
)


def _words(tree: Any) -> Iterator[str]:
    """All single words of a compiled pattern."""
    if tree and tree[0] in ("w", "p", "s", "c"):
        yield tree[1]
        return
    for part in tree[1] if isinstance(tree[1], list) else ():
        yield from _words(part[1] if tree[0] == "seq" else part)


def _peer(compiled: dict[str, Any]) -> re.Pattern[str]:
    """One expression with every word of the rules."""
    trees = [tree for trees in compiled["concepts"].values() for tree in trees]
    trees += [tree for rule in compiled["rules"] for tree in rule["match"]]
    words = sorted({word for tree in trees for word in _words(tree)})
    print(f"{len(compiled['rules'])} rules, {len(trees)} patterns, {len(words)} words")
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


def _compare(
    peer: re.Pattern[str], name: str, work: Sequence[Callable[[], object]], texts: Sequence[str]
) -> None:
    """Time each piece of `work` and, right after it, `peer` on the same text."""
    ours, theirs = [], []
    for run, text in zip(work, texts, strict=True):
        start = time.thread_time()
        run()
        between = time.thread_time()
        peer.findall(text)
        ours.append((between - start) * 1000)
        theirs.append((time.thread_time() - between) * 1000)
    (p50, p99), (re50, re99) = _p50_p99(ours), _p50_p99(theirs)
    print(
        f"{name:38} p50 {p50:7.3f} ms  p99 {p99:7.3f} ms   re: {re50:7.3f} {re99:7.3f}"
        f"   ratio {p50 / re50:5.2f} {p99 / re99:5.2f}   n={len(ours)}"
    )


def _p50_p99(taken: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(taken)
    return statistics.median(taken), ordered[int(len(ordered) * 0.99) - 1]


def main() -> None:
    """Print the table."""
    compiled = compile_rules(DATA)
    compare = partial(_compare, _peer(compiled))
    start = time.thread_time()
    rules = RiskRules(compiled)
    print(f"{'load':38} {(time.thread_time() - start) * 1000:7.0f} ms")
    draw = random.Random(7)
    real = [text for _, text in lines([])]
    talks = []
    for _ in range(1000):
        talk = [
            part
            for text in draw.sample(real, 5)
            for part in (Line("youth", text), Line("bot", _ASKED))
        ]
        talks.append([*talk, Line("youth", draw.choice(real))])
    for talk in talks[:200]:
        assess(rules, talk)
    talks = talks[200:]
    newest = [talk[-1].text for talk in talks]
    whole = ["\n".join(line.text for line in talk) for talk in talks]
    compare("a message", [partial(assess, rules, talk[-1:]) for talk in talks], newest)
    compare("a message after 5 lines", [partial(assess, rules, talk) for talk in talks], whole)
    words = " ".join(_TALK).split()
    for name, unit in (
        ("words of the rules", "ik wil niet dood hij dreigt foto "),
        ("one letter", "a"),
        ("random words", " ".join(draw.choices(words, k=300)) + " "),
        ("unknown words", "".join(chr(97 + draw.randrange(26)) for _ in range(7)) + " "),
    ):
        long = (unit * (10_000 // len(unit) + 1))[:10_000]
        work = [partial(assess, rules, [Line("youth", long)])] * 20
        compare(f"10,000 characters, {name}", work, [long] * 20)


if __name__ == "__main__":
    main()
