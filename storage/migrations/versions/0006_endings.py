"""How working groups ended, and which came after which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "ending",
        sa.Column("community", WORD, nullable=False),
        sa.Column("group", WORD, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.Column("ended_by", WORD, nullable=True),
        sa.Column("note", WORD, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", name="pk_ending"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "succession",
        *(sa.Column(name, WORD, nullable=False) for name in ("community", "group", "successor")),
        sa.PrimaryKeyConstraint("community", "group", name="pk_succession"),
        sqlite_with_rowid=False,
    )
    groups = sa.table("working_group", *(sa.column(name) for name in ("community", "id", "predecessor", "proposed_at")))
    last = {
        (row.community, row.predecessor): row.id
        for row in op.get_bind().execute(
            sa.select(groups).where(groups.c.predecessor.is_not(None)).order_by(groups.c.proposed_at)
        )
    }
    made = sa.table("succession", *(sa.column(name) for name in ("community", "group", "successor")))
    op.bulk_insert(
        made,
        [{"community": who, "group": before, "successor": after} for (who, before), after in last.items()],
    )
