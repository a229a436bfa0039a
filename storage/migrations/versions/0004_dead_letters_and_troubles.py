"""When a row came into the outbox and when it was parked; and the troubles people are told of.

The outbox gains a column. SQLite would write the changed table down in words of its own, so there it is made anew, and
the rows are carried over. Letters that were dead before are given no time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    if op.get_bind().dialect.name == "sqlite":
        _outbox_anew()
    else:
        op.add_column("outbox", sa.Column("queued_at", INSTANT))
    _index("ix_outbox_dead", "id", "state = 3")
    words = ("community", "platform", "team", "place", "reason")
    op.create_table(
        "trouble",
        *(sa.Column(name, WORD, nullable=False) for name in words),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("told_at", INSTANT),
        sa.PrimaryKeyConstraint(*words, name="pk_trouble"),
        sqlite_with_rowid=False,
    )


def _outbox_anew() -> None:
    for index in ("ix_outbox_lane", "ix_outbox_settled", "ux_outbox_coalesce"):
        op.drop_index(index, "outbox")
    op.rename_table("outbox", "outbox_before")
    op.create_table(
        "outbox",
        sa.Column("community", WORD, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        *(sa.Column(name, WORD, nullable=False) for name in ("id", "platform", "team", "place", "kind", "subject")),
        sa.Column("view", sa.Text()),
        sa.Column("tag", WORD, nullable=False),
        sa.Column("coalesce", WORD),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rendered", sa.LargeBinary()),
        sa.Column("error", WORD, nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("queued_at", INSTANT),
        sa.PrimaryKeyConstraint("community", "sequence", name="pk_outbox"),
        sa.CheckConstraint("kind IN ('post', 'refresh', 'provision')", name=op.f("ck_outbox_kind")),
        sa.CheckConstraint("state IN (0, 1, 2, 3, 4)", name=op.f("ck_outbox_state")),
        sqlite_with_rowid=True,
    )
    op.execute("INSERT INTO outbox SELECT *, NULL FROM outbox_before")
    op.drop_table("outbox_before")
    _index("ix_outbox_lane", "community platform team place sequence", "state < 2")
    _index("ix_outbox_settled", "settled_at", "settled_at IS NOT NULL")
    _index("ux_outbox_coalesce", "community coalesce", "state = 0", unique=True)


def _index(name: str, columns: str, where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, "outbox", columns.split(), unique=unique, sqlite_where=condition, postgresql_where=condition)
