"""`nachtlicht try` over a real bot: an editor types, sees everything, edits, and sees the edit."""

from __future__ import annotations

import functools
import re

import pytest
from playwright.async_api import Page, async_playwright, expect

from nachtlicht.content.train import train
from nachtlicht.replay.try_page import create_try_app
from nachtlicht.replay.workshop import Workshop
from nachtlicht.settings import Settings
from tests.content.conftest import (
    EXAMPLES,
    GREETING,
    NLU,
    REFERRAL,
    STORIES,
    room,  # noqa: F401 - a fixture
    themes,
)
from tests.support.release import TRAINED
from tests.support.serve import serving
from tests.support.system import ROOT
from tests.system.conftest import CHROMIUM, FLAGS

G = "responses/groet.yml"
WRITERS = ("w01", "w02", "w03", "nieuw1", "nieuw2")
THANKS = (
    *("dank je wel", "bedankt", "thanks voor de hulp", "fijn dat je hielp", "top, dank"),
    *("hier heb ik veel aan", "merci", "dat was lief"),
)
BY_DAY = (
    *(("code: altijd", "code: overdag"), ("[[altijd.", "[[overdag."), ("Altijd", "Overdag")),
    ("uren: altijd", 'uren: {doordeweeks: "09:00-17:00"}'),
)
BUILT_WITHIN = 900  # seconds: a training and a start of the bot, on a machine with other work
SETTLED = re.compile("klaar|wacht|kan niet")
SATURDAY_NIGHT, TUESDAY = "2026-11-28T03:12", "2026-11-24T14:00"


@pytest.mark.timeout(2 * BUILT_WITHIN + 300)
async def test_an_editor_types_edits_and_sees_the_edit(small_house, page):
    """Reply, state, level, theme, intent, reason, place; the new text; a fault with its line."""
    stand, said, heard = page.locator("#stand"), page.locator(".say"), page.locator("table")
    referral = page.locator("h2:has-text('verwijzen') + ul")
    await expect(stand).to_have_text(SETTLED, timeout=BUILT_WITHIN * 1000)
    await expect(stand).to_have_text("De proef: klaar.")

    await type_lines(page, "goedenavond\nhij dreigt", SATURDAY_NIGHT)
    await expect(said.filter(has_text="Fijn dat je er bent.")).to_have_count(1)
    for part in ("groet (", "urgent", "afpersing", "Dreigen kan in uren erger worden."):
        await expect(heard).to_contain_text(part)
    await expect(page.get_by_text("Stand: bot → waiting")).to_be_visible()
    await expect(referral).to_contain_text("eerst: Altijd Open (nu open)")
    await expect(referral).to_contain_text("Overdag Open opent maandag om 09.00 uur")
    await expect(referral).to_contain_text("de nachtdesk: open")

    await type_lines(page, "goedenavond\nhij dreigt", TUESDAY)
    await expect(referral).to_contain_text("eerst: Overdag Open (nu open)")
    await expect(referral).to_contain_text("de nachtdesk: vanavond om 19.00 uur")

    small_house.change(G, "Fijn dat je er bent.", "Goed dat je er bent.")
    # Nobody presses a button: the page shows it when it is there.
    new = said.filter(has_text="Goed dat je er bent.")
    await expect(new).to_have_count(1, timeout=BUILT_WITHIN * 1000)
    await expect(said.filter(has_text="Fijn dat je er bent.")).to_have_count(0)

    small_house.change(G, "Goed dat je er bent.", "Wat dapper van je.")
    line = small_house.line(G, "dapper")
    await expect(page.locator("li.fault")).to_contain_text(f"{G}:{line}: 'dapper'", timeout=60_000)
    await expect(new).to_have_count(1)  # what ran before goes on


async def type_lines(page: Page, lines: str, moment: str) -> None:
    """Fill in the form and press the button."""
    await page.get_by_label("Wat iemand typt").fill(lines)
    await page.get_by_label("Moment").fill(moment)
    async with page.expect_navigation(timeout=60_000):
        await page.get_by_role("button", name="Probeer").click()


@pytest.fixture
def small_house(room):  # noqa: F811 - the fixture
    """A room with the real bot in it, and three intents: as little as it can learn from."""
    for name in (".venv", "actions", "models", "nachtlicht"):
        (room.root / name).symlink_to(ROOT / name)
    for path in (ROOT / "bot").iterdir():
        if path.name != "domain":
            (room.root / "bot" / path.name).symlink_to(path)
    room.write("/bot/domain/more.yml", 'version: "3.1"\nintents:\n  - dank\n')
    room.write("stories/dank.yml", STORIES.split("  - rule: stop")[0].replace("groet", "dank"))
    room.write("responses/dank.yml", GREETING.replace("utter_groet", "utter_dank"))
    for intent, lines in (EXAMPLES | {"dank": THANKS}).items():
        for place, writer in enumerate(WRITERS):  # some that the encoder knows, some not
            said = "".join(f"    - {line}\n" for line in lines[place :: len(WRITERS)])
            head = NLU.format(intent=intent).replace("writer: w1", f"writer: {writer}")
            room.write(f"nlu/{writer}/{intent}.yml", head + said)
    for path in (room.data / "nlu" / "w1").iterdir():
        path.unlink()
    room.write("referrals/altijd.yml", REFERRAL.format(themas=themes(2)))
    by_day = REFERRAL.format(themas="    afpersing: 1\n").replace("  algemeen: 1\n", "")
    for old, new in BY_DAY:
        by_day = by_day.replace(old, new)
    room.write("referrals/overdag.yml", by_day)
    assert room.issues() == []
    return room


@pytest.fixture
async def page(small_house, monkeypatch):
    """A browser with the page open, while the workshop begins to build.

    Its two versions are trained once, as the release for the tests is.
    """
    monkeypatch.setenv("NACHTLICHT_VAR", str(TRAINED))
    root = small_house.root
    settings = Settings(root=root, data=small_house.data, var=root / "var")
    trainer = functools.partial(train, cache=TRAINED / "cache")
    async with (
        Workshop(settings, trainer) as workshop,
        serving(create_try_app(workshop)) as address,
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split()) as browser,
    ):
        opened = await browser.new_page()
        await opened.goto(address, timeout=60_000)
        yield opened
