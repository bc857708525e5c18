"""What can be refused to a young person: each a class with its code and HTTP status.

The sentence is English, for whoever builds a client; the Dutch one is looked up by the code in
the release. It never holds a word of a talk, nor a token.
"""

from __future__ import annotations


class ChatError(Exception):
    """A refusal by the chat."""

    code = "chat"
    http_status = 400


class TokenUnknown(ChatError):
    """There is no talk that this token opens."""

    code = "token_unknown"
    http_status = 401

    def __init__(self) -> None:
        super().__init__("The token does not open this conversation.")


class ConversationGone(ChatError):
    """The talk was left or forgotten; its token is dead."""

    code = "conversation_gone"
    http_status = 410

    def __init__(self) -> None:
        super().__init__("The conversation was left or forgotten.")


class CodeUnknown(ChatError):
    """These words open no talk: one answer for wrong, wiped and expired."""

    code = "code_unknown"
    http_status = 404

    def __init__(self) -> None:
        super().__init__("These words open no conversation.")


class OpinionRefused(ChatError):
    """An end question or an answer that there is not."""

    code = "opinion_refused"
    http_status = 422

    def __init__(self) -> None:
        super().__init__("There is no such question or answer.")


class ClientIdReused(ChatError):
    """The same client id came with another text: a fault of the client, nothing is stored."""

    code = "client_id_reused"
    http_status = 409

    def __init__(self) -> None:
        super().__init__("This client_id was used before with another text.")


class SeqAhead(ChatError):
    """A number was asked for that the talk has not reached."""

    code = "seq_ahead"
    http_status = 409

    def __init__(self, after: int, last: int) -> None:
        super().__init__(f"after={after} lies beyond the last event, {last}.")


class TextRefused(ChatError):
    """A text that cannot be taken as a line."""

    http_status = 422


class TextEmpty(TextRefused):
    """Nothing but space and invisible characters."""

    code = "text_empty"

    def __init__(self) -> None:
        super().__init__("The text holds nothing that can be read.")


class TextControlCharacters(TextRefused):
    """NUL or other control characters; tab and line ends are fine."""

    code = "text_control_characters"

    def __init__(self) -> None:
        super().__init__("The text holds control characters.")


class TextNotUnicode(TextRefused):
    """Half a surrogate pair: no text in any script."""

    code = "text_not_unicode"

    def __init__(self) -> None:
        super().__init__("The text holds lone surrogates.")


class TextTooLong(TextRefused):
    """More characters than a line may have."""

    code = "text_too_long"
    http_status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"The text is longer than {limit} characters.")


class EntryRefused(ChatError):
    """The name of an entry or source holds what a name cannot hold."""

    code = "entry_refused"
    http_status = 422

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} must be 1 to 64 letters, digits, dots, hyphens or underscores.")


class TooManyLines(ChatError):
    """More lines than anybody types; refused only when no risk is seen in this one."""

    code = "too_many"
    http_status = 429

    def __init__(self) -> None:
        self.headers = {"Retry-After": "30"}
        super().__init__("Too many lines; wait a moment.")
