"""Addresses whose mail comes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "bouncing",
        *(sa.Column(name, WORD, nullable=False) for name in ("community", "place", "address", "status")),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("flagged_at", INSTANT),
        sa.PrimaryKeyConstraint("community", "place", name="pk_bouncing"),
        sqlite_with_rowid=False,
    )
