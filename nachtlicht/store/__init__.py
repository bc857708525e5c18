"""The store: typed tables, migrations, and encryption of every personal field."""

from nachtlicht.store.base import Base
from nachtlicht.store.closing import Closing
from nachtlicht.store.conversation import (
    BOT_SPEAKS,
    LIVE_STATES,
    WAITING_STATES,
    Assessment,
    Author,
    Conversation,
    ConversationState,
    Message,
    Tally,
)
from nachtlicht.store.crypto import (
    DataKey,
    Keyring,
    MasterKeyError,
    SealError,
    create_master_key,
    new_token,
    token_hash,
)
from nachtlicht.store.engine import DatabaseUrlError
from nachtlicht.store.event import Event, EventKind
from nachtlicht.store.handoff import Handoff, HandoffStatus
from nachtlicht.store.migrate import MigrationError, migrate
from nachtlicht.store.staff import Audit, Counsellor, KeySlot, Presence, Role, SignInSession
from nachtlicht.store.store import ConversationForgotten, Store, StoreError

__all__ = [
    "BOT_SPEAKS",
    "LIVE_STATES",
    "WAITING_STATES",
    "Assessment",
    "Audit",
    "Author",
    "Base",
    "Closing",
    "Conversation",
    "ConversationForgotten",
    "ConversationState",
    "Counsellor",
    "DataKey",
    "DatabaseUrlError",
    "Event",
    "EventKind",
    "Handoff",
    "HandoffStatus",
    "KeySlot",
    "Keyring",
    "MasterKeyError",
    "Message",
    "MigrationError",
    "Presence",
    "Role",
    "SealError",
    "SignInSession",
    "Store",
    "StoreError",
    "Tally",
    "create_master_key",
    "migrate",
    "new_token",
    "token_hash",
]
