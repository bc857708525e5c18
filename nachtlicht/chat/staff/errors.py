"""What can be refused to a member of staff; each sentence is Dutch, as it is read on the page."""

from __future__ import annotations


class StaffError(Exception):
    """A refusal. `str(error)` is the Dutch sentence for the page; it names no secret."""

    code = "staff"
    http_status = 422


class PasswordRefused(StaffError):
    """The chosen password is too short, too usual, or one's own name."""

    code = "password_refused"


class NameRefused(StaffError):
    """A name or login cannot be used."""

    code = "name_refused"


class CodeRefused(StaffError):
    """The six digits are wrong or were used before."""

    code = "code_refused"


class InvitationRefused(StaffError):
    """The invitation is unknown, used or too old: one answer for all three."""

    code = "invitation_refused"
    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "Deze uitnodiging werkt niet meer. Vraag je beheerder om een nieuwe uitnodiging."
        )


class SignInRefused(StaffError):
    """Login, password or code is wrong: one answer for all three."""

    code = "sign_in_refused"
    http_status = 401

    def __init__(self) -> None:
        super().__init__(
            "Aanmelden is niet gelukt. Controleer je inlognaam, je wachtwoord en de code. "
            "Elke code werkt maar één keer."
        )


class PasskeyRefused(StaffError):
    """A passkey does not let anybody in: one answer for whatever is wrong."""

    code = "passkey_refused"
    http_status = 401

    def __init__(self) -> None:
        super().__init__(
            "Aanmelden met een passkey is niet gelukt. Probeer het opnieuw, "
            "of gebruik je wachtwoord en de code."
        )


class PasskeyNotAdded(StaffError):
    """A passkey was not kept."""

    code = "passkey_not_added"

    def __init__(self, sentence: str = "De passkey is niet bewaard. Probeer het opnieuw.") -> None:
        super().__init__(sentence)


class SignInAgain(StaffError):
    """What opens the desk for good is only given to who has just shown both factors."""

    code = "sign_in_again"
    http_status = 403

    def __init__(self) -> None:
        super().__init__(
            "Je bent te lang geleden aangemeld. Meld je af en weer aan, en probeer het dan opnieuw."
        )


class TooManyTries(StaffError):
    """Too many tries from one place or on one login; `seconds` until the next may be made."""

    code = "too_many_tries"
    http_status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = max(1, seconds)
        minutes = -(-self.seconds // 60)
        wait = "1 minuut" if minutes == 1 else f"{minutes} minuten"
        super().__init__(f"Te veel pogingen. Wacht {wait} en probeer het dan opnieuw.")


class NotAllowed(StaffError):
    """Unknown, or not for this person: one answer for both, so that nothing can be probed."""

    code = "not_found"
    http_status = 404

    def __init__(self) -> None:
        super().__init__("Deze pagina is er niet.")
