"""Checking the editors' rule files: each fault is named with file, line and a Dutch sentence."""

import pytest

from nachtlicht.content.risk_rules import check_rules, compile_rules
from nachtlicht.risk import RiskRulesError

RULE = """
risk_rules:
  - code: proef
    level: urgent
    theme: afpersing
    why: Proef.
    match: ["dreigt foto*"]
    must_match:
      - hij dreigt met mijn foto
      - ze dreigt een foto te delen
      - die man dreigt foto's te sturen
      - hij dreigt nu met foto
    must_not_match:
      - er dreigt onweer
      - mooie foto
      - hallo
"""


def test_a_good_folder_has_no_faults(folder):
    """The smallest complete folder checks and compiles."""
    data = folder(proef=RULE)

    assert check_rules(data) == []
    assert [rule["code"] for rule in compile_rules(data)["rules"]] == ["proef"]


@pytest.mark.parametrize(
    ("change", "check", "words"),
    [
        (("hij dreigt met mijn foto", "hij belt"), "must_match", "ziet deze zin niet"),
        (("er dreigt onweer", "de juf dreigt met foto's"), "must_not_match", "slaat aan"),
        (('"dreigt foto*"', '"dreigt {beelt}"'), "begrip", "{beelt} bestaat niet"),
        (('"dreigt foto*"', '"(dreigt|chant.*)+ foto"'), "patroon", "reguliere expressie"),
        (('"dreigt foto*"', '"(dreigt foto"'), "patroon", "klopt niet"),
        (("urgent", "heel_erg"), "niveau", "heel_erg"),
        (("theme: afpersing", "theme: chantage"), "thema", "chantage"),
        (("    why: Proef.\n", ""), "sleutel", "why"),
        (("    why: Proef.\n", "    why: Proef.\n    why: Nog eens.\n"), "yaml", "tweede keer"),
        (("    why:", "    reden: x\n    why:"), "sleutel", "reden"),
        (("      - hij dreigt nu met foto\n", ""), "must_match", "minstens 4"),
        (("      - hallo\n", ""), "must_not_match", "minstens 3"),
        (("code: proef", "code: Proef Één"), "code", "kleine letters"),
        (("risk_rules:", "regels:"), "sleutel", "regels"),
        (("    level: urgent", "  level: urgent"), "yaml", "inspringing"),
    ],
)
def test_a_fault_is_named_in_dutch_with_its_line(folder, change, check, words):
    """Every kind of fault gives an issue with file, line, check and a Dutch text."""
    data = folder(proef=RULE.replace(*change))

    issues = [issue for issue in check_rules(data) if issue.rule == check]

    assert issues
    assert words in issues[0].text
    assert issues[0].path.name == "proef.yml"
    assert 1 <= issues[0].line <= 18


@pytest.mark.parametrize(
    "content",
    [
        "concepts: los woord\n",
        "concepts: [a]\n",
        "risk_rules: los woord\n",
        "plain_words: 3\n",
        "questions:\n  - {code: a, answers: [los]}\n",
        "risk_rules:\n  - {code: [a], level: {a: b}, theme: [a], match: {a: b}}\n",
        "[]\n",
    ],
)
def test_a_file_of_another_shape_is_named(folder, content):
    """Whatever an editor types, the check tells where; it does not fall over."""
    issues = check_rules(folder(stuk=content))

    assert any(issue.path.name == "stuk.yml" and issue.line for issue in issues)


def test_a_code_is_used_once_over_all_files(folder):
    """The second rule of the same code is named, with the place of the first."""
    data = folder(een=RULE, twee=RULE)

    (issue,) = [issue for issue in check_rules(data) if issue.rule == "dubbel"]

    assert issue.path.name == "twee.yml"
    assert "een.yml, regel 3" in issue.text


def test_concepts_that_refer_in_a_circle_are_named(folder):
    """A circle of concepts is found before anything is built."""
    data = folder(proef=RULE + '\nconcepts:\n  a: ["{b}"]\n  b: ["{a}"]\n')

    assert {issue.rule for issue in check_rules(data)} == {"begrip"}


def test_faulty_rules_are_not_compiled(folder):
    """Nothing is published from a folder with faults."""
    with pytest.raises(RiskRulesError):
        compile_rules(folder(proef=RULE.replace("urgent", "erg")))


def test_an_empty_folder_is_a_fault(tmp_path):
    """No rules is a fault, not a release without rules."""
    assert check_rules(tmp_path)
    with pytest.raises(RiskRulesError):
        compile_rules(tmp_path)


def test_bytes_that_are_no_text_are_named(folder):
    """A file in another encoding is told in Dutch."""
    data = folder(proef=RULE)
    (data / "risk" / "stuk.yml").write_bytes(b"\xff\xfe\x00")

    assert any("UTF-8" in issue.text for issue in check_rules(data))
