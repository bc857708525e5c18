"""Which judgements still wait for the classifier: a process that dies must not lose its word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mark; the judgements that are there wait for nothing."""
    op.add_column(
        "assessment",
        sa.Column("verdict_due", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(
        "ix__assessment__verdict_due",
        "assessment",
        ["at"],
        sqlite_where=sa.text("verdict_due = 1"),
        postgresql_where=sa.text("verdict_due"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix__assessment__verdict_due", "assessment")
    with op.batch_alter_table("assessment") as assessment:
        assessment.drop_column("verdict_due")
