"""The widget's tests drive a real Chromium against the really running web app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.widget.live import LiveSite
from tests.widget.site import EXIT, Site

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}

expect.set_options(timeout=20_000)  # a busy machine is slow, and still right


class Visit:
    """One browser of one young person; remembers what went wrong and what was asked of whom."""

    def __init__(self, browser: Browser, site: Site, **options: Any) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(locale="nl-NL", **options)
        self.context.set_default_timeout(30_000)
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.route(f"{EXIT}**", _weather)

    def open(self, path: str = "/chat") -> Page:
        """A new tab."""
        page = self.context.new_page()
        page.goto(path if "://" in path else self.site.origin + path)
        return page

    def talk(self, path: str = "/chat") -> Page:
        """A new tab in which the bot has said its first two lines."""
        page = self.open(path)
        page.locator(".line[data-author=bot]").nth(1).wait_for()
        return page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("widget"))
    site.start()
    yield site
    site.kill()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of the module's own, with a desk at which somebody can sit."""
    with LiveSite(tmp_path_factory.mktemp("live")).served() as site:
        yield site


@pytest.fixture(scope="module")
def sanne(live: LiveSite) -> Any:
    """A counsellor of the live site."""
    return live.counsellor("Sanne")


@pytest.fixture
def page(browser: Browser, live: LiveSite) -> Iterator[Page]:
    """A phone with a talk on the live site."""
    person = Visit(browser, live, **PHONE)
    yield person.talk()
    person.context.close()
    assert person.faults == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Any]:
    """Makes visits: `visit()` on a phone, `visit(**DESKTOP)` on a desktop."""
    visits: list[Visit] = []

    def make(**options: Any) -> Visit:
        visits.append(Visit(browser, site, **(options or PHONE)))
        return visits[-1]

    yield make
    for made in visits:
        made.context.close()
        assert made.faults == []


@pytest.fixture
def talk(visit: Any) -> Page:
    """A phone with a talk that has just begun."""
    page: Page = visit().talk()
    return page


def say(page: Page, text: str) -> None:
    """Type a line and send it."""
    page.locator("#line").fill(text)
    page.locator("#line").press("Enter")


def lines(page: Page) -> list[tuple[str, str]]:
    """Who said what, in the order of the page, without what is not sent yet."""
    found: list[list[str]] = page.locator(".line:not([data-draft])").evaluate_all(
        "all => all.map(line => [line.dataset.author, line.querySelector('.said').innerText])"
    )
    return [(author, text) for author, text in found]


def mine(page: Page) -> list[str]:
    """What the young person said, as the page shows it."""
    return [text for author, text in lines(page) if author == "youth"]


def _weather(route: Route) -> None:
    route.fulfill(body="<title>Weer</title><h1>Weer</h1>", content_type="text/html")
