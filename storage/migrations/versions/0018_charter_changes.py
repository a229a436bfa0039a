"""Changes of charters that are put to the full membership."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "charter_change",
        sa.Column("community", WORD, nullable=False),
        sa.Column("group", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_by", WORD, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("why", WORD, nullable=False),
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("check", sa.Integer(), nullable=False),
        sa.Column("note", WORD, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", "number", name="pk_charter_change"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_charter_change_community_state", "charter_change", ["community", "state"])
