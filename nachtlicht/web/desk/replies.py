"""What a counsellor can send with one press: canned replies and places that are open now."""

from __future__ import annotations

import dataclasses
import datetime as dt

from nachtlicht.chat.desk import TalkView
from nachtlicht.release import Release, audience_word

MAX_CARDS = 8


@dataclasses.dataclass(frozen=True)
class Reply:
    """One canned reply, filled in for this talk and moment. `search` is what it is found by."""

    group: str
    title: str
    text: str
    search: str


@dataclasses.dataclass(frozen=True)
class ReferralCard:
    """One place to send somebody to; `open` is None when its hours are not verified."""

    name: str
    text: str
    open: bool | None
    fits: bool


def canned_replies(release: Release, talk: TalkView, now: dt.datetime) -> list[Reply]:
    """The reviewed replies of the release, in the editors' order."""
    replies = []
    for raw in release.words("canned").get("antwoorden", ()):
        text = release.render(
            raw["tekst"], moment=now, theme=talk.theme, audience=audience_word(talk.entry)
        )
        search = " ".join((raw["titel"], raw["groep"], *raw.get("zoek", ()), text)).casefold()
        replies.append(Reply(raw["groep"], raw["titel"], text, search))
    return replies


def referral_cards(release: Release, talk: TalkView, now: dt.datetime) -> list[ReferralCard]:
    """Places that may be named now: those for the theme first, then the general lines."""
    choice = release.referrals.choose(talk.theme, audience_word(talk.entry), now)
    best = [record for record in (choice.main, choice.backup) if record]
    rest = [r for r in release.referrals.lines_now(now) if r not in best]
    cards = []
    for record in (best + rest)[:MAX_CARDS]:
        text = release.render(record.zin, moment=now)
        is_open = record.is_open(now) if record.hours_known else None
        cards.append(ReferralCard(record.naam, text, is_open, record in best))
    return cards
