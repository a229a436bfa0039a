"""Polls of several kinds: how each is answered, what came of it, and of which stakeholder group who answered is.

Polls and answers change. SQLite would write the changed tables down in words of its own, so there they are made anew,
and the rows are carried over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
KIND = "CASE WHEN multiple THEN 'multiple' ELSE 'single' END"


def upgrade() -> None:
    """Make them."""
    if op.get_bind().dialect.name == "sqlite":
        _polls_anew()
        _choices_anew()
        return
    op.add_column("poll", sa.Column("kind", WORD))
    op.execute(f"UPDATE poll SET kind = {KIND}")  # noqa: S608 - no value of anybody's
    op.alter_column("poll", "kind", nullable=False)
    op.drop_column("poll", "multiple")
    op.add_column("poll", sa.Column("result", sa.Text()))
    op.add_column("choice", sa.Column("stakeholder_group", WORD, nullable=False, server_default=""))
    op.alter_column("choice", "stakeholder_group", server_default=None)


def _polls_anew() -> None:
    for column in ("body", "closed"):
        op.drop_index(f"ix_poll_community_{column}", "poll")
    op.rename_table("poll", "poll_before")
    op.create_table(
        "poll",
        sa.Column("community", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", WORD, nullable=False),
        sa.Column("question", WORD, nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("opened_by", WORD, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("zone", WORD, nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("result", sa.Text()),
        sa.PrimaryKeyConstraint("community", "number", name="pk_poll"),
        sqlite_with_rowid=True,
    )
    before = (
        "community, number, body, question, options, hidden, secret, opened_by, opened_at, closes_at, zone, answers, "
        f"counts, closed, closed_at, {KIND}, NULL"
    )
    op.execute(f"INSERT INTO poll SELECT {before} FROM poll_before")  # noqa: S608 - no value of anybody's
    op.drop_table("poll_before")
    for column in ("body", "closed"):
        op.create_index(f"ix_poll_community_{column}", "poll", ["community", column])


def _choices_anew() -> None:
    op.rename_table("choice", "choice_before")
    op.create_table(
        "choice",
        sa.Column("community", WORD, nullable=False),
        sa.Column("poll", sa.Integer(), nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("chosen_at", INSTANT, nullable=False),
        sa.Column("stakeholder_group", WORD, nullable=False),
        sa.PrimaryKeyConstraint("community", "poll", "person", name="pk_choice"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO choice SELECT *, '' FROM choice_before")
    op.drop_table("choice_before")
