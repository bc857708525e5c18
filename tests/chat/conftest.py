"""A chat over a real store on SQLite and on PostgreSQL, a small release, and a fake bot."""

import dataclasses

import pytest

from nachtlicht.chat import BotClient, Chat, Notifier, Releases
from tests.chat.fake_rasa import fake_rasa
from tests.support.databases import *  # noqa: F403 - fixtures
from tests.support.small_release import publish_small
from tests.support.talks import Worker, Young

QUICK = 0.4  # seconds that the chat waits for the bot in a test


@pytest.fixture
async def rasa():
    """The bot's channel, played by a test."""
    async with fake_rasa() as fake:
        yield fake


@pytest.fixture
async def chat(settings, store, rasa):
    """The chat, with the clock of `settings` standing in an open night, nobody at the desk."""
    publish_small(settings.releases)
    to_bot = dataclasses.replace(settings, bot_url=rasa.url)
    made = Chat(
        settings, store, Releases(settings.releases), BotClient(to_bot, timeout=QUICK), Notifier()
    )
    yield made
    await made.close()
    await made.bot.close()


@pytest.fixture
async def young(chat, noise):
    """A young person who has just begun a talk."""
    return await Young.begin(chat)


@pytest.fixture
async def worker(chat):
    """A counsellor who is present."""
    return await Worker.arrive(chat)


@pytest.fixture
async def noise(chat):
    """Another young person, in every test, who must be left alone."""
    other = await Young.begin(chat)
    before = len(await other.view())
    yield other
    assert len(await other.view()) == before
