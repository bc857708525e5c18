"""The risk model beside the rules: quick, slow, broken, or too late for a talk that is gone."""

import threading
import uuid

import pytest

from nachtlicht.risk import RiskLevel
from nachtlicht.store import ConversationState
from tests.chat.fake_model import Model
from tests.chat.fake_rasa import says
from tests.support.small_release import HARMLESS

pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)


async def test_it_raises_what_the_rules_find_harmless(chat, young, use):
    """The line is stored with both judgements, and the talk waits for the desk."""
    chat.patience = 30
    use(Model())
    receipt = await young.says(HARMLESS)

    assert receipt.level is RiskLevel.URGENT
    assert await young.state() is ConversationState.WAITING
    (found,) = await young.assessments()
    assert (found.rules_level, found.model_level, found.theme) == (0, 2, "afpersing")


async def test_a_slow_one_does_not_hold_up_the_line_and_still_raises_it(chat, young, use):
    """The rules acknowledge; what the model says later brings the talk to the desk after all."""
    slow = Model(held=threading.Event())
    use(slow)
    receipt = await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    assert receipt.level is RiskLevel.NONE
    assert chat.counts.rules_alone == 1

    slow.held.set()
    await chat.idle()

    assert await young.state() is ConversationState.WAITING
    (found,) = await young.assessments()
    assert found.level is RiskLevel.URGENT
    await young.check_invariants()


@pytest.fixture
async def busy(chat, young, use):
    """A model that reads lines by themselves, and talks not before `held_talks`; one was said."""
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    await chat.idle()
    model = Model(held_talks=threading.Event())
    use(model)
    return model


async def test_a_line_by_itself_is_read_before_talks_that_wait(chat, young, busy):
    """What it says by itself raises it in time; what is said later lowers nothing."""
    receipt = await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    busy.label = "none"
    busy.held_talks.set()
    await chat.idle()

    assert receipt.level is RiskLevel.URGENT
    assert chat.counts.rules_alone == 0
    assert await young.state() is ConversationState.WAITING
    assert [found.verdict_due for found in await young.assessments()] == [False, True]
    await chat.sweep()
    assert [found.verdict_due for found in await young.assessments()] == [False, False]


async def test_a_line_that_only_says_something_after_another_still_raises(chat, young, busy):
    """By itself it is harmless; read with those before it, it is urgent, and that comes late."""
    busy.label = "none"
    receipt = await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    busy.label = "urgent"
    busy.held_talks.set()
    await chat.idle()

    assert receipt.level is RiskLevel.NONE
    assert await young.state() is ConversationState.WAITING


async def test_a_tapped_button_is_for_the_rules_alone(chat, young, rasa, use):
    """It was written by an editor, who knew what it means; the same words typed later are not."""
    chat.patience = 30
    rasa.answer = lambda body: says("Klopt dat?", buttons=[{"title": HARMLESS, "payload": "/ja"}])
    await young.says("goedemorgen")
    model = Model()
    use(model)

    assert (await young.says(HARMLESS)).level is RiskLevel.NONE
    assert model.asked == 0
    rasa.answer = lambda body: says("Dank je.")
    await young.says("goedemorgen")
    assert (await young.says(HARMLESS)).level is RiskLevel.URGENT


async def test_one_that_fails_leaves_the_rules_alone(chat, young, use):
    """It may only raise, so its failure is no reason to raise."""
    use(Model(fails=True))

    assert (await young.says(HARMLESS)).level is RiskLevel.NONE
    assert (await young.assessments())[0].model_level is None


async def test_what_it_says_of_a_talk_that_was_wiped_meanwhile_does_nothing(chat, young, use):
    """Gone is gone."""
    slow = Model(held=threading.Event())
    use(slow)
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    await chat.forget(young.id)
    slow.held.set()
    await chat.idle()

    assert (await young.row()).wrapped_key is None
    assert await young.handoffs() == []
    assert chat.counts.failed_tasks == 0
