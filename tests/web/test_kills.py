"""The real web process, killed at random moments while people talk: nothing is lost or doubled.

`make faults` does the same with a thousand kills. The bot is played by the test: risk, queue and
desk do not need it. The real bot and action server are killed in tests/system/test_faults.py.
"""

import pytest

from tests.support.kill_loop import kill_loop
from tests.web.test_process import web, zygote_parent  # noqa: F401 - fixtures

KILLS = {"sqlite": 40, "postgresql": 20}


@pytest.mark.timeout(1800)
async def test_killed_again_and_again_nothing_is_lost_and_nothing_doubled(web, store):  # noqa: F811
    """Five young people and two counsellors, who press on the same talk, all try again.

    Every acknowledged line is there once, in its place; every urgent one is with the desk; an
    open talk is held by exactly one; what was seen in pieces is what a fetch from the start gives.
    """
    counts = await kill_loop(web.process, store, KILLS[web.kind])

    assert counts.faults == {}
    assert counts.lines > counts.kills
    assert counts.claims > 0
    log = web.process.log.read_text()
    assert "regel" not in log
    assert "request_failed" not in log
