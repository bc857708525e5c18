"""`python -m bench.widget`: what a page must load, the first line on a slow phone, queue to screen.

Beside ours stand the chat windows that a helpline would pick instead, from their published
packages. LiveHelperChat publishes no package, so it cannot be weighed here.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import os
import re
import statistics
import subprocess
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from nachtlicht.settings import Settings
from tests.widget.conftest import ARGUMENTS, CHROMIUM, PHONE, say
from tests.widget.live import LiveSite
from tests.widget.site import Site

# Name, version, and the one file that a page loads to show the window.
PEERS = (
    ("deep-chat", "2.4.2", "dist/deepChat.bundle.js"),
    ("rasa-webchat", "1.0.1", "lib/index.js"),
)
# "Slow 4G" as Lighthouse has it: 150 ms there and back, 1.6 Mbit down, 750 kbit up.
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
TURNS = 5
HANDOVERS = 20
DEEP_CHAT = """<!doctype html><meta name="viewport" content="width=device-width">
<script type="module" src="/deepChat.bundle.js"></script>
<deep-chat introMessage='{"text": "Hoi, ik ben een chatbot."}' demo="true"></deep-chat>"""


def main() -> None:
    """Measure, and print three tables."""
    folder = Settings.from_env().var / "bench" / "npm"
    peers = {name: unpacked(folder, name, version, file) for name, version, file in PEERS}
    with tempfile.TemporaryDirectory() as var, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        site = Site(Path(var) / "apart")  # a process of its own, as it would be
        site.start()
        print_sizes(site, peers)
        print_first_line(site, browser, peers["deep-chat"])
        site.kill()
        with LiveSite(Path(var) / "live").served() as live:
            print_queue_to_screen(live, browser)
        browser.close()


def unpacked(folder: Path, name: str, version: str, file: str) -> bytes | None:
    """One file of a published package, kept in `folder`; None when there is no registry."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{name}-{version}.tgz"
    if not archive.exists():
        command = ["npm", "pack", "--silent", f"{name}@{version}"]
        with contextlib.suppress(OSError):
            subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=120)
    if not archive.exists():
        return None
    with tarfile.open(archive) as packed:
        found = packed.extractfile(f"package/{file}")
        return found.read() if found else None


def print_sizes(site: Site, peers: dict[str, bytes | None]) -> None:
    """Bytes over the line, packed: what a partner's page loads, and what the first tap adds."""
    loader = _over_the_line(site, "/v1/loader.js")
    frame = gzip.decompress(site.get("/v1/frame", **{"Accept-Encoding": "gzip"})[1]).decode()
    parts = set(re.findall(r'(?:href|src)="(/v1/[\w-]+\.(?:js|css))"', frame))
    page = _over_the_line(site, "/v1/frame")
    code = sum(_over_the_line(site, part) for part in parts)
    print("\n| what a page must load | gzip | times ours |\n|---|---|---|")
    print(f"| Nachtlicht, until the first tap (loader) | {loader / 1024:.1f} KB | |")
    print(f"| Nachtlicht, scripts and styles of the talk | {code / 1024:.1f} KB | |")
    print(f"| Nachtlicht, the page with its words and lines to call | {page / 1024:.1f} KB | |")
    whole = loader + code + page
    print(f"| **Nachtlicht, all of it** | **{whole / 1024:.1f} KB** | 1 |")
    for name, version, file in PEERS:
        body = peers[name]
        size = len(gzip.compress(body, 9)) if body else None
        told = f"{size / 1024:.0f} KB | {size / whole:.1f}" if size else "no registry | "
        print(f"| {name} {version} (`{file}`) | {told} |")
    print("| LiveHelperChat | no published package | |", flush=True)


def print_first_line(site: Site, browser: Browser, deep_chat: bytes | None) -> None:
    """Seconds from the tap on a link to the first line of the bot in view."""
    rows = [("Nachtlicht, `/chat`, line from the server", f"{site.origin}/chat", ".said")]
    with contextlib.ExitStack() as stack:
        if deep_chat:
            address = stack.enter_context(_static(deep_chat))
            rows.append(("deep-chat, fixed line in the page", address, ".message-bubble"))
        print("\n| first line, slow 4G, CPU 4 times slower | median | worst of 5 |\n|---|---|---|")
        for told, address, line in rows:
            times = [_first_line(browser, address, line) for _ in range(TURNS)]
            print(f"| {told} | {statistics.median(times):.2f} s | {max(times):.2f} s |", flush=True)


def print_queue_to_screen(site: LiveSite, browser: Browser) -> None:
    """Milliseconds from sending an urgent line on a phone to its row on the desk's screen."""
    desk = browser.new_context(locale="nl-NL").new_page()
    desk.set_default_timeout(60_000)
    site.counsellor("Sanne").sign_in(desk)
    phone = browser.new_context(locale="nl-NL", **PHONE).new_page()
    times = []
    for turn in range(HANDOVERS):
        phone.goto(f"{site.origin}/chat")
        phone.evaluate("sessionStorage.clear()")
        phone.reload()
        phone.locator(".line[data-author=bot]").first.wait_for()
        began = time.perf_counter()
        say(phone, "hij wil geld, dit is chantage")
        desk.locator(f".row >> nth={turn}").wait_for()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    p95 = times[int(len(times) * 0.95) - 1]
    print("\n| risk line to the counsellor's screen | p50 | p95 |\n|---|---|---|")
    print(
        f"| {HANDOVERS} times, browser to browser | {statistics.median(times):.0f} ms "
        f"| {p95:.0f} ms |"
    )


def _first_line(browser: Browser, address: str, line: str) -> float:
    context = browser.new_context(locale="nl-NL", **PHONE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    _slow(page)
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(line).first.wait_for()
    took = time.perf_counter() - began
    context.close()
    return took


def _slow(page: Page) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", SLOW_4G)
    client.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def _over_the_line(site: Site, path: str) -> int:
    return len(site.get(path, **{"Accept-Encoding": "gzip"})[1])


@contextlib.contextmanager
def _static(script: bytes) -> Iterator[str]:
    """A page with the peer on it, packed as a good server would."""
    files = {
        "/": (DEEP_CHAT.encode(), "text/html"),
        "/deepChat.bundle.js": (script, "text/javascript"),
    }
    make: Callable[..., http.server.BaseHTTPRequestHandler] = functools.partial(_Static, files)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), make) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class _Static(http.server.BaseHTTPRequestHandler):
    def __init__(self, files: dict[str, tuple[bytes, str]], *about: object) -> None:
        self.files = files
        super().__init__(*about)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        body, kind = self.files.get(self.path, (b"", "text/plain"))
        packed = gzip.compress(body, 9)
        self.send_response(200)
        for name, value in (
            ("content-type", kind),
            ("content-encoding", "gzip"),
            ("content-length", str(len(packed))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_about: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    os.environ.setdefault("npm_config_update_notifier", "false")
    main()
