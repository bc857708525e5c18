"""Plays whole talks through the same code as the web app, and tells what did not happen."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from collections.abc import Sequence
from pathlib import Path

from nachtlicht.chat import ChatError
from nachtlicht.content.schema import Expect, Talk, TalkLine
from nachtlicht.content.talk_files import TalkFile
from nachtlicht.release import Release
from nachtlicht.replay.stage import House, Stage, stage
from nachtlicht.store import Author, Conversation

AT_ONCE = 4


@dataclasses.dataclass(frozen=True)
class Unmet:
    """An expectation that was not met; `line` is its line in the file. Told in Dutch."""

    path: Path
    line: int
    text: str


@dataclasses.dataclass
class Played:
    """What became of one talk: the lines as (author, text), states and levels in their order."""

    name: str
    path: Path
    said: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    states: list[str] = dataclasses.field(default_factory=list)
    levels: list[str] = dataclasses.field(default_factory=list)
    theme: str | None = None  # of the talk, as are those to whom it speaks
    audience: str | None = None
    unmet: list[Unmet] = dataclasses.field(default_factory=list)


async def play_all(in_house: House, files: Sequence[TalkFile]) -> list[Played]:
    """Play the talks, a few at once; returns them in the order of `files`."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(file: TalkFile) -> Played:
        async with gate:
            return await play(in_house, file)

    return list(await asyncio.gather(*map(one, files)))


async def play(in_house: House, file: TalkFile) -> Played:
    """Play one talk to its end; an expectation that is not met does not stop it."""
    talk = file.talk
    played = Played(talk.talk, file.path)
    async with stage(in_house, talk) as on_stage:
        started = await on_stage.chat.start(entry=talk.entry, is_test=True)
        player = _Player(on_stage, talk, started.id, in_house.releases.release, played)
        await player.hear()
        player.check_desk(file.line(0) if talk.lines else 0)
        for index, step in enumerate(talk.lines):
            await player.step(step, file.line(index))
    return played


class _Player:
    """Says the lines of one talk and listens."""

    def __init__(
        self, on_stage: Stage, talk: Talk, talk_id: uuid.UUID, release: Release, played: Played
    ) -> None:
        self.stage, self.talk, self.id = on_stage, talk, talk_id
        self.release, self.played = release, played
        self.heard = 0
        self.news: list[str] = []  # what bot and counsellor said since the last line of the youth
        self.since_start: list[str] = []
        self.row: Conversation | None = None

    async def step(self, step: TalkLine, line: int) -> None:
        """Say or do one line, or look whether what it expects is so."""
        try:
            if step.youth is not None:
                self.news = []
                await self.stage.chat.receive(self.id, uuid.uuid4(), step.youth)
                await self.stage.chat.idle()
            elif step.counsellor is not None:
                await self.stage.take(self.id, step.counsellor)
            elif step.hours is not None:
                self.news = []
                is_manned = self.talk.desk == "open"
                await self.stage.later(step.hours, with_counsellor=is_manned)
            elif step.expect is not None:
                self.check(step.expect, line)
                return
            await self.hear()
        except ChatError as error:
            self.fault(line, f"Dit kon niet: {error.code}.")

    async def hear(self) -> None:
        """Take in what was said, and where the talk stands."""
        chat = self.stage.chat
        async with chat.store.read() as session:
            self.row = await session.get(Conversation, self.id)
        if self.row is None or self.row.wrapped_key is None:
            self.played.states.append("left")
            return
        page = await chat.events_after(self.id, self.heard)
        self.heard = page.last
        for event in page.events:
            if event.message is not None:
                self.played.said.append((event.message.author.value, event.message.text))
                if event.message.author is not Author.YOUTH:
                    self.news.append(event.message.text)
                    self.since_start.append(event.message.text)
        self.played.states.append(self.row.state.value)
        self.played.levels.append(self.row.level.label)
        self.played.theme, self.played.audience = self.row.theme, self.row.audience

    def check_desk(self, line: int) -> None:
        """The desk must stand as the talk says; with other hours the talk means nothing."""
        is_open = self.release.desks.choose(None, self.stage.settings.now())
        shut = not is_open.is_open(self.stage.settings.now())
        if shut != (self.talk.desk == "dicht"):
            hours = "dicht" if shut else "open"
            self.fault(line, f"Op dit moment is de desk {hours}, en niet {self.talk.desk}.")

    def check(self, expect: Expect, line: int) -> None:
        """Note every part of `expect` that is not so."""
        said = _plain("\n".join(self.news))
        for wanted in expect.says:
            if not any(text in said for text in self.texts(wanted)):
                self.fault(line, f"Niet gezegd: {wanted!r}.")
        for unwanted in expect.says_not:
            if any(text in said for text in self.texts(unwanted)):
                self.fault(line, f"Wel gezegd: {unwanted!r}.")
        row = self.row
        is_gone = row is None or row.wrapped_key is None
        state = "left" if row is None or is_gone else row.state.value
        if expect.state and state != expect.state:
            self.fault(line, f"De stand is {state!r} en niet {expect.state!r}.")
        if row is not None and not is_gone:
            if expect.level and row.level.label != expect.level:
                self.fault(line, f"Het niveau is {row.level.label!r} en niet {expect.level!r}.")
            theme = row.theme or "geen"
            if expect.theme and theme != expect.theme:
                self.fault(line, f"Het thema is {theme!r} en niet {expect.theme!r}.")
        if expect.max_questions is not None:
            asked = self.questions_before(expect)
            if asked > expect.max_questions:
                self.fault(line, f"Er zijn {asked} vragen gesteld voor het antwoord.")

    def questions_before(self, expect: Expect) -> int:
        """How many lines with a question came, after the opening, before the useful answer.

        The useful answer is the first line of the bot that holds something of `says`.
        """
        after_opening = self.since_start[2:]
        wanted = [text for item in expect.says for text in self.texts(item)]
        asked = 0
        for text in map(_plain, after_opening):
            if any(item in text for item in wanted):
                break
            asked += "?" in text
        return asked

    def texts(self, item: str) -> list[str]:
        """What to look for: a text by its name (any of its variants), or words, filled in."""
        if item.startswith("utter_") and item in self.release.texts:
            found = [variant.text for variant in self.release.texts[item]]
        else:
            found = [item]
        row = self.row
        return [
            _plain(
                self.release.render(
                    text,
                    moment=self.stage.settings.now(),
                    theme=row.theme if row else None,
                    audience=row.audience if row else None,
                    names={"medewerker": self.stage.counsellor.name},
                )
            )
            for text in found
        ]

    def fault(self, line: int, text: str) -> None:
        """Note an expectation that was not met."""
        self.played.unmet.append(Unmet(self.played.path, line, text))


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").replace("‘", "'").split())
