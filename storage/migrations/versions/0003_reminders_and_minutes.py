"""Reminders: when each person was last reminded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "reminded",
        sa.Column("community", WORD, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name="pk_reminded"),
        sqlite_with_rowid=False,
    )
