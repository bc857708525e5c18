"""`make audit` with the real pip-audit, asking a service of our own that speaks OSV."""

import http.server
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLE = {
    "id": "PYSEC-2000-1",
    "summary": "invented",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
        }
    ],
}


class Osv(http.server.BaseHTTPRequestHandler):
    """Knows one hole, in one package."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = {"vulns": [HOLE]} if asked["package"]["name"] == "leaky" else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    """The address of the service while it runs."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


@pytest.fixture
def audit(tmp_path, service):
    """Runs the audit over small locks, of which one holds the package with the hole."""
    (tmp_path / "deploy").mkdir()
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "deploy" / "audit.py", tmp_path / "deploy")
    for lock in ("web", "bot", "dev", "bot-dev", "tools"):
        name = "leaky" if lock == "bot" else "sound"
        line = f"{name}==1.5 --hash=sha256:{'0' * 64}\n"
        (tmp_path / "requirements" / f"{lock}.txt").write_text(line)

    def run(allowed="", url=service):
        (tmp_path / "deploy" / "audit-allowed.txt").write_text(allowed)
        env = {**os.environ, "PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": url}
        command = [sys.executable, str(tmp_path / "deploy" / "audit.py")]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    return run


def test_a_hole_that_nobody_looked_at_fails_it(audit):
    """The line names lock, package, version, hole and what mends it."""
    done = audit()
    assert done.returncode == 1, done.stderr
    assert "bot.txt: leaky 1.5: PYSEC-2000-1, mended in 2.0" in done.stdout
    assert "1 known, 0 accepted, 1 open" in done.stdout


def test_one_that_was_accepted_does_not(audit):
    """As long as it is there."""
    done = audit("PYSEC-2000-1  # leaky: nothing calls it\n")
    assert (done.returncode, done.stdout) == (0, "1 known, 1 accepted, 0 open\n"), done.stderr


def test_one_that_is_gone_must_leave_the_list(audit):
    """Else the list would accept it when it comes back."""
    done = audit("PYSEC-2000-1  # leaky: nothing calls it\nPYSEC-2000-2  # old\n")
    assert done.returncode == 1
    assert "names PYSEC-2000-2, which no lock has any more" in done.stdout


def test_without_an_answer_it_fails(audit):
    """Silence is not the same as no holes."""
    done = audit(url="http://127.0.0.1:1/v1/query")
    assert done.returncode != 0
    assert "could not be made" in done.stderr


def test_the_list_that_is_shipped_names_packages_that_are_pinned():
    """Each line begins its reason with the package, which one of the locks has."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "deploy" / "audit.py")
    audit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(audit)
    text = audit.ALLOWED.read_text("utf-8")
    allowed = audit.read_allowed(text)
    pinned = {
        name
        for lock in audit.LOCKS
        for name in re.findall(
            r"^([a-z0-9-]+)==", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE
        )
    }

    assert len(allowed) == sum(line.startswith(("PYSEC-", "CVE-")) for line in text.splitlines())
    assert {reason.partition(":")[0] for reason in allowed.values()} <= pinned
