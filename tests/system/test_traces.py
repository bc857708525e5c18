"""What stays behind on the machine of what was said: nothing; and who is told: nobody."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from tests.support.sockets import listening, with_children

CANARY = "kanariepietje"
HARMLESS = f"wat voor hulp is er voor {CANARY}"
URGENT = f"hij dreigt mijn foto door te sturen, {CANARY}"


def test_no_word_is_in_any_file_before_or_after_wiping(whole, young):
    """Database, log of the database, logs, releases, temporary files, and what is mapped."""
    began = time.time() - 1
    wiped, other = young(), young()
    for youth, text in ((wiped, HARMLESS), (other, URGENT)):
        youth.answer_to(youth.say(text))
    assert files_with_canary(whole, began) == []

    wiped.forget()

    assert files_with_canary(whole, began) == []
    assert other.lines("youth") == [URGENT]


def test_nobody_outside_this_machine_is_called(whole, young):
    """The sockets of web, actions and bot, looked at ten times a second since their start."""
    youth = young()
    youth.answer_to(youth.say("wat voor hulp is er"))

    assert whole.watch.insiders > 0
    assert whole.watch.strangers == set()


def test_all_listen_on_this_machine_alone(whole):
    """Web app, actions and bot; what the outside may reach, a proxy passes on."""
    for name, process in whole.processes.items():
        addresses = listening(with_children(process.pid))
        assert addresses, name
        assert all(address.is_loopback for address in addresses), (name, addresses)


def files_with_canary(system, began: float) -> list[str]:
    """The files under the system's folder, or open or mapped in a process of it, with the word."""
    found = [path for path in system.var.rglob("*") if path.is_file()]
    for pid in system.pids():
        found += _open_files(pid, began)
    assert len(found) > 20
    return [str(path) for path in found if _holds_canary(path)]


def _open_files(pid: int, began: float) -> list[Path]:
    """What a process has open or mapped and was written since; deleted files too."""
    names: list[Path] = []
    for kind in ("fd", "map_files"):
        with contextlib.suppress(OSError):
            names += Path(f"/proc/{pid}/{kind}").iterdir()
    found = []
    for name in names:
        with contextlib.suppress(OSError):
            if name.is_file() and name.stat().st_mtime >= began:
                found.append(name)
    return found


def _holds_canary(path: Path) -> bool:
    with contextlib.suppress(OSError):
        raw = path.read_bytes()
        return any(CANARY.encode(kind) in raw for kind in ("utf-8", "utf-16-le"))
    return False
