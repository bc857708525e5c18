"""The figures page and its CSV: counts without text, small ones hidden."""

from __future__ import annotations

import csv
import io

from sanic import Blueprint, HTTPResponse, Request

from nachtlicht.chat.desk.figures import SMALLEST, WEEKS, Figures, figures
from nachtlicht.web.desk.context import chat_of
from nachtlicht.web.desk.guard import signed_in
from nachtlicht.web.desk.live import sides_for
from nachtlicht.web.desk.pages import page

numbers = Blueprint("desk_figures")


@numbers.get("/cijfers", name="figures", ctx_action="figures")
async def figures_page(request: Request) -> HTTPResponse:
    """Show the figures, each plot beside its table."""
    return page(
        request,
        "cijfers.html",
        figures=await _figures(request),
        weeks=_weeks(request),
        choices=WEEKS,
        smallest=SMALLEST,
        **await sides_for(request),
    )


@numbers.get("/cijfers.csv", name="figures_csv", ctx_action="figures")
async def figures_csv(request: Request) -> HTTPResponse:
    """Give the same figures as a file."""
    found = await _figures(request)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("tabel", "regel", "aantal"))
    for table in found.tables:
        for row in table.rows:
            shown = f"minder dan {SMALLEST}" if row.count is None else row.count
            writer.writerow((table.title, row.label, shown))
    name = f"nachtlicht-cijfers-{found.since.isoformat()}.csv"
    return HTTPResponse(
        out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _figures(request: Request) -> Figures:
    return await figures(chat_of(request), signed_in(request).person, _weeks(request))


def _weeks(request: Request) -> int:
    asked = request.args.get("weken", "")
    return int(asked) if asked in map(str, WEEKS) else WEEKS[1]
