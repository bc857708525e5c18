"""Coming back by a code, blocks, the end questions, and an identity of the house's provider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table of counts."""
    moment = sa.DateTime(timezone=True)
    for column in (
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("blocked_until", moment, nullable=True),
        sa.Column("resembles_blocked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("opinions", sa.String(64), nullable=False, server_default=""),
    ):
        op.add_column("conversation", column)
    op.create_index("ix__conversation__code_hash", "conversation", ["code_hash"], unique=True)
    op.add_column("counsellor", sa.Column("oidc_index", sa.LargeBinary(), nullable=True))
    op.create_index("ix__counsellor__oidc_index", "counsellor", ["oidc_index"], unique=True)
    op.create_table(
        "counted",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("word", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("day", "kind", "word", name="uq__counted__day_kind_word"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("counted")
    op.drop_index("ix__counsellor__oidc_index", "counsellor")
    op.drop_index("ix__conversation__code_hash", "conversation")
    with op.batch_alter_table("counsellor") as counsellor:
        counsellor.drop_column("oidc_index")
    with op.batch_alter_table("conversation") as conversation:
        for name in ("opinions", "resembles_blocked", "blocked_until", "code_hash"):
            conversation.drop_column(name)
