"""Taking a line: stored once, judged before the bot, and what follows from it at once."""

import asyncio
import uuid

import pytest
from sqlalchemy import select

from nachtlicht.chat.errors import ClientIdReused, TextEmpty, TooManyLines
from nachtlicht.chat.views import events_after
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Author, ConversationState, HandoffStatus, Message
from tests.support.small_release import ACUTE, CONCERN, HARMLESS, OTHER_URGENT, URGENT
from tests.support.talks import Young


async def test_an_acknowledged_line_is_stored(chat, young):
    """The receipt names the seq under which both sides see it."""
    client_id = uuid.uuid4()
    receipt = await chat.receive(young.id, client_id, "hallo <b>daar</b> 🙂")

    (event,) = [e for e in await young.view() if e.seq == receipt.seq]
    assert event.message.text == "hallo <b>daar</b> 🙂"
    assert event.message.author is Author.YOUTH
    assert event.message.client_id == client_id
    await young.check_invariants()


async def test_a_repeat_gets_the_first_receipt_and_changes_nothing(chat, young, rasa):
    """The network lost our answer; the line is there once, and answered once."""
    client_id = uuid.uuid4()
    first = await young.says(HARMLESS, client_id)
    events = len(await young.view())

    again = await young.says(HARMLESS, client_id)

    assert (again.seq, again.id, again.at) == (first.seq, first.id, first.at)
    assert again.is_repeat
    assert len(await young.view()) == events
    assert len(rasa.asked) == 1


async def test_eight_copies_at_once_are_one_line(chat, young):
    """Parallel duplicates: one is stored, all get its number."""
    client_id = uuid.uuid4()

    receipts = await asyncio.gather(
        *(chat.receive(young.id, client_id, HARMLESS) for _ in range(8))
    )

    assert len({receipt.seq for receipt in receipts}) == 1
    assert [receipt.is_repeat for receipt in receipts].count(False) == 1
    async with chat.store.read() as session:
        rows = await session.scalars(select(Message).where(Message.client_id == client_id))
        assert len(rows.all()) == 1


async def test_a_client_id_with_another_text_is_refused(chat, young):
    """It would be a fault of the client, and silently dropping one of the two loses words."""
    client_id = uuid.uuid4()
    await young.says("eerste", client_id)
    before = await young.view()

    with pytest.raises(ClientIdReused):
        await young.says("tweede", client_id)

    assert await young.view() == before


async def test_one_client_id_in_two_talks_is_two_lines(chat, young):
    """Ids are the client's own: another talk's do not count."""
    other = await Young.begin(chat)
    client_id = uuid.uuid4()

    await young.says("hallo", client_id)
    await other.says("hoi", client_id)

    assert [e.message.text for e in await other.view() if e.message][2] == "hoi"


async def test_thirty_lines_at_once_get_thirty_numbers(chat, young):
    """Numbers have no gaps and no doubles, however lines come in."""
    receipts = await asyncio.gather(
        *(chat.receive(young.id, uuid.uuid4(), f"regel {n}") for n in range(30))
    )
    await chat.idle()

    assert len({receipt.seq for receipt in receipts}) == 30
    await young.check_invariants()


async def test_an_empty_line_stores_nothing(chat, young):
    """What is refused leaves no trace."""
    before = await young.view()

    with pytest.raises(TextEmpty):
        await young.says(" \u200b\n")

    assert await young.view() == before


@pytest.mark.parametrize(
    ("text", "level", "theme"),
    [
        (HARMLESS, RiskLevel.NONE, None),
        (CONCERN, RiskLevel.CONCERN, "pesten"),
        (URGENT, RiskLevel.URGENT, "afpersing"),
        (ACUTE, RiskLevel.ACUTE, "zelfdoding"),
    ],
)
async def test_every_line_is_judged_and_the_judgement_kept(chat, young, text, level, theme):
    """The desk can see which words and which rule; the young person never sees it."""
    await young.says(text)

    (judged,) = await young.assessments()
    row = await young.row()
    assert (judged.level, judged.theme) == (level, theme)
    assert (row.level, row.theme) == (level, theme)
    signals = judged.unseal(chat.store.conversation_key(row), "signals")
    assert [text[s["start"] : s["end"]] in text for s in signals] == [True] * len(signals)
    assert all(s["level"] == level.label and s["why"] for s in signals)


async def test_acute_gets_the_safety_reply_at_once(chat, young, rasa):
    """Reply and handoff are in the transaction of the line: the bot is not waited for."""
    rasa.delay = 60

    receipt = await chat.receive(young.id, uuid.uuid4(), ACUTE)

    assert await young.hears() == ["utter_acuut_zelfdoding", "utter_overdracht_acuut_niemand"]
    assert receipt.level is RiskLevel.ACUTE
    assert await young.state() is ConversationState.WAITING
    (handoff,) = await young.handoffs()
    assert (handoff.level, handoff.reason) == (RiskLevel.ACUTE, "risk")


async def test_the_bot_hears_of_an_acute_line_but_does_not_answer_it(chat, young, rasa):
    """Its memory stays whole; what it says is not used."""
    await young.says(ACUTE)

    (asked,) = rasa.asked
    assert asked["context"]["level"] == "acute"
    assert not any("bot:" in line for line in await young.hears())


async def test_a_second_acute_line_gets_other_words(chat, young):
    """Nobody in distress gets the same block twice if the editors wrote another."""
    await young.says(ACUTE)
    await young.hears()
    chat.releases.release.texts["utter_acuut_zelfdoding"].append(
        chat.releases.release.texts["utter_acuut"][1]
    )

    await young.says(f"{ACUTE} echt")

    assert await young.hears() == ["utter_acuut, nog eens"]
    await young.check_invariants()


async def test_urgent_opens_a_handoff_and_says_so_before_the_bot_answers(chat, young):
    """The young person is told and can say no; the bot goes on with what helps now."""
    await young.says(URGENT)

    assert await young.hears() == ["utter_overdracht_niemand", f"bot: {URGENT}"]
    (handoff,) = await young.handoffs()
    assert (handoff.level, handoff.theme) == (RiskLevel.URGENT, "afpersing")
    assert (handoff.status, handoff.desk_code) == (HandoffStatus.WAITING, "nacht")
    await young.check_invariants()


async def test_a_second_urgent_line_opens_no_second_handoff(chat, young):
    """One notice is enough; the wait goes on from the first."""
    await young.says(URGENT)
    (first,) = await young.handoffs()
    await young.hears()

    await young.says(OTHER_URGENT)

    assert await young.hears() == [f"bot: {OTHER_URGENT}"]
    (handoff,) = await young.handoffs()
    assert handoff.opened_at == first.opened_at


async def test_acute_raises_the_handoff_that_waits(chat, young):
    """It moves to the top of the queue, and keeps the place of its first wait there."""
    await young.says(URGENT)
    await young.says(ACUTE)

    (handoff,) = await young.handoffs()
    assert (handoff.level, handoff.theme) == (RiskLevel.ACUTE, "zelfdoding")
    await young.check_invariants()


@pytest.mark.parametrize("text", ["grapje", "laat maar", HARMLESS])
async def test_the_level_of_a_talk_never_sinks(chat, young, text):
    """A joke, or "laat maar", after risk lowers nothing."""
    await young.says(URGENT)

    await young.says(text)

    row = await young.row()
    assert (row.level, row.theme) == (RiskLevel.URGENT, "afpersing")


async def test_an_unreadable_line_counts_as_acute(chat, young):
    """When judging fails, the young person must not be the one to pay."""
    object.__setattr__(chat.releases.live, "rules", None)

    await young.says("hallo")

    assert (await young.hears())[0] == "utter_onleesbaar"
    assert await young.state() is ConversationState.WAITING


@pytest.mark.parametrize(
    ("text", "heard", "state"),
    [
        ("Ik wil een MENS!!", "utter_overdracht_niemand", ConversationState.WAITING),
        ("stop", "utter_stop", ConversationState.BOT),
        ("wis mijn gesprek", "utter_wis_vraag", ConversationState.BOT),
    ],
)
async def test_a_command_works_without_the_bot(chat, young, rasa, text, heard, state):
    """Three wishes work at every moment, with Rasa dead."""
    rasa.status = 500

    await young.says(text)

    assert await young.hears() == [heard]
    assert await young.state() is state
    assert rasa.asked == []


async def test_stop_leaves_the_queue_but_not_after_acute(chat, young):
    """Whoever stops is let go, unless there is danger: then the desk keeps looking."""
    await young.says(URGENT)
    await young.says("stop")
    assert await young.state() is ConversationState.BOT

    await young.says(ACUTE)
    await young.hears()
    await young.says("stop")

    assert await young.hears() == ["utter_stop_acuut"]
    assert await young.state() is ConversationState.WAITING


async def test_over_the_limit_only_the_harmless_line_is_refused(chat, young):
    """Risk is judged before any limit, and is never refused for being one too many."""
    with pytest.raises(TooManyLines):
        await chat.receive(young.id, uuid.uuid4(), HARMLESS, is_over_limit=True)

    for text in (CONCERN, URGENT, ACUTE):
        await chat.receive(young.id, uuid.uuid4(), text, is_over_limit=True)


async def test_over_the_limit_a_repeat_still_gets_its_receipt(chat, young):
    """It was acknowledged once; asking again costs nothing."""
    client_id = uuid.uuid4()
    first = await young.says(HARMLESS, client_id)

    again = await chat.receive(young.id, client_id, HARMLESS, is_over_limit=True)

    assert again.seq == first.seq


async def test_while_a_counsellor_has_the_talk_the_bot_is_silent(chat, young, worker, rasa):
    """Lines go to the counsellor; not even a safety reply talks in between."""
    await young.says(URGENT)
    await worker.takes(young)
    await young.hears()
    asked = len(rasa.asked)

    for text in (HARMLESS, URGENT, ACUTE, "ik wil een mens", "stop"):
        await young.says(text)

    assert await young.hears() == []
    assert len(rasa.asked) == asked
    assert (await young.handoffs())[0].level is RiskLevel.ACUTE
    await young.check_invariants()


async def test_wiping_is_possible_while_a_counsellor_has_the_talk(chat, young, worker):
    """It is the young person's own talk at every moment."""
    await young.says(URGENT)
    await worker.takes(young)
    await young.hears()

    await young.says("wis mijn gesprek")

    assert await young.hears() == ["utter_wis_vraag"]


async def test_both_sides_see_the_same_in_the_same_order(chat, young, worker):
    """What each side gets in pieces equals what a fetch from the start gives."""
    await young.says(URGENT)
    await worker.takes(young)
    seen, after = [], 0
    for n in range(5):
        await asyncio.gather(young.says(f"vraag {n}"), worker.says(young, f"antwoord {n}"))
        page = await events_after(chat.store, young.id, after)
        seen += page.events
        after = page.last

    assert seen == await young.view()
    await young.check_invariants()
