"""How often counsellors agreed, month by month; small counts are not told."""

import datetime as dt

import pytest

from nachtlicht.chat.desk.agreement import Month, agreement
from nachtlicht.risk import RiskLevel
from tests.desk.test_figures import _closed


async def test_agreement_by_month(app, closed):
    """Oldest first: level kept, raised, lowered, and theme kept."""
    await closed(11, 6, level=RiskLevel.ACUTE)
    await closed(11, 5, level=RiskLevel.NONE, theme="eten")
    await closed(11, 7)
    await closed(10, 5)

    assert await agreement(app.store) == [
        Month("2026-10", 5, 5, 0, 0, 5),
        Month("2026-11", 18, 7, 6, 5, 13),
    ]


@pytest.mark.parametrize("changed", [{"level": RiskLevel.NONE}, {"theme": "eten"}])
async def test_a_small_count_cannot_be_found_by_subtraction(app, closed, changed):
    """Where one is hidden, the total is too."""
    await closed(11, 9)
    await closed(11, 2, **changed)

    (month,) = await agreement(app.store)

    assert month.talks is None
    assert 2 not in (month.same, month.less_serious, month.same_theme)


@pytest.fixture
def closed(app):
    """Close some talks in a month, flagged as extortion at URGENT."""

    async def close(month, count, **changed):
        day = dt.date(2026, month, 3)
        await _closed(app, count, day=day, theme_flagged="afpersing", **changed)

    return close
