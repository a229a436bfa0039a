"""Positions are counted by stakeholder group, and it does not matter how or in which order they came."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consensus.positions import AGREEING, Position, Tally, recount

GROUPS = ("Government", "Private Sector", "Civil Society", "")
ASKED = dict.fromkeys(GROUPS, 10)

groups = st.sampled_from(GROUPS)
positions = st.sampled_from(Position)
# A member's stakeholder group is fixed when a check opens: it follows from who they are.
changes_of_mind = st.lists(st.tuples(st.integers(0, 39), positions), max_size=60)


def group_of(member: int) -> str:
    return GROUPS[member % len(GROUPS)]


def counted(tally: Tally) -> dict[tuple[str, Position], int]:
    return {(group, position): tally.of(position, group) for group in tally.groups() for position in Position}


def test_a_small_body_is_counted() -> None:
    tally = recount(
        {"Government": 3, "Civil Society": 2, "Technical Community": 1},
        [
            ("Government", Position.SUPPORT),
            ("Government", Position.SUPPORT),
            ("Civil Society", Position.SUPPORT),
            ("Civil Society", Position.NEED_TIME),
        ],
    )
    assert tally.of(Position.SUPPORT) == 3
    assert tally.of(Position.SUPPORT, "Government") == 2
    assert tally.of(Position.OBJECT) == 0
    assert tally.of(Position.OBJECT, "Government") == 0
    assert tally.taken("Civil Society") == 2, "to need time is an answer"
    assert tally.taken("Technical Community") == 0
    assert tally.taken() == 4
    assert tally.asked_in_all() == 6
    assert tally.groups() == ("Government", "Civil Society", "Technical Community")


def test_members_without_a_stakeholder_group_are_counted_under_no_name() -> None:
    tally = recount({"": 2, "Government": 1}, [("", Position.SUPPORT), ("Government", Position.OBJECT)])
    assert tally.taken("") == 1
    assert tally.of(Position.SUPPORT, "") == 1
    assert tally.taken() == 2


def test_a_tally_does_not_change_with_what_it_was_made_from() -> None:
    asked = {"Government": 3}
    tally = recount(asked, [])
    asked["Government"] = 0
    assert tally.asked_in_all() == 3


def test_positions_are_shown_from_support_to_need_time() -> None:
    assert [str(position) for position in Position] == [
        "support",
        "live-with",
        "stand-aside",
        "object",
        "abstain",
        "need-time",
    ]
    assert frozenset({"support", "live-with"}) == AGREEING


@given(changes_of_mind)
def test_counting_anew_gives_the_tally_kept_change_by_change(changes: list[tuple[int, Position]]) -> None:
    held: dict[int, Position] = {}
    kept: dict[tuple[str, Position], int] = {}
    for member, position in changes:
        group = group_of(member)
        if member in held:
            kept[group, held[member]] -= 1
        kept[group, position] = kept.get((group, position), 0) + 1
        held[member] = position

    anew = recount(ASKED, [(group_of(member), position) for member, position in held.items()])
    incremental = Tally(ASKED, kept)
    assert counted(anew) == counted(incremental)
    assert anew.taken() == incremental.taken() == len(held)
    assert all(anew.taken(group) == incremental.taken(group) for group in GROUPS)


@given(st.lists(st.tuples(groups, positions)).flatmap(lambda taken: st.tuples(st.just(taken), st.permutations(taken))))
def test_the_order_of_the_members_does_not_matter(
    orders: tuple[list[tuple[str, Position]], list[tuple[str, Position]]],
) -> None:
    first, second = orders
    assert recount(ASKED, first) == recount(ASKED, second)


@given(st.lists(st.tuples(groups, positions)))
def test_the_groups_and_the_positions_add_up_to_the_whole(taken: list[tuple[str, Position]]) -> None:
    tally = recount(ASKED, taken)
    assert sum(tally.taken(group) for group in GROUPS) == len(taken)
    assert sum(tally.of(position) for position in Position) == len(taken)
    for position in Position:
        assert sum(tally.of(position, group) for group in GROUPS) == tally.of(position)
