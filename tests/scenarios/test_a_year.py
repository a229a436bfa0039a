"""A whole cycle of the MAG on every store, and what holds of it at its end. The story is in `a_year`."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.conduct_reports import ConductReport
from bot.domain.groups import Group, Stage
from bot.domain.polls import Choice
from storage.memory import MemoryStore
from storage.schema import prepare
from storage.store import SqlStore
from storage.transfer import give, take
from storage.verify import verify
from tests.builders import MAG
from tests.scenarios import a_year, a_year_at_work, a_year_ends
from tests.scenarios.a_year import SECRET, Year

ACTS = (
    a_year.five_proposals,
    a_year.the_mag_comments,
    a_year.the_members_take_positions,
    a_year.the_chair_decides,
    a_year.members_join,
    a_year_at_work.the_mag_sets_its_calendar,
    a_year_at_work.a_group_meets,
    a_year_at_work.the_mag_meets_first,
    a_year_at_work.a_recommendation_is_endorsed,
    a_year_at_work.a_group_changes_its_ways,
    a_year_at_work.two_groups_are_silent,
    a_year_at_work.a_co_facilitator_resigns,
    a_year_at_work.a_charter_changes,
    a_year_at_work.the_mag_meets_again,
    a_year_ends.a_report_in_confidence,
    a_year_ends.quick_polls,
    a_year_ends.a_group_is_dissolved,
    a_year_ends.a_minority_view_travels,
    a_year_ends.nobody_answers,
    a_year_ends.a_seat_is_lost,
    a_year_ends.a_group_is_completed,
    a_year_ends.the_mag_meets_last,
    a_year_ends.the_cycle_ends,
    a_year_ends.between_two_memberships,
    a_year_ends.the_next_mag_is_seated,
    a_year_ends.no_chair_is_seated,
    a_year_ends.a_group_is_renewed,
    a_year_ends.the_year_is_read_back,
)

STORES = ["memory", *(pytest.param(name, marks=pytest.mark.slow) for name in ("sqlite", "postgres-18"))]

DIGEST = re.compile(r"^Before it closes: what needs you")
DUTY = re.compile(r"due:(?P<kind>[a-z-]+):(?P<subject>.*):\d{4}-\d\d-\d\d .*")
ENDING = re.compile(r"^WG-\w+ ends ")


@pytest.mark.timeout(600)  # on a busy machine; it takes seconds of the processor
@pytest.mark.parametrize("store", STORES, indirect=True)
def test_a_year(store: MemoryStore | SqlStore, tmp_path: Path) -> None:
    mag = Year(store)
    for act in ACTS:
        act(mag)

    assert stages(mag) == {
        ("WG-MWP", 1): Stage.COMPLETED,
        ("WG-OC", 1): Stage.DISSOLVED,
        ("WG-HYB", 1): Stage.EXPIRED,
        ("WG-NRI", 1): Stage.EXPIRED,
        ("WG-DATA", 1): Stage.EXPIRED,
        ("WG-HYB", 2): Stage.ACTIVE,
    }
    assert verify(store, MAG) == []
    nothing_was_done_twice(mag)
    no_duty_is_done_again(mag)
    what_was_said_in_confidence_stays_there(mag)
    it_can_be_taken_elsewhere(store, tmp_path)


def stages(mag: Year) -> dict[tuple[str, int], Stage]:
    """Where each group of each cycle stands."""
    with mag.store.reading() as reads:
        return {(each.short_name, each.cycle): each.stage for each in reads.all(Group, community=MAG)}


def nothing_was_done_twice(mag: Year) -> None:
    """What was announced came once in its cycle, an end that is near twice; reminders came once a day and person."""
    said = Counter((place, words, at.year) for at, place, words in mag.arrived if not DIGEST.search(words))
    twice = {post for post, count in said.items() if count > 1}
    assert not {post for post in twice if not ENDING.search(post[1])}
    assert {count for post, count in said.items() if post in twice} == {2}, "six weeks before the end, and two"
    digests = [(place, at, words) for at, place, words in mag.arrived if DIGEST.search(words)]
    assert max(Counter((place, at.date()) for place, at, _ in digests).values()) == 1


def no_duty_is_done_again(mag: Year) -> None:
    """Asked to meet every deadline of the year once more, it has nothing more to say to anybody."""
    with mag.store.reading() as reads:
        origins = {entry.origin for entry in reads.entries(MAG)}  # type: ignore[attr-defined]  # stores read their log too
    before = len(mag.arrived)
    met = [found for origin in origins if (found := DUTY.fullmatch(origin))]
    assert len({found["kind"] for found in met}) >= 12, "of every kind there was"
    for found in met:
        again = mag.system("due", f"again:{found[0]}", kind=found["kind"], subject=found["subject"])
        assert mag.engine.handle([again])[0].done
    mag.settle()
    assert mag.arrived[before:] == []


def what_was_said_in_confidence_stays_there(mag: Year) -> None:
    """In no fact, whole or in public; in no room, no message, no start page; and no ballot of a secret poll is left."""
    with mag.store.reading() as reads:
        assert len(reads.all(ConductReport, community=MAG)) == 2, "they are kept, for those they are for"
        assert reads.all(Choice, community=MAG, poll=1) == ()
        entries = list(reads.entries(MAG))  # type: ignore[attr-defined]  # stores read their log too
    for entry in entries:
        assert SECRET.encode() not in entry.body + (entry.private or b"")
        assert not (entry.name == "poll.chosen" and b'"poll":1,' in entry.body and entry.private), (
            "destroyed at the close"
        )
    chosen = [entry.body for entry in entries if entry.name == "poll.chosen" and b'"poll":1,' in entry.body]
    assert len(chosen) == 3
    assert all(re.search(rb'"options":{"sha256":"', body) for body in chosen), "only commitments are public"
    for posted in (*mag.posts.values(), *mag.pages.values()):
        assert SECRET not in posted.words


def it_can_be_taken_elsewhere(store: MemoryStore | SqlStore, folder: Path) -> None:
    """Written out, read into another kind of store, and written out again: the same to the byte."""
    lines = list(give(store, MAG))
    url = f"sqlite:///{folder / 'elsewhere.db'}"
    prepare(url)
    with closing(SqlStore.open(url)) as elsewhere:
        assert take(elsewhere, lines) == MAG
        assert list(give(elsewhere, MAG)) == lines
        assert verify(elsewhere, MAG) == []
