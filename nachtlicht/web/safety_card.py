"""The widget's words for this moment, and the lines of help that can be tapped."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from nachtlicht.release import Referral, Release


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of help on the safety card. `closes` is None when it never does."""

    text: str
    phone: str
    phone_address: str
    chat: str
    chat_address: str
    site: str
    site_address: str
    closes: str | None


@dataclasses.dataclass(frozen=True)
class Link:
    """Words in a text that can be tapped, lower case, and where they lead."""

    words: str
    address: str


def page_words(release: Release, now: dt.datetime) -> dict[str, Any]:
    """The widget's words with every placeholder filled in for this moment."""

    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(item) for item in value]
        return release.render(str(value), moment=now)

    return {name: fill(value) for name, value in release.words("widget").items()}


def card_lines(release: Release, now: dt.datetime) -> Iterator[Line]:
    """The lines that are open at `now`, most urgent first."""
    for referral in release.referrals.lines_now(now):
        yield Line(
            text=release.render(referral.zin, moment=now) or referral.naam,
            phone=referral.telefoon,
            phone_address=_tel(referral.telefoon),
            chat=_short(referral.chat),
            chat_address=_address(referral.chat),
            site=_short(referral.url),
            site_address=_address(referral.url),
            closes=_closes(referral, now),
        )


def known_links(referrals: Iterable[Referral]) -> list[Link]:
    """What may be tapped wherever it stands in a line of the bot or a counsellor."""
    links: dict[str, str] = {}
    for referral in referrals:
        if referral.telefoon:
            links.setdefault(referral.telefoon.lower(), _tel(referral.telefoon))
        for address in filter(_address, (referral.url, referral.chat)):
            links.setdefault(_short(address).lower(), _address(address))
    return [Link(words, address) for words, address in links.items()]


def _closes(referral: Referral, now: dt.datetime) -> str | None:
    if referral.is_always_open:
        return None
    ends = [c.hours.closes_at(now) for c in referral.channels if c.hours]
    return max((end for end in ends if end), default=now).isoformat(timespec="seconds")


def _tel(phone: str) -> str:
    return "tel:" + re.sub(r"[^\d+]", "", phone) if phone else ""


def _address(site: str) -> str:
    """The address to go to; empty for what is no address, such as a description."""
    if "." not in site or " " in site:
        return ""
    return site if "://" in site else f"https://{site}"


def _short(site: str) -> str:
    """An address as people say it: without https, www and a last slash."""
    parts = urlsplit(_address(site))
    return (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")
