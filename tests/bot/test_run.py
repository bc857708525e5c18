"""The launcher: waits for a release, starts Rasa with it, and ends when its model is replaced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import environment, release, run
from bot.pulse import Pulse

ROOT = Path(__file__).resolve().parents[2]


def publish(releases: Path, name: str, model_hash: str) -> None:
    """Put a release folder in place and make it the live one, as publishing does."""
    folder = releases / name
    (folder / "bot").mkdir(parents=True)
    manifest = {"id": name, "files": {release.MODEL: model_hash}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    fresh = releases / "fresh"
    fresh.symlink_to(name)
    fresh.replace(releases / "current")


def test_rasa_is_started_without_api_and_on_a_private_address(tmp_path: Path) -> None:
    """No --enable-api, no --cors, and the address of NACHTLICHT_BOT_URL."""
    command = run.command(tmp_path / "m.tar.gz", "http://127.0.0.1:5123")
    assert "--enable-api" not in command
    assert "--cors" not in command
    assert command[command.index("--interface") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "5123"


def test_nothing_is_sent_home(tmp_path: Path) -> None:
    """Three times off: the variable, the settings file, the keys."""
    env = environment.rasa_environment(tmp_path, {"PATH": "/bin"})
    assert env["RASA_TELEMETRY_ENABLED"] == "false"
    assert "enabled: false" in (Path(env["HOME"]) / ".config/rasa/global.yml").read_text()
    assert env["RASA_TELEMETRY_WRITE_KEY"] == env["RASA_EXCEPTION_WRITE_KEY"] == "off"
    asked = "from rasa import telemetry as t; print(t.is_telemetry_enabled(), t.sentry_write_key())"
    without = {k: v for k, v in env.items() if k != "RASA_TELEMETRY_ENABLED"} | {
        "PATH": os.environ["PATH"]
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked], env=without, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "off"]


def test_the_linear_algebra_knows_the_processor(tmp_path: Path) -> None:
    """Where it has AVX2, no part of numpy or scipy takes it for one that is older."""
    env = environment.rasa_environment(tmp_path, dict(os.environ))
    asked = (
        "import json, numpy, scipy.linalg, threadpoolctl as t;"
        "print(json.dumps([i for i in t.threadpool_info() if i['user_api'] == 'blas']))"
    )
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert found
    assert {part["num_threads"] for part in found} == {1}
    if "avx2" in Path("/proc/cpuinfo").read_text().split():
        assert {part["architecture"] for part in found} == {"Haswell"}
    chosen = environment.rasa_environment(tmp_path, {"OPENBLAS_CORETYPE": "Zen"})
    assert chosen["OPENBLAS_CORETYPE"] == "Zen"


def test_the_secret_comes_from_the_environment_or_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same places in which the web app looks."""
    (tmp_path / "bot.secret").write_text("from-the-file\n")
    monkeypatch.delenv("NACHTLICHT_BOT_SECRET", raising=False)
    assert run.child_environment(tmp_path, "x")["NACHTLICHT_BOT_SECRET"] == "from-the-file"
    monkeypatch.setenv("NACHTLICHT_BOT_SECRET", "from-the-env")
    assert run.child_environment(tmp_path, "x")["NACHTLICHT_BOT_SECRET"] == "from-the-env"


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def starting() -> Pulse:
    """The pulse of a bot that has yet to answer."""
    return Pulse("http://127.0.0.1:9")


def test_a_new_model_ends_the_launcher_with_75(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor then starts it again with the new model."""
    monkeypatch.setattr(run, "LOOK_EVERY", 0.05)
    publish(tmp_path, "r1", "aaa")
    child = sleeper()
    publish(tmp_path, "r2", "bbb")
    assert run._watch(child, tmp_path, "aaa", starting()) == run.NEW_MODEL
    run._end(child)
    assert child.poll() is not None


def test_a_release_with_the_same_model_leaves_the_bot_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new opening hour costs nobody a silent bot; the bot answers for the new release."""
    monkeypatch.setattr(run, "LOOK_EVERY", 0.05)
    publish(tmp_path, "r1", "aaa")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"])
    publish(tmp_path, "r2", "aaa")
    assert run._watch(child, tmp_path, "aaa", starting()) == 0
    monkeypatch.setenv(release.RELEASES_ENV, str(tmp_path))
    monkeypatch.setenv(release.MODEL_HASH_ENV, "aaa")
    assert release.served() == "r2"
    monkeypatch.setenv(release.MODEL_HASH_ENV, "old")
    assert release.served() is None


def test_a_dead_rasa_ends_the_launcher(tmp_path: Path) -> None:
    """With Rasa's own exit code, so that the supervisor sees it."""
    publish(tmp_path, "r1", "aaa")
    child = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    assert run._watch(child, tmp_path, "aaa", starting()) == 3


def test_a_damaged_manifest_is_no_reason_to_stop(tmp_path: Path) -> None:
    """Half a publish does not take the running bot down."""
    publish(tmp_path, "r1", "aaa")
    (tmp_path / "r1" / "manifest.json").write_text("{")
    assert release.current(tmp_path) is None


def test_without_a_secret_the_bot_does_not_start(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open door is worse than none."""
    monkeypatch.delenv("NACHTLICHT_BOT_SECRET", raising=False)
    env = {**run.child_environment(tmp_path, "x"), "NACHTLICHT_BOT_SECRET": ""}
    done = subprocess.run(
        run.command(model, "http://127.0.0.1:1"), cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "NACHTLICHT_BOT_SECRET" in done.stderr + done.stdout
