"""How long each group lives: those there are end with their cycle, and have their deadlines from now on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Instant

revision = "0007"
down_revision = "0006"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ALIVE = ("proposed", "in consultation", "consensus check", "concluded upon", "approved", "active")
APPROVED = ("approved", "active")
WEEKS_BEFORE = (6, 2)


def upgrade() -> None:
    """Make them."""
    lifetime = op.create_table(
        "lifetime",
        sa.Column("community", WORD, nullable=False),
        sa.Column("group", WORD, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("community", "group", name="pk_lifetime"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lifetime_community_cycle", "lifetime", ["community", "cycle"])
    due = sa.table(
        "due",
        *(sa.column(name) for name in ("community", "kind", "subject", "zone")),
        sa.column("due_at", Instant()),
    )
    for group in _alive():
        approved = group.stage in APPROVED
        op.execute(
            sa.insert(lifetime).values(
                community=group.community, group=group.id, cycle=group.cycle, approved=approved, ends_on=None
            )
        )
        for kind, subject, at in _deadlines(group, approved=approved):
            op.execute(
                sa.insert(due).values(community=group.community, kind=kind, subject=subject, due_at=at, zone=group.zone)
            )


def _alive() -> Any:
    groups = sa.table(
        "working_group",
        *(sa.column(name) for name in ("community", "id", "stage", "cycle")),
        sa.column("decided_at", Instant()),
    )
    cycles = sa.table("cycle", sa.column("community"), sa.column("number"), sa.column("last_day", sa.Date()))
    communities = sa.table("community", sa.column("id"), sa.column("zone"))
    return op.get_bind().execute(
        sa.select(groups, cycles.c.last_day, communities.c.zone)
        .join(cycles, (cycles.c.community == groups.c.community) & (cycles.c.number == groups.c.cycle))
        .join(communities, communities.c.id == groups.c.community)
        .where(groups.c.stage.in_(ALIVE))
    )


def _deadlines(group: Any, *, approved: bool) -> Iterator[tuple[str, str, datetime]]:
    over = datetime.combine(group.last_day + timedelta(days=1), time(0), ZoneInfo(group.zone)).astimezone(UTC)
    yield "group-ends", group.id, over
    for weeks in WEEKS_BEFORE if approved else ():
        at = over - timedelta(weeks=weeks)
        if at > group.decided_at:
            yield "group-ending", f"{group.id}:{weeks}", at
