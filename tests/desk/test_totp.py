"""The second factor on its own: known codes, half a minute of slack, and never twice."""

import datetime as dt

import pyotp
import pytest

from nachtlicht.chat.staff import grouped, matching_step, qr_svg

SECRET = "JBSWY3DPEHPK3PXP" * 2
NOW = dt.datetime(2026, 11, 25, 2, 12, 10, tzinfo=dt.UTC)
STEP = int(NOW.timestamp()) // 30


def code(steps=0):
    return pyotp.TOTP(SECRET).at(NOW, counter_offset=steps)


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_half_a_minute_early_or_late_is_fine(steps, good):
    """Clocks of phones differ a little; more than that is refused."""
    step = matching_step(SECRET, code(steps), now=NOW, after=None)
    assert step == (STEP + steps if good else None)


@pytest.mark.parametrize("steps", [-1, 0])
def test_a_code_that_is_not_newer_than_the_last_is_refused(steps):
    """Neither the same one again, nor one from before it."""
    assert matching_step(SECRET, code(steps), now=NOW, after=STEP) is None
    assert matching_step(SECRET, code(1), now=NOW, after=STEP) == STEP + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00" * 6])
def test_what_is_no_code_is_refused(typed):
    """Without an error that would tell the form was read."""
    assert matching_step(SECRET, typed, now=NOW, after=None) is None


def test_a_code_may_be_typed_with_a_space():
    """As many apps show it."""
    assert matching_step(SECRET, f"{code()[:3]} {code()[3:]}", now=NOW, after=None) == STEP


def test_the_picture_is_plain_svg():
    """No script, no style, nothing from elsewhere; and the secret only as a picture."""
    svg = qr_svg(SECRET, "sanne@desk.test")
    assert svg.startswith("<svg ")
    assert "<script" not in svg
    assert "style=" not in svg
    assert SECRET not in svg
    assert grouped(SECRET).replace(" ", "") == SECRET
