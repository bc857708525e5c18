"""What the bot and the web app may say: fixed texts with their buttons, by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from nachtlicht.release.errors import ReleaseError


@dataclasses.dataclass(frozen=True)
class Text:
    """One fixed text. `buttons` are (title, payload); `custom` is a message to the web app."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    custom: Mapping[str, Any] | None = None


class Texts(Mapping[str, list[Text]]):
    """All `utter_…` texts. One name can hold variants."""

    def __init__(self, raw: Mapping[str, list[Mapping[str, Any]]]) -> None:
        """Read the `texts.json` of a release.

        Raises:
            ReleaseError: an entry has no text.
        """
        self._texts = {name: [_text(name, item) for item in items] for name, items in raw.items()}

    def __getitem__(self, name: str) -> list[Text]:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def first(self, *names: str) -> Text:
        """The first variant of the first of `names` that exists.

        So `first("utter_acuut_somber", "utter_acuut")` falls back to the family's default.

        Raises:
            ReleaseError: none of them exists; a published release has passed a check on this.
        """
        for name in names:
            if self._texts.get(name):
                return self._texts[name][0]
        raise ReleaseError(f"The release has no text {' or '.join(names)}.")


def _text(name: str, raw: Mapping[str, Any]) -> Text:
    try:
        buttons = tuple((str(b["title"]), str(b["payload"])) for b in raw.get("buttons") or ())
        return Text(text=str(raw.get("text") or ""), buttons=buttons, custom=raw.get("custom"))
    except (KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"The text {name} cannot be read.") from error
