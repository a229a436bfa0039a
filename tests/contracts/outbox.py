"""What every outbox promises: order in a lane, one waiting row a key, leases, the same body again, nothing lost.

A test subclasses this and gives the fixture `store`: an empty one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from bot.domain.ids import CommunityId
from bot.outgoing import Claimed, DeadLetter, Lane, Outgoing, Placement, Queue, SendKind
from bot.ports import presence_of
from bot.text import T
from bot.view import Notice
from tests.contracts.unit_of_work import AnyStore

MAG = CommunityId("mag")
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
LEASE = 30.0
PAUSE = 1.0
ME, OTHER = "me", "other"

GENERAL = Lane("slack", "T1", "general")
RANDOM = Lane("slack", "T1", "random")
ROOM = Lane("matrix", "example.org", "!room")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def notice(id_: str, lane: Lane = GENERAL, tag: str = "", seconds: float = 0) -> Outgoing:
    return Outgoing(MAG, id_, lane, SendKind.POST, view=Notice(T("Hello {id}.", id=id_)), tag=tag, at=at(seconds))


def post(id_: str, subject: str, lane: Lane = GENERAL) -> Outgoing:
    return Outgoing(MAG, id_, lane, SendKind.POST, subject)


def refresh(id_: str, subject: str, lane: Lane = GENERAL, tag: str = "") -> Outgoing:
    return Outgoing(MAG, id_, lane, SendKind.REFRESH, subject, tag=tag)


def send(store: AnyStore, *rows: Outgoing) -> None:
    with store.writing([MAG]) as work:
        for row in rows:
            work.send(row)


def claim(
    store: AnyStore, seconds: float = 0, owner: str = ME, limit: int = 10, platforms: tuple[str, ...] = ("slack",)
) -> list[Claimed]:
    with store.writing([]) as work:
        return work.outbox.claim(at(seconds), owner, LEASE, limit, platforms)


def attempt(store: AnyStore, claimed: Claimed, body: bytes = b"body", owner: str = ME) -> bool:
    with store.writing([]) as work:
        return work.outbox.attempt(claimed, owner, body)


def delivered(store: AnyStore, claimed: Claimed, remote: str = "ts", seconds: float = 0, owner: str = ME) -> None:
    with store.writing([]) as work:
        work.outbox.delivered(claimed, owner, remote, at(seconds), PAUSE)


def failed(
    store: AnyStore, claimed: Claimed, retry: float | None = 5, seconds: float = 0, *, uncertain: bool = True
) -> None:
    with store.writing([]) as work:
        work.outbox.failed(claimed, ME, "no route", at(seconds), retry, uncertain=uncertain)


def waiting(store: AnyStore) -> int:
    with store.writing([]) as work:
        return work.outbox.waiting()


def next_at(store: AnyStore) -> datetime | None:
    with store.writing([]) as work:
        return work.outbox.next_at()


def deliver_all(store: AnyStore, seconds: float = 0) -> list[str]:
    """Deliver what there is, a lane at a time; the ids in the order they went."""
    went = []
    while found := claim(store, seconds, platforms=("slack", "matrix")):
        for claimed in found:
            assert attempt(store, claimed)
            delivered(store, claimed, claimed.remote or f"ts-{claimed.row.id}", seconds)
            went.append(claimed.row.id)
        seconds += PAUSE
    return went


def dead(store: AnyStore, limit: int = 10) -> list[str]:
    with store.backlog() as backlog:
        return [letter.row.id for letter in backlog.dead(limit)]


def killed(store: AnyStore, *ids: str) -> None:
    """The first rows of their lanes are rejected for good, one after the other."""
    for id_ in ids:
        (claimed,) = (each for each in claim(store, 1000) if each.row.id == id_)
        assert attempt(store, claimed)
        failed(store, claimed, retry=None, seconds=1000, uncertain=False)


def retry(store: AnyStore, *ids: str) -> list[str]:
    with store.writing([]) as work:
        return work.outbox.retry(ids)


class OutboxContract:
    """See `bot.ports.Outbox`."""

    def test_a_row_comes_as_it_was_sent(self, store: AnyStore) -> None:
        row = msgspec.structs.replace(notice("one", tag="group:1"), under="$event")
        send(store, row)
        (claimed,) = claim(store)
        assert claimed == Claimed(row, 1, 0, None, "")

    def test_rows_of_a_lane_go_one_after_the_other(self, store: AnyStore) -> None:
        send(store, notice("one"), notice("two"), notice("three", RANDOM))
        send(store, notice("four"))
        assert {claimed.row.id for claimed in claim(store)} == {"one", "three"}
        assert claim(store) == []
        assert waiting(store) == 4

    def test_lanes_pause_between_rows(self, store: AnyStore) -> None:
        send(store, notice("one"), notice("two"))
        assert next_at(store) is not None
        (first,) = claim(store)
        attempt(store, first)
        delivered(store, first)
        assert next_at(store) == at(PAUSE)
        assert claim(store, PAUSE / 2) == []
        (second,) = claim(store, PAUSE)
        assert second.row.id == "two"
        attempt(store, second)
        delivered(store, second, seconds=PAUSE)
        assert next_at(store) is None
        send(store, notice("three"))
        assert next_at(store) == at(2 * PAUSE)

    def test_only_platforms_that_are_connected_are_claimed(self, store: AnyStore) -> None:
        send(store, notice("one", ROOM), notice("two"))
        assert [claimed.row.id for claimed in claim(store, platforms=("matrix",))] == ["one"]
        assert claim(store, platforms=()) == []
        assert [claimed.row.id for claimed in claim(store, platforms=("matrix", "slack"))] == ["two"]

    def test_no_more_lanes_are_leased_than_asked_for(self, store: AnyStore) -> None:
        send(store, *(notice(f"n{number}", Lane("slack", "T1", f"c{number}")) for number in range(5)))
        assert len(claim(store, limit=2)) == 2
        assert len(claim(store, limit=2)) == 2
        assert len(claim(store, limit=2)) == 1
        assert claim(store, limit=0) == []

    def test_refreshes_of_one_card_become_one_and_keep_their_place(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"), refresh("r1", "check:1"), notice("after"))
        send(store, refresh("r2", "check:1", tag="late"), refresh("r3", "check:1"), refresh("other", "check:2"))
        assert waiting(store) == 4
        send(store, post("card2", "check:2"))
        assert deliver_all(store) == ["card", "r1", "after", "card2"]

    def test_a_merged_row_keeps_the_latest_tag(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"))
        deliver_all(store)
        send(store, refresh("r1", "check:1", tag="first"))
        send(store, refresh("r2", "check:1", tag="second"), refresh("r3", "check:1"))
        (claimed,) = claim(store, 60)
        assert (claimed.row.id, claimed.row.tag) == ("r1", "second")

    def test_an_attempted_refresh_is_not_merged_into(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"))
        deliver_all(store)
        send(store, refresh("r1", "check:1"))
        (first,) = claim(store, 60)
        assert first.remote == "ts-card"
        assert attempt(store, first, b"state one")
        send(store, refresh("r2", "check:1"))
        delivered(store, first, seconds=60)
        (second,) = claim(store, 90)
        assert (second.row.id, second.rendered) == ("r2", None)

    def test_the_same_card_in_two_rooms_is_refreshed_in_both(self, store: AnyStore) -> None:
        send(store, post("a", "check:1"), post("b", "check:1", RANDOM))
        deliver_all(store)
        send(store, refresh("c", "check:1"), refresh("d", "check:1", RANDOM))
        assert {claimed.remote for claimed in claim(store, 60)} == {"ts-a", "ts-b"}

    def test_a_posted_card_is_placed(self, store: AnyStore) -> None:
        placement = Placement(MAG, "check:1", "slack", "T1", "general", "", at(-60))
        with store.writing([MAG]) as work:
            work.put(placement)
            work.send(post("card", "check:1"))
            work.send(post("elsewhere", "check:1", RANDOM))
            work.send(notice("no subject"))
        deliver_all(store)
        with store.reading() as reads:
            placed = {each.place: each for each in reads.all(Placement, community=MAG, subject="check:1")}
        assert placed["general"] == Placement(MAG, "check:1", "slack", "T1", "general", "ts-card", at(-60))
        assert placed["random"].remote == "ts-elsewhere"

    def test_a_refresh_does_not_move_the_card(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"), refresh("r", "check:1"), refresh("again", "check:2"))
        deliver_all(store)
        send(store, refresh("later", "check:1"))
        (claimed,) = claim(store, 60)
        assert claimed.remote == "ts-card"

    def test_a_card_that_was_brought_up_to_date_may_have_another_id(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"), refresh("r", "check:1"))
        for seconds, remote in ((0, "ts-card"), (60, "ts-card/ts-more")):
            (claimed,) = claim(store, seconds)
            attempt(store, claimed)
            delivered(store, claimed, remote, seconds)
        send(store, refresh("later", "check:1"))
        (claimed,) = claim(store, 120)
        assert claimed.remote == "ts-card/ts-more"

    def test_after_a_failure_the_same_body_goes_again(self, store: AnyStore) -> None:
        send(store, notice("one"), notice("two"))
        (claimed,) = claim(store)
        attempt(store, claimed, b"the body")
        failed(store, claimed, retry=5)
        assert next_at(store) == at(5)
        assert claim(store, 4) == []
        (again,) = claim(store, 5)
        assert (again.row.id, again.attempts, again.rendered) == ("one", 1, b"the body")

    def test_what_was_certainly_not_taken_is_rendered_anew(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"), notice("two"))
        (claimed,) = claim(store)
        attempt(store, claimed, b"the body")
        failed(store, claimed, retry=5, uncertain=False)
        (again,) = claim(store, 5)
        assert (again.row.id, again.attempts, again.rendered) == ("card", 0, None)

    def test_a_dead_holders_row_is_taken_over_with_its_body(self, store: AnyStore) -> None:
        send(store, notice("one"))
        (claimed,) = claim(store)
        assert attempt(store, claimed, b"the body")
        assert claim(store, LEASE - 1, OTHER) == []
        (taken,) = claim(store, LEASE, OTHER)
        assert (taken.rendered, taken.attempts) == (b"the body", 1)
        assert not attempt(store, claimed, b"another body")
        assert attempt(store, taken, b"the body", OTHER)
        delivered(store, claimed, "ts", LEASE)  # it had arrived after all: that is known now
        assert waiting(store) == 0
        assert next_at(store) is None or claim(store, LEASE) == []

    def test_lanes_of_a_process_that_is_gone_are_inherited(self, store: AnyStore) -> None:
        send(store, notice("one"), notice("two", RANDOM))
        (mine,) = claim(store, limit=1)
        (other,) = claim(store, owner=OTHER, limit=1)
        assert attempt(store, mine)
        with store.writing([]) as work:
            work.leases.take(presence_of(OTHER), OTHER, 3600, at(1))
            work.leases.take(presence_of(ME), ME, 0, at(1))
        with store.writing([]) as work:
            assert work.outbox.inherit(at(1)) == 1
        assert not attempt(store, mine)
        assert attempt(store, other, owner=OTHER)
        (again,) = claim(store, 1, owner="third")
        assert (again.row.id, again.rendered) == (mine.row.id, b"body")

    def test_the_only_process_there_is_need_not_wait_for_a_dead_holders_lease(self, store: AnyStore) -> None:
        send(store, notice("a"))
        (claimed,) = claim(store, owner=OTHER)
        assert attempt(store, claimed, b"sent once", OTHER)
        assert claim(store, 1) == []
        with store.writing([]) as work:
            work.outbox.take_over(at(1))
        (again,) = claim(store, 1)
        assert again.rendered == b"sent once"

    def test_a_failed_edit_with_a_newer_one_waiting_is_dropped(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"))
        deliver_all(store)
        send(store, refresh("old", "check:1"))
        (old,) = claim(store, 60)
        attempt(store, old)
        send(store, refresh("new", "check:1"))
        failed(store, old, seconds=60)
        (claimed,) = claim(store, 70)
        assert (claimed.row.id, claimed.rendered) == ("new", None)
        assert waiting(store) == 1

    def test_an_edit_left_by_a_dead_holder_yields_to_a_newer_one(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"))
        deliver_all(store)
        send(store, refresh("old", "check:1"))
        (old,) = claim(store, 60)
        attempt(store, old)
        send(store, refresh("new", "check:1"))
        (claimed,) = claim(store, 60 + LEASE, OTHER)
        assert claimed.row.id == "new"

    def test_a_failed_post_is_never_dropped_for_a_newer_one(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"))
        (claimed,) = claim(store)
        attempt(store, claimed)
        send(store, post("card again", "check:1"), refresh("r", "check:1"))
        failed(store, claimed)
        (again,) = claim(store, 10)
        assert again.row.id == "card"

    def test_a_dead_letter_does_not_hold_up_its_lane(self, store: AnyStore) -> None:
        send(store, notice("hopeless"), notice("next"))
        (claimed,) = claim(store)
        attempt(store, claimed)
        failed(store, claimed, retry=None)
        assert waiting(store) == 1
        assert [found.row.id for found in claim(store)] == ["next"]

    def test_a_card_that_never_was_is_not_refreshed(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"), refresh("r", "check:1"), notice("next"))
        (claimed,) = claim(store)
        attempt(store, claimed)
        failed(store, claimed, retry=None)
        assert [found.row.id for found in claim(store)] == ["next"]
        assert waiting(store) == 1

    def test_a_lane_with_nothing_to_do_rests(self, store: AnyStore) -> None:
        send(store, refresh("r", "check:1"))
        assert claim(store) == []
        assert waiting(store) == 0
        assert next_at(store) is None

    def test_what_is_undone_is_not_sent(self, store: AnyStore) -> None:
        with store.writing([MAG]) as work:
            work.send(notice("one"))
            mark = work.mark()
            work.send(notice("two"))
            work.undo(mark)
        assert deliver_all(store) == ["one"]

    def test_settling_twice_changes_nothing(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"))
        (claimed,) = claim(store)
        attempt(store, claimed)
        delivered(store, claimed, "first")
        delivered(store, claimed, "second")
        failed(store, claimed)
        assert not attempt(store, claimed)
        assert waiting(store) == 0
        with store.reading() as reads:
            (placed,) = reads.all(Placement, community=MAG, subject="check:1")
        assert placed.remote == "first"

    def test_communities_share_a_channel_without_mixing(self, store: AnyStore) -> None:
        nri = CommunityId("nri")
        with store.writing([MAG, nri]) as work:
            work.send(post("a", "check:1"))
            work.send(Outgoing(nri, "b", GENERAL, SendKind.POST, "check:1"))
        assert sorted(deliver_all(store)) == ["a", "b"]
        with store.reading() as reads:
            (placed,) = reads.all(Placement, community=nri, subject="check:1")
        assert placed.remote == "ts-b"

    # Dead letters, and what waits

    def test_a_dead_letter_is_kept_with_why_and_when(self, store: AnyStore) -> None:
        row = notice("hopeless", tag="group:1", seconds=7)
        send(store, row, notice("next"))
        killed(store, "hopeless")
        with store.backlog() as backlog:
            assert backlog.dead(10) == [DeadLetter(row, "no route", at(1000))]
        send(store, notice("later"))
        claim(store, 30 * 24 * 3600)  # what was delivered long ago is forgotten on such a day
        assert dead(store) == ["hopeless"]

    def test_dead_letters_are_listed_in_their_order_and_not_without_end(self, store: AnyStore) -> None:
        send(store, *(notice(each, Lane("slack", "T1", each)) for each in ("c", "a", "b")))
        for claimed in claim(store):
            failed(store, claimed, retry=None)
        assert dead(store) == ["c", "a", "b"]
        assert dead(store, 2) == ["c", "a"]

    def test_a_dead_letter_sent_again_goes_before_what_came_later(self, store: AnyStore) -> None:
        send(store, notice("one"), notice("two"), notice("three"), notice("elsewhere", RANDOM))
        killed(store, "one", "two")
        assert retry(store, "two", "one", "two", "three", "unknown") == ["one", "two"]
        assert dead(store) == []
        assert [each for each in deliver_all(store, 2000) if each != "elsewhere"] == ["one", "two", "three"]

    def test_a_dead_letter_sent_again_wakes_its_lane(self, store: AnyStore) -> None:
        send(store, notice("one"))
        killed(store, "one")
        assert claim(store, 2000) == []
        retry(store, "one")
        (again,) = claim(store, 2000)
        assert (again.row.id, again.rendered, again.attempts) == ("one", None, 0)

    def test_a_dead_letter_that_may_have_arrived_keeps_its_body(self, store: AnyStore) -> None:
        send(store, notice("one"))
        (claimed,) = claim(store)
        assert attempt(store, claimed, b"the body")
        failed(store, claimed, retry=None)
        retry(store, "one")
        (again,) = claim(store, 60)
        assert (again.rendered, again.attempts) == (b"the body", 0)

    def test_a_dead_edit_sent_again_gives_way_to_a_newer_one(self, store: AnyStore) -> None:
        send(store, post("card", "check:1"))
        deliver_all(store)
        send(store, refresh("old", "check:1"))
        (old,) = claim(store, 60)
        assert attempt(store, old)
        send(store, refresh("new", "check:1"))
        failed(store, old, retry=None, seconds=60, uncertain=False)
        retry(store, "old")
        (claimed,) = claim(store, 120)
        assert claimed.row.id == "new"
        assert waiting(store) == 1

    def test_a_dead_letter_that_is_dropped_is_gone(self, store: AnyStore) -> None:
        send(store, notice("one"), notice("two"))
        killed(store, "one")
        with store.writing([]) as work:
            assert work.outbox.drop(["one", "two"], at(1000)) == ["one"]
        assert dead(store) == []
        assert retry(store, "one") == []
        assert deliver_all(store, 2000) == ["two"]

    def test_what_waits_for_long_is_counted_by_lane(self, store: AnyStore) -> None:
        send(store, notice("a", RANDOM, seconds=5), notice("b", ROOM, seconds=-60), notice("c", RANDOM, seconds=50))
        send(store, notice("d", ROOM, seconds=-30), notice("arrives", seconds=-90))
        for claimed in claim(store, 0, platforms=("matrix", "slack")):
            if claimed.row.id == "arrives":
                delivered(store, claimed)
            else:
                failed(store, claimed)
        with store.backlog() as backlog:
            assert backlog.waiting_since(at(10), 10) == [
                Queue(MAG, ROOM, 2, at(-60), "no route"),
                Queue(MAG, RANDOM, 1, at(5), "no route"),
            ]
            assert [queue.lane for queue in backlog.waiting_since(at(10), 1)] == [ROOM]
            assert backlog.waiting_since(at(-100), 10) == []
            assert backlog.last_arrived(GENERAL.platform, 10) == [(MAG, GENERAL, at(0))]
            assert backlog.last_arrived("mail", 10) == []
