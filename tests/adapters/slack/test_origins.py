"""Which deliveries are one request: the second of a double click, a window sent again; and what is forgotten in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.origins import DOUBLE_CLICK_SECONDS, REMEMBERED, Clicks, Refusals, clicked_at, digest

TEAM = "T1"


def click(at: float, user: str = "U1", where: str = "1.1", trigger: str = "") -> dict[str, Any]:
    return {
        "user": {"id": user},
        "container": {"message_ts": where},
        "trigger_id": trigger or f"t{at}",
        "actions": [{"action_ts": f"{at:.6f}"}],
    }


@pytest.mark.parametrize(
    ("seconds", "same"),
    [(0.0, True), (DOUBLE_CLICK_SECONDS, True), (DOUBLE_CLICK_SECONDS + 0.01, False), (-0.1, False)],
)
def test_a_double_click_is_one(seconds: float, same: bool) -> None:
    clicks = Clicks()
    first = clicks.origin(TEAM, click(100.0, trigger="a"), "support")
    assert (clicks.origin(TEAM, click(100.0 + seconds, trigger="b"), "support") == first) is same


def test_a_third_click_counts_from_the_first_so_that_a_row_of_them_has_an_end() -> None:
    clicks = Clicks()
    origins = [clicks.origin(TEAM, click(100.0 + at), "support") for at in (0.0, 1.0, 2.0)]
    assert origins[0] == origins[1] != origins[2]


@pytest.mark.parametrize("other", [click(100.1, user="U2"), click(100.1, where="2.2")])
def test_other_people_and_other_cards_are_others(other: dict[str, Any]) -> None:
    clicks = Clicks()
    assert clicks.origin(TEAM, click(100.0), "support") != clicks.origin(TEAM, other, "support")


def test_the_same_person_in_another_workspace_is_another() -> None:
    clicks = Clicks()
    assert clicks.origin("T1", click(100.0), "support") != clicks.origin("T2", click(100.1), "support")


def test_there_and_back_is_three_acts() -> None:
    clicks = Clicks()
    origins = [
        clicks.origin(TEAM, click(100.0 + number / 10), what)
        for number, what in enumerate(("support", "object", "support"))
    ]
    assert len(set(origins)) == 3


def test_what_may_be_repeated_is_an_act_each_time_since_another_replica_may_have_seen_one_between() -> None:
    clicks = Clicks()
    first, again = (clicks.origin(TEAM, click(100.0 + at), "support", repeatable=True) for at in (0.0, 0.2))
    assert first != again


def test_when_somebody_clicked_is_known_by_slacks_own_clock() -> None:
    assert clicked_at(click(100.25)) == datetime(1970, 1, 1, 0, 1, 40, 250_000, tzinfo=UTC)
    assert clicked_at({"actions": [{}]}) is None
    assert clicked_at({"actions": [{"action_ts": "nan"}]}) is None


def test_without_a_trigger_it_is_known_by_what_it_is() -> None:
    one = {**click(100.0), "trigger_id": ""}
    assert Clicks().origin(TEAM, one, "support") == Clicks().origin(TEAM, one, "support")
    assert Clicks().origin(TEAM, one, "support") != Clicks().origin(TEAM, one, "object")


def test_only_so_many_are_remembered() -> None:
    clicks = Clicks()
    first = clicks.origin(TEAM, click(100.0), "support")
    for number in range(REMEMBERED):
        clicks.origin(TEAM, click(100.0, user=f"U{number + 2}"), "support")
    assert clicks.origin(TEAM, click(100.1), "support") != first


def test_a_window_submitted_again_is_the_same_until_it_was_refused() -> None:
    refusals = Refusals()
    said = {"name": "WG-A", "purpose": "x"}
    first = refusals.origin(TEAM, "V1", said)
    assert refusals.origin(TEAM, "V1", dict(reversed(said.items()))) == first
    assert refusals.origin(TEAM, "V2", said) != first
    assert refusals.origin(TEAM, "V1", {**said, "purpose": "y"}) != first
    refusals.refused("V1")
    assert refusals.origin(TEAM, "V1", said) != first


def test_a_digest_tells_where_one_text_ends_and_the_next_begins() -> None:
    assert digest("a", "bc") != digest("ab", "c")
    assert digest("a", "") != digest("a")
    assert digest("\ud83d") == digest("?")  # halves of characters, which nothing can keep
