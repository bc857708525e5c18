"""Feeds hostile input to folding, rules and, now and then, encoder and risk model.

Random bytes as text, Dutch lines of data/risk with errors in them, other scripts, emoji, half
surrogates, repetition, up to 10,000 characters, alone and as talks. Says which inputs broke a
promise: by number and kind, to be made again from the same seed.

    python -m bench.fuzz --inputs 100000 [--seed 1] [--without-model]
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.assess_time import judge, published
from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.content.yaml_file import read_yaml
from nachtlicht.encoder import RiskClassifier
from nachtlicht.risk import Line, RiskAssessment, RiskLevel, RiskRules, assess
from nachtlicht.settings import ROOT
from nachtlicht.text import fold

LONGEST = 10_000
SAMPLED = 20  # of so many inputs one also goes through the encoder
_SCRIPTS = ((0x370, 0x52F), (0x590, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x4E00, 0x9FFF))
_EMOJI = ((0x1F300, 0x1FAFF), (0x2600, 0x27BF), (0x200B, 0x200F), (0xFE00, 0xFE0F))
_SPECKS = "abdeijkmnorstwz 0134'*.-_!?\n<>{}()|+&\x00\u0301\u200b\u202e\ud800ĳé😭💊"


def dutch_lines() -> list[str]:
    """Return the lines that the rules of data/risk must match."""
    found: list[str] = []

    def walk(part: object) -> None:
        if isinstance(part, dict):
            found.extend(str(line) for line in part.get("must_match") or ())
        for below in part.values() if isinstance(part, dict) else part:
            if isinstance(below, dict | list):
                walk(below)

    for path in sorted((ROOT / "data" / "risk").glob("*.yml")):
        walk(read_yaml(path)[0] or [])
    return found


def inputs(seed: int, number: int, dutch: Sequence[str]) -> Iterator[tuple[str, list[Line]]]:
    """Yield a kind and a talk, `number` times; the same for the same seed and lines."""
    draw = random.Random(seed)
    kinds: list[tuple[str, Callable[[], str]]] = [
        ("bytes", lambda: _bytes(draw)),
        ("dutch", lambda: _mutated(draw, draw.choice(dutch))),
        ("dutch", lambda: _mutated(draw, draw.choice(dutch))),
        ("script", lambda: _of(draw, [draw.choice(_SCRIPTS)])),
        ("emoji", lambda: _of(draw, _EMOJI)),
        ("specks", lambda: "".join(draw.choices(_SPECKS, k=draw.randint(0, 200)))),
        ("repeated", lambda: _repeated(draw, dutch)),
    ]
    for _ in range(number):
        kind, make = draw.choice(kinds)
        before = [make() for _ in range(draw.choice((0, 0, 0, 1, 2, 5)))]
        asked = [Line("bot", "Ben je nu veilig?")] if before and draw.random() < 0.3 else []
        yield kind, [*(Line("youth", text) for text in before), *asked, Line("youth", make())]


def _bytes(draw: random.Random) -> str:
    raw = draw.randbytes(draw.randint(0, 300))
    encoding, errors = draw.choice(
        (
            ("utf-8", "surrogateescape"),
            ("utf-8", "ignore"),
            ("latin-1", "strict"),
            ("utf-16-le", "replace"),
        )
    )
    return raw.decode(encoding, errors)


def _of(draw: random.Random, ranges: Sequence[tuple[int, int]]) -> str:
    """Characters of `ranges`, now and then a space."""
    return "".join(
        chr(draw.randint(*draw.choice(ranges))) if draw.random() < 0.9 else " "
        for _ in range(draw.randint(1, 300))
    )


def _mutated(draw: random.Random, text: str) -> str:
    for _ in range(draw.randint(0, 6)):
        at = draw.randint(0, len(text))
        kind = draw.randrange(5)
        if kind == 0:
            text = text[:at] + draw.choice(_SPECKS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + draw.randint(1, 3) :]
        elif kind == 2:
            text = text[:at] + text[at : at + 1] * draw.randint(2, 30) + text[at:]
        elif kind == 3:
            text = text[:at] + " ".join(text[at : at + 12]) + text[at + 12 :]
        else:
            text = text[at:] + " " + text[:at]
    return text


def _repeated(draw: random.Random, dutch: Sequence[str]) -> str:
    """One unit over and over; one in ten times up to the longest message."""
    line = draw.choice(dutch)
    unit = draw.choice((line, line[: draw.randint(1, 8)], draw.choice(_SPECKS)))
    length = LONGEST if draw.random() < 0.1 else draw.randint(1, 1500)
    return (unit * (length // len(unit) + 1))[:length]


def faults(text: str, found: RiskAssessment) -> list[str]:
    """Return which promises a judgement on `text` breaks."""
    wrong = []
    if found.unread:
        wrong.append("unread")
    if found.level not in RiskLevel or found.rules_level not in RiskLevel:
        wrong.append("level")
    if not all(0 <= signal.start <= signal.end <= len(text) for signal in found.signals):
        wrong.append("offsets")
    folded = fold(text)
    spans = zip(folded.starts, folded.ends, strict=True)
    if not all(0 <= start <= end <= len(text) for start, end in spans):
        wrong.append("folding")
    return wrong


def check(rules: RiskRules, model: RiskClassifier | None, at: int, talk: list[Line]) -> list[str]:
    """Assess `talk`, the input number `at`, and return the promises that were broken."""
    try:
        found = assess(rules, talk)
        wrong = faults(talk[-1].text, found)
        if model is not None and at % SAMPLED == 0:
            both = judge(rules, model, talk)
            wrong += faults(talk[-1].text, both)
            if both.model_level is None:
                wrong.append("model")
    except Exception as error:  # that is what we are looking for
        return [type(error).__name__]
    return wrong


def _memory() -> float:
    """MB that this process holds."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Run, and print faults, times by kind, and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-model", action="store_true")
    options = parser.parse_args()
    if options.without_model:
        rules, model = RiskRules(compile_rules(ROOT / "data")), None
    else:
        rules, model = published()
    taken: dict[str, list[tuple[float, float]]] = {}
    broken = 0
    held = []
    for at, (kind, talk) in enumerate(inputs(options.seed, options.inputs, dutch_lines())):
        start = time.thread_time()
        wrong = check(rules, None if at % SAMPLED else model, at, talk)
        spent = (time.thread_time() - start) * 1000
        if at % SAMPLED or model is None:
            length = sum(len(line.text) for line in talk)
            taken.setdefault(kind, []).append((spent, spent * 1000 / (length + 100)))
        if wrong:
            broken += 1
            print(f"input {at} ({kind}): {', '.join(wrong)}", flush=True)
        if at % max(1, options.inputs // 10) == 0:
            held.append(_memory())
    print(f"{options.inputs} inputs, seed {options.seed}: {broken} broke a promise")
    print("MB held, at each tenth:", " ".join(f"{megabytes:.0f}" for megabytes in held))
    for kind, times in sorted(taken.items()):
        print(
            f"{kind:9} worst {max(times)[0]:6.1f} ms, {max(per for _, per in times):6.1f} µs for "
            f"each character (100 more counted)   n={len(times)}"
        )


if __name__ == "__main__":
    main()
