"""When and where people want to be written to, and what waits until then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "preferences",
        sa.Column("community", WORD, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name="pk_preferences"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "held_back",
        sa.Column("community", WORD, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("view", WORD, nullable=False),
        sa.Column("subject", WORD, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", "number", name="pk_held_back"),
        sqlite_with_rowid=True,
    )
