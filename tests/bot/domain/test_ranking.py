"""Ranked answers, counted as in the examples the rules were published with, and as they must whatever the answers are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.poll_results import GroupResult, PollKind, best, result_of
from bot.domain.ranking import OUT, instant_runoff, leading, schulze

MEMPHIS, NASHVILLE, KNOXVILLE, CHATTANOOGA = 1, 2, 3, 4


def ballots(*groups: tuple[int, str]) -> list[tuple[int, ...]]:
    """`(5, "ACBED")`: five ballots, A wanted most."""
    return [tuple(ord(letter) - ord("A") + 1 for letter in order) for count, order in groups for _ in range(count)]


def letters(tiers: tuple[tuple[int, ...], ...]) -> str:
    return " > ".join("=".join(chr(ord("A") + number - 1) for number in tier) for tier in tiers)


def test_schulzes_own_example() -> None:
    # Schulze 2011, example 1 (45 voters); the order is the one published.
    voted = ballots(
        (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC")
    )
    assert letters(schulze(5, voted)) == "E > A > C > B > D"


def test_the_capital_of_tennessee() -> None:
    # The example most used for comparing rules: each rule has its published winner.
    voted = ballots((42, "ABDC"), (26, "BDCA"), (15, "DCBA"), (17, "CDBA"))
    rounds = instant_runoff(4, voted)
    assert rounds == ((42, 26, 17, 15), (42, 26, 32, OUT), (42, OUT, 58, OUT))
    assert leading(rounds) == (KNOXVILLE,)
    assert letters(schulze(4, voted)) == "B > D > C > A"


def test_what_is_left_out_is_wanted_less_than_what_is_named() -> None:
    assert letters(schulze(3, [(2,), (2,), (1, 3)])) == "B > A > C"


def test_who_is_level_stays_level() -> None:
    assert leading(instant_runoff(2, [(1, 2), (2, 1)])) == (1, 2)
    assert schulze(2, [(1, 2), (2, 1)]) == ((1, 2),)


def test_nobody_answered() -> None:
    assert leading(instant_runoff(3, [])) == ()
    assert schulze(3, []) == ((1, 2, 3),)


def test_a_tie_for_the_fewest_is_broken_by_the_round_before() -> None:
    voted = ballots((4, "A"), (3, "B"), (2, "C"), (1, "DC"))
    assert [each.count(OUT) for each in instant_runoff(4, voted)] == [0, 1, 2, 3][: len(instant_runoff(4, voted))]
    second = instant_runoff(4, voted)[1]
    assert second == (4, 3, 3, OUT)
    assert instant_runoff(4, voted)[2][2] == OUT, "C had fewer than B in the round before"


OPTIONS = 4
BALLOT = st.permutations(range(1, OPTIONS + 1)).flatmap(
    lambda order: st.integers(1, OPTIONS).map(lambda length: tuple(order[:length]))
)
BALLOTS = st.lists(BALLOT, max_size=30)


def wins(voted: list[tuple[int, ...]], one: int, other: int) -> bool:
    """Whether more want one than the other."""

    def place(ballot: tuple[int, ...], option: int) -> int:
        return ballot.index(option) if option in ballot else OPTIONS

    ahead = sum(place(each, one) < place(each, other) for each in voted)
    return ahead > sum(place(each, one) > place(each, other) for each in voted)


@given(BALLOTS)
def test_who_beats_everybody_is_first_by_schulze(voted: list[tuple[int, ...]]) -> None:
    numbers = range(1, OPTIONS + 1)
    for one in numbers:
        if all(wins(voted, one, other) for other in numbers if other != one):
            assert schulze(OPTIONS, voted)[0] == (one,)


@given(BALLOTS)
def test_who_most_want_first_wins_the_run_off_at_once(voted: list[tuple[int, ...]]) -> None:
    rounds = instant_runoff(OPTIONS, voted)
    if 2 * max(rounds[0]) > len(voted):
        assert len(rounds) == 1


@given(BALLOTS)
def test_the_order_of_the_answers_does_not_matter(voted: list[tuple[int, ...]]) -> None:
    mixed = sorted(voted)
    assert instant_runoff(OPTIONS, mixed) == instant_runoff(OPTIONS, voted)
    assert schulze(OPTIONS, mixed) == schulze(OPTIONS, voted)


@given(BALLOTS)
def test_every_option_has_one_place(voted: list[tuple[int, ...]]) -> None:
    tiers = schulze(OPTIONS, voted)
    assert sorted(number for tier in tiers for number in tier) == list(range(1, OPTIONS + 1))
    for each in instant_runoff(OPTIONS, voted):
        assert sum(count for count in each if count != OUT) <= len(voted)


GROUPS = st.sampled_from(["Government", "Private Sector", "Civil Society", ""])


@given(st.lists(st.tuples(GROUPS, BALLOT), max_size=20), st.sampled_from(list(PollKind)), st.booleans())
def test_the_groups_add_up_and_a_secret_poll_breaks_out_none_that_is_small(
    answers: list[tuple[str, tuple[int, ...]]], kind: PollKind, secret: bool
) -> None:
    given = [(group, answer if kind is not PollKind.SCORE else (0, 1, 2, 3)) for group, answer in answers]
    result = result_of(kind, OPTIONS, secret, given)
    if secret:
        assert all(each.answers >= 3 for each in result.groups)
    if not secret or result.groups:
        assert sum(each.answers for each in result.groups) == len(answers)


def test_availability_looks_to_stakeholder_groups_first() -> None:
    answers = [("Government", (1, 2)), ("Government", (1,)), ("Government", (1,)), ("Civil Society", (2,))]
    result = result_of(PollKind.AVAILABILITY, 2, False, answers)
    assert result.groups == (GroupResult("Civil Society", 1, (0, 1)), GroupResult("Government", 3, (3, 1)))
    assert best(PollKind.AVAILABILITY, (3, 2), result) == (2,)
    assert best(PollKind.APPROVAL, (3, 2), result) == (1,)
    assert best(PollKind.SCORE, (0, 0), result) == ()
