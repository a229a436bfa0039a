"""Who is in a working group: participants, invitations, former members, volunteers; outreach; the Code of Conduct."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
MEMBER = ("community", "group", "person")


def upgrade() -> None:
    """Make them."""
    _table("participant", MEMBER, _instant("since"))
    _table("invitation", MEMBER, *_words("invited_by"), _instant("invited_at"))
    for name in ("participant", "invitation"):
        op.create_index(f"ix_{name}_community_person", name, ["community", "person"])
    op.create_table(
        "former_member",
        *_words(*MEMBER),
        _instant("since"),
        _instant("until"),
        sa.Column("participant", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(*MEMBER, "since", name="pk_former_member"),
        sqlite_with_rowid=False,
    )
    _table("volunteer", MEMBER, *_words("note"), _instant("since"))
    op.create_table(
        "outreach",
        *_words("community", "group"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_words("author"),
        sa.Column("reached", sa.Text(), nullable=False),
        *_words("text"),
        _instant("noted_at"),
        sa.PrimaryKeyConstraint("community", "group", "number", name="pk_outreach"),
        sqlite_with_rowid=True,
    )
    _table("acknowledgement", ("community", "person"), *_words("code"), _instant("at"))
    op.create_table(
        "conduct_report",
        *_words("community", "id", "reporter"),
        sa.Column("about", sa.Text(), nullable=False),
        *_words("text"),
        _instant("reported_at"),
        sa.Column("handled", sa.Text(), nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.PrimaryKeyConstraint("community", "id", name="pk_conduct_report"),
        sqlite_with_rowid=True,
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, WORD, nullable=False) for name in names]


def _instant(name: str) -> sa.Column[int]:
    return sa.Column(name, INSTANT, nullable=False)


def _table(name: str, keys: tuple[str, ...], *columns: sa.Column[str] | sa.Column[int]) -> None:
    op.create_table(
        name, *_words(*keys), *columns, sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"), sqlite_with_rowid=False
    )
