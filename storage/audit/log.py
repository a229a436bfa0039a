"""The audit log in SQL: written at the end of a transaction, read as a stream. What it means: `storage.audit.chain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Executable, and_, bindparam, select

from bot.domain.ids import CommunityId, PersonId
from storage.audit.chain import Entry, Forgotten, Head, Step, genesis
from storage.databases.sql import Row, Session, Sql
from storage.tables.log import AUDIT, AUDIT_PRIVATE, CHAIN_HEAD

Heads = dict[CommunityId, Head]


def heads(session: Session, sql: Sql, communities: Iterable[CommunityId], *, lock: bool = False) -> Heads:
    """Where each community's log ends; nothing for one that has no log yet. `lock`: hold them, in order."""
    statement = sql.lock_set(CHAIN_HEAD) if lock else sql.find_set(CHAIN_HEAD, ("community",))
    rows = session.matching(statement, [(community,) for community in sorted(set(communities))])
    return {community: Head(sequence, bytes(value)) for community, sequence, value in rows}


def write(session: Session, sql: Sql, steps: Sequence[Step], known: Heads) -> None:
    """Append and erase, in order. `known` are the heads of those communities that have one."""
    ends: Heads = {}
    public: list[Row] = []
    private: dict[Row, Entry] = {}
    erased: set[Row] = set()
    instant = sql.to_instant
    for step in steps:
        if isinstance(step, Forgotten):
            erased.update(_kept(session, sql, step))
            same = [key for key, entry in private.items() if key[0] == step.community and step.concerns(entry)]
            for key in same:
                del private[key]
            continue
        community = step.fact.community
        entry = step.sealed(ends.get(community) or known.get(community) or genesis(community))
        ends[community] = Head(entry.sequence, entry.hash)
        body = entry.body.decode()
        public.append(
            (community, entry.sequence, instant(entry.at), entry.name, entry.by, entry.origin, body, entry.hash)
        )
        if entry.private is not None:
            private[community, entry.name, entry.sequence] = entry
    if public:
        session.write(sql.insert(AUDIT), public)
    for statement, moved in (
        (sql.insert(CHAIN_HEAD), [community for community in ends if community not in known]),
        (sql.upsert(CHAIN_HEAD), [community for community in ends if community in known]),
    ):
        if moved:
            session.write(statement, [(each, ends[each].sequence, ends[each].hash) for each in moved])
    if private:
        values = [(*key, entry.private.decode()) for key, entry in private.items() if entry.private is not None]
        session.write(sql.insert(AUDIT_PRIVATE), values)
    if erased:
        session.write(sql.delete(AUDIT_PRIVATE), sorted(erased))


def entries(session: Session, sql: Sql, community: CommunityId) -> Iterator[Entry]:
    """A community's log in order."""
    for row in session.each(sql.text("entries", of=_entries), (community,)):
        sequence, at, name, by, origin, body, value, private = row
        yield Entry(
            sequence,
            sql.from_instant(at),
            name,
            None if by is None else PersonId(by),
            origin,
            body.encode(),
            bytes(value),
            None if private is None else private.encode(),
        )


def _kept(session: Session, sql: Sql, step: Forgotten) -> list[Row]:
    """The keys of the private values in the database that are to be erased."""
    rows = session.rows(sql.text("kept", of=_private_bodies), (step.community, step.name))
    return [(step.community, step.name, sequence) for sequence, body in rows if step.names(body.encode())]


_SAME = and_(
    AUDIT_PRIVATE.c.community == AUDIT.c.community,
    AUDIT_PRIVATE.c.name == AUDIT.c.name,
    AUDIT_PRIVATE.c.sequence == AUDIT.c.sequence,
)


def _entries() -> Executable:
    columns = [column for column in AUDIT.columns if column.name != "community"]
    return (
        select(*columns, AUDIT_PRIVATE.c["values"])
        .select_from(AUDIT.outerjoin(AUDIT_PRIVATE, _SAME))
        .where(AUDIT.c.community == bindparam("community"))
        .order_by(AUDIT.c.sequence)
    )


def _private_bodies() -> Executable:
    return (
        select(AUDIT.c.sequence, AUDIT.c.body)
        .select_from(AUDIT_PRIVATE.join(AUDIT, _SAME))
        .where(AUDIT_PRIVATE.c.community == bindparam("community"), AUDIT_PRIVATE.c.name == bindparam("name"))
    )
