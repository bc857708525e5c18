"""`python -m bench.screens`: the pictures in `docs/screens/`, of the real pages in real states.

The talks in them are invented; the bot behind them is the real one, with the real release.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import tempfile
import uuid
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from nachtlicht.release import Release
from nachtlicht.replay.backend import running_bot
from nachtlicht.risk import RiskLevel
from nachtlicht.settings import Settings
from nachtlicht.store import Closing, Counted, Role, Tally
from tests.support.release import built_release
from tests.widget.conftest import ARGUMENTS, CHROMIUM, PHONE, say
from tests.widget.live import Counsellor, LiveSite

SCREENS = Path(__file__).resolve().parent.parent / "docs" / "screens"
DESK = {"width": 1280, "height": 800}
STORY = "iemand heeft mijn foto en wil geld, dit is chantage. hij stuurt hem anders door"


class Studio:
    """A served site, a browser, and a counsellor who can act."""

    def __init__(self, site: LiveSite, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.sanne = site.counsellor("Sanne", Role.LEAD)

    def phone(self, *, dark: bool = True) -> Page:
        """A phone at the beginning of a talk."""
        context = self.browser.new_context(locale="nl-NL", device_scale_factor=2, **PHONE)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(f"{self.site.origin}/chat")
        page.locator(".line[data-author=bot]").first.wait_for()
        if not dark:  # as the button for it does
            page.evaluate("document.documentElement.dataset.theme = 'light'")
        return page

    def desk(self, who: Counsellor, *, dark: bool = False) -> Page:
        """A console that stands at the queue."""
        context = self.browser.new_context(
            locale="nl-NL", viewport=DESK, color_scheme="dark" if dark else "light"
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        who.sign_in(page)
        return page

    def keep(self, page: Page, name: str) -> None:
        """Make the picture."""
        page.wait_for_timeout(900)  # for what fades and scrolls
        page.screenshot(path=SCREENS / f"{name}.png")
        print(f"docs/screens/{name}.png", flush=True)


async def main() -> None:
    """Make them all."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        releases = await asyncio.to_thread(built_release, folder / "bot")
        async with running_bot(Settings.from_env(), Release.current(releases)) as bot:
            site = LiveSite(
                folder / "web",
                NACHTLICHT_BOT_URL=bot.bot_url,
                NACHTLICHT_ACTIONS_URL=bot.actions_url,
                NACHTLICHT_BOT_SECRET=bot.bot_secret,
            )
            await asyncio.to_thread(built_release, folder / "web")
            await asyncio.to_thread(_draw, site)


def _draw(unserved: LiveSite) -> None:
    with unserved.served() as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        studio = Studio(site, browser)
        _alone(studio)
        _together(studio)
        _figures(studio)
        browser.close()


def _alone(studio: Studio) -> None:
    """States of the widget without a human: opening, danger, four words, the service gone."""
    page = studio.phone()  # its talk stays in the queue
    studio.keep(page, "widget-opening")
    say(page, "dit is mijn afscheid")
    page.locator(".line[data-author=bot] a[href^='tel:']").first.wait_for()
    studio.keep(page, "widget-acute")
    words = studio.phone(dark=False)
    words.locator(".note [data-panel=back]").click()
    words.locator("[data-ref=makeCode]").click()
    expect(words.locator("[data-ref=code]")).not_to_be_empty()
    words.locator("#back").evaluate("sheet => sheet.focus()")
    studio.keep(words, "widget-four-words")
    words.context.close()
    gone = studio.phone()
    say(gone, "hoe laat is het daar eigenlijk")
    gone.locator(".line[data-author=youth]:not([data-draft])").wait_for()
    gone.wait_for_timeout(1500)
    gone.context.set_offline(True)
    say(gone, "ben je er nog")
    expect(gone.locator("[data-ref=down]")).to_be_visible()
    studio.keep(gone, "widget-service-gone")
    gone.context.close()


def _together(studio: Studio) -> None:
    """One talk from both sides: the queue, the wait, the talk, the form."""
    desk = studio.desk(studio.sanne)
    second = studio.phone(dark=False)
    say(second, STORY)
    expect(second.locator("[data-ref=standing]")).to_contain_text("aan de beurt")
    studio.keep(second, "widget-waiting")
    expect(desk.locator(".row")).to_have_count(2)
    studio.keep(desk, "desk-queue")
    studio.site.counsellor("Mila").claim_first()
    talk = uuid.UUID(second.evaluate("sessionStorage.getItem('nachtlicht').split('.')[0]"))
    studio.sanne.claim(talk)
    studio.sanne.write(talk, "Hoi, ik ben Sanne. Ik heb gelezen wat je schreef. Ben je nu veilig?")
    say(second, "ja ik zit op mijn kamer. maar hij blijft appen")
    expect(second.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(2)
    studio.sanne.write(talk, "Goed dat je dit vertelt. Je hoeft nu niet te reageren.")
    second.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(second.locator(".line[data-author=counsellor]")).to_have_count(2)
    studio.keep(second, "widget-phone")
    desk.goto(f"{studio.site.origin}/desk/gesprekken/{talk}")
    expect(desk.locator("#tekst")).to_be_visible()
    desk.locator("h1").click()  # a browser gives no sound before the first press
    studio.keep(desk, "desk")
    night = studio.desk(studio.sanne, dark=True)
    night.goto(f"{studio.site.origin}/desk/gesprekken/{talk}/afronden")
    studio.keep(night, "desk-close")
    for page in (second, desk, night):
        page.context.close()


def _figures(studio: Studio) -> None:
    """Some weeks of invented counts."""
    draw = random.Random(4)
    today = studio.site.settings.now().date()
    themes = ["afpersing", "beeld_verspreid", "grooming", "zelfdoding", "pesten", "geen"]
    for week in range(10):
        day = today - dt.timedelta(weeks=week)
        for human in (True, False):
            studio.site.write(
                *(
                    Tally(
                        day=day,
                        entry="jongens" if theme == "afpersing" else "algemeen",
                        source="",
                        level=RiskLevel.URGENT if human else RiskLevel.NONE,
                        theme=theme,
                        human=human,
                        ended="expired",
                        talks=draw.randint(2, 14),
                    )
                    for theme in themes
                )
            )
    studio.site.write(*(_closing(draw, today, themes) for _ in range(140)))
    studio.site.write(Counted(day=today, kind="audience", word="jongere", number=312))
    studio.site.write(Counted(day=today, kind="audience", word="ouder", number=41))
    page = studio.desk(studio.sanne, dark=True)
    page.goto(f"{studio.site.origin}/desk/cijfers")
    studio.keep(page, "desk-figures")


def _closing(draw: random.Random, today: dt.date, themes: list[str]) -> Closing:
    flagged = draw.choice([RiskLevel.URGENT, RiskLevel.URGENT, RiskLevel.ACUTE])
    theme = draw.choice(themes[:5])
    return Closing(
        day=today - dt.timedelta(days=draw.randint(0, 70)),
        hour=draw.choice([20, 21, 22, 22, 23, 23, 0, 1, 2, 3]),
        desk_code="nacht",
        entry="algemeen",
        reason=draw.choice(["risk", "risk", "wish"]),
        call_type="self",
        categories="violence_osec",
        level_flagged=flagged,
        level=flagged if draw.random() < 0.85 else RiskLevel.CONCERN,
        outcome=draw.choice(["helped", "referred", "left"]),
        wait_seconds=draw.randint(8, 240),
        talk_seconds=draw.randint(300, 2400),
        theme_flagged=theme,
        theme=theme,
    )


if __name__ == "__main__":
    asyncio.run(main())
