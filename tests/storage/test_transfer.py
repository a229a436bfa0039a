"""A community is written out of one store and read into another: nothing is lost, nothing is half done, nothing is held."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.command import COMMANDS
from bot.domain.events import Fact, apply
from bot.domain.groups import Home
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import Person, PersonAdded
from bot.domain.records import SHAPES
from bot.founding import Foundation, found
from bot.outgoing import Cursor, Lane, Outgoing, SendKind
from bot.text import T
from bot.view import Notice
from storage.memory import MemoryStore
from storage.schema import prepare
from storage.store import SqlStore
from storage.transfer import Refused, give, take
from storage.transfer.lines import kept, record_in, tables
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, TECHNICAL, World
from tests.contracts.unit_of_work import AnyStore
from tests.storage.strategies import records

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)


def exported(store: AnyStore, community: CommunityId = MAG) -> list[bytes]:
    return list(give(store, community))


def sqlite(folder: Path, name: str = "from.db") -> SqlStore:
    url = f"sqlite:///{folder / name}"
    prepare(url)
    return SqlStore.open(url)


ENDING_IT_ALL = {"clock", "complete", "cycle", "draft", "home", "link", "poll", "review", "roster"}
"""Families whose examples would end the group, unseat people or begin another cycle, so that what comes after is refused."""


def hello(id_: str, place: str) -> Outgoing:
    return Outgoing(MAG, id_, Lane("terminal", "", place), SendKind.POST, view=Notice(T("Hello.")), at=NOON)


def a_lot_happens(store: AnyStore) -> None:
    """A formation, a dissent, secret and named polls, an update, every command; then something half typed, and mail that waits."""
    mag = World(store)
    mag.approved()
    mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
    mag.does(CIVIL, 'consensus object "It forgets — “half” of us 🌍."')
    mag.does(GOVERNMENT, "consensus support")
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --secret --closes 2d')
    mag.does(CIVIL, "poll choose 1 Lyon")
    mag.does(PRIVATE, 'poll "When?" May, June --secret --closes 9d')
    mag.does(CIVIL, "poll choose 2 June")
    mag.later("3d")
    mag.does(PRIVATE, "update WG-MWP nothing", room="#wg-mwp")
    for declared in COMMANDS.values():  # and whatever else there is to say, as the examples have it, refused or not
        for example in () if declared.family in ENDING_IT_ALL else declared.examples:
            for person in (CIVIL, PRIVATE, SECRETARIAT, CHAIR):
                mag(person, example, f"@{person}" if example.startswith("conduct") else "#mag")
    mag(TECHNICAL, "propose new")
    mag.delivering = False
    mag(SECRETARIAT, "link invite Rosa S.")
    mag(PRIVATE, 'poll "Who?" A, B')
    with store.writing([MAG]) as work:
        work.put(Cursor(CommunityId(""), "matrix", "@wgbot:example.org", "s1"))
        for place in ("#mag", "#gone"):
            work.send(hello(f"id{place}", place))
    with store.writing([MAG]) as work:
        for claimed in work.outbox.claim(NOON, "me", 60, 100, ["terminal"]):
            work.outbox.attempt(claimed, "me", b"\x00 rendered")
            if claimed.row.lane.place == "#gone":
                work.outbox.failed(claimed, "me", "room_gone", NOON, None)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """All of it, lived in memory, which is quick, and written out of SQLite."""
    lived = MemoryStore()
    a_lot_happens(lived)
    with closing(sqlite(tmp_path_factory.mktemp("lived"))) as store:
        take(store, exported(lived))
        return exported(store)


def test_nothing_is_lost_between_stores(lines: list[bytes], store: AnyStore) -> None:
    kinds = {line.partition(b'"line":"')[2].partition(b'"')[0] for line in lines}
    assert kinds == {b"community", b"entry", b"record", b"answer", b"message", b"end"}
    assert take(store, lines) == MAG
    assert exported(store) == lines
    assert verify(store, MAG) == []


def test_life_goes_on_where_it_was_taken(lines: list[bytes], store: AnyStore) -> None:
    take(store, lines)
    waiting = len([line for line in lines if line.startswith(b'{"line":"message"')]) - 1  # one is a dead letter
    with store.writing([MAG]) as work:
        assert work.outbox.waiting() == waiting >= 2
        assert work.answered(MAG, "line:1") is not None
        work.send(hello("later", "#mag"))
        fact = Fact(MAG, NOON, None, PersonAdded(PersonId("new"), "New N.", "new@example.org"))
        work.append(fact, "later")
        for change in apply(work, fact):
            work.put(change)
    assert verify(store, MAG) == []
    with store.writing([MAG]) as work:
        assert work.outbox.waiting() == waiting + 1
        assert work.outbox.retry(["id#gone"]) == ["id#gone"]
        claimed = work.outbox.claim(datetime.now(UTC) + timedelta(hours=1), "me", 60, 100, ["terminal"])
        assert [each.rendered for each in claimed if each.row.id == "id#gone"] == [b"\x00 rendered"]


@pytest.mark.parametrize("kind", [pytest.param(kind, id=name) for name, kind in tables().items()])
def test_every_record_is_read_as_it_was_written(kind: type[Any]) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
    @given(records(kind))
    def same(record: Any) -> None:
        assert record_in(kept(record), tables()) == record

    same()


# --- what is refused, leaving nothing -------------------------------------------------------------------------------


def cut_off(lines: Sequence[bytes]) -> list[bytes]:
    return list(lines[:-3])


def without_its_end(lines: Sequence[bytes]) -> list[bytes]:
    return list(lines[:-1])


def without_a_record(lines: Sequence[bytes]) -> list[bytes]:
    return [line for line in lines if b'"of":"seat"' not in line]


def with_more(lines: Sequence[bytes]) -> list[bytes]:
    return [*lines, lines[-2]]


def changed(what: bytes, into: bytes) -> Callable[[Sequence[bytes]], list[bytes]]:
    def change(lines: Sequence[bytes]) -> list[bytes]:
        assert any(what in line for line in lines)
        return [line.replace(what, into) for line in lines]

    return change


def without_an_entry(lines: Sequence[bytes]) -> list[bytes]:
    left = [line for line in lines if b'"line":"entry","sequence":7,' not in line]
    return [*left[:-1], b'{"line":"end","lines":%d}\n' % (len(left) - 1)]


def without_the_last_entry(lines: Sequence[bytes]) -> list[bytes]:
    last = max(number for number, line in enumerate(lines) if line.startswith(b'{"line":"entry"'))
    left = [*lines[:last], *lines[last + 1 :]]
    return [*left[:-1], b'{"line":"end","lines":%d}\n' % (len(left) - 1)]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(cut_off, "cut off after line", id="cut off"),
        pytest.param(without_its_end, "cut off after line", id="without its end"),
        pytest.param(without_a_record, "lines were written, and", id="without a record"),
        pytest.param(without_an_entry, "broken at entry 7", id="without an entry"),
        pytest.param(without_the_last_entry, "the audit log ends with entry", id="without the last entry"),
        pytest.param(with_more, "comes after the end", id="with more"),
        pytest.param(
            changed(b"group.approved", b"group.declined"), "the audit log is broken at entry", id="another event"
        ),
        pytest.param(changed(b'"Lyon"', b'"Nice"'), "a private value of entry", id="another option"),
        pytest.param(changed("“half”".encode(), b"none"), "a private value of entry", id="another private value"),
        pytest.param(changed(b'"of":"person"', b'"of":"dragon"'), "knows no record called dragon", id="unknown record"),
        pytest.param(changed(b'"folded":', b'"unfolded":'), "a record of group_name is not as", id="another record"),
        pytest.param(
            changed(b'"line":"record"', b'"line":"gramophone"'), "is not as an export has it", id="unknown line"
        ),
        pytest.param(changed(b'"format":1', b'"format":2'), "made by another version of wgbot", id="another format"),
        pytest.param(lambda _: [b"hello\n"], "line 1 is not as an export has it", id="something else"),
        pytest.param(lambda _: [], "this is no export", id="nothing"),
        pytest.param(lambda lines: [lines[0], *lines], "it begins twice", id="two in one"),
        pytest.param(
            changed(b'"value":{"community":"mag"', b'"value":{"community":"nri"'), "belongs to nri", id="another's"
        ),
    ],
)
def test_what_is_not_whole_is_refused_and_leaves_nothing(
    lines: list[bytes], tmp_path: Path, damage: Callable[[Sequence[bytes]], list[bytes]], said: str
) -> None:
    damaged = damage(lines)
    with closing(sqlite(tmp_path, "to.db")) as target:
        for store in (MemoryStore(), target):
            with pytest.raises(Refused, match=said):
                take(store, damaged)
            assert store.communities() == ()
            with store.reading() as reads:
                assert [kind for kind in SHAPES if list(reads.scan(kind, MAG))] == []
                assert reads.head(MAG) is None
        take(target, lines)


def test_where_the_community_is_already_it_is_refused(lines: list[bytes], store: AnyStore) -> None:
    take(store, lines)
    with pytest.raises(Refused, match="there is a community mag here already"):
        take(store, lines)
    assert exported(store) == lines


def test_it_may_stand_beside_others_but_not_in_their_rooms(lines: list[bytes], store: AnyStore) -> None:
    other = CommunityId("nri")
    plan = Foundation(other, "NRI", (), "2027", date(2027, 1, 1), date(2027, 12, 31), sample=True, clock_frozen=NOON)
    with store.writing([other]) as work:
        found(work, plan, NOON)
        work.put(Home(other, "terminal", "", "#wg-mwp", "mag", "#wg-mwp"))
        work.put(Cursor(CommunityId(""), "matrix", "@wgbot:example.org", "s99"))
    with pytest.raises(Refused, match="the room #wg-mwp on terminal is nri's here"):
        take(store, lines)
    with store.writing([other]) as work:
        work.drop(Home(other, "terminal", "", "#wg-mwp", "mag", "#wg-mwp"))
    before = exported(store, other)
    take(store, lines)
    assert exported(store, other) == before
    assert verify(store, MAG) == []
    with store.reading() as reads:
        cursor = reads.get(Cursor, "", "matrix", "@wgbot:example.org")
    assert cursor is not None
    assert cursor.position == "s99", "this installation has read further"


def test_what_is_not_there_is_not_written(store: AnyStore) -> None:
    with pytest.raises(Refused, match="there is no community mag"):
        exported(store)


# --- nothing is held ------------------------------------------------------------------------------------------------

MANY = 20_000
HELD = 12 * 1024 * 1024
"""Bytes: a fraction of what these people and the facts about them are as objects."""


@pytest.mark.slow
def test_however_many_facts_there_are_few_are_held(tmp_path: Path) -> None:
    path = tmp_path / "mag.jsonl"
    with closing(sqlite(tmp_path)) as store:
        World(store)
        people(store, MANY)
        tracemalloc.start()
        with path.open("wb") as file:
            file.writelines(give(store, MAG))
        assert tracemalloc.get_traced_memory()[1] < HELD
        assert path.stat().st_size > HELD
    with closing(sqlite(tmp_path, "to.db")) as target:
        tracemalloc.reset_peak()
        with path.open("rb") as file:
            take(target, file)
        assert tracemalloc.get_traced_memory()[1] < HELD
        tracemalloc.stop()
        with target.reading() as reads:
            assert len(reads.all(Person, community=MAG)) > MANY


def people(store: SqlStore, count: int) -> None:
    with store.writing([MAG]) as work:
        for number in range(count):
            event = PersonAdded(
                PersonId(f"p{number}"), f"Person {number} " + "of a long name " * 20, f"{number}@example.org"
            )
            fact = Fact(MAG, NOON, None, event)
            for change in apply(work, fact):
                work.put(change)
            work.append(fact, "many")
