"""What every store promises about records, undoing, snapshots, answers, the audit log and deadlines (`bot.ports`).

A test subclasses these and gives the fixture `store`: an empty one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.community import Community, CommunityCreated, Counter, Settings, Titles
from bot.domain.consensus.checks import Held
from bot.domain.consensus.positions import Position
from bot.domain.dues import Due, DueKind
from bot.domain.events import Fact
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import PersonAdded, Role, Seat
from bot.domain.polls import PollChosen, PollClosed
from bot.ports import INBOX_KEPT_SECONDS, KEPT_LONGER_SECONDS, Answered
from storage.memory import MemoryReads, MemoryStore, MemoryUnitOfWork
from storage.reads import SqlReads
from storage.store import SqlStore
from storage.unit_of_work import SqlUnitOfWork

AnyStore = MemoryStore | SqlStore
AnyWork = MemoryUnitOfWork | SqlUnitOfWork
AnyReads = MemoryReads | SqlReads

MAG = CommunityId("mag")
NRI = CommunityId("nri")
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)


def person(name: str) -> PersonId:
    return PersonId(name)


def seat(name: str, role: Role = Role.MEMBER, cycle: int = 1) -> Seat:
    return Seat(MAG, cycle, person(name), role, "Civil Society", "")


def held(name: str, position: Position) -> Held:
    return Held(MAG, 1, person(name), position, "", NOON)


def community(name: CommunityId = MAG, **changes: Any) -> Community:
    made = Community(name, "The body", "UTC", "en", Titles(), ("Civil Society",), (), Settings(), False, 1)
    return replace(made, **changes)


def fact(event: Any, where: CommunityId = MAG) -> Fact:
    return Fact(where, NOON, person("chair"), event)


def created() -> CommunityCreated:
    return CommunityCreated("MAG", "UTC", "en", Titles(), (), (), Settings(), False)


def write(store: AnyStore, *records: Any) -> None:
    with store.writing([MAG, NRI]) as work:
        for record in records:
            work.put(record)


def seats(reads: AnyReads | AnyWork, role: Role) -> list[str]:
    return [each.person for each in reads.all(Seat, community=MAG, cycle=1, role=role)]


class RecordContract:
    """Records: what was put is there, for this transaction at once, for others when it is committed."""

    @pytest.mark.parametrize("prefetched", [True, False])
    def test_what_is_put_is_there_at_once_and_after_the_commit(self, store: AnyStore, prefetched: bool) -> None:
        with store.writing([MAG]) as work:
            if prefetched:
                work.prefetch([(Seat, (MAG, 1, "ana")), (Seat, (MAG, 1, "bo"))])
            assert work.get(Seat, MAG, 1, "ana") is None
            work.put(seat("ana"))
            assert work.get(Seat, MAG, 1, "ana") == seat("ana")
        with store.writing([MAG]) as work:
            if prefetched:
                work.prefetch([(Seat, (MAG, 1, "ana")), (Seat, (MAG, 1, "bo"))])
            assert work.get(Seat, MAG, 1, "ana") == seat("ana")
            assert work.get(Seat, MAG, 1, "bo") is None
            work.put(seat("ana", Role.CHAIR))
        with store.reading() as reads:
            assert reads.get(Seat, MAG, 1, "ana") == seat("ana", Role.CHAIR)

    def test_what_is_dropped_is_gone(self, store: AnyStore) -> None:
        write(store, seat("ana"), seat("bo"))
        with store.writing([MAG]) as work:
            work.drop(seat("ana", Role.CHAIR))  # only the key matters
            work.drop(seat("nobody"))
            assert work.get(Seat, MAG, 1, "ana") is None
            assert seats(work, Role.MEMBER) == ["bo"]
        with store.reading() as reads:
            assert reads.get(Seat, MAG, 1, "ana") is None
            assert seats(reads, Role.MEMBER) == ["bo"]

    def test_dropped_and_put_again(self, store: AnyStore) -> None:
        write(store, seat("ana"))
        with store.writing([MAG]) as work:
            work.drop(seat("ana"))
            work.put(seat("ana", Role.CHAIR))
        with store.reading() as reads:
            assert seats(reads, Role.CHAIR) == ["ana"]

    def test_an_error_leaves_nothing(self, store: AnyStore) -> None:
        write(store, seat("ana"))

        def go_wrong() -> None:
            with store.writing([MAG]) as work:
                work.put(seat("ana", Role.CHAIR))
                work.put(seat("bo"))
                work.remember(MAG, "one", b"", NOON)
                work.append(fact(created()), "one")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            go_wrong()
        with store.writing([MAG]) as work:
            assert work.get(Seat, MAG, 1, "ana") == seat("ana")
            assert work.get(Seat, MAG, 1, "bo") is None
            assert work.answered(MAG, "one") is None
            assert list(work.facts(MAG)) == []

    def test_a_snapshot_sees_what_was_committed_when_it_began(self, store: AnyStore) -> None:
        write(store, seat("ana"))
        with store.reading() as before:
            assert before.get(Counter, MAG, "check") is None
            with store.writing([MAG]) as work:
                work.put(seat("ana", Role.CHAIR))
                work.put(seat("bo"))
                with store.reading() as meanwhile:
                    assert seats(meanwhile, Role.MEMBER) == ["ana"]
            assert before.get(Seat, MAG, 1, "ana") == seat("ana")
            assert seats(before, Role.MEMBER) == ["ana"]
        with store.reading() as after:
            assert seats(after, Role.MEMBER) == ["bo"]

    def test_rows_are_the_records_and_tell_them_apart(self, store: AnyStore) -> None:
        there = [seat("ana"), seat("bo"), seat("bo", Role.CHAIR), seat("cy", cycle=2)]
        write(store, *there)
        with store.reading() as reads:
            kept = reads.rows(Seat, MAG)
            place = kept.names.index("role")
            assert [kept.record(each) for each in kept.rows] == [
                seat("ana"),
                seat("bo", Role.CHAIR),
                seat("cy", cycle=2),
            ]
            assert kept.values(("role",), (Role.CHAIR,)) == (kept.rows[1][place],) != (kept.rows[0][place],)
            before = list(kept.rows)
        write(store, seat("ana", Role.CHAIR))
        with store.reading() as reads:
            assert [now == then for now, then in zip(reads.rows(Seat, MAG).rows, before, strict=True)] == [
                False,
                True,
                True,
            ]

    def test_records_are_counted_and_read_in_parts(self, store: AnyStore) -> None:
        there = [seat("ana"), seat("bo"), seat("cy"), seat("ana", cycle=2), seat("di", cycle=10)]
        write(store, *reversed(there), replace(seat("ana"), community=CommunityId("other")))
        with store.reading() as reads:
            assert [reads.count(Seat, each) for each in (MAG, CommunityId("other"))] == [5, 1]
            assert reads.count(Counter, MAG) == 0
            assert [reads.part(Seat, MAG, number, 2) for number in (1, 2, 3, 4)] == [
                (seat("ana"), seat("bo")),
                (seat("cy"), seat("ana", cycle=2)),
                (seat("di", cycle=10),),
                (),
            ]

    def test_a_secret_follows_from_what_is_private_and_stays_while_that_is_kept(self, store: AnyStore) -> None:
        def secrets() -> tuple[bytes, bytes]:
            with store.reading() as reads:
                return reads.secret(MAG), reads.secret(NRI)

        def add(name: str) -> None:
            for here in (MAG, NRI):
                with store.writing([here]) as work:
                    work.append(fact(PersonAdded(person(name), name, f"{name}@example.org"), here), name)

        assert secrets() == (b"", b"")
        add("ana")
        first = secrets()
        assert b"" not in first
        assert first[0] != first[1]  # of equal values: each has a salt of its own
        add("bo")
        assert secrets() == first

    def test_only_records_are_kept(self, store: AnyStore) -> None:
        with store.writing([MAG]) as work:
            with pytest.raises(LookupError, match="Titles"):
                work.put(Titles())
            with pytest.raises(LookupError, match="Titles"):
                work.get(Titles, MAG)
            with pytest.raises(TypeError, match="community cycle person"):
                work.get(Seat, MAG, 1)


class ListContract:
    """Lists: in key order, with everything put and dropped so far, whether they were read before that or not."""

    @pytest.mark.parametrize("read_before", ["not", "on demand", "prefetched"])
    def test_lists_have_what_changed(self, store: AnyStore, read_before: str) -> None:
        write(store, seat("ana"), seat("cy"), seat("di", Role.CHAIR), seat("eve"), seat("old", cycle=0))
        with store.writing([MAG]) as work:
            if read_before == "on demand":
                assert seats(work, Role.MEMBER) == ["ana", "cy", "eve"]
            elif read_before == "prefetched":
                members = (("community", MAG), ("cycle", 1), ("role", Role.MEMBER))
                observers = (("role", Role.OBSERVER), ("cycle", 1), ("community", MAG))
                work.prefetch([], [(Seat, members), (Seat, observers)])
            work.put(seat("bo"))
            work.put(seat("ana", Role.CHAIR))
            work.put(seat("di"))
            work.drop(seat("cy"))
            assert seats(work, Role.MEMBER) == ["bo", "di", "eve"]
            assert seats(work, Role.CHAIR) == ["ana"]
            assert seats(work, Role.OBSERVER) == []
            work.put(seat("bo", Role.OBSERVER))
            assert seats(work, Role.MEMBER) == ["di", "eve"]
            assert [each.person for each in work.all(Seat, cycle=1, community=MAG)] == ["ana", "bo", "di", "eve"]
        with store.reading() as reads:
            assert seats(reads, Role.MEMBER) == ["di", "eve"]
            assert seats(reads, Role.OBSERVER) == ["bo"]
            assert [each.person for each in reads.all(Seat, community=MAG, cycle=1)] == ["ana", "bo", "di", "eve"]

    def test_the_order_is_that_of_the_keys(self, store: AnyStore) -> None:
        names = ["a", "Z", "é", "z", "B", "\U0001f600", "ﬀ", "1", "", "a b"]
        write(store, *(seat(name) for name in names))
        with store.reading() as reads:
            assert seats(reads, Role.MEMBER) == sorted(names)
            assert [each.person for each in reads.all(Seat, community=MAG, cycle=1)] == sorted(names)

    def test_a_list_that_was_not_declared_is_refused(self, store: AnyStore) -> None:
        with store.writing([MAG]) as work:
            with pytest.raises(LookupError, match="not listed by role"):
                work.all(Seat, role=Role.CHAIR)
            with pytest.raises(LookupError, match="not listed by nothing"):
                work.all(Seat)

    def test_many_lists_are_prefetched_at_once(self, store: AnyStore) -> None:
        write(store, *(seat(f"p{number}", role) for number, role in enumerate([*Role] * 3)))
        with store.writing([MAG]) as work:
            work.prefetch([], [(Seat, (("community", MAG), ("cycle", 1), ("role", role))) for role in Role])
            for number, role in enumerate(Role):
                expected = sorted(f"p{number + turn * len(Role)}" for turn in range(3))
                assert seats(work, role) == expected


class UndoContract:
    """Undoing: a refusal leaves nothing of what it did, and everything else."""

    def test_everything_since_the_mark_is_forgotten(self, store: AnyStore) -> None:
        write(store, held("ana", Position.SUPPORT), held("bo", Position.ABSTAIN))
        with store.writing([MAG]) as work:
            work.put(held("cy", Position.OBJECT))
            work.remember(MAG, "kept", b"kept", NOON)
            work.append(fact(created()), "kept")
            mark = work.mark()
            work.put(held("cy", Position.SUPPORT))
            work.put(held("ana", Position.OBJECT))
            work.drop(held("bo", Position.ABSTAIN))
            work.put(held("di", Position.OBJECT))
            work.remember(MAG, "kept", b"changed", NOON)
            work.remember(MAG, "undone", b"undone", NOON)
            work.append(fact(PersonAdded(person("ana"), "Ana", "")), "undone")
            work.undo(mark)
            positions = {each.person: each.position for each in work.all(Held, community=MAG, check=1)}
            assert positions == {"ana": Position.SUPPORT, "bo": Position.ABSTAIN, "cy": Position.OBJECT}
            assert work.answered(MAG, "kept") == Answered(b"kept")
            assert work.answered(MAG, "undone") is None
        with store.reading() as reads:
            assert {each.person: each.position for each in reads.all(Held, community=MAG, check=1)} == positions
            assert [found.event for _, found in reads.facts(MAG) if found] == [created()]

    def test_marks_nest(self, store: AnyStore) -> None:
        with store.writing([MAG]) as work:
            outer = work.mark()
            work.put(seat("ana"))
            inner = work.mark()
            work.put(seat("ana", Role.CHAIR))
            work.undo(inner)
            assert work.get(Seat, MAG, 1, "ana") == seat("ana")
            work.undo(outer)
            work.undo(outer)
            assert work.get(Seat, MAG, 1, "ana") is None

    @pytest.mark.parametrize("change", ["put", "drop"])
    def test_a_list_read_between_a_blind_change_and_its_undoing(self, store: AnyStore, change: str) -> None:
        write(store, seat("ana"), seat("bo"))
        with store.writing([MAG]) as work:
            mark = work.mark()
            if change == "put":
                work.put(seat("ana", Role.CHAIR))
            else:
                work.drop(seat("ana"))
            assert seats(work, Role.MEMBER) == ["bo"]
            work.undo(mark)
            assert seats(work, Role.MEMBER) == ["ana", "bo"]
            assert seats(work, Role.CHAIR) == []


class InboxContract:
    """Answers: one origin, one answer, in this batch and for a day."""

    def test_an_answer_is_given_again(self, store: AnyStore) -> None:
        with store.writing([MAG]) as work:
            work.prefetch_answered([(MAG, "one"), (MAG, "two")])
            assert work.answered(MAG, "one") is None
            work.remember(MAG, "one", b"\x00reply", NOON)
            work.remember(MAG, "confidential", None, NOON)
            assert work.answered(MAG, "one") == Answered(b"\x00reply")
        with store.writing([MAG]) as work:
            work.prefetch_answered([(MAG, "one"), (MAG, "two"), (NRI, "one")])
            assert work.answered(MAG, "one") == Answered(b"\x00reply")
            assert work.answered(MAG, "confidential") == Answered(None)
            assert work.answered(MAG, "two") is None
            assert work.answered(NRI, "one") is None
        with store.reading() as reads:
            asked = ((MAG, "one"), (MAG, "confidential"), (MAG, "two"), (NRI, "one"))
            assert [reads.was_answered(*each) for each in asked] == [True, True, False, False]

    def test_answers_are_kept_for_a_day_and_not_for_ever(self, store: AnyStore) -> None:
        day = timedelta(seconds=INBOX_KEPT_SECONDS)
        for origin, when in (
            ("old", NOON),
            ("mail:old", NOON),
            ("young", NOON + timedelta(hours=2)),
            ("in time", NOON + day),
            ("later", NOON + day + timedelta(hours=1, seconds=1)),
        ):
            with store.writing([MAG]) as work:
                work.remember(MAG, origin, b"", when)
                if origin == "in time":
                    assert work.answered(MAG, "old") is not None
        with store.writing([MAG]) as work:
            assert work.answered(MAG, "old") is None
            assert work.answered(MAG, "young") is not None
            assert work.answered(MAG, "mail:old") is not None  # a mail may come again after weeks
        over = NOON + timedelta(seconds=KEPT_LONGER_SECONDS["mail:"])
        for when in (over, over + timedelta(hours=2)):
            with store.writing([MAG]) as work:
                work.remember(MAG, f"at {when}", b"", when)
        with store.writing([MAG]) as work:
            assert work.answered(MAG, "mail:old") is None


class LogContract:
    """The audit log: every event in order, chained; private values can be erased, and nothing else."""

    def test_events_are_logged_in_order_and_read_back(self, store: AnyStore) -> None:
        facts = [fact(created()), fact(PersonAdded(person("ana"), "Ana", "")), fact(PollClosed(1, (2, 1), 3))]
        with store.writing([MAG, NRI]) as work:
            work.append(facts[0], "one")
            work.append(replace(facts[0], community=NRI), "one")
            work.append(facts[1], "two")
        with store.writing([MAG]) as work:
            work.append(facts[2], "three")
        with store.reading() as reads:
            assert list(reads.facts(MAG)) == list(enumerate(facts, 1))
            entries = list(reads.entries(MAG))
            assert [entry.origin for entry in entries] == ["one", "two", "three"]
            assert [entry.name for entry in entries] == ["community.created", "person.added", "poll.closed"]
            head = reads.head(MAG)
            assert head is not None
            assert (head.sequence, head.hash) == (3, entries[-1].hash)
            assert len({entry.hash for entry in [*entries, *reads.entries(NRI)]}) == 4
            assert reads.head(CommunityId("nobody")) is None

    def test_times_are_logged_in_utc(self, store: AnyStore) -> None:
        elsewhere = NOON.astimezone(tz=datetime.strptime("+0530", "%z").tzinfo)
        with store.writing([MAG]) as work:
            work.append(replace(fact(created()), at=elsewhere), "one")
        with store.reading() as reads:
            (entry,) = reads.entries(MAG)
            assert entry.at.isoformat() == "2027-01-11T12:00:00+00:00"

    def test_the_log_is_only_written_under_the_communitys_lock(self, store: AnyStore) -> None:
        with store.writing([NRI]) as work, pytest.raises(LookupError, match="mag"):
            work.append(fact(created()), "one")

    def test_private_values_are_forgotten(self, store: AnyStore) -> None:
        with store.writing([MAG]) as work:
            for poll in (1, 2):
                work.append(fact(PollChosen(poll, person("ana"), (1,), ())), "one")
            work.append(fact(PersonAdded(person("bo"), "Bo", "")), "one")
        with store.reading() as reads:
            before = list(reads.entries(MAG))
        with store.writing([MAG]) as work:
            work.append(fact(PollChosen(1, person("bo"), (2,), ())), "two")
            work.forget(MAG, "poll.chosen", ("poll", 1))
            work.append(fact(PollChosen(1, person("cy"), (2,), ())), "two")
            mark = work.mark()
            work.forget(MAG, "poll.chosen", ("poll", 2))
            work.undo(mark)
        with store.reading() as reads:
            known = [sequence for sequence, found in reads.facts(MAG) if found is not None]
            assert known == [2, 3, 5]
            after = list(reads.entries(MAG))
            assert [entry.private is None for entry in after] == [True, False, False, True, False]
            assert [entry.hash for entry in after[:3]] == [entry.hash for entry in before]


class DeadlineContract:
    """Deadlines: by each community's own clock, earliest first."""

    def test_deadlines_come_by_the_communitys_clock(self, store: AnyStore) -> None:
        hour = timedelta(hours=1)
        frozen = NOON + timedelta(days=300)
        clocks = {
            "true": community(CommunityId("true")),
            "ahead": community(CommunityId("ahead"), clock_moved=7200),
            "stopped": community(CommunityId("stopped"), clock_frozen=frozen, clock_moved=-3600),
        }
        dues = {
            name: Due(CommunityId(name), DueKind.CHECK_CLOSES, "1", at, "UTC")
            for name, at in (("true", NOON + hour), ("ahead", NOON + 2 * hour), ("stopped", frozen))
        }
        later = Due(CommunityId("true"), DueKind.POLL_CLOSES, "2", NOON + timedelta(days=400), "UTC")
        with store.writing([]) as work:
            for record in (*clocks.values(), *dues.values(), later):
                work.put(record)
        assert store.communities() == ("ahead", "stopped", "true")
        assert store.due(NOON - hour, 10) == []
        assert store.due(NOON, 10) == [(dues["ahead"], NOON + 2 * hour)]
        assert store.due(NOON + hour, 10) == [(dues["true"], NOON + hour), (dues["ahead"], NOON + 3 * hour)]
        assert store.due(NOON + hour, 1) == [(dues["true"], NOON + hour)]
        assert store.next_due(NOON - hour) == NOON
        with store.writing([]) as work:
            work.drop(dues["ahead"])
            work.put(replace(clocks["stopped"], clock_moved=0))
        assert store.next_due(NOON) == NOON + hour
        assert store.due(NOON, 10) == [(dues["stopped"], frozen)]

    def test_without_deadlines_there_is_none(self, store: AnyStore) -> None:
        write(store, community(clock_frozen=NOON), Due(MAG, DueKind.POLL_CLOSES, "1", NOON + timedelta(1), "UTC"))
        assert store.next_due(NOON) is None
        assert store.due(NOON + timedelta(days=9), 10) == []


class StoreContract(RecordContract, ListContract, UndoContract, InboxContract, LogContract, DeadlineContract):
    """All of it."""
