"""When each person was last reminded; and notes for the minutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "reminded",
        sa.Column("community", WORD, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name="pk_reminded"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "minute",
        sa.Column("community", WORD, nullable=False),
        sa.Column("body", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", WORD, nullable=False),
        sa.Column("text", WORD, nullable=False),
        sa.Column("link", WORD, nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "body", "number", name="pk_minute"),
        sqlite_with_rowid=True,
    )
