"""The close form as counts, and to whom a counsellor offers a talk in a warm transfer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the two columns."""
    op.create_table(
        "closing",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("desk_code", sa.String(64), nullable=False),
        sa.Column("entry", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("call_type", sa.String(32), nullable=False),
        sa.Column("categories", sa.String(512), nullable=False),
        sa.Column("level_flagged", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("wait_seconds", sa.Integer(), nullable=False),
        sa.Column("talk_seconds", sa.Integer(), nullable=False),
        sa.Column("theme_flagged", sa.String(64), nullable=True),
        sa.Column("theme", sa.String(64), nullable=True),
        sa.Column("referral", sa.String(64), nullable=True),
    )
    op.create_index("ix__closing__day", "closing", ["day"])
    # No foreign key: SQLite cannot add one, and who is gone cannot accept anyway.
    op.add_column("handoff", sa.Column("offered_to_id", sa.Uuid(), nullable=True))
    op.add_column("handoff", sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("handoff") as handoff:
        handoff.drop_column("offered_at")
        handoff.drop_column("offered_to_id")
    op.drop_table("closing")
