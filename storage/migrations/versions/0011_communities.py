"""Which of their communities an account turned to last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make it."""
    account = ("community", "platform", "team", "user")
    op.create_table(
        "turned_to",
        *(sa.Column(name, WORD, nullable=False) for name in account),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(*account, name="pk_turned_to"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_turned_to_platform_team_user", "turned_to", ["platform", "team", "user"])
