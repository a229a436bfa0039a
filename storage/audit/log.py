"""The audit log in SQL: written at the end of a transaction, read as a stream. What it means: `storage.audit.chain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.ids import CommunityId, PersonId
from storage.audit.chain import Entry, Forgotten, Head, Step, genesis
from storage.databases.sql import Row, Session, Sql

Heads = dict[CommunityId, Head]


def heads(session: Session, sql: Sql, communities: Iterable[CommunityId], *, lock: bool = False) -> Heads:
    """Where each community's log ends; nothing for one that has no log yet. `lock`: hold them, in order."""
    statement = sql.lock_set("chain_head") if lock else sql.find_set("chain_head", ("community",))
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
        session.write(sql.insert("audit"), public)
    for statement, moved in (
        (sql.insert("chain_head"), [community for community in ends if community not in known]),
        (sql.upsert("chain_head"), [community for community in ends if community in known]),
    ):
        if moved:
            session.write(statement, [(each, ends[each].sequence, ends[each].hash) for each in moved])
    if private:
        values = [(*key, entry.private.decode()) for key, entry in private.items() if entry.private is not None]
        session.write(sql.insert("audit_private"), values)
    if erased:
        session.write(sql.delete("audit_private"), sorted(erased))


def entries(session: Session, sql: Sql, community: CommunityId) -> Iterator[Entry]:
    """A community's log in order."""
    for row in session.each(sql.text("audit.entries"), (community,)):
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
    rows = session.rows(sql.text("audit.private_bodies"), (step.community, step.name))
    return [(step.community, step.name, sequence) for sequence, body in rows if step.names(body.encode())]
