"""A working group's documents and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "document",
        sa.Column("community", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, WORD, nullable=False) for name in ("group", "title")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("why_withdrawn", WORD, nullable=False),
        sa.PrimaryKeyConstraint("community", "number", name="pk_document"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_document_community_group", "document", ["community", "group"])
    op.create_table(
        "document_version",
        sa.Column("community", WORD, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("document", "version")),
        *(sa.Column(name, WORD, nullable=False) for name in ("link", "text", "note", "added_by")),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "document", "version", name="pk_document_version"),
        sqlite_with_rowid=True,
    )
