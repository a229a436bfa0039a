"""The first tables.

A table is written as its columns in order: `name:type`, text compared byte by byte where no type is given, `!` for the
primary key, `?` where it may be empty. This is what the tables were at this revision: it is not changed with them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "": sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
    "json": sa.Text(),
    "number": sa.Integer(),
    "big": sa.BigInteger(),
    "flag": sa.Boolean(),
    "day": sa.Date(),
    "bytes": sa.LargeBinary(),
    "instant": sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql"),
}

TABLES = {
    "community": (
        "id! name zone language titles:json stakeholder_groups:json regional_groups:json settings:json sample:flag "
        "cycle:number clock_moved:big clock_frozen:instant?"
    ),
    "counter": "community! kind! last:number",
    "due": "community! kind! subject! due_at:instant zone",
    "person": "community! id! name email folded zone language",
    "account": "community! platform! team! user! person since:instant",
    "seat": "community! cycle:number! person! role stakeholder_group regional_group",
    "cycle": "community! number:number! name first_day:day last_day:day",
    "link_code": "community! digest! person expires_at:instant used:flag",
    "working_group": (
        "community! id! short_name full_name cycle:number stage proposer version:number proposed_at:instant "
        "posted_at:instant? consultation:number check:number decided_at:instant? decided_by? decision_note "
        "active_since:instant? predecessor?"
    ),
    "group_name": "community! folded! group name",
    "home": "community! platform! team! place! body name",
    "facilitator": "community! group! person! stakeholder_group since:instant until:instant? why_ended",
    "membership": "community! group! person! since:instant",
    "chair_exception": "community! group! gate! number:number! reason given_at:instant given_by?",
    "proposal": "community! group! version:number! author written_at:instant sections:json",
    "co_proposer": "community! group! person! state",
    "consultation": (
        "community! number:number! group opened_at:instant closes_at:instant zone closed:flag closed_at:instant? "
        "extended_for_silence:flag attested:flag exception comments:number"
    ),
    "comment": (
        "community! consultation:number! number:number! author kind text made_at:instant version:number response:number"
    ),
    "response": "community! consultation:number! number:number! author text made_at:instant",
    "consensus_check": (
        "community! number:number! body group form question rule opened_at:instant opened_by? closes_at:instant "
        "announced_close:instant zone asked:json need_time_used:flag notice_at:instant? closed:flag "
        "called_off:flag closed_at:instant? closed_by? closed_why outcome? rationale minority_views "
        "concluded_at:instant? concluded_by? met_on:day? meeting_link presided"
    ),
    "asked": "community! check:number! person! stakeholder_group",
    "position_held": "community! check:number! person! position reason taken_at:instant stated_by?",
    "tally_cell": "community! check:number! stakeholder_group! position! count:number",
    "objection": (
        "community! check:number! number:number! author reason raised_at:instant state in_public:flag answer "
        "settled_by? settled_at:instant?"
    ),
    "poll": (
        "community! number:number! body question options:json multiple:flag hidden:flag secret:flag opened_by "
        "opened_at:instant closes_at:instant zone answers:number counts:json closed:flag closed_at:instant?"
    ),
    "choice": "community! poll:number! person! options:json chosen_at:instant",
    "prepared_act": "community! number:number! command arguments:json prepared_by prepared_at:instant state",
    "chain_head": "community! sequence:big hash:bytes",
    "audit": "community! sequence:big! at:instant name by? origin body:json hash:bytes",
    "audit_private": "community! name! sequence:big! values:json",
    "inbox": "community! origin! at:instant reply:bytes?",
    "draft": "community! platform! team! user! place! command answers:json asking skipped:json updated_at:instant",
    "placement": "community! subject! platform! team! place! remote posted_at:instant",
    "outbox": (
        "community! sequence:big! id platform team place kind subject view:json? tag coalesce? state:number "
        "attempts:number rendered:bytes? error settled_at:instant?"
    ),
    "lane": "community! platform! team! place! waiting:number next_at:instant owner?",
}

LONG = frozenset(
    {
        "draft",
        "consensus_check",
        "comment",
        "objection",
        "response",
        "working_group",
        "inbox",
        "consultation",
        "poll",
        "outbox",
        "proposal",
        "prepared_act",
    }
)
"""Tables whose rows SQLite keeps apart from the primary key."""

CHECKS = {
    "co_proposer": {"ck_co_proposer_state": "state IN ('invited', 'confirmed', 'declined')"},
    "comment": {"ck_comment_kind": "kind IN ('comment', 'concern', 'change')"},
    "position_held": {
        "ck_position_held_position": "position IN ('support', 'live-with', 'stand-aside', 'object', 'abstain', 'need-time')"
    },
    "tally_cell": {
        "ck_tally_cell_position": "position IN ('support', 'live-with', 'stand-aside', 'object', 'abstain', 'need-time')"
    },
    "objection": {"ck_objection_state": "state IN ('open', 'withdrawn', 'accommodated', 'answered')"},
    "prepared_act": {"ck_prepared_act_state": "state IN ('waiting', 'confirmed', 'dropped')"},
    "outbox": {
        "ck_outbox_kind": "kind IN ('post', 'refresh', 'provision')",
        "ck_outbox_state": "state IN (0, 1, 2, 3, 4)",
    },
}

INDEXES = (
    ("due", "due_at"),
    ("person", "community email"),
    ("person", "community folded"),
    ("account", "community person"),
    ("account", "platform team user"),
    ("seat", "community cycle role"),
    ("link_code", "community person"),
    ("working_group", "community proposer"),
    ("working_group", "community stage"),
    ("group_name", "community group"),
    ("home", "community body"),
    ("home", "platform team place"),
    ("facilitator", "community person"),
    ("membership", "community person"),
    ("co_proposer", "community person"),
    ("consultation", "community closed"),
    ("consultation", "community group"),
    ("consensus_check", "community body"),
    ("consensus_check", "community closed"),
    ("consensus_check", "community group"),
    ("asked", "community person"),
    ("poll", "community body"),
    ("poll", "community closed"),
    ("prepared_act", "community state"),
    ("inbox", "at"),
)


def upgrade() -> None:
    """Make them."""
    for name, columns in TABLES.items():
        made = [_column(each) for each in columns.split()]
        key = sa.PrimaryKeyConstraint(*(each.name for each in made if each.info["key"]), name=f"pk_{name}")
        checks = [sa.CheckConstraint(said, name=op.f(check)) for check, said in CHECKS.get(name, {}).items()]
        op.create_table(name, *made, key, *checks, sqlite_with_rowid=name in LONG)
    for table, listed in INDEXES:
        op.create_index(f"ix_{table}_{listed.replace(' ', '_')}", table, listed.split())
    _index("ix_outbox_lane", "outbox", "community platform team place sequence", "state < 2")
    _index("ix_outbox_settled", "outbox", "settled_at", "settled_at IS NOT NULL")
    _index("ux_outbox_coalesce", "outbox", "community coalesce", "state = 0", unique=True)
    _index("ix_lane_next_at", "lane", "next_at", "waiting = 1")


def _column(written: str) -> sa.Column[Any]:
    name, _, type_ = written.rstrip("!?").partition(":")
    return sa.Column(name, TYPES[type_], nullable=written.endswith("?"), info={"key": written.endswith("!")})


def _index(name: str, table: str, columns: str, where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns.split(), unique=unique, sqlite_where=condition, postgresql_where=condition)
