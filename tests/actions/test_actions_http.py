"""The action server over real HTTP, answering from a release made of the real data."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nachtlicht.content.publish import build, make_live
from nachtlicht.content.sources import read_sources

ROOT = Path(__file__).resolve().parents[2]
AMSTERDAM = dt.timezone(dt.timedelta(hours=1))
NIGHT = "2026-11-25T03:12:00+01:00"  # a Wednesday, in Tuesday's shift
NOON = "2026-11-25T12:00:00+01:00"
CHRISTMAS_EVENING = "2026-12-25T19:30:00+01:00"  # a Friday, and a holiday: from 20:00
CANARY = "kanarievogel"
SECRET = "only-for-tests-0123456789"
TEXTS = read_sources(ROOT / "data", ROOT, today=dt.date(2026, 11, 22)).texts


class Server:
    """The running action server."""

    def __init__(self, url: str, process: subprocess.Popen[bytes], log: Path, var: Path) -> None:
        """Keep where it is."""
        self.url, self.process, self.log, self.var = url, process, log, var

    def call(self, action: str, **tracker: Any) -> dict[str, Any]:
        """Run one action as Rasa does, and return its answer."""
        body = {
            "version": "3.6.21",
            "next_action": action,
            "sender_id": "t",
            "domain": {},
            "tracker": {
                "sender_id": "t",
                "slots": tracker.get("slots", {}),
                "latest_message": {
                    "text": CANARY,
                    "intent": {"name": "x"},
                    "metadata": tracker.get("metadata", {}),
                },
                "events": [
                    {"event": "user", "text": CANARY, "parse_data": {"intent": {"name": intent}}}
                    for intent in tracker.get("intents", ())
                ],
                "paused": False,
                "followup_action": None,
                "active_loop": {},
                "latest_action_name": None,
            },
        }
        headers = {"Content-Type": "application/json", "X-Nachtlicht-Secret": SECRET}
        request = urllib.request.Request(self.url + "/webhook", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return dict(json.load(answer))

    def said(self, action: str, **tracker: Any) -> list[str]:
        """Run one action and return the names of the texts it says."""
        return [r["response"] for r in self.call(action, **tracker)["responses"]]

    def lines(self, **tracker: Any) -> str:
        """Ask for help and return the lines that were chosen."""
        (response,) = self.call("action_hulp", **tracker)["responses"]
        assert response["response"] == "utter_hulp_lijnen"
        return str(response["lijnen"])


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Server]]:
    """Start an action server for a `var` folder; all end with the module."""
    running: list[subprocess.Popen[bytes]] = []
    logs = tmp_path_factory.mktemp("logs")

    def begin(var: Path) -> Server:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        env = {
            **os.environ,
            "NACHTLICHT_VAR": str(var),
            "NACHTLICHT_ACTIONS_URL": url,
            "NACHTLICHT_BOT_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        }
        log = logs / f"{len(running)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "actions.run"], cwd=ROOT, env=env, stdout=out, stderr=out
            )
        running.append(process)
        for _ in range(200):
            assert process.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(url + "/health", timeout=5).close()
                return Server(url, process, log, var)
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the action server did not come up")

    yield begin
    for process in running:
        process.terminate()
        assert process.wait(timeout=20) is not None


@pytest.fixture(scope="module")
def server(start: Callable[[Path], Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """One action server with a live release of the real data."""
    var = tmp_path_factory.mktemp("var")
    publish(var, "r1")
    return start(var)


def publish(var: Path, name: str, data: Path = ROOT / "data") -> None:
    """Build a release of the data, without training, and put it live."""
    model = var / "no-model.tar.gz"
    model.write_bytes(b"the actions never read it")
    releases = var / "releases"
    releases.mkdir(exist_ok=True)
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    sources = read_sources(data, ROOT, today=now.date())
    build(sources, releases / name, model, release_id=name, now=now)
    make_live(releases, releases / name)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "0", "\xe9"])
@pytest.mark.parametrize("path", ["/webhook", "/actions", "/status", "/health/../webhook", "/x"])
def test_without_the_secret_nothing_is_answered(
    server: Server, path: str, secret: str | None
) -> None:
    """Only the bot knows it; a broken body is not even read."""
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        headers["X-Nachtlicht-Secret"] = secret
    request = urllib.request.Request(server.url + path, b"{", headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert refused.value.code == 401
    assert json.load(refused.value) == {"error": "secret_wrong"}


def test_it_does_not_start_without_a_secret(tmp_path: Path) -> None:
    """One sentence says why."""
    env = {"PATH": os.environ["PATH"], "NACHTLICHT_VAR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "actions.run"], cwd=ROOT, env=env, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"NACHTLICHT_BOT_SECRET must be set" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("state", ["open", "niemand", "dicht"])
def test_the_desk_is_as_the_web_app_says(server: Server, state: str) -> None:
    """Only the web app knows who is signed in."""
    assert server.said("action_desk", metadata={"desk": state}) == [f"utter_desk_{state}"]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NIGHT, "niemand"),
        (NOON, "dicht"),
        (CHRISTMAS_EVENING, "dicht"),
        ("2026-12-25T20:00:00+01:00", "niemand"),
        ("2026-11-28T05:59:00+01:00", "niemand"),  # Saturday morning, Friday's shift
        ("2026-11-30T06:00:00+01:00", "dicht"),
        ("2026-12-25T18:30:00+00:00", "dicht"),  # the zone of the moment does not matter
    ],
)
def test_without_a_state_the_hours_decide(server: Server, now: str, state: str) -> None:
    """Inside the hours nobody is promised; outside it is shut, also on a holiday."""
    assert server.said("action_desk", metadata={"now": now}) == [f"utter_desk_{state}"]


def test_help_for_assault_at_night_is_the_centre(server: Server) -> None:
    """Open at any hour, and with at most one other."""
    lines = server.lines(metadata={"now": NIGHT, "theme": "seksueel_geweld"})
    assert "Centrum Seksueel Geweld" in lines
    assert lines.count("•") <= 2


@pytest.mark.parametrize("now", [NIGHT, NOON, CHRISTMAS_EVENING])
def test_help_for_suicidal_thoughts_is_113_at_any_hour(server: Server, now: str) -> None:
    """Day, night and holiday."""
    assert "113" in server.lines(metadata={"now": now, "theme": "zelfdoding"})


def test_the_route_gives_the_theme_when_nothing_alarming_was_seen(server: Server) -> None:
    """A question about help after a route is about that route."""
    lines = server.lines(metadata={"now": NIGHT, "theme": "geen"}, intents=["dank", "weggelopen"])
    assert "Veilig Thuis" in lines


def test_what_the_web_app_sees_goes_before_the_route(server: Server) -> None:
    """Risk decides the theme."""
    lines = server.lines(metadata={"now": NIGHT, "theme": "zelfdoding"}, intents=["eten"])
    assert "113" in lines


def test_who_worries_about_themselves_gets_stop_it_now(server: Server) -> None:
    """Their own line, not the victims'."""
    lines = server.lines(metadata={"now": NIGHT}, intents=["zelf_gedachten"])
    assert "Stop it Now" in lines
    assert "Helpwanted" not in lines


def test_a_professional_gets_veilig_thuis(server: Server) -> None:
    """By phone, at any hour."""
    lines = server.lines(metadata={"now": NOON, "entry": "professionals"})
    assert "Veilig Thuis" in lines


def test_abroad_no_dutch_number_is_shown(server: Server) -> None:
    """A fixed text without numbers, as no line surely works there."""
    abroad = {"slots": {"buiten_nederland": True}, "metadata": {"theme": "zelfdoding"}}
    assert server.said("action_hulp", **abroad) == ["utter_hulp_niet_gevonden"]


@pytest.mark.parametrize(
    ("age", "has_file", "text"),
    [
        ("jonger", "met", "utter_verwijderen_jonger_met"),
        ("jonger", "zonder", "utter_verwijderen_jonger_zonder"),
        ("jonger", "onbekend", "utter_verwijderen_jonger_met"),
        ("ouder", "met", "utter_verwijderen_ouder_met"),
        ("ouder", "zonder", "utter_verwijderen_ouder_zonder"),
        ("onbekend", "met", "utter_verwijderen_onbekend"),
        (None, None, "utter_verwijderen_onbekend"),
        ("iets", 7, "utter_verwijderen_onbekend"),
    ],
)
def test_removal_advice_by_age_and_file(server: Server, age: Any, has_file: Any, text: str) -> None:
    """Each pair of answers has its advice, and the answers are dropped afterwards."""
    answer = server.call(
        "action_verwijderen", slots={"leeftijd_toen": age, "heeft_bestand": has_file}
    )
    assert [r["response"] for r in answer["responses"]] == [text, "utter_verwijderen_verder"]
    assert {event["name"]: event["value"] for event in answer["events"]} == {
        "leeftijd_toen": None,
        "heeft_bestand": None,
    }


def test_every_text_that_an_action_names_exists() -> None:
    """A name that nobody wrote would be silence."""
    found = {
        word.strip('",)')
        for file in (ROOT / "actions").glob("*.py")
        for word in file.read_text().replace("(", " ").split()
        if word.startswith('"utter_')
    }
    assert {name for name in found if "{" not in name} <= set(TEXTS)
    assert {f"utter_desk_{state}" for state in ("open", "niemand", "dicht")} <= set(TEXTS)


def test_a_new_release_is_read_without_a_restart(server: Server, tmp_path: Path) -> None:
    """A changed line is said from the next question on."""
    asked = {"metadata": {"now": NIGHT, "theme": "zelfdoding"}}
    assert "Nieuwe zin" not in server.lines(**asked)
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    record = data / "referrals" / "113.yml"
    record.write_text(record.read_text().replace('zin: "', 'zin: "Nieuwe zin. '))
    publish(server.var, "r2", data)
    assert "Nieuwe zin" in server.lines(**asked)


def test_without_a_release_something_is_still_said(
    start: Callable[[Path], Server], tmp_path: Path
) -> None:
    """A damaged or missing release is no silence, and no exception in Rasa's log."""
    bare = start(tmp_path)
    assert bare.said("action_hulp") == ["utter_hulp_niet_gevonden"]
    assert bare.said("action_desk") == ["utter_desk_niemand"]
    assert CANARY not in bare.log.read_text()


@pytest.mark.parametrize("metadata", [None, [], "x", {"now": "gisteren"}, {"theme": 7}])
def test_odd_metadata_is_survived(server: Server, metadata: Any) -> None:
    """Whatever comes, there is an answer."""
    assert server.said("action_hulp", metadata=metadata)
    assert server.said("action_desk", metadata=metadata)


def test_nothing_that_was_written_is_in_the_log(server: Server) -> None:
    """Not even when the body is broken."""
    request = urllib.request.Request(
        server.url + "/webhook",
        f'{{"{CANARY}'.encode(),
        {"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=20)
    server.said("action_hulp", metadata={"now": NIGHT})
    assert CANARY not in server.log.read_text()
    assert SECRET not in server.log.read_text()
