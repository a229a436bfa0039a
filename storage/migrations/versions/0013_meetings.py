"""Meetings: their agendas, attendance, queue, summaries and actions, who organises them, and searches for a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "meeting",
        *_words("community"),
        *_numbers("number"),
        *_words("body", "title", "venue", "link"),
        *_instants("starts_at", "ends_at"),
        *_words("zone", "scheduled_by"),
        *_instants("scheduled_at", "changed_at"),
        *_numbers("revision"),
        *_words("state", "why"),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_numbers("topic", "notes_from", "notes_to"),
        sa.Column("summarised_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community", "number", name="pk_meeting"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_meeting_community_body", "meeting", ["community", "body"])
    op.create_index("ix_meeting_community_state", "meeting", ["community", "state"])
    op.create_table(
        "meeting_delegate",
        *_words("community", "body", "person"),
        sa.Column("named_by", WORD, nullable=True),
        *_instants("since"),
        sa.PrimaryKeyConstraint("community", "body", "person", name="pk_meeting_delegate"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agenda_item",
        *_words("community"),
        *_numbers("meeting", "number"),
        *_words("text"),
        sa.Column("proposed_by", WORD, nullable=True),
        *_words("matter"),
        *_numbers("place"),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community", "meeting", "number", name="pk_agenda_item"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attendance",
        *_words("community"),
        *_numbers("meeting"),
        *_words("person", "state", "stakeholder_group", "regional_group"),
        *_numbers("turns"),
        *_instants("noted_at"),
        sa.PrimaryKeyConstraint("community", "meeting", "person", name="pk_attendance"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "raised_hand",
        *_words("community"),
        *_numbers("meeting"),
        *_words("person"),
        *_instants("raised_at"),
        sa.PrimaryKeyConstraint("community", "meeting", "person", name="pk_raised_hand"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meeting_summary",
        *_words("community"),
        *_numbers("meeting"),
        *_words("text"),
        sa.Column("edited_by", WORD, nullable=True),
        *_instants("edited_at"),
        sa.Column("approved_by", WORD, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("community", "meeting", name="pk_meeting_summary"),
        sqlite_with_rowid=True,
    )
    _actions()
    _searches()


def _actions() -> None:
    op.create_table(
        "agreed_action",
        *_words("community"),
        *_numbers("number"),
        *_words("body"),
        *_numbers("meeting"),
        *_words("text", "owner"),
        *_instants("due_at"),
        *_words("zone", "added_by"),
        *_instants("added_at"),
        sa.Column("done_at", INSTANT, nullable=True),
        *_words("note"),
        sa.PrimaryKeyConstraint("community", "number", name="pk_agreed_action"),
        sqlite_with_rowid=True,
    )
    for name in ("body", "owner", "meeting"):
        op.create_index(f"ix_agreed_action_community_{name}", "agreed_action", ["community", name])


def _searches() -> None:
    op.create_table(
        "time_search",
        *_words("community"),
        *_numbers("number"),
        *_words("body", "title"),
        sa.Column("slots", sa.Text(), nullable=False),
        *_numbers("minutes"),
        *_words("zone", "opened_by"),
        *_instants("opened_at", "closes_at"),
        sa.Column("closed", sa.Boolean(), nullable=False),
        *_numbers("meeting"),
        sa.PrimaryKeyConstraint("community", "number", name="pk_time_search"),
        sqlite_with_rowid=False,
    )
    for name in ("body", "closed"):
        op.create_index(f"ix_time_search_community_{name}", "time_search", ["community", name])
    op.create_table(
        "availability",
        *_words("community"),
        *_numbers("search"),
        *_words("person"),
        sa.Column("slots", sa.Text(), nullable=False),
        *_instants("said_at"),
        sa.PrimaryKeyConstraint("community", "search", "person", name="pk_availability"),
        sqlite_with_rowid=False,
    )


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, WORD, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _instants(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, INSTANT, nullable=False) for name in names]
