"""Wiping a talk: at once, for good, and without a trace on the disk."""

import asyncio
import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from nachtlicht.chat import ConversationGone
from nachtlicht.store import (
    Assessment,
    ConversationState,
    Event,
    HandoffStatus,
    Message,
    Tally,
)
from tests.chat.fake_rasa import says
from tests.support.small_release import HARMLESS, NIGHT, URGENT
from tests.support.talks import Young

CANARY = "kanariepiet"


async def test_wiping_removes_every_row_and_the_key(chat, young):
    """Lines, events and judgements are gone; the key is destroyed."""
    await young.says(f"{CANARY} {URGENT}")

    assert await chat.forget(young.id) is ConversationState.LEFT

    async with chat.store.read() as session:
        for table in (Message, Event, Assessment):
            found = select(table).where(table.conversation_id == young.id)
            assert (await session.scalars(found)).all() == []
    row = await young.row()
    assert (row.wrapped_key, row.theme, row.source, row.bot_sender) == (None, None, None, "")
    with pytest.raises(ConversationGone):
        await chat.forget(young.id)


async def test_a_waiting_handoff_ends_with_it(chat, young):
    """The desk does not call for a talk that cannot be read."""
    await young.says(URGENT)

    await chat.forget(young.id)

    (handoff,) = await young.handoffs()
    assert (handoff.status, handoff.outcome) == (HandoffStatus.CLOSED, "forgotten")
    assert handoff.theme is None


async def test_a_typed_wish_is_asked_back_and_a_tap_does_it(chat, young):
    """The typed phrase asks; "Ja, wis alles" wipes, and is itself not kept."""
    await young.says("wis mijn gesprek")

    receipt = await young.says("Ja, wis alles")

    assert receipt.forgot
    assert (await young.row()).wrapped_key is None


async def test_a_no_keeps_everything(chat, young, rasa):
    """The other button goes to the bot."""
    await young.says("wis mijn gesprek")

    await young.says("nee")

    assert rasa.asked[-1]["payload"] == "/nee"
    assert (await young.row()).wrapped_key is not None


async def test_other_talks_stay_whole(chat, young, noise):
    """Forgetting touches the talk it names."""
    before = await noise.view()

    await chat.forget(young.id)

    assert await noise.view() == before


async def test_counts_stay_but_not_of_test_talks(chat, young):
    """Numbers outlive the text; test talks are never counted."""
    test_talk = await Young.begin(chat, is_test=True)

    await asyncio.gather(chat.forget(young.id), chat.forget(test_talk.id))

    async with chat.store.read() as session:
        tallies = (await session.scalars(select(Tally))).all()
    assert [(t.talks, t.lines, t.ended, t.human) for t in tallies] == [(1, 2, "forgotten", False)]


async def test_talks_of_one_kind_that_end_at_once_are_all_counted(chat, young):
    """The database adds up; nobody's count is lost."""
    others = [await Young.begin(chat) for _ in range(7)]

    await asyncio.gather(*(chat.forget(one.id) for one in [young, *others]))

    async with chat.store.read() as session:
        (tally,) = (await session.scalars(select(Tally))).all()
    assert (tally.talks, tally.lines) == (8, 16)


async def test_no_word_is_on_the_disk_before_or_after(chat, settings, young):
    """The file and its log hold no text of a talk at any time: it was never written in clear."""
    await young.says(f"{CANARY} {URGENT}")
    files = [*settings.master_key_file.parent.glob("nachtlicht.db*")]
    assert not any(CANARY.encode() in file.read_bytes() for file in files)

    wrapped = (await young.row()).wrapped_key
    await chat.forget(young.id)

    assert not any(wrapped in file.read_bytes() for file in files)


async def wipes(chat, young):
    await chat.forget(young.id)


async def taps(chat, young):
    for text in ("wis mijn gesprek", "Ja, wis alles"):
        await chat.receive(young.id, uuid.uuid4(), text)


async def leaves(chat, young):
    await chat.exit(young.id)


@pytest.mark.parametrize("ends", [wipes, taps, leaves])
async def test_the_bot_forgets_with_us(chat, young, rasa, ends):
    """However it is ended, the bot is told to drop what it remembers of it; of others nothing."""
    await young.says(HARMLESS)
    sender = (await young.row()).bot_sender

    await ends(chat, young)
    await chat.idle()

    assert [one for one in rasa.forgotten if one == sender] == [sender]
    assert chat.counts.remembered == 0


async def test_the_bot_forgets_a_talk_that_is_past_its_time(chat, rasa):
    """Whoever stays away for a day is forgotten everywhere."""
    young = await Young.begin(chat)
    await young.says(HARMLESS)
    sender = (await young.row()).bot_sender
    chat.settings.set(NIGHT + dt.timedelta(hours=25))

    await chat.sweep()
    await chat.idle()

    assert rasa.forgotten == [sender]


@pytest.mark.parametrize("ends", [wipes, taps, leaves])
@pytest.mark.parametrize("fault", [{"is_held": True}, {"status": 500}], ids=["hangs", "500"])
async def test_a_bot_that_does_not_hear_it_holds_up_no_wipe(chat, young, rasa, ends, fault):
    """The wipe is done before the bot has said anything; that it did not hear is counted."""
    vars(rasa).update(fault)
    await ends(chat, young)
    assert (await young.row()).state is ConversationState.LEFT
    if rasa.is_held:
        assert chat.counts.remembered == 0, "the wipe has waited for the bot"
        vars(rasa).update(status=500, is_held=False)

    await chat.idle()

    assert chat.counts.remembered == 1
    assert chat.counts.failed_tasks == 0


async def test_the_bot_forgets_after_the_line_that_it_was_answering(chat, young, rasa):
    """The other way round it would remember that line after all."""
    order = []
    rasa.answer = lambda body: order.append(len(rasa.forgotten)) or says("Hoi")
    rasa.delay = 0.1
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    await asyncio.to_thread(rasa.was_asked.wait, 30)
    rasa.delay = 0

    await chat.forget(young.id)
    await chat.idle()

    assert order == [0]
    assert len(rasa.forgotten) == 1


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
async def test_a_read_that_stands_in_the_way_only_puts_it_off(chat, settings, young):
    """The log of SQLite still holds the destroyed key; the next round empties it."""
    await young.says(URGENT)
    wrapped = (await young.row()).wrapped_key
    async with chat.store.read() as reader:
        await reader.scalars(select(Message))
        await chat.forget(young.id)
    files = [*settings.master_key_file.parent.glob("nachtlicht.db*")]
    assert any(wrapped in file.read_bytes() for file in files)

    await chat.sweep()

    assert not any(wrapped in file.read_bytes() for file in files)
