"""What the widget says around the talk, and the safety card: lines that are open at this moment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nachtlicht.release import Release, audience_word
from nachtlicht.web.safety_card import card_lines, page_words


def words_for(release: Release, entry: str, now: dt.datetime) -> dict[str, Any]:
    """The filled-in words, and the lines of the card, for who came by `entry`."""
    return {
        "release": release.id,
        "audience": audience_word(entry),
        "words": page_words(release, now),
        "lines": [
            {
                "text": line.text,
                "phone": line.phone,
                "chat": line.chat_address,
                "site": line.site_address,
                "closes": line.closes,
            }
            for line in card_lines(release, now)
        ],
    }
