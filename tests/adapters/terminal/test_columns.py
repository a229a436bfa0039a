"""Columns that fit: words whole, the room used, and no table where there is no room for one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.columns import GAP, fitted

columns = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), min_size=1, max_size=8)


@given(columns, st.integers(1, 200))
def test_no_column_is_narrower_than_its_longest_word_nor_wider_than_it_wants(
    made: list[tuple[int, int]], room: int
) -> None:
    leasts = [least for least, _ in made]
    naturals = [least + more for least, more in made]
    widths = fitted(leasts, naturals, room)
    gaps = GAP * (len(made) - 1)
    if widths is None:
        assert sum(leasts) + gaps > room
        return
    assert all(least <= width <= full for least, width, full in zip(leasts, widths, naturals, strict=True))
    assert sum(widths) + gaps == min(room, sum(naturals) + gaps)


def test_the_most_modest_wishes_are_met_first() -> None:
    assert fitted([5, 5, 5], [6, 40, 7], 30) == [6, 13, 7]
