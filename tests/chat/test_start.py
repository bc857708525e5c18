"""Beginning a talk: the opening lines, the token, and who may not come in."""

import re
import uuid

import pytest

from nachtlicht.chat import ConversationGone, TokenUnknown
from nachtlicht.chat.errors import EntryRefused
from nachtlicht.store import ConversationState, token_hash
from tests.support.small_release import MORNING
from tests.support.talks import Worker, Young


async def test_the_opening_lines_are_the_first_events(chat, young):
    """First the opening of the entry, then how the desk stands, then that the bot has the talk."""
    opening, desk, state = await young.view()

    assert [opening.seq, desk.seq, state.seq] == [1, 2, 3]
    assert opening.message.text == "utter_opening_algemeen"
    assert opening.message.buttons == ("Welke hulp is er?", "Ik wil een mens")
    assert desk.message.text == "utter_desk_niemand"
    assert state.state == {
        "state": "bot",
        "holder": "bot",
        "desk": "niemand",
        "opens": None,
        "name": None,
    }


async def test_an_entry_has_its_own_opening(chat):
    """Parents are met as parents."""
    parent = await Young.begin(chat, entry="ouders")

    assert (await parent.view())[0].message.text == "utter_opening_ouders"
    assert (await parent.row()).audience == "ouder"


async def test_an_entry_without_an_opening_gets_the_general_one(chat):
    """A partner's link to a new entry works before its text is there."""
    young = await Young.begin(chat, entry="nieuwe-ingang", source="school-12")

    assert (await young.view())[0].message.text == "utter_opening_algemeen"
    assert (await young.row()).source == "school-12"


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 65, "-x", "é"])
async def test_a_name_that_is_none_is_refused(chat, name):
    """Entries and sources are short plain names; nothing is begun."""
    with pytest.raises(EntryRefused):
        await chat.start(entry=name)
    with pytest.raises(EntryRefused):
        await chat.start(source=name)


async def test_with_a_counsellor_there_the_desk_is_open(chat, worker):
    """Hours and presence decide together."""
    young = await Young.begin(chat)

    assert (await young.view())[1].message.text == "utter_desk_open"


async def test_presence_ends_by_itself(chat, settings, worker):
    """A console that was closed without a word counts as gone after a minute."""
    settings.move(seconds=61)

    young = await Young.begin(chat)

    assert (await young.view())[1].message.text == "utter_desk_niemand"


async def test_outside_hours_the_next_opening_is_named(chat, settings):
    """Whoever is signed in then, the desk is shut, and the honest moment is told."""
    settings.set(MORNING)
    await Worker.arrive(chat)

    young = await Young.begin(chat)

    _, desk, state = await young.view()
    assert desk.message.text == "utter_desk_dicht: weer vanavond om 19.00 uur"
    assert state.state["desk"] == "dicht"
    assert state.state["opens"] == "vanavond om 19.00 uur"


async def test_the_token_is_random_and_only_its_hash_is_kept(chat, young, noise):
    """256 bits; what leaks from the database opens nothing."""
    assert len(re.sub(r"[^\w-]", "", young.token)) == 43
    assert young.token != noise.token
    assert (await young.row()).token_hash == token_hash(young.token)


async def test_a_token_opens_its_own_talk_only(chat, young, noise):
    """A stranger, a wrong token and an unknown talk get the same answer."""
    await chat.authenticate(young.id, young.token)

    for who, token in [(young.id, noise.token), (young.id, ""), (uuid.uuid4(), young.token)]:
        with pytest.raises(TokenUnknown):
            await chat.authenticate(who, token)


async def test_after_the_exit_the_token_is_dead(chat, young):
    """Quick exit is final, and the desk can see it."""
    assert await chat.exit(young.id) is ConversationState.LEFT

    with pytest.raises(ConversationGone):
        await chat.authenticate(young.id, young.token)
    with pytest.raises(ConversationGone):
        await chat.receive(young.id, uuid.uuid4(), "ben er weer")
    with pytest.raises(ConversationGone):
        await chat.exit(young.id)
