"""For everybody: no finding of axe in any state, keyboard alone, small screens, no scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.widget.conftest import DESKTOP, PHONE, say

DARK_PHONE = {**PHONE, "color_scheme": "dark"}
LIGHT_DESKTOP = {**DESKTOP, "color_scheme": "light"}
PASTE = """
  () => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["x"], "foto.png", { type: "image/png" }));
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.querySelector("#line").dispatchEvent(event);
    return event.defaultPrevented;
  }
"""
SMALL = """
  all => all
    .filter((target) => target.checkVisibility() && !target.closest(".said"))
    .map((target) => [target.className || target.id, target.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44)
    .map(([name, box]) => [name, box.width, box.height])
"""


def assert_accessible(page, state):
    """No finding of axe, best practices included."""
    found = Axe().run(page).response["violations"]
    told = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found]
    assert told == [], state


def lit(page, options):
    """Bring the colours to those of `options`: the test's clock says night, dark for everybody."""
    page.evaluate("name => document.documentElement.dataset.theme = name", options["color_scheme"])


@pytest.mark.parametrize("options", [DARK_PHONE, LIGHT_DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_any_state(visit, options):
    """Every state of the talk and every sheet over it, small and dark, large and light."""
    page = visit(**options).talk()
    lit(page, options)
    assert_accessible(page, "opening")
    page.locator(".tool[data-panel=help]").click()
    assert_accessible(page, "help")
    page.locator(".tool[data-panel=safe]").click()
    page.locator("[data-ref=wipe]").click()
    assert_accessible(page, "safe, with the question whether to wipe")
    page.keyboard.press("Escape")
    assert page.evaluate(PASTE)
    assert_accessible(page, "image refused")
    page.keyboard.press("Escape")
    page.locator(".always [data-say]").first.click()
    expect(page.locator("[data-ref=standing]")).to_contain_text("wacht")
    page.context.set_offline(True)
    say(page, "nog niet weg")
    expect(page.locator(".unsent")).to_be_visible()
    assert_accessible(page, "waiting, with an unsent line")
    page.context.set_offline(False)
    expect(page.locator(".unsent")).to_have_count(0)
    page.locator(".tool[data-panel=safe]").click()
    page.locator("[data-ref=wipe]").click()
    page.locator("[data-ref=wipeYes]").click()
    expect(page.locator("[data-ref=after]")).to_be_visible()
    assert_accessible(page, "wiped")


@pytest.mark.parametrize(
    "options",
    [{**PHONE, "color_scheme": "light"}, {**DESKTOP, "color_scheme": "dark"}],
    ids=["phone", "desktop"],
)
def test_axe_finds_nothing_while_the_service_is_down(visit, options):
    """The lines to call, in the talk, in the other two pairs of size and colour."""
    person = visit(**options)
    person.context.route("**/api/**", lambda route: route.abort())
    page = person.open()
    lit(page, options)
    expect(page.locator("[data-ref=down]")).to_be_visible()
    assert_accessible(page, "down")


def test_axe_finds_nothing_without_scripts(visit):
    """The page with JavaScript off is a page of its own."""
    page = visit().open()
    page.evaluate("document.querySelector('nachtlicht-chat').dataset.broken = ''")
    assert_accessible(page, "broken")


def test_without_scripts_there_are_lines_to_call_and_an_exit(visit):
    """What helps is plain HTML: numbers, the reason, the way out; nothing dead is shown."""
    page = visit(**PHONE, java_script_enabled=False).open()
    expect(page.locator("#help a[href^='tel:']").first).to_be_visible()
    expect(page.locator("#help noscript p").first).to_contain_text("scripts")
    expect(page.locator(".exit")).to_be_visible()
    for dead in (".say", ".tool", "[data-close]", ".scroll"):
        expect(page.locator(dead).first).to_be_hidden()


def test_talk_by_keyboard_alone(visit):
    """From the exit to a sent line and back, without a pointer; the focus never gets lost."""
    page = visit(**DESKTOP).talk()
    page.keyboard.press("Tab")
    stops = []
    for _ in range(14):
        stops.append(
            page.evaluate(
                "(document.activeElement.dataset.ref ?? document.activeElement.dataset.panel"
                " ?? document.activeElement.className) || document.activeElement.id"
            )
        )
        page.keyboard.press("Tab")
    assert stops[:3] == ["exit", "help", "safe"]
    assert "scroll" in stops
    assert stops.index("scroll") < stops.index("line")
    assert "choice" in stops

    page.locator(".tool[data-panel=help]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "help"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.panel") == "help"

    page.locator(".choice").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#line")).to_be_focused()
    page.keyboard.type("en dit typ ik")
    page.keyboard.press("Enter")
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(2)
    expect(page.locator("#line")).to_be_focused()


def test_what_lies_under_a_sheet_cannot_be_reached(visit):
    """With a sheet open, Tab goes through the bar and the sheet, and the exit stays in reach."""
    page = visit(**DESKTOP).talk()
    page.locator(".tool[data-panel=safe]").click()
    stops = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.dataset.ref ?? ''"))
    assert "exit" in stops
    assert "line" not in stops
    assert "scroll" not in stops


def test_thread_is_a_log_with_a_name_and_each_line_says_who(talk):
    """A screen reader hears the lines as they come, with their speaker, and the state apart."""
    log = talk.get_by_role("log")
    assert log.get_attribute("aria-label")
    say(talk, "hoor je mij")
    expect(talk.locator(".line[data-author=youth] .from")).to_have_text("Jij")
    expect(talk.locator(".line[data-author=bot] .from").first).to_have_text("Chatbot")
    expect(log).not_to_have_attribute("aria-busy", "true")
    assert talk.locator("[role=log] [role=status]").count() == 0


@pytest.mark.parametrize("state", ["opening", "help", "safe", "back", "image"])
def test_targets_are_large_enough(talk, state):
    """Everything that is tapped measures 44 pixels or more, links inside a sentence apart."""
    if state == "image":
        talk.evaluate(PASTE)
    elif state == "back":
        talk.locator(".note [data-panel=back]").click()
    elif state != "opening":
        talk.locator(f".tool[data-panel={state}]").click()
    small = talk.locator("a, button, textarea, input").evaluate_all(SMALL)
    assert small == []


@pytest.mark.parametrize("height", [740, 256], ids=["tall", "zoomed-400"])
def test_320_pixels_are_enough(visit, height):
    """At 320 by 256, a desktop at 400 % zoom, nothing is cut off and the line can be typed."""
    page = visit(viewport={"width": 320, "height": height}).talk()
    say(page, "een heel lang woord: " + "arbeidsongeschiktheidsverzekering" * 4)
    expect(page.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    for sheet in (
        "",
        ".tool[data-panel=help]",
        ".tool[data-panel=safe]",
        "#safe [data-panel=back]",
    ):
        if sheet:
            page.locator(sheet).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        expect(page.locator(".exit")).to_be_in_viewport()
    page.locator("[data-ref=makeCode]").click()
    expect(page.locator("[data-ref=code]")).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Escape")
    page.locator("#line").scroll_into_view_if_needed()
    expect(page.locator("#line")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".exit")).to_be_in_viewport()


def test_image_is_refused_with_the_reason(talk):
    """Nothing is sent, and the card says what to do with somebody else's picture."""
    assert talk.evaluate(PASTE) is True
    card = talk.locator("#image")
    expect(card).to_be_visible()
    expect(card).to_be_focused()
    expect(card).to_contain_text("Stuur de foto niet door")
    talk.keyboard.press("Escape")
    assert talk.locator(".line[data-author=youth]").count() == 0


def test_dropped_image_is_refused_and_the_page_stays(talk):
    """A browser would leave the page to show the file."""
    prevented = talk.evaluate(
        """() => { const data = new DataTransfer();
             data.items.add(new File(["x"], "foto.jpg", {type: "image/jpeg"}));
             const make = name => new DragEvent(name, {dataTransfer: data, bubbles: true,
               cancelable: true});
             const over = make("dragover"), drop = make("drop");
             document.querySelector(".top").dispatchEvent(over);
             document.querySelector(".top").dispatchEvent(drop);
             return [over.defaultPrevented, drop.defaultPrevented]; }"""
    )
    assert prevented == [True, True]
    expect(talk.locator("#image")).to_be_visible()


def test_text_can_still_be_pasted(talk):
    """Only pictures are refused."""
    prevented = talk.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "gewoon");
             const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
               cancelable: true});
             document.querySelector("#line").dispatchEvent(event);
             return event.defaultPrevented; }"""
    )
    assert prevented is False


def test_nothing_moves_for_who_asked_for_calm(visit):
    """With reduced motion the typing sign stands still."""
    page = visit(**PHONE, reduced_motion="reduce").talk()
    page.evaluate("document.querySelector('[data-ref=typing]').hidden = false")
    names = page.locator(".typing i").evaluate_all(
        "all => all.map(i => getComputedStyle(i).animationName)"
    )
    assert set(names) == {"none"}


def test_forced_colours_keep_edges(visit):
    """Where the device paints its own colours, buttons and my lines still have an edge."""
    page = visit(**DESKTOP, forced_colors="active").talk()
    say(page, "hoe laat is het daar eigenlijk")
    for edged in (".exit", ".send", ".line[data-author=youth] .said", ".always button"):
        style = page.locator(edged).first.evaluate("e => getComputedStyle(e).borderTopStyle")
        assert style == "solid", edged


def test_dark_at_night_and_as_the_device_asks(visit):
    """The test's clock says 3.12 at night: dark, also for a device that asks for light."""
    page = visit(**PHONE, color_scheme="light").open()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.locator(".tool[data-panel=safe]").click()
    page.locator("[data-ref=theme]").click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
