"""Passkeys: the keys of members of staff, and what a browser was asked to sign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "counsellor_id",
            sa.Uuid(),
            sa.ForeignKey("counsellor.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("credential_index", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("last_used_at", moment, nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix__passkey__counsellor_id", "passkey", ["counsellor_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", moment, nullable=False),
    )
    op.create_index("ix__passkey_challenge__ends_at", "passkey_challenge", ["ends_at"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("passkey_challenge")
    op.drop_table("passkey")
