"""A chat over a real store on SQLite and on PostgreSQL, a small release, and a fake bot."""

import dataclasses
from pathlib import Path

import pytest

from nachtlicht.chat import BotClient, Chat, Notifier, Releases
from tests.chat.fake_rasa import RasaThread
from tests.support.shared import *  # noqa: F403 - fixtures
from tests.support.shared import share_loop, shared_fixture
from tests.support.small_release import publish_small
from tests.support.talks import Worker, Young


def pytest_collection_modifyitems(items):
    share_loop(items, Path(__file__).parent)


PATIENT = 30.0  # seconds that the chat waits for the bot: one that answers always does in a test


@pytest.fixture(scope="session")
def rasa_thread():
    with RasaThread() as thread:
        yield thread


@pytest.fixture
def rasa(rasa_thread):
    """The bot's channel, played by a test."""
    return rasa_thread.reset()


@shared_fixture
async def chat(settings, store, rasa):
    """The chat, with the clock of `settings` standing in an open night, nobody at the desk."""
    publish_small(settings.releases)
    to_bot = dataclasses.replace(settings, bot_url=rasa.url)
    made = Chat(
        settings, store, Releases(settings.releases), BotClient(to_bot, timeout=PATIENT), Notifier()
    )
    yield made
    await made.close()
    await made.bot.close()


@shared_fixture
async def young(chat, noise):
    """A young person who has just begun a talk."""
    return await Young.begin(chat)


@shared_fixture
async def worker(chat):
    """A counsellor who is present."""
    return await Worker.arrive(chat)


@shared_fixture
async def noise(chat):
    """Another young person, in every test, who must be left alone."""
    other = await Young.begin(chat)
    before = len(await other.view())
    yield other
    assert len(await other.view()) == before


@pytest.fixture
def use(chat):
    """Put a model into the live release."""

    def use(model):
        chat.releases._live = dataclasses.replace(chat.releases.live, classifier=model)

    return use
