"""The page on which an editor tries the data: type, choose a moment, see everything. Local only."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import html as html_response
from sanic.response import json as json_response

from nachtlicht.content.vocabulary import DESK_STATES, ENTRIES
from nachtlicht.release import ZONE
from nachtlicht.replay.trial import BY_HOURS, Trial, try_lines
from nachtlicht.replay.workshop import State, Workshop

App = Sanic[Any, Any]
MOST_LINES = 20
DESKS = (BY_HOURS, *DESK_STATES)
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
form { display: grid; gap: .5rem } textarea { font: inherit; min-height: 7rem }
.say { white-space: pre-wrap; padding: .5rem .75rem; margin: .25rem 0; border-radius: .5rem }
.youth { background: #d8e6ff; margin-left: 20% } .bot { background: #eee; margin-right: 20% }
.counsellor { background: #dff3e1; margin-right: 20% } .fault { color: #a00000 }
table { border-collapse: collapse } td, th { border: 1px solid #aaa; padding: .25rem .5rem;
vertical-align: top; text-align: left }
"""
# Shows by itself what came of an edit; never under the hands of somebody who types.
SCRIPT = """
const stand = document.getElementById("stand"), typed = document.getElementById("lines");
setInterval(async () => {
  const now = await fetch("/stand").then((answer) => answer.json()).catch(() => null);
  stand.textContent = now ? now.told : "De proef is gestopt.";
  if (!now || now.version === Number(stand.dataset.version)) return;
  if (typed.value !== typed.defaultValue) return;
  if (typed.value.trim()) typed.form.submit();
  else location.reload();
}, 1500);
"""


def create_try_app(workshop: Workshop) -> App:
    """The page over an open workshop. It holds nothing of what is typed."""
    app: App = Sanic(f"nachtlicht-try-{secrets.token_hex(4)}", configure_logging=False)
    app.config.ACCESS_LOG = False

    @app.get("/")
    async def show(request: Request) -> HTTPResponse:
        return html_response("".join(_page(request, await _looked(workshop), None)))

    @app.get("/stand")
    async def stand(request: Request) -> HTTPResponse:
        state = await _looked(workshop)
        return json_response({"told": _told(state), "version": state.version})

    @app.post("/")
    async def play(request: Request) -> HTTPResponse:
        state = await _looked(workshop)
        form: Mapping[str, Any] = _form(request)
        lines = [line for line in (form.get("lines") or "").splitlines() if line.strip()]
        trial = None
        if state.house is not None and lines:
            trial = await try_lines(
                state.house,
                lines[:MOST_LINES],
                moment=_moment(form.get("moment")),
                desk=_one_of(form.get("desk"), DESKS),
                entry=_one_of(form.get("entry"), ENTRIES),
            )
        return html_response("".join(_page(request, state, trial)))

    return app


async def _looked(workshop: Workshop) -> State:
    """Look for changes, but answer within a second: a training goes on in the background."""
    looking = asyncio.ensure_future(workshop.look())
    done, _ = await asyncio.wait([looking], timeout=1.0)
    return looking.result() if done else workshop.state


def _page(request: Request, state: State, trial: Trial | None) -> Iterator[str]:
    form = _form(request)
    yield '<!doctype html><html lang="nl"><meta charset="utf-8"><title>Proberen</title>'
    if state.is_busy and request.method == "GET":
        yield '<noscript><meta http-equiv="refresh" content="3"></noscript>'
    yield f"<style>{STYLE}</style><h1>Proberen</h1>"
    yield f'<p id="stand" data-version="{state.version}">{html.escape(_told(state))}</p>'
    if state.issues:
        yield "<h2>Eerst oplossen</h2><ul>"
        yield from (f'<li class="fault">{html.escape(str(issue))}' for issue in state.issues[:50])
        yield "</ul>"
    now = dt.datetime.now(ZONE)
    moment = form.get("moment") or f"{now:%Y-%m-%dT%H:%M}"
    yield '<form method="post"><label for="lines">Wat iemand typt, elke regel een bericht</label>'
    yield f'<textarea id="lines" name="lines">{html.escape(form.get("lines") or "")}</textarea>'
    yield '<label>Moment <input type="datetime-local" name="moment" '
    yield f'value="{html.escape(moment)}"></label>'
    yield from _select("Ingang", "entry", ENTRIES, form.get("entry"))
    yield from _select("Desk", "desk", DESKS, form.get("desk"))
    yield "<button>Probeer</button></form>"
    if state.is_busy and request.method == "POST":
        yield f"<p>Even geduld. {'Dit is nog de vorige versie.' if trial else ''}</p>"
    if trial is not None:
        yield from _shown(trial)
    yield f"<script>{SCRIPT}</script>"


def _told(state: State) -> str:
    return f"De proef: {state.doing}."


def _form(request: Request) -> Mapping[str, Any]:
    """What was filled in; empty for a page that is only opened."""
    return (request.form or {}) if request.method == "POST" else {}


def _select(label: str, name: str, values: tuple[str, ...], chosen: str | None) -> Iterator[str]:
    yield f'<label>{label} <select name="{name}">'
    for value in values:
        yield f"<option{' selected' if value == chosen else ''}>{html.escape(value)}</option>"
    yield "</select></label>"


def _shown(trial: Trial) -> Iterator[str]:
    yield "<h2>Het gesprek</h2>"
    for author, text in trial.played.said:
        yield f'<p class="say {author}">{html.escape(text)}</p>'
    yield f"<p>Stand: {html.escape(' → '.join(dict.fromkeys(trial.played.states)))}</p>"
    yield from (f'<p class="fault">{html.escape(one.text)}</p>' for one in trial.played.unmet)
    yield "<h2>Wat ervan gemaakt is</h2><table><tr><th>bericht<th>niveau<th>thema"
    yield "<th>bedoeling<th>waarom"
    for one in trial.heard:
        why = "<br>".join(map(html.escape, one.reasons))
        cells = (one.text, one.level, one.theme, one.intent)
        yield f"<tr>{''.join(f'<td>{html.escape(cell)}' for cell in cells)}<td>{why}"
    yield "</table><h2>Waar we naartoe verwijzen</h2><ul>"
    yield from (f"<li>{html.escape(line)}" for line in trial.referral)
    yield "</ul>"


def _moment(raw: str | None) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(raw or "")
    except ValueError:
        return dt.datetime.now(ZONE)


def _one_of(value: str | None, words: tuple[str, ...]) -> str:
    return value if value in words else words[0]
