"""The bot's answers: brought once, in order, and replaced by fixed words when the bot is silent."""

import asyncio
import uuid

import pytest

from nachtlicht.chat import Chat, Notifier
from nachtlicht.chat.bot import MAX_TEXT, TURNS_A_SENDER
from nachtlicht.store import ConversationState
from tests.chat.fake_rasa import says
from tests.support.small_release import ACUTE, CONCERN, HARMLESS, MORNING, OTHER_URGENT, URGENT
from tests.support.waiting import until

UNSURE = "noodwoord"


async def test_the_bot_is_asked_with_all_that_it_must_know(chat, settings, young, rasa):
    """The line, and beside it the judgement, the moment, the desk and who is writing."""
    await young.says(URGENT)

    (asked,) = rasa.asked
    assert asked["text"] == URGENT
    assert asked["payload"] is None
    assert asked["sender"] == (await young.row()).bot_sender
    assert asked["context"] == {
        "level": "urgent",
        "theme": "afpersing",
        "talk_level": "urgent",
        "now": settings.now().isoformat(),
        "desk": "niemand",
        "entry": "algemeen",
        "audience": "jongere",
        "state": "waiting",
    }
    assert rasa.secrets == [settings.bot_secret]


async def test_buttons_are_shown_by_title_and_placeholders_are_filled(chat, young, rasa):
    """What a button means stays on the server; numbers come from the records."""
    buttons = [{"title": "Ja", "payload": "/ja"}, {"title": "Nee", "payload": "/nee"}]
    rasa.answer = lambda body: says("Bel [[112.telefoon]].", buttons=buttons)

    await young.says(HARMLESS)

    last = (await young.view())[-1].message
    assert last.text == "Bel 0000."
    assert last.buttons == ("Ja", "Nee")


async def test_a_tapped_button_reaches_the_bot_as_its_payload(chat, young, rasa):
    """The client sends the title; case and punctuation do not count."""
    rasa.answer = lambda body: says("Klopt dat?", buttons=[{"title": "Ja.", "payload": "/ja"}])
    await young.says(HARMLESS)

    await young.says("ja")
    await young.says("iets anders")

    assert [asked["payload"] for asked in rasa.asked] == [None, "/ja", None]


async def test_a_button_of_long_ago_means_nothing_any_more(chat, young, rasa):
    """Only what the bot has said since the line before can be tapped."""
    await young.says(HARMLESS)

    await young.says("Welke hulp is er?")

    assert rasa.asked[-1]["payload"] is None


async def test_a_button_of_ours_is_done_by_the_chat(chat, young, rasa):
    """The opening's own button works with the bot dead."""
    rasa.status = 500

    await young.says("Ik wil een mens")

    assert await young.state() is ConversationState.WAITING
    assert rasa.asked == []


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("/restart", "restart"),
        ('/intent{"a": 1}', 'intent{"a": 1}'),
        (" //session_start", "session_start"),
        ("/", "?"),
        ("a" * MAX_TEXT + "b" * MAX_TEXT, "a" * 999 + " " + "b" * 999),
    ],
)
async def test_what_is_typed_is_never_a_command_to_rasa(chat, young, rasa, typed, sent):
    """Slashes are taken off and long texts cut for the bot; the line itself stays as typed."""
    await young.says(typed)

    assert rasa.asked[0]["text"] == sent
    assert any(e.message and e.message.text == typed for e in await young.view())


async def test_lines_are_answered_in_order(chat, young, rasa):
    """Three lines at once: the bot hears them in their order, and each is answered once."""
    rasa.delay = 0.02
    for n in range(3):
        await chat.receive(young.id, uuid.uuid4(), f"regel {n}")
    await chat.idle()

    assert [asked["text"] for asked in rasa.asked] == ["regel 0", "regel 1", "regel 2"]
    assert await young.hears() == ["bot: regel 0", "bot: regel 1", "bot: regel 2"]
    await young.check_invariants()


FAULTS = {
    "slow": {"delay": 60},
    "500": {"status": 500},
    "401": {"status": 401},
    "empty list": {"raw": '{"messages": []}'},
    "no text": {"raw": '{"messages": [{"buttons": []}]}'},
    "not json": {"raw": "<html>"},
    "another shape": {"raw": '[{"text": "hoi"}]'},
    "text is a number": {"raw": '{"messages": [{"text": 7}]}'},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
async def test_a_silent_bot_is_replaced_by_fixed_words(chat, young, rasa, fault):
    """Whatever goes wrong there, the talk goes on, and a human can be had."""
    if "delay" in fault:
        chat.bot._timeout = 0.2
    vars(rasa).update(fault)

    await young.says(HARMLESS)
    assert await young.hears() == ["utter_bot_stil"]

    await young.says("ik wil een mens")
    assert await young.state() is ConversationState.WAITING
    assert chat.counts.silent.total() == 1


async def test_a_dead_bot_is_replaced_too(chat, young):
    """Nobody listens at its address."""
    chat.bot._http.base_url = "http://127.0.0.1:9"

    await young.says(HARMLESS)

    assert await young.hears() == ["utter_bot_stil"]


async def test_without_the_bot_urgent_gets_what_helps_now_once_a_theme(chat, young, rasa):
    """The text of the theme, then no more than that the bot is silent; a new theme has its own."""
    rasa.status = 500

    await young.says(URGENT)
    await young.says(f"{URGENT} weer")
    await young.says(OTHER_URGENT)

    assert await young.hears() == [
        "utter_overdracht_niemand",
        "utter_urgent_afpersing",
        "utter_bot_stil",
        "utter_urgent",
    ]


async def test_concern_offers_a_human_once(chat, young):
    """Warmly, after the bot's own answer; not again at the next line."""
    await young.says(CONCERN)
    assert await young.hears() == [f"bot: {CONCERN}", "utter_aanbod_mens"]

    await young.says(CONCERN)
    assert await young.hears() == [f"bot: {CONCERN}"]


@pytest.mark.parametrize(
    ("tap", "heard", "state"),
    [
        ("Ja, graag", "utter_overdracht_niemand", ConversationState.WAITING),
        ("Nee, nu niet", "utter_aanbod_nee", ConversationState.BOT),
    ],
)
async def test_the_offer_is_answered_by_a_tap(chat, young, tap, heard, state):
    """Yes brings the talk to the desk; no is accepted."""
    await young.says(CONCERN)
    await young.hears()

    await young.says(tap)

    assert await young.hears() == [heard]
    assert await young.state() is state


async def test_what_nobody_understands_is_asked_back(chat, young, rasa):
    """Neither judged harmless nor understood by the bot: care, not a shrug; and not twice."""
    rasa.answer = lambda body: says("bot: sorry", intent="nlu_fallback", confidence=0.2)

    await young.says(UNSURE)
    assert await young.hears() == ["utter_niet_zeker"]
    assert (await young.row()).level.label == "concern"

    await young.says(UNSURE)
    assert await young.hears() == ["bot: sorry"]


async def test_what_the_bot_understands_is_answered_by_it(chat, young, rasa):
    """Then a human is offered beside its answer."""
    await young.says(UNSURE)

    assert await young.hears() == [f"bot: {UNSURE}", "utter_aanbod_mens"]


async def test_a_late_answer_to_a_talk_that_a_human_took_is_dropped(chat, young, rasa, worker):
    """The bot never talks through a counsellor."""
    rasa.is_held = True
    await chat.receive(young.id, uuid.uuid4(), URGENT)
    await asyncio.to_thread(rasa.was_asked.wait, 30)
    await worker.takes(young)
    rasa.is_held = False
    await chat.idle()

    assert await young.hears() == ["utter_overdracht_open", "utter_medewerker_er: Sanne"]
    assert chat.counts.late_replies == 1
    await young.check_invariants()


async def test_a_safety_reply_overtakes_an_answer_that_is_under_way(chat, young, rasa):
    """After danger nobody wants to read the answer to the line before it."""
    rasa.is_held = True
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    await asyncio.to_thread(rasa.was_asked.wait, 30)

    await chat.receive(young.id, uuid.uuid4(), ACUTE)
    rasa.is_held = False
    await chat.idle()

    assert await young.hears() == ["utter_acuut_zelfdoding", "utter_overdracht_acuut_niemand"]


async def test_an_answer_to_a_talk_that_was_left_is_dropped(chat, young, rasa):
    """Gone is gone."""
    rasa.is_held = True
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    await chat.exit(young.id)
    rasa.is_held = False
    await chat.idle()

    assert (await young.row()).last_seq == 5  # three of the opening, the line, the exit
    assert chat.counts.failed_tasks == 0


async def test_what_was_owed_when_the_process_died_is_answered_once_after_it(chat, young, rasa):
    """The first sweep of the next process finds the line; further ones find nothing."""
    rasa.delay = 60
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    await chat.close(within=0)
    rasa.delay = 0

    after = Chat(chat.settings, chat.store, chat.releases, chat.bot, Notifier())
    assert (await after.sweep()).owed == 1
    await after.idle()
    assert (await after.sweep()).owed == 0

    assert await young.hears() == [f"bot: {HARMLESS}"]
    await young.check_invariants()


async def test_two_processes_that_answer_one_line_store_one_answer(chat, young, rasa):
    """The condition stands in the transaction, not in a lock of one process."""
    rasa.is_held = True
    other = Chat(chat.settings, chat.store, chat.releases, chat.bot, Notifier())
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    both = asyncio.gather(other.reply(young.id), chat.idle())
    await until(lambda: len(rasa.asked) == 2)
    rasa.is_held = False
    await both

    assert await young.hears() == [f"bot: {HARMLESS}"]
    assert chat.counts.late_replies + other.counts.late_replies == 1


async def test_whatever_is_owed_a_live_talk_is_not_answered_by_the_bot(chat, young, worker):
    """Should a debt be left over, it is struck out, not paid."""
    receipt = await young.says(URGENT)
    await worker.takes(young)
    async with chat.talk(young.id) as talk:
        talk.conversation.reply_due = receipt.seq
    before = await young.view()

    assert await chat.reply(young.id) == 0

    assert await young.view() == before
    assert (await young.row()).reply_due is None


async def test_a_handoff_that_the_bot_asks_for_is_opened(chat, young, rasa):
    """A wish in free words is understood by the bot; the chat does it."""
    rasa.answer = lambda body: says("Dat snap ik.", custom={"type": "handoff"})

    await young.says("kan ik iemand spreken")

    assert await young.hears() == ["Dat snap ik.", "utter_overdracht_niemand"]
    (handoff,) = await young.handoffs()
    assert handoff.reason == "bot"


@pytest.mark.parametrize(("kind", "heard"), [("forget", "utter_wis_vraag"), ("stop", "utter_stop")])
async def test_other_wishes_that_the_bot_understands(chat, young, rasa, kind, heard):
    """The bot asks, the chat does."""
    rasa.answer = lambda body: {"messages": [{"custom": {"type": kind}}]}

    await young.says("anders gezegd")

    assert await young.hears() == [heard]


async def test_an_unknown_wish_of_the_bot_does_no_harm(chat, young, rasa):
    """A newer bot may say more than this chat knows."""
    rasa.answer = lambda body: says("Hoi", custom={"type": "dans", "value": [1]})

    await young.says(HARMLESS)

    assert await young.hears() == ["Hoi"]


async def test_the_bot_gets_a_new_name_for_a_long_talk(chat, young, rasa):
    """Rasa walks through the whole tracker at each turn; it must not get long."""
    first = (await young.row()).bot_sender
    async with chat.talk(young.id) as talk:
        talk.conversation.bot_turns = TURNS_A_SENDER - 1

    await young.says(HARMLESS)
    await young.says(HARMLESS)

    assert [asked["sender"] == first for asked in rasa.asked] == [True, False]
    assert rasa.forgotten == [first]


async def test_the_bot_goes_on_while_the_talk_waits_for_a_closed_desk(chat, settings, young):
    """Shut until the evening: the talk stays open throughout."""
    settings.set(MORNING)
    await young.says(URGENT)

    await young.says(HARMLESS)

    assert (await young.hears())[-1] == f"bot: {HARMLESS}"
    assert await young.state() is ConversationState.WAITING_CLOSED
    await young.check_invariants()
