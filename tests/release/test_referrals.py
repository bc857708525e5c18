"""One main place and one backup that is open now; nothing closed is called open."""

import datetime as dt

from nachtlicht.release import audience_word

OFFICE = dt.datetime(2026, 11, 25, 11, tzinfo=dt.UTC)  # Wednesday, noon in Amsterdam
NIGHT = dt.datetime(2026, 11, 25, 23, tzinfo=dt.UTC)
EVENING = dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC)  # both closed


def codes(*records):
    return [record.code if record else None for record in records]


def test_the_best_place_that_is_open_is_main(release):
    """In office hours the day line, with one backup that is open too."""
    choice = release.referrals.choose("somber", "jongere", OFFICE)

    assert codes(choice.main, choice.backup) == ["overdag", "altijd"]
    assert choice.main_open is True
    assert choice.main_opens is None


def test_a_closed_place_is_left_out_and_its_opening_named(release):
    """At night the night line, and when the better one opens."""
    choice = release.referrals.choose("somber", "jongere", NIGHT)

    assert codes(choice.main, choice.backup, choice.best) == ["nachtlijn", "altijd", "overdag"]
    assert choice.main_opens == dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)


def test_a_place_with_unknown_hours_is_never_called_open(release):
    """It may be main, but then a line that is surely open stands beside it."""
    choice = release.referrals.choose("pesten", "jongere", NIGHT)

    assert codes(choice.main, choice.backup) == ["onbekend", "altijd"]
    assert choice.main_open is None
    assert not release.referrals["onbekend"].is_open(NIGHT)


def test_only_who_it_is_for(release):
    """The school line is chosen for a professional and not for a young person."""
    assert release.referrals.choose("somber", "professionals", NIGHT).main.code == "school"
    assert release.referrals.choose("somber", "jongens", NIGHT).main.code == "nachtlijn"


def test_a_city_record_needs_the_city(release):
    """Somebody in Amsterdam gets the city's place first, nobody else does."""
    assert release.referrals.choose("pesten", None, NIGHT, city="amsterdam").main.code == "stad"
    assert release.referrals.choose("pesten", None, NIGHT).main.code == "onbekend"


def test_no_dutch_number_on_the_islands(release):
    """A Dutch line is not offered to somebody on Curaçao."""
    choice = release.referrals.choose("somber", "jongere", NIGHT, country="CW")

    assert codes(choice.main, choice.backup) == [None, None]
    assert choice.always == ()


def test_a_theme_without_a_place_still_gives_the_lines_that_never_close(release):
    """Nothing fits: the general lines are there."""
    choice = release.referrals.choose("eten", "jongere", NIGHT)

    assert codes(choice.main, choice.backup) == [None, None]
    assert codes(*choice.always) == ["altijd"]


def test_lines_now_holds_only_what_is_open(release):
    """The general list names what is open."""
    assert codes(*release.referrals.lines_now(NIGHT)) == ["altijd"]


def test_audiences_by_any_name():
    """Entries, speakers and the editors' words meet; the unknown is a young person."""
    assert [audience_word(n) for n in ("ouders", "parent", "ouder", "boy", None)] == [
        *("ouder", "ouder", "ouder"),
        *("jongere", "jongere"),
    ]
