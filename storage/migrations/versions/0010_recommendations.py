"""Recommendations of working groups, and what a consultation is about where that is not the forming of its group.

Consultations gain a column. SQLite would write the changed table down in words of its own, so there it is made anew, and
the rows are carried over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    if op.get_bind().dialect.name == "sqlite":
        _consultations_anew()
    else:
        op.add_column("consultation", sa.Column("about", WORD, nullable=False, server_default=""))
        op.alter_column("consultation", "about", server_default=None)
    op.create_table(
        "recommendation",
        sa.Column("community", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, WORD, nullable=False) for name in ("group", "title", "author")),
        sa.Column("drafted_at", INSTANT, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("version", "consultation", "check", "mag_check")),
        *(sa.Column(name, WORD, nullable=False) for name in ("seeks", "minority_views")),
        sa.Column("handed_at", INSTANT),
        sa.Column("handed_by", WORD),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("answer", WORD),
        sa.Column("rationale", WORD, nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("settled_by", WORD),
        sa.PrimaryKeyConstraint("community", "number", name="pk_recommendation"),
        sa.CheckConstraint(
            "seeks IN ('taken note of', 'endorsed', 'not agreed')", name=op.f("ck_recommendation_seeks")
        ),
        sqlite_with_rowid=True,
    )
    for column in ("group", "settled", "check", "mag_check"):
        op.create_index(f"ix_recommendation_community_{column}", "recommendation", ["community", column])
    op.create_table(
        "recommendation_text",
        sa.Column("community", WORD, nullable=False),
        sa.Column("recommendation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", WORD, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("text", WORD, nullable=False),
        sa.PrimaryKeyConstraint("community", "recommendation", "version", name="pk_recommendation_text"),
        sqlite_with_rowid=True,
    )


def _consultations_anew() -> None:
    for column in ("group", "closed"):
        op.drop_index(f"ix_consultation_community_{column}", "consultation")
    op.rename_table("consultation", "consultation_before")
    op.create_table(
        "consultation",
        sa.Column("community", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("group", WORD, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("zone", WORD, nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.Column("extended_for_silence", sa.Boolean(), nullable=False),
        sa.Column("attested", sa.Boolean(), nullable=False),
        sa.Column("exception", WORD, nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("about", WORD, nullable=False),
        sa.PrimaryKeyConstraint("community", "number", name="pk_consultation"),
        sqlite_with_rowid=True,
    )
    op.execute("INSERT INTO consultation SELECT *, '' FROM consultation_before")
    op.drop_table("consultation_before")
    for column in ("group", "closed"):
        op.create_index(f"ix_consultation_community_{column}", "consultation", ["community", column])
