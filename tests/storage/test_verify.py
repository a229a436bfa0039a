"""A sound log is found sound; whatever byte is changed anywhere in log or state, verifying says so and names the place."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.community import CommunityCreated, Settings, Titles
from bot.domain.consensus.checks import CheckOpened, Form, Held, PositionTaken
from bot.domain.consensus.positions import Position
from bot.domain.dues import Due
from bot.domain.events import Fact, apply
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.people import PersonAdded, Role, SeatGiven
from bot.domain.polls import Choice, PollChosen, PollClosed, PollOpened
from bot.domain.records import Gone
from storage.schema import prepare
from storage.sqlite_driver import driver
from storage.store import SqlStore
from storage.verify import Flaw, Problem, verify
from tests.contracts.unit_of_work import AnyStore, AnyWork

MAG = CommunityId("mag")
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PEOPLE = [PersonId(name) for name in ("ana", "bo", "cy", "di")]


def happen(work: AnyWork, event: Any) -> None:
    fact = Fact(MAG, NOON, PEOPLE[0], event)
    for change in apply(work, fact):
        if isinstance(change, Gone):
            work.drop(change.record)
        else:
            work.put(change)
    work.append(fact, "origin")


def live(store: AnyStore) -> None:
    """A short life: people, a check with positions, a secret poll that is closed and a named one that is not."""
    until = NOON + timedelta(days=3)
    with store.writing([MAG]) as work:
        happen(work, CommunityCreated("MAG", "UTC", "en", Titles(), ("a", "b"), (), Settings(), False))
        for number, name in enumerate(PEOPLE):
            happen(work, PersonAdded(name, name.title(), f"{name}@example.org"))
            happen(work, SeatGiven(1, name, Role.MEMBER, "ab"[number % 2], ""))
        asked = tuple((name, "ab"[number % 2]) for number, name in enumerate(PEOPLE))
        happen(work, CheckOpened(1, "mag", GroupId(""), Form.FORMAL, "Agreed?", "rough", until, "UTC", asked))
        for number, secret in ((1, True), (2, False)):
            options = ("Geneva", "Lyon")
            happen(work, PollOpened(number, "mag", "Where?", options, False, True, secret, PEOPLE[0], until, "UTC"))
    with store.writing([MAG]) as work:
        for position in (Position.SUPPORT, Position.OBJECT):
            for number, name in enumerate(PEOPLE):
                held = work.get(Held, MAG, 1, name)
                before = held.position if held else None
                reason = "because" if position is Position.OBJECT else ""
                happen(work, PositionTaken(1, name, "ab"[number % 2], position, before, reason))
        for poll in (1, 2):
            for number, name in enumerate(PEOPLE[:3]):
                happen(work, PollChosen(poll, name, (1 + number % 2,), ()))
    with store.writing([MAG]) as work:
        happen(work, PollClosed(1, (2, 1), 3))
        work.forget(MAG, "poll.chosen", ("poll", 1))


def places(problems: list[Problem]) -> list[tuple[Flaw, str]]:
    return [(problem.flaw, problem.place) for problem in problems]


def test_a_sound_log_is_found_sound(store: AnyStore) -> None:
    live(store)
    assert verify(store, MAG) == []
    with store.reading() as reads:
        erased = [sequence for sequence, fact in reads.facts(MAG) if fact is None]
        assert len(erased) == 3
        assert reads.all(Choice, community=MAG, poll=1) == ()


def test_a_community_without_a_log_is_sound(store: AnyStore) -> None:
    assert verify(store, MAG) == []


def test_state_that_did_not_come_from_the_log_is_found(store: AnyStore) -> None:
    live(store)
    with store.writing([MAG]) as work:
        work.put(Held(MAG, 1, PEOPLE[0], Position.SUPPORT, "because", NOON))
        (due, *_) = work.all(Due, community=MAG)
        work.drop(due)
    assert places(verify(store, MAG)) == [
        (Flaw.REPLAY, f"Due ('mag', <{due.kind!r}, '{due.subject}')".replace("<<", "<")),
        (Flaw.REPLAY, "Held ('mag', 1, 'ana')"),
        (Flaw.TALLY, "TallyCell (1, 'a', 'object')"),
        (Flaw.TALLY, "TallyCell (1, 'a', 'support')"),
    ]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lived") / "wgbot.db"
    prepare(f"sqlite:///{path}")
    store = SqlStore.open(f"sqlite:///{path}")
    live(store)
    store.close()
    return path


class Tampering:
    """A database somebody edits behind the software's back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = driver.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA ignore_check_constraints=on")

    def run(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(statement, parameters).fetchall()
        return found

    def verify(self) -> list[Problem]:
        store = SqlStore.open(f"sqlite:///{self.path}", read_only=True)
        try:
            return verify(store, MAG)
        finally:
            store.close()


@pytest.fixture
def tampering(lived: Path, tmp_path: Path) -> Iterator[Tampering]:
    copied = tmp_path / "copied.db"
    copied.write_bytes(lived.read_bytes())
    made = Tampering(copied)
    yield made
    made.connection.close()


LOG_COLUMNS = ["sequence", "at", "name", "by", "origin", "body", "hash"]


@pytest.mark.parametrize("column", LOG_COLUMNS)
def test_a_byte_changed_in_the_log_is_named(tampering: Tampering, column: str) -> None:
    chance = random.Random(column)
    for sequence in (1, 2, 9, 15, 30):
        ((kept, kind),) = tampering.run(
            f'SELECT CAST("{column}" AS BLOB), typeof("{column}") FROM audit WHERE sequence = ?', sequence
        )
        changed = bytearray(kept)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(4)
        value = bytes(changed) if kind == "blob" else changed.decode(errors="surrogateescape")
        if kind == "integer":
            value = int(kept) + 1_000
        tampering.run("BEGIN")
        cast = "?" if kind != "text" else "CAST(? AS TEXT)"
        written = bytes(changed) if kind == "text" else value
        tampering.run(f'UPDATE audit SET "{column}" = {cast} WHERE sequence = ?', written, sequence)
        tampering.run("COMMIT")
        found = tampering.verify()
        assert found, (column, sequence)
        assert found[0].sequence == sequence, found[0]
        where = value if column == "sequence" else sequence
        tampering.run(f'UPDATE audit SET "{column}" = CAST(? AS {kind}) WHERE sequence = ?', kept, where)
    assert tampering.verify() == []


def test_an_entry_taken_out_is_named(tampering: Tampering) -> None:
    tampering.run("DELETE FROM audit WHERE sequence = 5")
    first = tampering.verify()[0]
    assert (first.flaw, first.sequence) == (Flaw.CHAIN, 5)
    assert first.text.message == "The chain is broken at entry {number}: it is missing."


def test_a_log_cut_short_is_found(tampering: Tampering) -> None:
    ((last,),) = tampering.run("SELECT max(sequence) FROM audit")
    tampering.run("DELETE FROM audit WHERE sequence = ?", last)
    assert (Flaw.HEAD, "chain_head") in places(tampering.verify())


def test_entries_exchanged_are_named(tampering: Tampering) -> None:
    for old, new in ((3, 1000), (5, 3), (1000, 5)):
        tampering.run("UPDATE audit SET sequence = ? WHERE sequence = ?", new, old)
    assert tampering.verify()[0].sequence == 3


def test_a_log_passed_off_as_another_communitys_is_found(tampering: Tampering) -> None:
    for table in ("audit", "audit_private", "chain_head"):
        tampering.run(f"UPDATE {table} SET community = 'nri'")
    store = SqlStore.open(f"sqlite:///{tampering.path}", read_only=True)
    found = verify(store, CommunityId("nri"))
    store.close()
    assert (found[0].flaw, found[0].sequence) == (Flaw.CHAIN, 1)


@pytest.mark.parametrize("old", ['"Ana"', '"name":["', "ana@example.org"])
def test_a_private_value_or_salt_changed_is_named(tampering: Tampering, old: str) -> None:
    new = old[:-1] + ('f"' if old.endswith('"') else "h") if old != '"name":["' else '"name":["0'
    tampering.run('UPDATE audit_private SET "values" = replace("values", ?, ?) WHERE sequence = 2', old, new)
    found = tampering.verify()
    assert (Flaw.PRIVATE, 2) in [(problem.flaw, problem.sequence) for problem in found]


def test_a_private_value_taken_away_is_found_in_the_state(tampering: Tampering) -> None:
    tampering.run("DELETE FROM audit_private WHERE sequence = 2")
    assert (Flaw.REPLAY, "Person ('mag', 'ana')") in places(tampering.verify())


STATE = [
    "community",
    "person",
    "seat",
    "consensus_check",
    "asked",
    "position_held",
    "tally_cell",
    "poll",
    "choice",
    "due",
]


@pytest.mark.parametrize("table", STATE)
def test_any_byte_changed_in_the_state_is_found(tampering: Tampering, table: str) -> None:
    chance = random.Random(table)
    columns = [name for _, name, *_ in tampering.run(f"PRAGMA table_info({table})")]
    for column in columns:
        value, kind = chance.choice(
            tampering.run(f'SELECT CAST("{column}" AS BLOB), typeof("{column}") FROM {table} ORDER BY 1')
        )
        if kind == "null" or (kind == "text" and not value):
            changed: Any = "x"
        elif kind == "integer":
            changed = int(value) + 1
        else:
            flipped = bytearray(value)
            flipped[chance.randrange(len(flipped))] ^= 1
            changed = bytes(flipped)
        tampering.run("BEGIN")
        cast = "CAST(? AS TEXT)" if kind != "integer" else "?"
        tampering.run(
            f'UPDATE OR IGNORE {table} SET "{column}" = {cast} WHERE CAST("{column}" AS BLOB) IS ?', changed, value
        )
        tampering.run("COMMIT")
        found = tampering.verify()
        assert found, (table, column)
        tampering.connection.close()
        tampering.path.write_bytes(tampering.path.with_name("sound.db").read_bytes())
        tampering.connection = driver.connect(tampering.path, isolation_level=None)


@pytest.fixture(autouse=True)
def _sound(request: pytest.FixtureRequest) -> None:
    if "tampering" in request.fixturenames:
        path = request.getfixturevalue("tampering").path
        path.with_name("sound.db").write_bytes(path.read_bytes())
