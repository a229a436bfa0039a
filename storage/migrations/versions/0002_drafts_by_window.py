"""Drafts by window, and homes found by the workspace they are in.

A draft's key gains its window, which no database can add to a primary key in place: the few rows there are are carried over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
KEY = ("community", "platform", "team", "user", "place", "window")


def upgrade() -> None:
    """Make them."""
    before = sa.table(
        "draft", *(sa.column(name) for name in (*KEY[:-1], "command", "answers", "asking", "skipped", "updated_at"))
    )
    kept = [dict(row._mapping) for row in op.get_bind().execute(sa.select(before))]
    op.drop_table("draft")
    made = op.create_table(
        "draft",
        *(sa.Column(name, WORD, nullable=False) for name in (*KEY, "command")),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("asking", WORD, nullable=False),
        sa.Column("skipped", sa.Text(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_draft"),
        sqlite_with_rowid=True,
    )
    op.bulk_insert(made, [{**row, "window": ""} for row in kept])
    op.create_index("ix_home_platform_team", "home", ["platform", "team"])
