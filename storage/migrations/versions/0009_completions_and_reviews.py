"""The completion of working groups, and reviews of their progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "completion",
        *(sa.Column(name, WORD, nullable=False) for name in ("community", "group", "asked_by")),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("report", WORD, nullable=False),
        sa.Column("accounts", sa.Text(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("why", WORD, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", name="pk_completion"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "review",
        sa.Column("community", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("group", WORD, nullable=False),
        sa.Column("asked_by", WORD, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("reasons", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("replies_until", INSTANT, nullable=True),
        sa.Column("check", sa.Integer(), nullable=False),
        sa.Column("note", WORD, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community", "number", name="pk_review"),
        sqlite_with_rowid=True,
    )
    for name in ("group", "state", "check"):
        op.create_index(f"ix_review_community_{name}", "review", ["community", name])
    op.create_table(
        "review_reply",
        sa.Column("community", WORD, nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("author", WORD, nullable=False),
        sa.Column("text", WORD, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "review", "author", name="pk_review_reply"),
        sqlite_with_rowid=True,
    )
