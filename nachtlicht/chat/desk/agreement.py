"""How often counsellors agreed with the flagged level, month by month, from the close forms."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from nachtlicht.chat.desk.figures import told
from nachtlicht.store import Closing, Store


@dataclasses.dataclass(frozen=True)
class Month:
    """The close forms of one month, `name` like "2026-11".

    None where a count is too small to be told, or would give away one that is.
    """

    name: str
    talks: int | None
    same: int | None
    more_serious: int | None
    less_serious: int | None
    same_theme: int | None


async def agreement(store: Store) -> list[Month]:
    """Every month with closed talks, oldest first. Counts alone: no form names anybody."""
    async with store.read() as session:
        closings = list(await session.scalars(select(Closing).order_by(Closing.day)))
    months: dict[str, list[Closing]] = defaultdict(list)
    for row in closings:
        months[f"{row.day:%Y-%m}"].append(row)
    return [_month(name, rows) for name, rows in months.items()]


def _month(name: str, rows: Sequence[Closing]) -> Month:
    same, more, less, same_theme = (
        sum(row.level == row.level_flagged for row in rows),
        sum(row.level > row.level_flagged for row in rows),
        sum(row.level < row.level_flagged for row in rows),
        sum(row.theme == row.theme_flagged for row in rows),
    )
    # With the total a single hidden count could be found by subtraction.
    hidden = [told(part) for part in (same, more, less, len(rows) - same_theme)].count(None)
    return Month(
        name,
        talks=None if hidden else told(len(rows)),
        same=told(same),
        more_serious=told(more),
        less_serious=told(less),
        same_theme=told(same_theme),
    )
