"""The published folder: verified content, opening hours, referrals and the words in between."""

from nachtlicht.release.commands import Commands, fold_phrase
from nachtlicht.release.desks import Desk, Desks
from nachtlicht.release.errors import ReleaseError
from nachtlicht.release.folder import Release
from nachtlicht.release.hours import ZONE, OpeningHours
from nachtlicht.release.manifest import read_manifest, verify, write_manifest
from nachtlicht.release.moments import clock, hours_words, moment_words
from nachtlicht.release.referrals import (
    AUDIENCE_WORDS,
    Channel,
    Choice,
    Referral,
    Referrals,
    audience_word,
)
from nachtlicht.release.texts import Text, Texts

__all__ = [
    "AUDIENCE_WORDS",
    "ZONE",
    "Channel",
    "Choice",
    "Commands",
    "Desk",
    "Desks",
    "OpeningHours",
    "Referral",
    "Referrals",
    "Release",
    "ReleaseError",
    "Text",
    "Texts",
    "audience_word",
    "clock",
    "fold_phrase",
    "hours_words",
    "moment_words",
    "read_manifest",
    "verify",
    "write_manifest",
]
