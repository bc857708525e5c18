"""Placeholders become numbers, hours and lines at the moment a text is said."""

import datetime as dt

import pytest

NIGHT = dt.datetime(2026, 11, 25, 2, 12, tzinfo=dt.UTC)
DAY = dt.datetime(2026, 11, 25, 11, tzinfo=dt.UTC)
EVENING = dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bel [[altijd.telefoon]].", "Bel 0000."),
        ("Bel [[ altijd.naam ]].", "Bel Altijd."),
        ("Open: [[altijd.uren]].", "Open: dag en nacht."),
        ("Onbekend: [[onbekend.uren]].", "Onbekend: ."),
        ("Weer [[desk.opent]].", "Weer vanavond om 19.00 uur."),
        ("Ik bewaar dit [[bewaren.bot]].", "Ik bewaar dit 24 uur."),
        ("[[medewerker]] leest mee.", "een medewerker leest mee."),
        ("Niets [[bestaat.niet]] of [[onzin]].", "Niets  of ."),
        ("Zonder haken.", "Zonder haken."),
        ("Van [[desk.naam]].", "Van de nachtdesk."),
    ],
)
def test_fills_in(release, text, said):
    """Each kind of placeholder, and an unknown one leaves no brackets."""
    assert release.render(text, moment=DAY) == said


def test_names_given_win(release):
    """The counsellor's name replaces the general word."""
    said = release.render("[[medewerker]] is er.", moment=DAY, names={"medewerker": "Sanne"})

    assert said == "Sanne is er."


def test_lines_for_a_theme(release):
    """Main and backup, each on its own line, with its number."""
    said = release.render("[[lijnen.thema]]", moment=DAY, theme="somber", audience="jongere")

    assert said == "• Overdag: bel 0000.\n• Altijd: bel 0000."


def test_lines_say_when_the_better_one_opens(release):
    """In the evening both are closed; what never closes is named, and the opening."""
    said = release.render("[[lijnen.thema]]", moment=EVENING, theme="somber")

    assert said == "• Altijd: bel 0000.\nOverdag is er weer morgen om 09.00 uur."


def test_lines_now(release):
    """Only what is open."""
    assert release.render("[[lijnen.nu]]", moment=NIGHT) == "• Altijd: bel 0000."


def test_no_line_abroad(release):
    """Somebody on the islands gets an honest sentence in place of Dutch numbers."""
    said = release.render("[[lijnen.thema]]", moment=NIGHT, theme="somber", country="AW")

    assert said == "Ik weet geen nummer voor waar jij bent."


def test_texts_by_name(release):
    """A text has its words and buttons; a family has a default."""
    assert release.texts["utter_knop"][0].buttons == (("Stop", "nachtlicht:stop"),)
    assert release.texts.first("utter_acuut_eten", "utter_acuut").text.startswith("Bel")
    assert "utter_weg" not in release.texts
