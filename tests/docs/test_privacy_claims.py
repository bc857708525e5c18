"""Every sentence that the product says about privacy points to the test that shows it."""

import re

import yaml

from tests.support.system import ROOT

PAGE = (ROOT / "docs" / "privacy-claims.md").read_text("utf-8")
# What makes a sentence a promise or a fact about what is kept, read or left behind. An advice
# ("bewaar de berichten"), a question or a button is none.
SAYS = re.compile(
    r"(bewaren|wissen) (we|wij)\b|We bewaren|wel bewaard|gesprek(ken)?\b.*(gewist|verlopen)"
    r"|zolang we je gesprek|tellen alleen|kan(nen)? je hele gesprek lezen|kunnen het lezen"
    r"|^Je hoeft (je naam niet te zeggen|geen namen te noemen)\."
    r"|hier weg, ook voor|nu wissen|bel zelf niemand|beloof geen geheim|kan een medewerker hulp"
    r"|van je scherm|gewone pagina|(onthoudt|bewaart) je browser|code weg|er daarna niet meer in"
    r"|geschiedenis|bezochte pagina|welke sites|niets verstuurd|niets bij ons terecht",
    re.IGNORECASE,
)
NOT_TEXT = {"metadata", "bron", "zoek", "titel", "title", "payload", "code", "groep"}
ROW = re.compile(r"^\| (?P<sentence>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_sentence_about_privacy_has_its_test():
    """Who writes a new one adds it to docs/privacy-claims.md, with the test that shows it."""
    missing = said() - set(claims())
    assert not missing, f"not in docs/privacy-claims.md: {sorted(missing)}"


def test_the_page_holds_no_sentence_that_nobody_says():
    """A sentence that was taken out or changed leaves the page too."""
    unsaid = set(claims()) - said()
    assert not unsaid, f"nobody says any more: {sorted(unsaid)}"


def test_every_claim_names_a_test_that_exists():
    """By file and name; a renamed test is found here."""
    for sentence, told in claims().items():
        found = TEST.findall(told)
        assert found, sentence
        for path, name in found:
            file = ROOT / path
            assert file.exists(), path
            assert re.search(rf"def {name}\(", file.read_text("utf-8")), f"{path}::{name}"


def claims():
    """The sentences on the page, and what stands behind each."""
    rows = {row["sentence"].strip(): row["tests"] for row in ROW.finditer(PAGE)}
    rows.pop("sentence", None)
    return {sentence: told for sentence, told in rows.items() if not sentence.startswith("---")}


def said():
    """All sentences about privacy in the editors' texts."""
    found = set()
    for path in sorted((ROOT / "data" / "responses").rglob("*.yml")):
        if path.name != "opdrachten.yml":  # what a young person types
            found |= set(sentences(yaml.safe_load(path.read_text("utf-8"))))
    return found


def sentences(value):
    if isinstance(value, str):
        for sentence in re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", value)):
            if SAYS.search(sentence) and not sentence.endswith("?"):
                yield sentence.strip()
    elif isinstance(value, list):
        for part in value:
            yield from sentences(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in NOT_TEXT:
                yield from sentences(part)
