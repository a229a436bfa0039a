"""Working groups' own modalities, and the Secretariat's role in each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "modalities",
        *_versioned(),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.Column("proposed_by", WORD, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("check", sa.Integer(), nullable=False),
        sa.Column("adopted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community", "group", "version", name="pk_modalities"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_modalities_community_check", "modalities", ["community", "check"])
    op.create_table(
        "secretariat_role",
        *_versioned(),
        sa.Column("proposed_by", WORD, nullable=False),
        sa.Column("by_secretariat", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("confirmed_by", WORD, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community", "group", "version", name="pk_secretariat_role"),
        sqlite_with_rowid=True,
    )


def _versioned() -> tuple[sa.Column[str], sa.Column[str], sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("community", WORD, nullable=False),
        sa.Column("group", WORD, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", WORD, nullable=False),
    )
