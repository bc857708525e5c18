"""The whole system, running: the real release, the real bot, a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.release import built_release
from tests.support.sockets import Watch
from tests.support.system import System, started
from tests.support.youth import Youth

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run --disable-quic"
)

expect.set_options(timeout=30_000)  # a busy machine is slow, and still right


@pytest.fixture(scope="session")
def system(tmp_path_factory) -> System:
    """Web app, actions and bot over a folder of their own, at night, with the desk open."""
    var = tmp_path_factory.mktemp("system")
    built_release(var)
    (var / "tmp").mkdir()
    system = System(var, TMPDIR=str(var / "tmp"))  # what a process leaves behind is found there
    with Watch(system.pids) as system.watch, started(system):
        yield system


@pytest.fixture(scope="module")  # any longer, and its loop would stand in the way of async tests
def browser() -> Browser:
    """One Chromium; each test makes contexts of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def young(whole):
    """Begin talks as young people: `young()`, as often as wanted."""
    talks: list[Youth] = []

    def begin() -> Youth:
        talks.append(Youth(whole.origin))
        return talks[-1]

    yield begin
    for talk in talks:
        talk.forget()  # the next test meets an empty queue
        talk.close()


@pytest.fixture
def whole(system):
    """The system with all its parts up, also after a test that killed one."""
    missing = [name for name in ("web", "actions", "bot") if name not in system.processes]
    system.start(*missing) if missing else None
    system.wait()
    return system
