"""The first tables: talks, handoffs, the outbox, staff, audit. Encrypted from the start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "assessment",
    "sign_in_session",
    "presence",
    "message",
    "handoff",
    "event",
    "tally",
    "key_slot",
    "counsellor",
    "conversation",
    "audit",
)


def upgrade() -> None:
    """Make the tables, parents first."""
    _audit()
    _conversation()
    _counsellor()
    _lines()
    _handoff()
    _assessment()
    _signed_in()
    _counts_and_keys()
    _guard_audit()


def downgrade() -> None:
    """Drop the tables, children first."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_append_only ON audit")
        op.execute("DROP FUNCTION refuse_audit_change()")
    for table in _TABLES:
        op.drop_table(table)


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _word(name: str, length: int = 64, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=null)


def _sealed(name: str, *, null: bool = True) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _child_of(parent: str, *, column: str | None = None, null: bool = False) -> sa.Column[object]:
    """A foreign key; a parent that goes takes its children along, or leaves them nameless."""
    key = sa.ForeignKey(f"{parent}.id", ondelete="SET NULL" if null else "CASCADE")
    return sa.Column(column or f"{parent}_id", sa.Uuid(), key, nullable=null)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        _moment("at"),
        _word("action"),
        sa.Column("counsellor_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        _word("detail", 256, null=True),
    )
    for column in ("at", "conversation_id", "counsellor_id"):
        op.create_index(f"ix__audit__{column}", "audit", [column])


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        _sealed("wrapped_key"),
        _word("entry"),
        _word("bot_sender"),
        _moment("created_at"),
        _moment("last_line_at"),
        _word("source", null=True),
        _word("audience", 32, null=True),
        _word("state", 32),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        _word("theme", null=True),
        _word("desk_code", null=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("reply_due", sa.Integer(), nullable=True),
        sa.Column("bot_turns", sa.Integer(), nullable=False),
        sa.Column("wanted_human", sa.Boolean(), nullable=False),
        sa.Column("offered_human", sa.Boolean(), nullable=False),
        _word("told_urgent", null=True),
        sa.Column("declined_level", sa.SmallInteger(), nullable=True),
        _word("declined_theme", null=True),
        _moment("declined_at", null=True),
        _moment("youth_seen_at", null=True),
        _moment("human_joined_at", null=True),
        _moment("closed_at", null=True),
        _moment("forgotten_at", null=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
    )
    due = sa.text("reply_due IS NOT NULL")
    op.create_index("ix__conversation__due", "conversation", ["reply_due"], postgresql_where=due)
    op.create_index("ix__conversation__state", "conversation", ["state", "last_line_at"])


def _counsellor() -> None:
    op.create_table(
        "counsellor",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("login_index", sa.LargeBinary(), nullable=False, unique=True),
        _word("role", 32),
        _moment("created_at"),
        _sealed("login"),
        _sealed("display_name"),
        _word("password_hash", 256, null=True),
        _sealed("totp_secret"),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        _moment("locked_until", null=True),
        sa.Column("invitation_hash", sa.LargeBinary(), nullable=True, unique=True),
        _moment("invitation_ends_at", null=True),
        _moment("disabled_at", null=True),
    )


def _lines() -> None:
    op.create_table(
        "event",
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversation.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        _word("kind", 32),
        _moment("at"),
        _sealed("payload"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _child_of("conversation"),
        sa.Column("seq", sa.Integer(), nullable=False),
        _word("author", 32),
        _moment("at"),
        _sealed("text"),
        _sealed("buttons"),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("owed", sa.Boolean(), nullable=False),
        _child_of("counsellor", null=True),
        sa.UniqueConstraint("conversation_id", "client_id"),
        sa.UniqueConstraint("conversation_id", "seq"),
    )


def _handoff() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _child_of("conversation"),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        _moment("opened_at"),
        _word("desk_code"),
        _word("reason", 32),
        _word("theme", null=True),
        _word("status", 32),
        _child_of("counsellor", null=True),
        _moment("claimed_at", null=True),
        _moment("lease_until", null=True),
        _moment("closed_at", null=True),
        _word("outcome", 32, null=True),
        _sealed("note"),
    )
    for column in ("conversation_id", "counsellor_id", "lease_until"):
        op.create_index(f"ix__handoff__{column}", "handoff", [column])
    op.create_index("ix__handoff__queue", "handoff", ["status", "level", "opened_at"])
    still_open = sa.text("status != 'closed'")
    op.create_index(
        "uq__handoff__one_open",
        "handoff",
        ["conversation_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _child_of("conversation"),
        sa.Column(
            "message_id",
            sa.Uuid(),
            sa.ForeignKey("message.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        _moment("at"),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("rules_level", sa.SmallInteger(), nullable=False),
        sa.Column("model_level", sa.SmallInteger(), nullable=True),
        sa.Column("p_urgent", sa.Double(), nullable=True),
        _word("theme", null=True),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        _sealed("signals"),
    )
    op.create_index("ix__assessment__conversation_id", "assessment", ["conversation_id"])


def _signed_in() -> None:
    op.create_table(
        "presence",
        sa.Column(
            "counsellor_id",
            sa.Uuid(),
            sa.ForeignKey("counsellor.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        _moment("last_seen_at"),
        sa.Column("available", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _child_of("counsellor"),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        _word("csrf"),
        _moment("created_at"),
        _moment("last_seen_at"),
        _moment("ends_at"),
        _moment("ended_at", null=True),
    )
    op.create_index("ix__sign_in_session__counsellor_id", "sign_in_session", ["counsellor_id"])


def _counts_and_keys() -> None:
    kinds = ("day", "entry", "source", "level", "theme", "human", "ended")
    op.create_table(
        "tally",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        _word("entry"),
        _word("source"),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        _word("theme"),
        sa.Column("human", sa.Boolean(), nullable=False),
        _word("ended", 32),
        sa.Column("talks", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.UniqueConstraint(*kinds),
    )
    op.create_table(
        "key_slot",
        sa.Column("name", sa.String(32), primary_key=True),
        _sealed("wrapped_key", null=False),
    )


def _guard_audit() -> None:
    """Let the database itself refuse to change or remove a line of the audit."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
