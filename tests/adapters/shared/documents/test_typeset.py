"""Lines end at spaces, and run in their own direction."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.documents.typeface import MAIN, REPLACEMENT, Chooser
from adapters.shared.documents.typeset import Line, Look, Piece, lines

LOOK = Look(10)
BOLD = Look(10, bold=True)


def letters(piece: Piece) -> float:
    """Every letter is one wide."""
    return len(piece.text)


def laid(*runs: tuple[str, Look], width: float = 10) -> list[Line]:
    return list(lines(runs, width, letters, Chooser()))


def shown(line: Line) -> list[str]:
    """Pieces from left to right."""
    return [piece.text for piece, _ in line.pieces]


def test_lines_end_at_spaces() -> None:
    assert [shown(line) for line in laid(("one two three four", LOOK))] == [["one two"], ["three four"]]


def test_looks_change_within_a_line_without_a_break_between() -> None:
    assert [shown(line) for line in laid(("ab ", LOOK), ("cd", BOLD), ("efgh ij", LOOK))] == [
        ["ab ", "cd", "efgh"],
        ["ij"],
    ]


def test_a_word_that_is_too_long_is_broken() -> None:
    assert [shown(line) for line in laid(("a " + "x" * 23 + " b", LOOK))] == [
        ["a"],
        ["x" * 10],
        ["x" * 10],
        ["xxx b"],
    ]


def test_a_letter_wider_than_the_line_still_stands() -> None:
    assert [shown(line) for line in laid(("ab", LOOK), width=0.5)] == [["a"], ["b"]]


def test_a_no_break_space_does_not_end_a_line() -> None:
    assert [shown(line) for line in laid(("aaaaaa 10\u00a0years", LOOK))] == [["aaaaaa"], ["10\u00a0years"]]


def test_a_line_end_that_is_meant() -> None:
    assert [shown(line) for line in laid(("a\n\nb", LOOK))] == [["a"], [], ["b"]]


def test_hebrew_runs_from_the_right_and_numbers_in_it_do_not() -> None:
    (line,) = laid(("אבג 123 דה", LOOK), width=20)
    assert line.from_right
    assert [text.strip() for text in shown(line)] == ["דה", "", "123", "אבג"]
    assert [piece.level % 2 for piece, _ in line.pieces] == [1, 1, 0, 1]


def test_hebrew_within_english() -> None:
    (line,) = laid(("in אב גד out", LOOK), width=20)
    assert not line.from_right
    assert [(text, piece.level % 2) for text, (piece, _) in zip(shown(line), line.pieces, strict=True)] == [
        ("in ", 0),
        ("אב גד", 1),
        (" out", 0),
    ]


def test_each_script_has_its_font_and_marks_stay_with_their_letters() -> None:
    chooser = Chooser()
    assert list(chooser.split("ab, نور. é\u0301 中")) == [
        (MAIN, "ab, "),
        ("NotoSansArabic", "نور. "),
        (MAIN, f"é\u0301 {REPLACEMENT}"),
    ]
    assert chooser.missing == {"中"}


@given(st.text(alphabet="abc d\u00a0אבعن1(", max_size=60), st.integers(1, 12))
def test_no_letter_is_lost_and_no_line_too_wide(text: str, width: int) -> None:
    made = list(lines([(text, LOOK)], width, letters, Chooser()))
    assert all(line.width <= width for line in made)
    together = sorted("".join(piece.text for line in made for piece, _ in line.pieces).replace(" ", ""))
    assert together == sorted(text.replace(" ", ""))
