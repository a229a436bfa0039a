"""Any sequence of puts, drops, reads, undoings, commits and failures leaves a database as it leaves the store in memory.

The two are written independently of each other, so that each is the other's proof.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.consensus.checks import Held, TallyCell
from bot.domain.consensus.positions import Position
from bot.domain.events import Fact
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.people import PersonAdded, Role, Seat
from bot.domain.polls import Choice, PollChosen
from bot.domain.proposals import CoProposer, CoProposing
from bot.outgoing import Lane, Outgoing, SendKind
from storage.memory import MemoryStore, MemoryUnitOfWork
from storage.shapes import shape_of
from storage.sqlite_driver import driver
from storage.store import SqlStore
from storage.unit_of_work import SqlUnitOfWork
from tests.support.postgres import Server

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
COMMUNITIES = [CommunityId("mag"), CommunityId("nri")]
community = st.sampled_from(COMMUNITIES)
number = st.integers(1, 2)
person = st.sampled_from([PersonId(name) for name in "abc"])
record = st.one_of(
    st.builds(Seat, community, number, person, st.sampled_from([Role.CHAIR, Role.MEMBER]), st.just(""), st.just("")),
    st.builds(Held, community, number, person, st.sampled_from(Position), st.sampled_from(["", "why"]), st.just(NOON)),
    st.builds(TallyCell, community, number, st.sampled_from("xy"), st.sampled_from([*Position][:2]), number),
    st.builds(Choice, community, number, person, st.tuples(number), st.just(NOON)),
    st.builds(
        CoProposer, community, st.sampled_from([GroupId("g"), GroupId("h")]), person, st.sampled_from(CoProposing)
    ),
)
lists = st.one_of(
    st.tuples(st.just(Seat), st.fixed_dictionaries({"community": community, "cycle": number})),
    st.tuples(
        st.just(Seat),
        st.fixed_dictionaries({"community": community, "cycle": number, "role": st.sampled_from([*Role][:2])}),
    ),
    st.tuples(st.just(Held), st.fixed_dictionaries({"community": community, "check": number})),
    st.tuples(st.just(TallyCell), st.fixed_dictionaries({"community": community, "check": number})),
    st.tuples(st.just(Choice), st.fixed_dictionaries({"community": community, "poll": number})),
    st.tuples(st.just(CoProposer), st.fixed_dictionaries({"community": community, "person": person})),
)
event = st.one_of(
    st.builds(PollChosen, number, person, st.tuples(number), st.just(())),
    st.builds(PersonAdded, person, st.sampled_from(["", "Ana"]), st.just("")),
)
lane = st.builds(Lane, st.just("slack"), st.just("T"), st.sampled_from("pq"))
row = st.builds(
    Outgoing,
    community,
    st.uuids().map(str),
    lane,
    st.sampled_from(SendKind),
    st.sampled_from("st"),
    st.none(),
    st.just(""),
)


def key_of(kept: Any) -> tuple[Any, ...]:
    return tuple(getattr(kept, name) for name in shape_of(type(kept)).key)


class Both(RuleBasedStateMachine):
    """Drives a database and the store in memory side by side."""

    sql: SqlStore

    def __init__(self) -> None:
        super().__init__()
        self.memory = MemoryStore()
        self.now = NOON
        self.open: list[tuple[AbstractContextManager[Any], Any]] = []
        self.marks: list[tuple[int, int]] = []

    @initialize()
    def begin(self) -> None:
        for store in (self.sql, self.memory):
            manager: AbstractContextManager[Any] = store.writing(COMMUNITIES)
            self.open.append((manager, manager.__enter__()))

    @property
    def works(self) -> tuple[SqlUnitOfWork, MemoryUnitOfWork]:
        (_, sql), (_, memory) = self.open
        return sql, memory

    @rule(made=record)
    def put(self, made: Any) -> None:
        for work in self.works:
            work.put(made)

    @rule(made=record)
    def drop(self, made: Any) -> None:
        for work in self.works:
            work.drop(made)

    @rule(made=record)
    def get(self, made: Any) -> None:
        sql, memory = self.works
        assert sql.get(type(made), *key_of(made)) == memory.get(type(made), *key_of(made))

    @rule(of=lists)
    def all(self, of: tuple[type[Any], dict[str, Any]]) -> None:
        kind, by = of
        sql, memory = self.works
        assert sql.all(kind, **by) == memory.all(kind, **by)

    @rule(made=st.lists(record, max_size=4), of=st.lists(lists, max_size=3))
    def prefetch(self, made: list[Any], of: list[tuple[type[Any], dict[str, Any]]]) -> None:
        for work in self.works:
            work.prefetch([(type(each), key_of(each)) for each in made], [(kind, tuple(by.items())) for kind, by in of])

    @rule()
    def mark(self) -> None:
        sql, memory = self.works
        self.marks.append((sql.mark(), memory.mark()))

    @precondition(lambda self: self.marks)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        depth = data.draw(st.integers(0, len(self.marks) - 1))
        sql, memory = self.works
        sql.undo(self.marks[depth][0])
        memory.undo(self.marks[depth][1])
        del self.marks[depth:]

    @rule(of=community, origin=st.sampled_from("12"), reply=st.sampled_from([None, b"", b"reply"]))
    def answer(self, of: CommunityId, origin: str, reply: bytes | None) -> None:
        sql, memory = self.works
        assert sql.answered(of, origin) == memory.answered(of, origin)
        for work in self.works:
            work.remember(of, origin, reply, self.now)

    @rule(of=community, happened=event)
    def append(self, of: CommunityId, happened: Any) -> None:
        for work in self.works:
            work.append(Fact(of, self.now, None, happened), "origin")

    @rule(of=community, poll=number)
    def forget(self, of: CommunityId, poll: int) -> None:
        for work in self.works:
            work.forget(of, "poll.chosen", ("poll", poll))

    @rule(made=row)
    def send(self, made: Outgoing) -> None:
        for work in self.works:
            work.send(made)

    @rule(became=st.sampled_from(["delivered", "uncertain", "refused", "dead", "abandoned"]))
    def relay(self, became: str) -> None:
        self.now += timedelta(minutes=1)
        sql, memory = (work.outbox.claim(self.now, "me", 30, 2, ["slack"]) for work in self.works)
        assert sql == memory
        for claimed in sql:
            for work in self.works:
                assert work.outbox.attempt(claimed, "me", b"body")
                if became == "delivered":
                    work.outbox.delivered(claimed, "me", f"ts{claimed.sequence}", self.now, 1)
                elif became != "abandoned":
                    retry = None if became == "dead" else 5
                    work.outbox.failed(claimed, "me", became, self.now, retry, uncertain=became != "refused")
        self.marks.clear()  # what the relay marks is not undone

    @rule()
    def commit(self) -> None:
        self._end(None)

    @rule()
    def fail(self) -> None:
        self._end(RuntimeError("it went wrong"))

    @invariant()
    def the_outboxes_agree(self) -> None:
        if self.open:
            sql, memory = self.works
            assert sql.outbox.waiting() == memory.outbox.waiting()

    def _end(self, error: Exception | None) -> None:
        for manager, _ in self.open:
            assert not manager.__exit__(type(error) if error else None, error, None)
        self.open.clear()
        self.marks.clear()
        self._compare()
        self.begin()

    def _compare(self) -> None:
        with self.sql.reading() as sql, self.memory.reading() as memory:
            for of in COMMUNITIES:
                for kind in (Seat, Held, TallyCell, Choice, CoProposer):
                    assert list(sql.scan(kind, of)) == list(memory.scan(kind, of))
                assert [each for _, each in sql.facts(of)] == [each for _, each in memory.facts(of)]
                head = sql.head(of)
                assert (head.sequence if head else 0) == len(list(memory.entries(of)))

    def teardown(self) -> None:
        for manager, _ in self.open:
            manager.__exit__(None, None, None)
        if self.open:
            self._compare()


def run(url: str, empty: Any, examples: int) -> None:
    class Machine(Both):
        sql = SqlStore.open(url)

        def __init__(self) -> None:
            empty()
            super().__init__()

    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        Machine.sql.close()


def empty_sqlite(url: str) -> Any:
    connection = driver.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")
    tables = [name for (name,) in names]

    def empty() -> None:
        connection.execute("BEGIN IMMEDIATE")
        for table in tables:
            connection.execute(f'DELETE FROM "{table}"')
        connection.execute("COMMIT")

    return empty


def test_sqlite_and_memory_agree(sqlite_url: str) -> None:
    run(sqlite_url, empty_sqlite(sqlite_url), 60)


def test_postgres_and_memory_agree(postgres_18: Server) -> None:
    with postgres_18.database("with_tables") as url:
        name = url.rpartition("/")[2]
        run(url, lambda: postgres_18.empty(name), 20)
