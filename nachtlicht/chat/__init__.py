"""What can be done in a talk, by a young person and at the desk. No other room changes rows."""

from nachtlicht.chat.bot import BotClient, BotSilent
from nachtlicht.chat.errors import ChatError, ConversationGone, TokenUnknown
from nachtlicht.chat.notifier import Notifier
from nachtlicht.chat.releases import Releases
from nachtlicht.chat.service import Chat

__all__ = [
    "BotClient",
    "BotSilent",
    "Chat",
    "ChatError",
    "ConversationGone",
    "Notifier",
    "Releases",
    "TokenUnknown",
]
