"""The outbox's statements, parameters are passed in the order their places have in the text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Executable,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    select,
    text,
    tuple_,
    update,
)

from bot.outgoing import SendState
from bot.ports import PRESENCE
from storage.statements.core import Builder, at_most, given
from storage.tables.traffic import DEAD, LANE, LEASE, OUTBOX, UNSETTLED, WAITING

_LANE = ("community", "platform", "team", "place")
_ROW = ("community", "sequence")
_NO_LETTER = ("coalesce", "state", "attempts", "rendered")


def _state(state: SendState) -> Any:
    return literal_column(str(int(state)))


def queue(sql: Builder) -> Executable:
    """Insert rows; one that finds a waiting row of its key joins that row, and leaves its tag there."""
    insert = sql.into(OUTBOX)
    tag = case((insert.excluded.tag != text("''"), insert.excluded.tag), else_=OUTBOX.c.tag)
    made: Executable = insert.on_conflict_do_update(
        index_elements=["community", "coalesce"], index_where=WAITING, set_={"tag": tag}
    )
    return made


def wake(sql: Builder) -> Executable:
    """Something waits in a set of lanes; when they may be worked stays as it was."""
    insert = sql.into(LANE)
    made: Executable = insert.on_conflict_do_update(
        index_elements=list(_LANE), set_={"waiting": text("1")}, where=LANE.c.waiting == text("0")
    )
    return made


def last(sql: Builder) -> Executable:
    """(community, last sequence) of a set of communities."""
    source, (community,) = sql.wanted([OUTBOX.c.community])
    number = select(func.max(OUTBOX.c.sequence)).where(OUTBOX.c.community == community).scalar_subquery()
    return select(community, number).select_from(source)


def lanes(sql: Builder) -> Executable:
    """(now, limit) for a set of platforms: lanes that may be worked. Those another replica works on are passed over."""
    source, (platform,) = sql.wanted([LANE.c.platform])
    lane = [LANE.c[name] for name in _LANE]
    free = (LANE.c.platform == platform, LANE.c.waiting == text("1"), LANE.c.next_at <= bindparam("now"))
    found = select(*lane).select_from(source).where(*free).order_by(LANE.c.next_at, *lane)
    return at_most(found).with_for_update(of=LANE, skip_locked=True)


def owner() -> Executable:
    """(lane): who works it; held until the transaction ends."""
    return select(LANE.c.owner).where(*given(LANE, *_LANE)).with_for_update()


def lease() -> Executable:
    """(until, owner, lane)."""
    return _of_lane({"next_at": bindparam("until"), "owner": bindparam("holder")})


def free() -> Executable:
    """(next_at, lane, owner): let go of a lane that is still one's own."""
    return _of_lane({"next_at": bindparam("next"), "owner": text("NULL")}).where(LANE.c.owner == bindparam("holder"))


def take_over() -> Executable:
    """(now): free the lanes somebody holds."""
    return _freed()


def take_over_of() -> Executable:
    """(now, platform): those of one platform."""
    return _freed().where(*given(LANE, "platform"))


def rest() -> Executable:
    """(lane): nothing waits there."""
    return _of_lane({"waiting": text("0"), "owner": text("NULL")})


def first() -> Executable:
    """(lane): its first undelivered row."""
    left_out = ("coalesce", "error", "settled_at")
    row = select(*(column for column in OUTBOX.columns if column.name not in left_out))
    return at_most(row.where(*given(OUTBOX, *_LANE), UNSETTLED).order_by(OUTBOX.c.sequence), 1)


def state() -> Executable:
    """(row)."""
    return select(OUTBOX.c.state).where(*given(OUTBOX, *_ROW))


def attempt() -> Executable:
    """(rendered, row)."""
    return _of_row(
        {"state": _state(SendState.SENDING), "attempts": OUTBOX.c.attempts + text("1"), "rendered": bindparam("body")}
    )


def settle() -> Executable:
    """(state, error, settled_at, row): what became of it for good."""
    return _of_row({"state": bindparam("became"), "error": bindparam("why"), "settled_at": bindparam("at")})


def note() -> Executable:
    """(error, row)."""
    return _of_row({"error": bindparam("why")})


def renew() -> Executable:
    """(error, row): it was certainly not taken; it waits again, and that attempt does not count."""
    sending = OUTBOX.c.state == _state(SendState.SENDING)
    return _of_row(
        {
            "state": _state(SendState.WAITING),
            "attempts": OUTBOX.c.attempts - case((sending, text("1")), else_=text("0")),
            "rendered": text("NULL"),
            "error": bindparam("why"),
        }
    )


def newer() -> Executable:
    """(community, coalesce): whether a row of the key waits."""
    return select(text("1")).where(*given(OUTBOX, "community", "coalesce"), WAITING)


def next_at() -> Executable:
    """When the next lane may be worked."""
    return select(func.min(LANE.c.next_at)).where(LANE.c.waiting == text("1"))


def waiting() -> Executable:
    """How many rows are still to be delivered."""
    return select(func.count()).select_from(OUTBOX).where(UNSETTLED)


def forget_body() -> Executable:
    """(row): it was certainly not taken, so that it may be rendered anew."""
    return _of_row({"rendered": text("NULL")})


def dead() -> Executable:
    """(limit): dead letters."""
    row = select(*(column for column in OUTBOX.columns if column.name not in _NO_LETTER))
    return at_most(row.where(DEAD).order_by(OUTBOX.c.community, OUTBOX.c.sequence))


def dead_among(sql: Builder) -> Executable:
    """Those of a set of ids that are dead letters: id, sequence and lane."""
    source, (id_,) = sql.wanted([OUTBOX.c.id])
    row = select(OUTBOX.c.id, OUTBOX.c.sequence, *(OUTBOX.c[name] for name in _LANE)).select_from(source)
    return row.where(OUTBOX.c.id == id_, DEAD).order_by(OUTBOX.c.community, OUTBOX.c.sequence)


def revive() -> Executable:
    """(row): a dead letter is to be sent again, and merges with nothing."""
    values = {"state": _state(SendState.SENDING), "attempts": text("0"), "settled_at": text("NULL")}
    return update(OUTBOX).values(values).where(*given(OUTBOX, *_ROW), DEAD)


def drop() -> Executable:
    """(at, row): a dead letter is not to be sent any more."""
    values = {"state": _state(SendState.SUPERSEDED), "settled_at": bindparam("at")}
    return update(OUTBOX).values(values).where(*given(OUTBOX, *_ROW), DEAD)


def waiting_since() -> Executable:
    """(before, limit): lanes with rows put there before a time; how many, since when, and what the first one failed of."""
    lane = [OUTBOX.c[name] for name in _LANE]
    first = OUTBOX.alias("first")
    found = (
        select(
            *lane,
            func.count().label("rows"),
            func.min(OUTBOX.c.queued_at).label("since"),
            func.min(OUTBOX.c.sequence).label("sequence"),
        )
        .where(UNSETTLED, OUTBOX.c.queued_at < bindparam("before"))
        .group_by(*lane)
        .subquery("found")
    )
    same = (first.c.community == found.c.community, first.c.sequence == found.c.sequence)
    shown = (*(found.c[name] for name in _LANE), found.c.rows, found.c.since, first.c.error)
    rows = select(*shown).select_from(found.join(first, and_(*same)))
    return at_most(rows.order_by(found.c.since, *(found.c[name] for name in _LANE)))


def last_arrived() -> Executable:
    """(platform, limit): lanes of a platform where something arrived lately, and when the last did."""
    lane = [OUTBOX.c[name] for name in _LANE]
    arrived = (OUTBOX.c.platform == bindparam("platform"), OUTBOX.c.state == _state(SendState.DELIVERED))
    rows = select(*lane, func.max(OUTBOX.c.settled_at).label("arrived")).where(*arrived).group_by(*lane)
    return at_most(rows.order_by(*lane))


def prune() -> Executable:
    """(before, limit): delete rows settled long ago, save for dead letters."""
    settled = (OUTBOX.c.settled_at < bindparam("before"), OUTBOX.c.state != _state(SendState.DEAD))
    old = select(OUTBOX.c.community, OUTBOX.c.sequence).where(*settled)
    return delete(OUTBOX).where(tuple_(OUTBOX.c.community, OUTBOX.c.sequence).in_(at_most(old)))


def inherit() -> Executable:
    """(next_at, now, now): free lanes that are leased for longer, of processes without a lease of their own that lasts."""
    lane = [LANE.c[name] for name in _LANE]
    there = select(text("1")).where(
        LEASE.c.name == literal_column(f"'{PRESENCE}'").concat(LANE.c.owner), LEASE.c.until > bindparam("alive_at")
    )
    orphaned = (
        select(*lane)
        .where(LANE.c.waiting == text("1"), LANE.c.next_at > bindparam("now"))
        .where(LANE.c.owner.is_not(text("NULL")), ~exists(there.correlate(LANE)))
        .with_for_update(of=LANE, skip_locked=True)
    )
    values = [(LANE.c.next_at, bindparam("again")), (LANE.c.owner, text("NULL"))]
    return update(LANE).ordered_values(*values).where(tuple_(*lane).in_(orphaned))


def _freed() -> Update:
    freed = {"next_at": bindparam("now"), "owner": text("NULL")}
    return update(LANE).where(LANE.c.owner.is_not(text("NULL"))).values(freed)


def _of_row(values: dict[str, Any]) -> Update:
    changes = [(OUTBOX.c[name], value) for name, value in values.items()]
    return update(OUTBOX).ordered_values(*changes).where(*given(OUTBOX, *_ROW), UNSETTLED)


def _of_lane(values: dict[str, Any]) -> Update:
    changes = [(LANE.c[name], value) for name, value in values.items()]
    return update(LANE).ordered_values(*changes).where(*given(LANE, *_LANE))
