"""The pages of one talk: look, take, write, note, give back, close."""

from __future__ import annotations

import dataclasses
import uuid

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.response import json

from nachtlicht.chat.desk import (
    HOURS,
    MAX_CATEGORIES,
    CloseForm,
    DeskError,
    FormRefused,
    TalkView,
    accept_offer,
    add_note,
    block_talk,
    claim_handoff,
    close_handoff,
    end_talk,
    give_back,
    offer_handoff,
    queue,
    resume_talk,
    transfer_to_desk,
    view,
    withdraw_offer,
    words,
    write_as_counsellor,
)
from nachtlicht.chat.staff import NotAllowed
from nachtlicht.store import Author, ConversationState
from nachtlicht.web.desk.context import chat_of
from nachtlicht.web.desk.forms import field, field_uuid, fields
from nachtlicht.web.desk.guard import signed_in
from nachtlicht.web.desk.live import sides
from nachtlicht.web.desk.pages import fragment, page, version_of
from nachtlicht.web.desk.replies import canned_replies, referral_cards

talks = Blueprint("desk_talks", url_prefix="/gesprekken")


@talks.get("/<talk_id:uuid>", name="talk", ctx_action="read_talk")
async def talk_page(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Show a talk: the card, the story, and what this person may do with it."""
    return await _talk_page(request, talk_id)


@talks.get("/<talk_id:uuid>/verhaal", name="story", ctx_action="read_talk", ctx_background=True)
async def story(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Give the talk anew, if it changed."""
    seen = await view(chat_of(request), signed_in(request).person, talk_id)
    return fragment(request, "_verhaal.html", _state(seen), talk=seen)


@talks.post("/<talk_id:uuid>/aannemen", name="claim", ctx_action="claim")
async def claim(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Take a waiting talk; who comes second is told so, on the queue."""
    try:
        await claim_handoff(chat_of(request), signed_in(request).person, talk_id)
    except DeskError as error:
        seen = await queue(chat_of(request), signed_in(request).person)
        return page(request, "wachtrij.html", status=error.http_status, error=error, **sides(seen))
    return _to_talk(talk_id)


@talks.post("/<talk_id:uuid>/regels", name="write", ctx_action="write")
async def write(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Send a line. The page's script gets JSON and may try again with the same `client_id`."""
    wants_json = "application/json" in request.headers.get("accept", "")
    try:
        seq = await write_as_counsellor(
            chat_of(request),
            signed_in(request).person,
            talk_id,
            field_uuid(request, "client_id"),
            field(request, "text").replace("\r\n", "\n"),
        )
    except DeskError as error:
        if wants_json:
            return json(
                {"error": {"code": error.code, "text": str(error)}}, status=error.http_status
            )
        return await _talk_page(request, talk_id, error)
    return json({"seq": seq}, status=201) if wants_json else _to_talk(talk_id)


@talks.post("/<talk_id:uuid>/notities", name="note", ctx_action="note")
async def note(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Keep a private note."""
    text = field(request, "notitie").replace("\r\n", "\n").strip()
    return await _do(request, talk_id, add_note(
        chat_of(request), signed_in(request).person, talk_id, text
    ))  # fmt: skip


@talks.post("/<talk_id:uuid>/terugzetten", name="give_back", ctx_action="give_back")
async def put_back(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Put the talk back into the queue."""
    chat, person = chat_of(request), signed_in(request).person
    return await _do(request, talk_id, give_back(chat, person, talk_id), onward="/desk")


@talks.post("/<talk_id:uuid>/doorgeven", name="transfer", ctx_action="transfer")
async def transfer(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Offer the talk to a colleague, or put it into the queue of another desk."""
    chat, person = chat_of(request), signed_in(request).person
    kind, _, name = field(request, "aan").partition(":")
    if kind == "desk":
        act = transfer_to_desk(chat, person, talk_id, name)
        return await _do(request, talk_id, act, onward="/desk")
    try:
        colleague = uuid.UUID(name)
    except ValueError:
        return await _talk_page(request, talk_id, FormRefused("Kies eerst aan wie."))
    return await _do(request, talk_id, offer_handoff(chat, person, talk_id, colleague))


@talks.post("/<talk_id:uuid>/aanbod/aannemen", name="accept_offer", ctx_action="answer_transfer")
async def accept(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Take over a talk that a colleague offers."""
    chat, person = chat_of(request), signed_in(request).person
    return await _do(request, talk_id, accept_offer(chat, person, talk_id))


@talks.post("/<talk_id:uuid>/aanbod/stoppen", name="end_offer", ctx_action="queue")
async def end_offer(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Turn an offer down, or take one's own offer back; it must be one's own either way."""
    chat, person = chat_of(request), signed_in(request).person
    await withdraw_offer(chat, person, talk_id)
    return redirect("/desk", status=303)


@talks.post("/<talk_id:uuid>/stoppen", name="end", ctx_action="close")
async def end(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Stop talking, and go on to the close form."""
    chat, person = chat_of(request), signed_in(request).person
    onward = f"/desk/gesprekken/{talk_id}/afronden"
    return await _do(request, talk_id, end_talk(chat, person, talk_id), onward=onward)


@talks.post("/<talk_id:uuid>/blokkeren", name="block", ctx_action="block")
async def block(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Block the talk for a time, mark what comes from its address, and go on to the form."""
    chat, person = chat_of(request), signed_in(request).person
    try:
        until = await block_talk(chat, person, talk_id, field(request, "uren"))
    except DeskError as error:
        return await _talk_page(request, talk_id, error)
    request.app.ctx.limits.block(talk_id, until)
    return redirect(f"/desk/gesprekken/{talk_id}/afronden", status=303)


@talks.post("/<talk_id:uuid>/hervatten", name="resume", ctx_action="write")
async def resume(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Go on with a talk that was being closed."""
    chat, person = chat_of(request), signed_in(request).person
    return await _do(request, talk_id, resume_talk(chat, person, talk_id))


@talks.get("/<talk_id:uuid>/afronden", name="close_page", ctx_action="close")
async def close_page(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Show the close form to who holds the talk."""
    return await _close_form(request, talk_id)


@talks.post("/<talk_id:uuid>/afronden", name="close", ctx_action="close")
async def close(request: Request, talk_id: uuid.UUID) -> HTTPResponse:
    """Close the talk with the form."""
    try:
        form = CloseForm.read(
            call_type=field(request, "contact"),
            categories=fields(request, "onderwerp"),
            level=field(request, "niveau"),
            theme=field(request, "thema"),
            outcome=field(request, "afloop"),
            referral=field(request, "verwijzing"),
        )
        await close_handoff(chat_of(request), signed_in(request).person, talk_id, form)
    except FormRefused as error:
        return await _close_form(request, talk_id, error)
    return redirect("/desk", status=303)


async def _talk_page(
    request: Request, talk_id: uuid.UUID, error: DeskError | None = None
) -> HTTPResponse:
    chat, person = chat_of(request), signed_in(request).person
    talk = await view(chat, person, talk_id)
    release, now = chat.releases.release, chat.settings.now()
    return page(
        request,
        "gesprek.html",
        status=error.http_status if error else 200,
        talk=talk,
        mine=talk.owner_id == person.id and "write" in talk.may,
        v=version_of(_state(talk)),
        client_id=uuid.uuid4(),
        error=error,
        unsent=field(request, "text") if error else "",
        hours=HOURS,
        canned=canned_replies(release, talk, now),
        cards=referral_cards(release, talk, now),
        **sides(await queue(chat, person), str(talk_id)),
    )


async def _close_form(
    request: Request, talk_id: uuid.UUID, error: FormRefused | None = None
) -> HTTPResponse:
    chat, person = chat_of(request), signed_in(request).person
    talk = await view(chat, person, talk_id)
    if "close" not in talk.may:
        raise NotAllowed
    release = chat.releases.release
    return page(
        request,
        "afronden.html",
        status=error.http_status if error else 200,
        talk=talk,
        error=error,
        wrote_again=bool(talk.lines) and talk.lines[-1].author is Author.YOUTH,
        chosen={
            "contact": field(request, "contact") or ("abusive" if talk.blocked_until else "self"),
            "onderwerp": fields(request, "onderwerp"),
            "niveau": field(request, "niveau") or talk.level.label,
            "thema": field(request, "thema") or talk.theme or "geen",
            "afloop": field(request, "afloop") or _outcome(talk),
            "verwijzing": field(request, "verwijzing"),
        },
        call_types=words.CALL_TYPES,
        categories=words.CATEGORIES,
        outcomes=words.OUTCOMES,
        themes=words.themes(release),
        referrals={record.code: record.naam for record in release.referrals.values()},
        most=MAX_CATEGORIES,
        **sides(await queue(chat, person), str(talk_id)),
    )


async def _do(
    request: Request, talk_id: uuid.UUID, act: object, *, onward: str | None = None
) -> HTTPResponse:
    """Await an act, and show its refusal on the page of the talk or, if that is gone, alone."""
    try:
        await act  # type: ignore[misc]
    except DeskError as error:
        return await _talk_page(request, talk_id, error)
    return redirect(onward, status=303) if onward else _to_talk(talk_id)


def _to_talk(talk_id: uuid.UUID) -> HTTPResponse:
    return redirect(f"/desk/gesprekken/{talk_id}", status=303)


def _state(talk: TalkView) -> object:
    """What the fragment shows; when the youth was last seen changes all the time."""
    return dataclasses.replace(talk, youth_seen_at=None)


def _outcome(talk: TalkView) -> str:
    if talk.blocked_until is not None:
        return "misuse"
    return "left" if talk.state is ConversationState.LEFT else ""
