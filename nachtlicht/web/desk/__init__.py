"""The desk console: Dutch pages for counsellors, rendered here, made live by htmx.

The app adds `blueprint` to its routes and puts `settings`, `chat` and `stopping` on `app.ctx`.
"""

from sanic import Blueprint, HTTPResponse, Request, redirect

from nachtlicht.chat.staff import NotAllowed
from nachtlicht.web.desk.account import account
from nachtlicht.web.desk.assets import assets, version
from nachtlicht.web.desk.door import door
from nachtlicht.web.desk.faults import answer_fault
from nachtlicht.web.desk.figures import numbers
from nachtlicht.web.desk.guard import KEEP, finish, guard
from nachtlicht.web.desk.house import house
from nachtlicht.web.desk.live import live
from nachtlicht.web.desk.passkeys import passkeys
from nachtlicht.web.desk.talks import talks

rest = Blueprint("desk_rest")


@rest.get("/static/<known:str>/<name:path>", name="static", ctx_action="static")
async def static(_request: Request, known: str, name: str) -> HTTPResponse:
    """Give one of the desk's own files; its address holds the version, so it may be kept."""
    asset = assets().get(name)
    if asset is None:
        raise NotAllowed
    keep = KEEP if known == version() else "no-store"
    headers = {"cache-control": keep}
    return HTTPResponse(asset.body, content_type=asset.content_type, headers=headers)


async def unknown(request: Request, _path: str) -> HTTPResponse:
    """Answer for whatever is not there, after the guard: a stranger only sees the door."""
    if request.method == "GET" and request.path.endswith("/"):
        return redirect(request.path.rstrip("/"), status=308)
    raise NotAllowed


rest.add_route(
    unknown,
    "/<_path:path>",
    methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
    name="unknown",
    ctx_action="help",
)

PARTS = (door, passkeys, live, talks, account, house, numbers, rest)
for part in PARTS:
    part.middleware(guard, "request")
    part.middleware(finish, "response")
    part.exception(Exception)(answer_fault)
blueprint = Blueprint.group(*PARTS, url_prefix="/desk")

__all__ = ["blueprint"]
