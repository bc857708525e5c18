"""Coming back by four words: only with them, and only as long as the talk is kept."""

import itertools

import pytest

from nachtlicht.chat import upkeep
from nachtlicht.chat.comeback import LENGTH, code_words
from nachtlicht.chat.errors import CodeUnknown, ConversationGone, TokenUnknown
from nachtlicht.store import ConversationState
from tests.support.small_release import HARMLESS, URGENT
from tests.support.talks import Worker


async def test_the_words_open_the_talk_with_a_new_token(chat, young):
    """The other tab's token is dead; what was said is there."""
    await young.says(HARMLESS)
    words = await chat.make_code(young.id)

    back = await chat.come_back(words.upper().replace(" ", ", "))

    assert back.id == young.id
    await chat.authenticate(back.id, back.token)
    with pytest.raises(TokenUnknown):
        await chat.authenticate(young.id, young.token)
    assert HARMLESS in [event.message.text for event in await young.view() if event.message]
    await young.check_invariants()


async def test_only_a_hash_is_kept(chat, young):
    """The words stand nowhere; without the key their hash cannot be made."""
    words = await chat.make_code(young.id)
    row = await young.row()

    assert words.encode() not in row.code_hash
    assert len(row.code_hash) == 32
    assert row.code_hash != chat.store.login_index(f"code to come back: {words}")


async def test_others_put_them_out_of_use(chat, young):
    """One set of words at a time, and none after wiping."""
    first, second = await chat.make_code(young.id), await chat.make_code(young.id)
    with pytest.raises(CodeUnknown):
        await chat.come_back(first)
    await chat.forget(young.id)

    with pytest.raises(CodeUnknown):
        await chat.come_back(second)
    with pytest.raises(ConversationGone):
        await chat.make_code(young.id)


async def test_wrong_words_open_nothing(chat, young):
    """Also nothing at all, too few, and one wrong word."""
    words = await chat.make_code(young.id)
    other = next(word for word in code_words() if word not in words.split())

    for wrong in ("", " ", words.rpartition(" ")[0], " ".join([*words.split()[:3], other])):
        with pytest.raises(CodeUnknown):
            await chat.come_back(wrong)


async def test_they_end_with_the_talk(chat, young):
    """Past the time that a talk is kept there is nothing to come back to."""
    await young.says(HARMLESS)
    words = await chat.make_code(young.id)
    await upkeep.forget_expired(chat, young.id)

    with pytest.raises(CodeUnknown):
        await chat.come_back(words)


async def test_after_the_quick_exit_the_bot_goes_on(chat, young):
    """Who had to leave in a hurry comes back to the same talk, in nobody's queue."""
    await young.says(URGENT)
    words = await chat.make_code(young.id)
    await chat.exit(young.id)

    await chat.come_back(words)

    assert await young.state() is ConversationState.BOT
    await young.check_invariants()
    await young.says(URGENT)
    assert await young.state() is ConversationState.WAITING


async def test_after_the_quick_exit_the_counsellor_is_still_there(chat, young):
    """As long as the form was not sent, it is the same talk with the same person."""
    await young.says(URGENT)
    sanne = await Worker.arrive(chat)
    await sanne.takes(young)
    words = await chat.make_code(young.id)
    await chat.exit(young.id)

    await chat.come_back(words)

    assert await young.state() is ConversationState.LIVE
    await sanne.says(young, "Fijn dat je er weer bent.")
    await young.check_invariants()


def test_the_words_are_many_and_plain():
    """Enough of them that guessing is hopeless, short, and never one letter apart."""
    words = code_words()

    assert len(set(words)) == len(words) >= 800
    assert len(words) ** LENGTH > 3e11
    assert all(word.isascii() and word.islower() and 3 <= len(word) <= 12 for word in words)
    by_hole = itertools.chain.from_iterable(
        {word[:place] + "." + word[place + 1 :] for place in range(len(word))} for word in words
    )
    holes = list(by_hole)
    assert len(holes) == len(set(holes))
