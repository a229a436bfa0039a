"""The flags on working groups that lack a co-facilitator, or whose two are of one stakeholder group; exceptions for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

KEY = ("community", "group", "gate", "number")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "facilitator_flag",
        *(sa.Column(name, WORD, nullable=False) for name in ("community", "group", "flag")),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("noticed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community", "group", "flag", name="pk_facilitator_flag"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_facilitator_flag_community_flag", "facilitator_flag", ["community", "flag"])
    before = sa.table("chair_exception", *(sa.column(name) for name in (*KEY, "reason", "given_at", "given_by")))
    kept = [dict(row._mapping) for row in op.get_bind().execute(sa.select(before))]
    op.drop_table("chair_exception")
    made = op.create_table(
        "chair_exception",
        *(sa.Column(name, WORD, nullable=False) for name in KEY[:-1]),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("given_by", WORD, nullable=True),
        sa.Column("people", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(*KEY, name="pk_chair_exception"),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(made, [{**row, "people": None} for row in kept])
