"""A small development set, judged by the real rules of the small room."""

from __future__ import annotations

import json

import pytest

from nachtlicht.content.measure import Detector, judge, read_sets
from nachtlicht.content.publish import publish
from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.release import Release
from nachtlicht.risk import RiskLevel, RiskRules
from tests.content.test_publish import NOW

LABELS = {
    "level": "none",
    "theme": "geen",
    "intent": "groet",
    "speaker": "girl",
    "style": "plain",
    "writer": "t01",
    "hard": False,
}
THREAT = {"level": "urgent", "theme": "afpersing", "intent": "stop"}


def line(name, text, **labels):
    """One line of a set: a message, or a talk when `text` is a list."""
    said = {"messages": text} if isinstance(text, list) else {"text": text}
    return {"id": name} | said | LABELS | labels


# The only rule finds "dreigt", at urgent.
MESSAGES = (
    line("m1", "hij dreigt weer", **THREAT),
    line("m2", "hij wil geld zien", **THREAT, speaker="boy"),
    line("m3", "het regent"),
    line("m4", "er dreigt onweer", hard=True),
    line("m5", "hij staat voor de deur", level="acute", theme="pesten"),
)
TALKS = (line("t1", [{"youth": "hoi"}, {"bot": "Hoi."}, {"youth": "hij dreigt"}], **THREAT),)


@pytest.fixture
def write_set(tmp_path):
    """Write a set of messages, and of talks if any; gives its folder."""

    def write(messages=MESSAGES, talks=TALKS, name="t01"):
        folder = tmp_path / "tests" / "data" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, lines in (("messages.jsonl", messages), ("talks.jsonl", talks)):
            if lines:
                told = (json.dumps(one) if isinstance(one, dict) else one for one in lines)
                (folder / file).write_text("\n".join(told) + "\n", encoding="utf-8")
        return folder

    return write


@pytest.fixture
def release(room, tmp_path):
    """A release of the small room, without a risk model."""
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"a model")
    published = publish(
        room.sources(), tmp_path / "releases", now=NOW, trainer=lambda _: model, issues=[]
    )
    return Release.load(published.path)


@pytest.fixture
def rules(room):
    return RiskRules(compile_rules(room.data))


@pytest.fixture
def judged(write_set, release, rules):
    """The small set as the rules see it; with a classifier, as both do."""

    def run(messages=MESSAGES, talks=TALKS, *, classifier=None, intents=None, name="t01"):
        cases = read_sets([write_set(messages, talks, name)])
        return judge(cases, Detector(release, rules, classifier, intents))

    return run


def sees(*words, level=RiskLevel.URGENT, chance=0.9):
    """A classifier that finds a line with one of `words` in it."""

    def classify(lines):
        if any(word in lines[-1].text for word in words):
            return lambda _by_rules: (level, chance, "afpersing")
        return lambda _by_rules: (RiskLevel.NONE, 0.05, None)

    return classify
