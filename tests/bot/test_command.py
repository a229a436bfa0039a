"""What is typed for arguments, bound: numbers that no database holds."""

from __future__ import annotations

import pytest

from tests.builders import CHAIR, PRIVATE, World

HUGE = "9" * 40


@pytest.mark.parametrize("number", [str(2**31), HUGE, f"#{HUGE}"])
def test_a_number_too_large_to_be_one_of_ours_is_refused(number: str) -> None:
    """PostgreSQL and SQLite would fail at it, long after it was taken for a number."""
    mag = World()
    mag.proposed()
    for typed in (
        f"consensus object {number} because",
        f"poll show {number}",
        f"consult respond WG-MWP 1,{number} Yes",
    ):
        assert "is not a number" in mag.refuses(PRIVATE, typed)


def test_what_is_no_number_of_a_check_is_looked_for_as_a_group() -> None:
    mag = World()
    for typed in (HUGE, "²"):
        assert "There is no working group" in mag.refuses(CHAIR, f"conclude {typed} consensus")
