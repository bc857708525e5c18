"""The product's own rules, compiled once; small rule folders; counting steps of work."""

import sys
from pathlib import Path

import pytest

from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.risk import Line, RiskRules, assess

DATA = Path(__file__).resolve().parents[2] / "data"

BASIS = """
concepts:
  ontkenning: niet geen
  zorgwoord: [bang, help]
  verklaring: ["over een game"]
  eigenlijk_ik: ["eigenlijk ik"]
"""


@pytest.fixture(scope="session")
def compiled():
    return compile_rules(DATA)


@pytest.fixture(scope="session")
def rules(compiled):
    return RiskRules(compiled)


@pytest.fixture(scope="session")
def judge(rules):
    """Assess a talk given as pairs or as a single line."""

    def judge(*lines):
        return assess(
            rules, [Line("youth", line) if isinstance(line, str) else Line(*line) for line in lines]
        )

    return judge


@pytest.fixture
def folder(tmp_path):
    """Write rule files into a data folder of their own; gives the folder."""

    def write(**files):
        risk = tmp_path / "risk"
        risk.mkdir(exist_ok=True)
        (risk / "basis.yml").write_text(files.pop("basis", BASIS), encoding="utf-8")
        for name, text in files.items():
            (risk / f"{name}.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def steps():
    """Count the lines of Python that a call executes."""

    def count(function, *arguments):
        executed = 0

        def trace(frame, event, argument):
            nonlocal executed
            executed += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            function(*arguments)
        finally:
            sys.settrace(before)
        return executed

    return count
