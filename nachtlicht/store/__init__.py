"""The store: typed tables, migrations, and encryption of every personal field."""

from nachtlicht.store.archive import ArchiveError
from nachtlicht.store.backup import BackupError, Restored, make_backup, restore_backup
from nachtlicht.store.base import Base
from nachtlicht.store.closing import Closing, Counted
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
from nachtlicht.store.passkey import Passkey, PasskeyChallenge
from nachtlicht.store.rotate import (
    RotationError,
    add_master_key,
    drop_old_master_keys,
    rewrap_all,
)
from nachtlicht.store.staff import Audit, Counsellor, KeySlot, Presence, Role, SignInSession
from nachtlicht.store.store import ConversationForgotten, Store, StoreError

__all__ = [
    "BOT_SPEAKS",
    "LIVE_STATES",
    "WAITING_STATES",
    "ArchiveError",
    "Assessment",
    "Audit",
    "Author",
    "BackupError",
    "Base",
    "Closing",
    "Conversation",
    "ConversationForgotten",
    "ConversationState",
    "Counsellor",
    "Counted",
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
    "Passkey",
    "PasskeyChallenge",
    "Presence",
    "Restored",
    "Role",
    "RotationError",
    "SealError",
    "SignInSession",
    "Store",
    "StoreError",
    "Tally",
    "add_master_key",
    "create_master_key",
    "drop_old_master_keys",
    "make_backup",
    "migrate",
    "new_token",
    "restore_backup",
    "rewrap_all",
    "token_hash",
]
