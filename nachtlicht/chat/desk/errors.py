"""What can be refused at the desk; each sentence is Dutch, as the counsellor reads it."""

from __future__ import annotations

from nachtlicht.chat.staff import StaffError


class DeskError(StaffError):
    """A refusal. It never holds a word of a talk."""

    code = "desk"
    http_status = 409


class HandoffTaken(DeskError):
    """Somebody else was first, or the talk no longer waits."""

    code = "handoff_unavailable"

    def __init__(self) -> None:
        super().__init__("Dit gesprek is net door iemand anders aangenomen, of wacht niet meer.")


class TalkNotYours(DeskError):
    """The talk is not held by this counsellor (any more)."""

    code = "talk_not_yours"

    def __init__(self) -> None:
        super().__init__(
            "Dit gesprek is niet meer bij jou. Het staat weer in de rij of een collega heeft het."
        )


class OfferGone(DeskError):
    """The colleague took the offer back, or the talk went elsewhere."""

    code = "offer_gone"

    def __init__(self) -> None:
        super().__init__("Dit gesprek wordt niet meer aan jou aangeboden.")


class TalkOver(DeskError):
    """The young person left or wiped the talk: nothing can be sent."""

    code = "talk_over"

    def __init__(self) -> None:
        super().__init__("De jongere is veilig weggegaan. Je kunt niets meer sturen.")


class FormRefused(DeskError):
    """A field of a form is missing or holds something that is not on the list."""

    code = "form_refused"
    http_status = 422


class LineRefused(DeskError):
    """A line of a counsellor that cannot be sent."""

    code = "line_refused"
    http_status = 422
