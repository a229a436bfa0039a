"""A sound log is found sound; whatever byte is changed anywhere in log or state, verifying says so and names the place."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
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

TITLES = Titles(*("a word of its own" for _ in fields(Titles)))
CHANGED: dict[type, Callable[[Any], Any]] = {
    bool: operator.not_,
    int: lambda value: value + 1,
    str: lambda value: value + "!",
    tuple: lambda _: (date(2027, 1, 1),),
}
SETTINGS = Settings(**{each.name: CHANGED[type(each.default)](each.default) for each in fields(Settings)})
"""Nothing as it is by default: a name that is damaged loses its value."""


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
        happen(work, CommunityCreated("MAG", "UTC", "en", TITLES, ("a", "b"), (), SETTINGS, False))
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

    def __init__(self, sound: Path, path: Path) -> None:
        self.sound = sound
        self.path = path
        self.repair()

    def repair(self) -> None:
        self.path.write_bytes(self.sound.read_bytes())

    def run(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        connection = driver.connect(self.path, isolation_level=None)
        try:
            connection.execute("PRAGMA ignore_check_constraints=on")
            found: list[tuple[Any, ...]] = connection.execute(statement, parameters).fetchall()
        finally:
            connection.close()
        return found

    def change(self, table: str, column: str, where: str, chance: random.Random) -> None:
        """Change one value, a byte of it where it has bytes, in the row that a condition names."""
        ((value, kind),) = self.run(f'SELECT CAST("{column}" AS BLOB), typeof("{column}") FROM {table} WHERE {where}')
        changed: Any = b"x"
        if kind == "integer":
            changed = {b"0": 1, b"1": 0}.get(value, int(value) + 1000)
        elif value:
            flipped = bytearray(value)
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            changed = bytes(flipped)
        cast = "CAST(? AS TEXT)" if kind in ("text", "null") else "?"
        self.run(f'UPDATE {table} SET "{column}" = {cast} WHERE {where}', changed)

    def verify(self) -> list[Problem]:
        store = SqlStore.open(f"sqlite:///{self.path}", read_only=True)
        try:
            return verify(store, MAG)
        finally:
            store.close()


@pytest.fixture
def tampering(lived: Path, tmp_path: Path) -> Tampering:
    return Tampering(lived, tmp_path / "copied.db")


@pytest.mark.parametrize("column", ["sequence", "at", "name", "by", "origin", "body", "hash"])
def test_a_byte_changed_in_the_log_is_named(tampering: Tampering, column: str) -> None:
    chance = random.Random(column)
    for sequence in (1, 2, 9, 15, 24):
        tampering.change("audit", column, f"sequence = {sequence}", chance)
        first = tampering.verify()[0]
        assert (first.flaw, first.sequence) == (Flaw.CHAIN, sequence)
        tampering.repair()
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
def test_anything_changed_in_the_state_is_found(tampering: Tampering, table: str) -> None:
    chance = random.Random(table)
    columns = [(name, key) for _, name, _, _, _, key in tampering.run(f"PRAGMA table_info({table})")]
    keys = ", ".join(f"quote({name!r})".replace("'", '"') for name, key in columns if key)
    rows = tampering.run(f"SELECT {keys} FROM {table}")
    for name, _ in columns:
        values = zip([name for name, key in columns if key], chance.choice(rows), strict=True)
        where = " AND ".join(f'"{key}" = {value}' for key, value in values)
        tampering.change(table, name, where, chance)
        assert tampering.verify(), (table, name)
        tampering.repair()
