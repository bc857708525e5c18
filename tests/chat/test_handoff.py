"""Handoffs from the young person's side: asked for, declined, opened again, raised."""

import asyncio
import datetime as dt

import pytest

from nachtlicht.chat.desk import HandoffTaken
from nachtlicht.risk import RiskLevel
from nachtlicht.store import ConversationState, HandoffStatus
from tests.support.small_release import (
    ACUTE,
    CONCERN,
    EXPLANATION,
    HARMLESS,
    MORNING,
    OTHER_URGENT,
    URGENT,
    publish_small,
)
from tests.support.talks import Worker, Young

WAITING, BOT = ConversationState.WAITING, ConversationState.BOT


async def test_asking_for_a_human_puts_the_talk_into_the_queue(chat, young):
    """The notice says honestly how the desk stands."""
    assert await chat.request_handoff(young.id) is WAITING

    assert await young.hears() == ["utter_overdracht_niemand"]
    (handoff,) = await young.handoffs()
    assert (handoff.reason, handoff.level) == ("wish", RiskLevel.NONE)
    await young.check_invariants()


async def test_asking_again_says_once_that_it_is_asked(chat, young):
    """A second tap gets an answer; a third, or a repeated request, says nothing new."""
    await chat.request_handoff(young.id)
    await young.hears()

    for _ in range(3):
        assert await chat.request_handoff(young.id) is WAITING

    assert await young.hears() == ["utter_mens_al_gevraagd"]
    assert len(await young.handoffs()) == 1


async def test_eight_requests_at_once_open_one_handoff(chat, young):
    """The database would refuse a second; nobody gets an error."""
    await asyncio.gather(*(chat.request_handoff(young.id) for _ in range(8)))

    assert len(await young.handoffs()) == 1
    await young.check_invariants()


@pytest.mark.parametrize(
    ("moment", "is_there", "word"),
    [(None, True, "open"), (None, False, "niemand"), (MORNING, True, "dicht")],
)
@pytest.mark.parametrize(("line", "kind"), [(URGENT, ""), (ACUTE, "acuut_")])
async def test_the_notice_fits_the_desk_and_the_level(
    chat, settings, young, moment, is_there, word, line, kind
):
    """Open, nobody there, shut: three texts, and three more after danger."""
    if moment is not None:
        settings.set(moment)
    if is_there:
        await Worker.arrive(chat)

    await young.says(line)

    assert f"utter_overdracht_{kind}{word}" in await young.hears()


@pytest.mark.parametrize("how", ["tap", "request"])
async def test_an_urgent_handoff_can_be_declined(chat, young, how):
    """It leaves the queue, the bot has the talk again, and says that it is fine."""
    await young.says(URGENT)
    await young.hears()

    if how == "tap":
        await young.says("liever niet")
    else:
        assert await chat.decline_handoff(young.id) is BOT

    assert await young.hears() == ["utter_overdracht_afgezegd"]
    (handoff,) = await young.handoffs()
    assert (handoff.reason, handoff.status) == ("risk", HandoffStatus.CLOSED)
    assert handoff.outcome == "declined"
    assert handoff.closed_at == chat.settings.now()
    await young.check_invariants()


async def test_a_decline_counts_however_far_back_its_button_stands(chat, young):
    """Who waits and talks on with the bot can still tap it."""
    await young.says(URGENT)
    await young.says(HARMLESS)
    await young.says(HARMLESS)

    await young.says("Liever niet")

    assert await young.state() is BOT


async def test_declining_again_says_nothing_new(chat, young):
    """A repeated request is a no-op."""
    await young.says(URGENT)
    await chat.decline_handoff(young.id)
    before = await young.view()

    assert await chat.decline_handoff(young.id) is BOT

    assert await young.view() == before


async def test_an_offer_that_is_declined_again_gets_no_second_answer(chat, young):
    """Two taps, or a request that is repeated."""
    await young.says(CONCERN)
    assert "utter_aanbod_mens" in await young.hears()

    for _ in range(2):
        await chat.decline_handoff(young.id)

    assert await young.hears() == ["utter_aanbod_nee"]


async def test_who_declined_is_offered_no_human_for_less(chat, young):
    """A no is not asked about again; a wish is still granted."""
    await young.says(URGENT)
    await chat.decline_handoff(young.id)
    await young.hears()

    await young.says(CONCERN)

    assert await young.hears() == [f"bot: {CONCERN}"]


async def test_after_acute_it_cannot_be_declined(chat, young):
    """Only a human lowers it: the talk stays in the queue, and the young person is told."""
    await young.says(ACUTE)
    await young.hears()

    for _ in range(2):
        assert await chat.decline_handoff(young.id) is WAITING

    assert await young.hears() == ["utter_overdracht_blijft"]
    await young.check_invariants()


async def test_only_what_is_worse_changes_an_open_handoff(chat, young):
    """The same level with another theme leaves it as it is; a higher one brings its own theme."""
    found = []
    for line in (URGENT, OTHER_URGENT, ACUTE):
        await young.says(line)
        (handoff,) = await young.handoffs()
        found.append((handoff.level, handoff.theme))

    first = (RiskLevel.URGENT, "afpersing")
    assert found == [first, first, (RiskLevel.ACUTE, "zelfdoding")]


async def test_a_release_without_words_for_acute_takes_the_usual_ones(chat, young):
    """A release may be older than the code: nobody is left without a notice."""
    publish_small(
        chat.settings.releases,
        "20261102T000000Z-bbbbbb",
        texts={"utter_overdracht_acuut_niemand": []},
    )
    assert await chat.releases.refresh()

    await young.says(ACUTE)

    assert "utter_overdracht_niemand" in await young.hears()


async def test_what_was_declined_stays_declined_for_the_same(chat, young):
    """The same theme at the same level does not ask again at every line."""
    await young.says(URGENT)
    await chat.decline_handoff(young.id)

    await young.says(URGENT)

    assert await young.state() is BOT


@pytest.mark.parametrize("line", [ACUTE, OTHER_URGENT])
async def test_something_worse_or_something_else_asks_again(chat, young, line):
    """A no to one thing is no no to another."""
    await young.says(URGENT)
    await chat.decline_handoff(young.id)

    await young.says(line)

    assert await young.state() is WAITING
    await young.check_invariants()


async def test_a_blocked_talk_is_told_once_that_a_wish_brings_no_human(chat, young):
    """And nobody offers it a human afterwards, when a line gives concern."""
    async with chat.talk(young.id) as talk:
        talk.conversation.blocked_until = talk.now + dt.timedelta(hours=1)

    for _ in range(2):
        assert await chat.request_handoff(young.id) is BOT

    assert await young.hears() == ["utter_geblokkeerd"]
    assert await young.handoffs() == []
    await young.says(CONCERN)
    assert "utter_aanbod_mens" not in await young.hears()


async def test_after_a_decline_a_human_can_be_asked_for(chat, young):
    """One may change one's mind at every moment."""
    await young.says(URGENT)
    await chat.decline_handoff(young.id)

    assert await chat.request_handoff(young.id) is WAITING


@pytest.mark.parametrize(("line", "after"), [(URGENT, RiskLevel.CONCERN), (ACUTE, RiskLevel.ACUTE)])
async def test_an_explanation_takes_the_hurry_out_of_urgent_never_out_of_acute(
    chat, young, line, after
):
    """The talk keeps its place in the queue; after acute only a human lowers the level."""
    await young.says(line)

    await young.says(EXPLANATION)

    assert (await young.row()).level is after
    (handoff,) = await young.handoffs()
    assert (handoff.level, handoff.status) == (after, HandoffStatus.WAITING)


async def test_once_a_counsellor_has_the_talk_an_explanation_is_theirs_to_judge(
    chat, young, worker
):
    """Neither the talk nor the handoff changes its level."""
    await young.says(URGENT)
    await worker.takes(young)

    await young.says(EXPLANATION)

    (handoff,) = await young.handoffs()
    assert ((await young.row()).level, handoff.level) == (RiskLevel.URGENT, RiskLevel.URGENT)


async def test_asking_during_a_live_talk_changes_nothing(chat, young, worker):
    """The human is there already."""
    await young.says(URGENT)
    await worker.takes(young)
    before = await young.view()

    assert await chat.request_handoff(young.id) is ConversationState.LIVE
    assert await chat.decline_handoff(young.id) is ConversationState.LIVE

    assert await young.view() == before


async def test_of_eight_counsellors_one_gets_the_talk(chat, young):
    """The condition stands in the UPDATE."""
    await young.says(URGENT)
    workers = [await Worker.arrive(chat, f"W{n}") for n in range(8)]

    outcomes = await asyncio.gather(
        *(worker.takes(young) for worker in workers), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, HandoffTaken) for outcome in outcomes) == 7
    await young.check_invariants()


async def test_a_claim_and_a_decline_at_once_leave_one_holder(chat, worker, noise):
    """Whoever comes first decides; the other one finds it decided."""
    for _ in range(4):
        young = await Young.begin(chat)
        await young.says(URGENT)

        await asyncio.gather(
            worker.takes(young), chat.decline_handoff(young.id), return_exceptions=True
        )

        assert await young.state() in (ConversationState.LIVE, BOT)
        await young.check_invariants()


async def test_leaving_while_waiting_empties_the_place_in_the_queue(chat, young):
    """The desk does not call for somebody who has gone."""
    await young.says(URGENT)

    await chat.exit(young.id)

    (handoff,) = await young.handoffs()
    assert (handoff.status, handoff.outcome) == (HandoffStatus.CLOSED, "left")


async def test_risk_after_a_talk_was_closed_opens_it_again(chat, young, worker):
    """A closed talk is over, but a child in danger is not told to begin anew."""
    await young.says(URGENT)
    await worker.takes(young)
    await _close(chat, young)
    await young.hears()

    await young.says(HARMLESS)
    assert await young.hears() == ["utter_gesprek_gesloten"]
    assert await young.state() is ConversationState.CLOSED

    await young.says(ACUTE)
    assert await young.hears() == ["utter_acuut_zelfdoding", "utter_overdracht_acuut_open"]
    assert await young.state() is WAITING
    await young.check_invariants()


async def _close(chat, young):
    """Close the talk as the desk does with its form."""
    from nachtlicht.chat.handoff import close

    async with chat.talk(young.id) as talk:
        close(await talk.handoff(), "helped", talk.now)
        await talk.move(ConversationState.CLOSED)
