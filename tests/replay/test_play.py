"""A talk is played through the code of the web app, and what does not happen is told."""

from __future__ import annotations

import pytest

from nachtlicht.replay import report
from tests.support.small_release import ACUTE, CONCERN, HARMLESS, URGENT


async def test_a_talk_that_goes_as_expected_tells_nothing(played):
    """States, levels, theme, texts by name and by words."""
    talk = await played(f"""
  - youth: {URGENT}
  - expect: {{says: [utter_overdracht_open], says_not: [blabla], level: urgent, theme: afpersing,
      state: waiting, max_questions: 0}}
  - youth: {ACUTE}
  - expect: {{says: [utter_acuut_zelfdoding], level: acute}}
""")

    assert talk.unmet == []
    assert talk.states[-1] == "waiting"
    assert talk.levels == ["none", "urgent", "acute"]
    assert talk.said[2] == ("youth", URGENT)


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("says: [iets heel anders]", "Niet gezegd: 'iets heel anders'."),
        ("says: [utter_aanbod_nee]", "Niet gezegd: 'utter_aanbod_nee'."),
        ("says_not: [utter_overdracht_open]", "Wel gezegd: 'utter_overdracht_open'."),
        ("level: none", "Het niveau is 'urgent' en niet 'none'."),
        ("theme: pesten", "Het thema is 'afpersing' en niet 'pesten'."),
        ("state: bot", "De stand is 'waiting' en niet 'bot'."),
    ],
)
async def test_each_expectation_can_fail(played, expect, told):
    """What is not so is told, with the line in the file."""
    talk = await played(f"  - youth: {URGENT}\n  - expect: {{{expect}}}\n")

    assert [(unmet.line, unmet.text) for unmet in talk.unmet] == [(8, told)]


async def test_an_unmet_expectation_does_not_stop_the_talk(played):
    """The lines after it are played too."""
    talk = await played(f"  - youth: {HARMLESS}\n  - expect: {{state: live}}\n  - youth: stop\n")

    assert len(talk.unmet) == 1
    assert ("youth", "stop") in talk.said


async def test_a_counsellor_takes_over(played):
    """A line of the counsellor claims the talk; the bot keeps silent after it."""
    talk = await played(f"""
  - youth: ik wil een mens
  - counsellor: Ik lees mee.
  - expect: {{says: [Ik lees mee., Sanne], state: live}}
  - youth: {HARMLESS}
  - expect: {{says_not: [utter_bot_stil], state: live}}
""")

    assert talk.unmet == []


async def test_hours_go_by_until_the_desk_opens(played):
    """Who waits for a shut desk is told when it opens."""
    talk = await played(
        """
  - youth: ik wil een mens
  - expect: {says: [utter_overdracht_dicht], state: waiting_closed}
  - hours: 9.5
  - expect: {says: [utter_desk_nu_open], state: waiting}
""",
        moment="2026-11-25T10:00",
        desk="dicht",
    )

    assert talk.unmet == []


async def test_a_desk_that_does_not_stand_as_written_is_told(played):
    """At ten in the morning the desk is shut; a talk that says otherwise means nothing."""
    talk = await played(
        f"  - youth: {HARMLESS}\n  - expect: {{state: bot}}\n", moment="2026-11-25T10:00"
    )

    assert talk.unmet[0].text == "Op dit moment is de desk dicht, en niet open."


async def test_nobody_at_an_open_desk(played):
    """`niemand`: within hours, without a counsellor."""
    talk = await played(
        f"  - youth: {URGENT}\n  - expect: {{says: [utter_overdracht_niemand]}}\n", desk="niemand"
    )

    assert talk.unmet == []


async def test_a_wiped_talk_is_gone(played):
    """After the wipe the state is `left`, and a line into it is told as impossible."""
    talk = await played("""
  - youth: wis mijn gesprek
  - youth: Ja, wis alles
  - expect: {state: left}
  - youth: hallo
""")

    assert [unmet.text for unmet in talk.unmet] == ["Dit kon niet: conversation_gone."]


async def test_a_question_before_the_answer_counts(played):
    """`max_questions` counts lines with a question between the opening and the answer."""
    talk = await played(f"""
  - youth: {CONCERN}
  - expect: {{says: [utter_bot_stil], max_questions: 0}}
""")

    assert talk.unmet == []


async def test_the_report_is_for_an_editor(played, tmp_path):
    """One line for a good talk; for a bad one the talk, the place and what is missing."""
    good = await played(f"  - youth: {HARMLESS}\n  - expect: {{state: bot}}\n")
    bad = await played(f"  - youth: {HARMLESS}\n  - expect: {{state: live}}\n")

    lines = list(report([good, bad], tmp_path))

    assert lines[0] == "goed  proef  (bot)"
    assert f"     jij  {HARMLESS}" in lines
    assert "  talk.yml:8: De stand is 'bot' en niet 'live'." in lines
    assert lines[-1] == "2 gesprekken, 1 niet zoals verwacht."
