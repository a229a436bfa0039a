"""The periodic updates of working groups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "progress_update",
        sa.Column("community", WORD, nullable=False),
        sa.Column("group", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", WORD, nullable=False),
        *(sa.Column(name, WORD, nullable=False) for name in ("progress", "next_steps", "help_needed")),
        sa.Column("posted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", "number", name="pk_progress_update"),
        sqlite_with_rowid=True,
    )
