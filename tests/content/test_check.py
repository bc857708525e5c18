"""Each check names what is wrong, with the file and the line, in Dutch."""

from __future__ import annotations

import datetime as dt

import pytest

from nachtlicht.content.check import check
from tests.content.conftest import GREETING, META, NLU, ROOT, THEMES, TODAY

G = "responses/groet.yml"
R = "referrals/altijd.yml"
D = "desks/nacht.yml"
S = "stories/groet.yml"
T = "talks/groet.yml"
O = "responses/woorden/opdrachten.yml"  # noqa: E741
HELLO = "Hoi. Fijn dat je er bent."


def test_the_good_room_has_no_faults(room):
    """What the other tests break was whole."""
    assert [str(issue) for issue in room.issues()] == []


# (rule, file, what is replaced, by what, a word on the line that must be named, what is told)
BROKEN = [
    ("yaml", D, "  code: nacht", "\tcode: nacht", "\tcode", "tab"),
    ("yaml", R, "naam: Altijd Open", 'naam: "Altijd Open', 'naam: "Altijd', "aanhalingsteken"),
    ("yaml", D, "  terugval: geen", "  terugval: geen\n  terugval: geen", "", "tweede keer"),
    ("yaml", D, "naam: de nachtdesk", "naam: de: nachtdesk", "de: nachtdesk", "dubbele punt"),
    ("yaml", D, "  terugval: geen", " terugval: geen", " terugval", "inspringing"),
    ("vorm", R, "  kosten: gratis\n", "", "referral:", "mist 'kosten'"),
    ("vorm", R, "  kosten: gratis", "  kosten: gratis\n  prijs: 3", "prijs", "hoort hier niet"),
    ("vorm", R, "voor_wie: [jongere,", "voor_wie: [kind,", "voor_wie", "geen doelgroep"),
    ("vorm", R, "    afpersing: 1", "    afpersen: 1", "afpersen", "geen thema"),
    ("vorm", R, "uren: altijd", 'uren: {maandag: "9-5"}', "uren: {", "geen uren"),
    ("vorm", R, "gecontroleerd: 2026-11-20", "gecontroleerd: gisteren", "gisteren", "geen datum"),
    ("vorm", D, "  bron: eigen dienst\n", "", "desk:", "mist 'bron'"),
    ("vorm", T, "desk: open", "desk: half", "desk: half", "stand van de desk"),
    ("vorm", G, "      metadata: " + META, "", "text:", "mist 'metadata'"),
    ("vorm", G, "eigenaar: redactie, ", "", "metadata", "mist 'eigenaar'"),
    ("vast", O, "    - wis alles", "    - STOP!!", "STOP!!", "staat ook onder"),
    ("vast", O, "    - stop\n", "    - hou op\n", "", "moet ook als zin"),
    ("naam", S, "intent: groet", "intent: groeten", "intent: groeten", "bestaat niet"),
    ("naam", S, "action: utter_groet", "action: utter_hoi", "utter_hoi", "bestaat niet"),
    ("naam", S, "action: utter_stop", "action: action_weg", "action_weg", "bestaat niet"),
    ("naam", G, '"/stop"', '"/stopt"', "/stopt", "bestaat niet"),
    ("naam", G, '"/stop"', '"nachtlicht:weg"', "nachtlicht:weg", "kent de website niet"),
    ("tegenspraak", S, "intent: stop", "intent: groet", "rule: stop", "zegt iets anders"),
    ("invulling", G, "altijd.telefoon", "altijd.fax", "altijd.fax", "kies uit"),
    ("invulling", G, "altijd.telefoon", "nergens.telefoon", "nergens", "staat niet in"),
    ("invulling", G, "altijd.telefoon", "oud.telefoon", "oud.telefoon", "niet nagekeken"),
    ("invulling", G, "[[altijd.telefoon]]", "[altijd.telefoon]", "[altijd", "dubbele haken"),
    ("invulling", G, "altijd.telefoon", "desk.baas", "desk.baas", "van de desk kan"),
    ("nummer", G, "[[altijd.telefoon]]", "0800-1234", "0800-1234", "telefoonnummer"),
    ("nummer", G, "[[altijd.telefoon]]", "112", "112", "telefoonnummer"),
    ("nummer", G, HELLO, "Wij zijn er om 19.00 uur.", "19.00", "een tijd"),
    ("nummer", G, HELLO, "Wij zijn er dag en nacht.", "dag en nacht", "openingstijd"),
    ("nummer", G, HELLO, "Kijk op voorbeeld.nl daarvoor.", "voorbeeld.nl", "een adres"),
    ("datum", R, "2026-11-20", "2026-08-23", "2026-08-23", "91 dagen"),
    ("datum", R, "2026-11-20", "2026-11-30", "2026-11-30", "toekomst"),
    ("datum", D, "2026-11-20", "2026-06-01", "2026-06-01", "dagen geleden"),
    ("datum", G, "2027-05-22", "2026-11-21", "herzien", "herlezen"),
    ("datum", G, "2027-05-22", "2028-05-22", "herzien", "te ver weg"),
    ("desk", D, "terugval: geen", "terugval: dag", "terugval", "is geen desk"),
    ("desk", D, "themas: alle", "themas: [pesten]", "", "geen desk voor alle"),
    ("verwijzing", R, "  algemeen: 1\n", "", "", "altijd open"),
    ("verwijzing", R, "    eten: 1\n", "", "", "'eten'"),
    ("verwijzing", "referrals/oud.yml", "themas: {}", "themas: {pesten: 2}", "code", "nagekeken"),
    ("verwijzing", "referrals/oud.yml", "code: oud", "code: altijd", "code", "ander bestand"),
    ("woorden", G, HELLO, "Waarom heb je dat gestuurd?", "Waarom", "schuld"),
    ("woorden", G, HELLO, "Alles komt goed.", "komt goed", "afloop"),
    ("woorden", G, HELLO, "Dit gesprek is anoniem.", "anoniem", "geheimhouding"),
    ("woorden", G, HELLO, "Stuur mij de foto maar.", "Stuur mij", "beeld"),
    ("woorden", G, HELLO, "Wil je zelfmoord plegen?", "plegen", "misdaden"),
    ("woorden", G, HELLO, "Heb je pillen bij je?", "pillen", "middel"),
    ("woorden", G, HELLO, "Beloof me dat je wacht.", "Beloof", "belofte"),
    ("woorden", G, HELLO, "Jij bent strafbaar.", "strafbaar", "kan strafbaar zijn"),
    ("woorden", G, HELLO, "Wat dapper van je.", "dapper", "Bedanken"),
    ("woorden", G, HELLO, "Wat fijn!", "Wat fijn", "uitroeptekens"),
    ("woorden", "taal/verboden.yml", 'wel: ["Wat goed!"', 'wel: ["Wat goed"', "", "had gevonden"),
    ("lezen", G, HELLO, "Dit is " + "heel " * 22 + "lang.", "lang.", "woorden; meer dan"),
    ("lezen", G, HELLO, "Jij bent het slachtoffer.", "slachtoffer", "moeilijk woord"),
    (
        "lezen",
        G,
        HELLO,
        "Dat is ondraaglijk.",
        "ondraaglijk",
        "'ondraaglijk' is een zeldzaam woord",
    ),
    ("lezen", G, HELLO, "Vraag Helpwanted om raad.", "", ""),
    ("lang", G, HELLO, "Zo gaat dat nu. " * 20, "Zo gaat", "alinea"),
    ("lang", G, 'title: "Stop"', 'title: "Een knop met veel te veel woorden erop"', "", "knop"),
    ("voorbeeld", "nlu/w1/groet.yml", "    - hey\n", "", "", "het minste"),
    ("voorbeeld", "nlu/w1/groet.yml", "    - hey\n", "    - hey [jij]\n", "hey [jij]", "haken"),
    ("voorbeeld", "nlu/w1/groet.yml", "intent: groet", "intent: gegroet", "gegroet", "bestaat"),
    ("dubbel", "nlu/w1/stop.yml", "- einde", "- Goeden-avond", "", ""),
    ("dubbel", "nlu/w1/stop.yml", "- einde", "- GOEDENAVOND!", "GOEDENAVOND", "staat ook onder"),
    (
        "must_match",
        "risk/test.yml",
        "- mijn ex dreigt",
        "- mijn ex belt",
        "mijn ex",
        "ziet deze zin",
    ),
    ("must_not_match", "risk/test.yml", "- hij belt", "- wie dreigt", "wie", "slaat aan"),
    ("drempel", "risk/levels.yml", "vanaf: 0.3", "vanaf: 0.9", "drempels", "niet hoger"),
    ("gesprek", T, "state: bot", "state: klaar", "state: klaar", "bestaat niet"),
    ("gesprek", T, "level: none", "max_questions: 4", "max_questions", "Meer dan 3 vragen"),
    (
        "gesprek",
        T,
        "  - expect: {says: [Hoi], level: none, state: bot}\n",
        "  - youth: ja\n",
        "",
        "niets",
    ),
]


@pytest.mark.parametrize(("rule", "name", "old", "new", "marked", "told"), BROKEN)
def test_names_file_and_line(room, rule, name, old, new, marked, told):
    """One thing broken is one fault told at the right place."""
    room.change(name, old, new)

    found = room.issues(rule)

    if not told:  # a row that must not be found: the edge of a rule
        assert found == []
        return
    assert any(told in issue.text for issue in found), [str(issue) for issue in room.issues()]
    if marked:
        issue = next(issue for issue in found if told in issue.text)
        assert issue.path == room.data / name
        assert issue.line == room.line(name, marked)


def test_the_second_of_two_equal_keys_is_named(room):
    """The line of the key that would win."""
    room.change(D, "  terugval: geen", "  terugval: geen\n  terugval: dag")

    (issue,) = room.issues("yaml")

    assert issue.line == room.line(D, "terugval: dag")


def test_a_sentence_too_far_to_the_left_is_named(room):
    """At that sentence, not at the next line, where it shows that it is no key."""
    room.change(G, "        Hoi. Fijn", "      Hoi. Fijn")

    (issue,) = room.issues()

    assert issue.line == room.line(G, "Hoi. Fijn")
    assert "inspringing" in issue.text


def test_what_stands_in_a_broken_file_is_not_told_to_be_missing(room):
    """A wall of texts that are missing would hide the one fault."""
    room.change("responses/gesprek.yml", "  utter_bot_stil:", "\tutter_bot_stil:")

    (issue,) = room.issues()

    assert (issue.rule, issue.path.name) == ("yaml", "gesprek.yml")


def test_an_intent_without_a_rule_is_named(room):
    """The place is that of the intent in the bot's domain."""
    room.change(S, "      - intent: stop", "      - intent: groet")

    found = [issue for issue in room.issues("naam") if "Geen regel" in issue.text]

    assert [(issue.path.name, issue.line) for issue in found] == [("intents.yml", 4)]


def test_a_missing_fixed_text_is_named(room):
    """The web app asks for it; without it nothing is published."""
    room.change("responses/gesprek.yml", "  utter_bot_stil:", "  utter_bot_zwijgt:")

    (issue,) = room.issues("vast")

    assert "utter_bot_stil" in issue.text


def test_a_circle_between_desks_is_named(room):
    """Two desks that fall back on each other would send a talk round for ever."""
    day = (room.data / D).read_text().replace("code: nacht", "code: dag")
    room.write("desks/dag.yml", day.replace("terugval: geen", "terugval: nacht"))
    room.change(D, "terugval: geen", "terugval: dag")

    told = [issue.text for issue in room.issues("desk")]

    assert any("nacht → dag → nacht" in text for text in told)


def test_two_places_of_the_same_rank_are_named(room):
    """Two records at place 1 of a theme leave the choice to chance."""
    other = (room.data / R).read_text().replace("code: altijd", "code: ook")
    room.write("referrals/ook.yml", other)

    found = room.issues("verwijzing")

    assert len(found) == len(THEMES) * 5
    assert {issue.path.name for issue in found} == {"ook.yml"}


def test_a_form_without_its_question_is_named(room):
    """A form asks with utter_ask_<slot>."""
    room.write(
        "/bot/domain/forms.yml", "forms:\n  leeftijd_form:\n    required_slots:\n      - leeftijd\n"
    )

    (issue,) = room.issues("naam")

    assert (issue.path.name, issue.line) == ("forms.yml", 4)
    assert "utter_ask_leeftijd" in issue.text


def test_a_line_of_the_measuring_set_is_kept_out_of_training(room):
    """A line that is trained on measures nothing; the example is named."""
    room.write("/tests/data/x/messages.jsonl", '{"id": "1", "text": "Is hier iemand wakker?"}\n')
    room.change("nlu/w1/groet.yml", "- is hier iemand", "- is hier iemand wakker")

    (issue,) = room.issues("dubbel")

    assert issue.line == room.line("nlu/w1/groet.yml", "wakker")
    assert "tests/data/x/messages.jsonl:1" in issue.text


def test_a_talk_is_kept_out_of_training(room):
    """The talks measure too."""
    room.change("nlu/w1/groet.yml", "- is hier iemand", "- Is daar een mens of niet dan?")

    (issue,) = room.issues("dubbel")

    assert "talks/groet.yml:6" in issue.text


def test_a_phone_number_in_code_is_named(room):
    """Numbers of records do not belong in programs."""
    room.write("/nachtlicht/web/x.py", '"""A page."""\n\nPHONE = "0800 1234"\n')

    (issue,) = room.issues("nummer")

    assert (issue.path.name, issue.line) == ("x.py", 3)


def test_templates_with_slots_filled_in_are_refused(room):
    """More than one line in fifty that differs in one word from another is too much."""
    lines = [f"    - hij zei dat ik {word} moest komen\n" for word in ("vandaag", "morgen", "nu")]
    room.write("nlu/w2/groet.yml", NLU.format(intent="groet") + "".join(lines))

    found = room.issues("lijkt")

    assert "10.5%" in found[0].text
    assert [issue.line for issue in found[1:]] == [7, 8]


def test_a_low_share_of_readable_sentences_is_refused(room):
    """Sixteen words are a bit long; in one sentence of twenty that is allowed, not in more."""
    long = " ".join(["woord"] * 16) + "."
    room.write(
        "responses/lang.yml", GREETING.replace("Hoi. Fijn dat je er bent.", f"{long} {long} {long}")
    )

    assert any("Leesbaar op B1" in issue.text for issue in room.issues("lezen"))


def test_a_broken_file_does_not_stop_the_other_checks(room):
    """Two faults in two files are told in one go."""
    room.change(D, "  code: nacht", "\tcode: nacht")
    room.change(G, HELLO, "Wat dapper van je.")

    assert {"yaml", "woorden"} <= {issue.rule for issue in room.issues()}


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"", b"a: \x00", b"- los\n- lijstje\n", b"gewoon een zin\n", b"[]\n"]
)
@pytest.mark.parametrize("folder", ["responses", "referrals", "desks", "nlu", "stories", "talks"])
def test_a_file_that_is_no_content_is_named(room, folder, content):
    """Whatever stands in a file, the check tells and does not fall over."""
    path = room.data / folder / "stuk.yml"
    path.write_bytes(content)

    issues = room.issues()

    assert folder == "stories" or any(issue.path == path for issue in issues)


def test_the_check_of_the_real_data_is_quick_and_knows_its_own_rules():
    """The phrases of data/taal find what they must, on the real room."""
    issues = check(ROOT / "data", ROOT, today=max(TODAY, dt.date(2026, 11, 22)))

    assert [str(i) for i in issues if i.path.parent.name == "taal"] == []
