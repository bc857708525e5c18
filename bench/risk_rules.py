"""Measures the risk rules: milliseconds of processor time, beside a naive keyword list.

Run it with the project root on PYTHONPATH.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.risk import Line, RiskRules, assess

DATA = Path(__file__).resolve().parent.parent / "data"
_KEYWORDS = re.compile("zelfmoord|dood|verkracht|dreigt|chantage|nude|naakt|slaat|snijden|mes")
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


def _times(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Milliseconds for each text."""
    taken = []
    for text in texts:
        start = time.thread_time()
        work(text)
        taken.append((time.thread_time() - start) * 1000)
    return taken


def _report(name: str, taken: Sequence[float]) -> None:
    ordered = sorted(taken)
    p99 = ordered[int(len(ordered) * 0.99) - 1]
    print(f"{name:34} p50 {statistics.median(taken):7.3f} ms   p99 {p99:7.3f} ms   n={len(taken)}")


def main() -> None:
    """Print the table."""
    start = time.thread_time()
    rules = RiskRules(compile_rules(DATA))
    print(f"{'read, compile and load':34} {(time.thread_time() - start) * 1000:7.0f} ms")
    draw = random.Random(7)
    words = " ".join(_TALK).split()
    short = [" ".join(draw.choices(words, k=draw.randint(3, 30))) for _ in range(2000)]
    for text in short[:200]:
        rules.signals(text)
    _report("keyword list, a message", _times(_KEYWORDS.search, short))
    _report("rules, a message", _times(rules.signals, short))

    talk = [Line("youth" if index % 2 else "bot", text) for index, text in enumerate(_TALK)]
    in_talk = _times(lambda text: assess(rules, [*talk, Line("youth", text)]), short)
    _report("rules, a message after 7 lines", in_talk)
    for name, unit in (
        ("words of the rules", "ik wil niet dood hij dreigt foto "),
        ("one letter", "a"),
        ("random words", " ".join(draw.choices(words, k=300)) + " "),
        ("unknown words", "".join(chr(97 + draw.randrange(26)) for _ in range(7)) + " "),
    ):
        long = [(unit * (10_000 // len(unit) + 1))[:10_000]] * 20
        _report(f"10,000 characters, {name}", _times(rules.signals, long))


if __name__ == "__main__":
    main()
