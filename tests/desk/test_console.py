"""The console in a real browser: every state passes axe, light and dark, and nothing gets lost."""

import re

import pyotp
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from nachtlicht.chat.staff import invite
from nachtlicht.store import ConversationState, Role
from tests.desk.browsing import TABLET, WIDE, is_ready, take
from tests.desk.conftest import PASSWORD
from tests.support.small_release import ACUTE, URGENT
from tests.support.talks import Worker, Young

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def test_every_state_is_accessible(app, sanne, lead, look, sign_in):
    """Axe finds nothing, in light and in dark, in any state of the console."""
    faults: list[str] = []
    page = await look()
    await page.goto(f"{app.url}/desk/aanmelden")
    await _check(page, "aanmelden", faults)
    await page.fill("#login", "niemand")
    await page.fill("#wachtwoord", "fout fout fout fout")
    await page.fill("#code", "000000")
    await page.click("text=Meld je aan")
    await expect(page.get_by_role("alert")).to_be_visible()
    await _check(page, "aanmelden mislukt", faults)
    await _accept_invitation(app, page, faults)
    await expect(page.get_by_text("Niemand wacht.")).to_be_visible()
    await _check(page, "lege wachtrij", faults)

    held, waiting = await Young.begin(app.chat), await Young.begin(app.chat)
    await held.says(f"hoi {URGENT}")
    await waiting.says(ACUTE)
    await expect(page.locator(".row")).to_have_count(2)
    await _check(page, "wachtrij", faults)
    await page.set_viewport_size(TABLET)
    await _check(page, "wachtrij op een tablet", faults)
    await page.set_viewport_size(WIDE)
    await page.goto(f"{app.url}/desk/gesprekken/{held.id}")
    await _check(page, "wachtend gesprek", faults)
    await take(page)
    await page.get_by_role("heading", name="Blokkeren").click()
    await expect(page.locator("#uren")).to_be_visible()
    await _check(page, "gesprek", faults)
    await page.set_viewport_size(TABLET)
    await _check(page, "gesprek op een tablet", faults)
    await page.set_viewport_size(WIDE)
    await page.click("text=Afronden")
    await expect(page.locator("#zeker")).to_be_visible()
    await _check(page, "vraag vooraf", faults)
    await page.click("text=Ja, doorgaan")
    await expect(page.get_by_role("heading", name="afronden")).to_be_visible()
    await _check(page, "formulier", faults)
    await page.keyboard.press("?")
    await expect(page.locator("#sneltoetsen")).to_be_visible()
    await _check(page, "sneltoetsen", faults)
    await app.chat.exit(held.id)
    await page.goto(f"{app.url}/desk/gesprekken/{held.id}")
    await expect(page.locator(".talk-state")).to_have_text("Veilig weggegaan")
    await _check(page, "veilig weggegaan", faults)
    for path in ("account", "bestaat-niet"):
        await page.goto(f"{app.url}/desk/{path}")
        await _check(page, path, faults)

    boss = await sign_in(lead)
    for path in ("team", "logboek", "cijfers"):
        await boss.goto(f"{app.url}/desk/{path}")
        await _check(boss, path, faults)
    assert faults == []


async def test_a_talk_by_keyboard_alone(app, sanne, sign_in, young, noise):
    """Take the topmost, write, send with Enter, see the answer come, all without a mouse."""
    page = await sign_in(sanne)
    await young.says(ACUTE)
    await expect(page.locator(f"#rij-{young.id}")).to_be_visible()
    await expect(page).to_have_title("(2) Wachtrij · Nachtlicht")
    await page.keyboard.press("Alt+n")
    await is_ready(page, "#tekst")
    assert str(young.id) in page.url
    await page.keyboard.press("Alt+s")
    await page.keyboard.type("Ik ben er.")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Neem de tijd.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line-counsellor .bubble")).to_have_text("Ik ben er.\nNeem de tijd.")
    await expect(page.locator("#tekst")).to_have_value("")
    await young.says("dank je")

    await expect(page.locator(".line-youth .bubble").last).to_have_text("dank je")
    assert "Ik ben er.\nNeem de tijd." in await young.hears()
    await page.keyboard.press("Alt+a")
    await page.keyboard.type("veilig")
    await page.keyboard.press("Enter")
    await expect(page.locator("#tekst")).to_have_value("Ben je nu veilig?")


async def test_a_line_written_without_a_network_arrives_once(app, sanne, sign_in, young):
    """It is shown as not sent, is sent when the network is back, and is there once."""
    await young.says(URGENT)
    page = await sign_in(sanne)
    await page.goto(f"{app.url}/desk/gesprekken/{young.id}")
    await take(page)
    await page.fill("#tekst", "Ik blijf bij je.")
    await page.context.set_offline(True)
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-sent]")).to_contain_text("Nog niet verstuurd")
    await page.context.set_offline(False)

    await expect(page.locator("[data-sent]")).to_have_text("Verstuurd", timeout=20_000)
    assert (await young.hears()).count("Ik blijf bij je.") == 1


async def test_rings_until_it_is_muted_and_again_for_the_next(app, sanne, sign_in):
    """Counted by the tones that start; muting is for who waits now."""
    young = await Young.begin(app.chat)
    page = await sign_in(sanne)
    await page.context.add_init_script(
        "window.tones = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (...at) { tones += 1; start.apply(this, at); };"
    )
    louder = "before => tones > before"  # it sounds just after the row is drawn, not before
    await page.clock.install()
    await page.reload()
    await page.get_by_role("heading", name="Wachtrij").click()  # a browser wants a press first
    await expect(page.locator("[data-sound]")).to_have_attribute("data-sound", "on")
    assert await page.evaluate("tones") == 0
    await young.says(URGENT)
    await page.wait_for_function(louder, arg=0, polling=50)
    first = await page.evaluate("tones")
    await page.clock.run_for(13_000)
    assert await page.evaluate("tones") > first

    await page.keyboard.press("Alt+g")
    await expect(page.locator("[data-muted]")).to_be_visible()
    muted = await page.evaluate("tones")
    await page.clock.run_for(13_000)
    assert await page.evaluate("tones") == muted
    other = await Young.begin(app.chat)
    await other.says(ACUTE)
    await page.wait_for_function(louder, arg=muted, polling=50)


async def test_a_notification_tells_that_somebody_waits_and_no_more(app, sanne, sign_in, young):
    """Only while the page is out of view; neither who, nor why, nor a word of theirs."""
    page = await sign_in(sanne)
    await page.context.add_init_script(
        "window.notes = []; window.Notification = class {"
        " static permission = 'granted'; addEventListener() {}"
        " constructor(title, options) { notes.push([title, options]); } };"
        "Object.defineProperty(document, 'hidden', { get: () => true });"
    )
    await page.reload()
    await is_ready(page, "[data-sound]")
    await young.says(URGENT)
    await page.wait_for_function("() => notes.length > 0", polling=50)

    options = {"body": "Er wacht iemand.", "tag": "nachtlicht-wachtrij"}
    assert await page.evaluate("notes") == [["Nachtlicht", options]]


async def test_a_place_to_go_is_put_into_the_box_and_sent_by_the_counsellor(
    app, sanne, sign_in, young
):
    """The card of a place that is open now holds its own sentence; nothing goes by itself."""
    await young.says(URGENT)
    page = await sign_in(sanne)
    await page.goto(f"{app.url}/desk/gesprekken/{young.id}")
    await take(page)
    card = page.locator("details", has_text="Verwijzen").locator("[data-insert]").first
    sentence = await card.get_attribute("data-insert")
    await card.click()
    await expect(page.locator("#tekst")).to_have_value(sentence)
    assert sentence not in await young.hears()
    await page.keyboard.press("Enter")

    await expect(page.locator(".line-counsellor .bubble")).to_have_text(sentence)
    assert sentence in await young.hears()


async def test_a_long_wait_is_seen(app, sanne, sign_in, young):
    """Amber after one minute, red after two, and in words."""
    await young.says(URGENT)
    app.settings.move(seconds=70)
    page = await sign_in(sanne)
    clock = page.locator(f"#rij-{young.id} .clock")
    await expect(clock).to_have_class(re.compile(r"\bamber\b"))
    await expect(page.locator(f"#rij-{young.id} [data-late]")).to_have_text("lang")
    app.settings.move(seconds=60)
    await page.reload()

    await expect(clock).to_have_class(re.compile(r"\bred\b"))
    await expect(page.locator(f"#rij-{young.id} [data-late]")).to_have_text("te lang")


async def test_what_was_typed_stays_after_a_reload(app, sanne, sign_in, young):
    """Also when the page begins anew by itself, as the young person left."""
    await young.says(URGENT)
    page = await sign_in(sanne)
    await page.goto(f"{app.url}/desk/gesprekken/{young.id}")
    await take(page)
    await page.fill("#tekst", "Half geschre")
    await page.reload()

    await expect(page.locator("#tekst")).to_have_value("Half geschre")
    await app.chat.exit(young.id)
    await expect(page.get_by_text("Je kunt niets meer sturen.")).to_be_visible()
    await expect(page.locator("#tekst")).to_have_count(0)


async def test_the_newest_line_stays_in_view_when_there_is_less_room(app, sanne, sign_in, young):
    """A card that opens or a tablet that turns does not hide what was just said."""
    for line in (URGENT, "eerst dit", "toen dat", "en nu ben ik alleen"):
        await young.says(line)
    page = await sign_in(sanne)
    await page.goto(f"{app.url}/desk/gesprekken/{young.id}")
    newest = page.locator(".line").last
    await expect(newest).to_be_in_viewport(ratio=0.9)
    await page.set_viewport_size({"width": 1024, "height": 560})

    await expect(newest).to_be_in_viewport(ratio=0.9)


async def test_a_talk_that_a_colleague_takes_leaves_the_queue(app, sanne, sign_in, young):
    """Without a reload; and the console that looked at it sees that it is gone."""
    page = await sign_in(sanne)
    await young.says(URGENT)
    await expect(page.locator(f"#rij-{young.id}")).to_be_visible()
    colleague = await Worker.arrive(app.chat, "Mila")
    await colleague.takes(young)

    await expect(page.locator(f"#rij-{young.id}")).to_have_count(0)
    assert await young.state() is ConversationState.LIVE


async def test_the_page_loads_nothing_from_elsewhere(app, sanne, sign_in, young):
    """Every request of a whole talk goes to one origin, and the console has no complaint."""
    page = await sign_in(sanne)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await young.says(URGENT)
    await page.goto(f"{app.url}/desk/gesprekken/{young.id}")
    await take(page)

    assert any("/desk/stroom" in url for url in asked)
    assert all(url.startswith(app.url) for url in asked)
    assert [text for text in complaints if "AudioContext" not in text] == []


async def _check(page, state, faults):
    """Note what axe finds; in the dark only colours are other than in the light."""
    await page.wait_for_load_state()  # the next key is for its script
    loaded = Axe("0")  # the first run has put the script into the page
    for scheme, axe, rules in (("light", Axe(), WCAG), ("dark", loaded, ["color-contrast"])):
        await page.emulate_media(color_scheme=scheme)
        found = await axe.run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        faults += [
            f"{state}, {scheme}: {fault['id']} at {[node['target'] for node in fault['nodes']]}"
            for fault in found.response["violations"]
        ]


async def _accept_invitation(app, page, faults):
    invitation = await invite(app.store, "nieuw", Role.COUNSELLOR, now=app.settings.now())
    await page.goto(f"{app.url}/desk/uitnodiging")
    await _check(page, "uitnodiging", faults)
    await page.goto("about:blank")
    await page.goto(f"{app.url}/desk/uitnodiging#{invitation.token}")
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    assert invitation.token not in page.url
    await _check(page, "aannemen", faults)
    await page.fill("#naam", "Noor")
    await page.fill("#wachtwoord", PASSWORD)
    await page.fill("#code", pyotp.TOTP(secret).now())
    await page.click("text=Maak mijn account")
