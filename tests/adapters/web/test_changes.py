"""Whether a section of an export still stands is told by prints of rows: whoever asked is told of every other answer."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.web.changes import Changes, told_by
from adapters.web.held import Held
from adapters.web.inputs import Question
from adapters.web.manifest import Kind, Standing
from bot.domain.documents import Document
from bot.domain.ids import CommunityId
from bot.ports import Rows

HERE = CommunityId("mag")
FIELDS: tuple[tuple[str, ...], ...] = ((), ("community", "group"), ("community",))
NUMBERS = range(1, 6)
GROUPS = ("g1", "g2")

states = st.dictionaries(
    st.sampled_from(NUMBERS), st.tuples(st.sampled_from(GROUPS), st.sampled_from("ab")), max_size=5
)
questions = st.one_of(
    st.tuples(st.just("Document"), st.just(FIELDS[0]), st.tuples(st.just("mag"), st.sampled_from(NUMBERS))),
    st.tuples(st.just("Document"), st.just(FIELDS[1]), st.tuples(st.just("mag"), st.sampled_from(GROUPS))),
    st.tuples(st.just("Document"), st.just(FIELDS[2]), st.just(("mag",))),
    st.tuples(st.just("Document"), st.just(("part", "2")), st.tuples(st.just("mag"), st.sampled_from(NUMBERS))),
    st.tuples(st.just("Document"), st.just(("count",)), st.just(("mag",))),
    st.tuples(st.just("Document"), st.just(()), st.just(())),
)


class OnlyDocuments:
    """A snapshot of documents alone: number, group and title."""

    def __init__(self, documents: dict[int, tuple[str, str]]) -> None:
        self._rows = [("mag", number, *documents[number]) for number in sorted(documents)]

    def get(self, *_: Any) -> None:
        return None

    def secret(self, _: CommunityId) -> bytes:
        return b"known to nobody"

    def rows(self, kind: type[Any], _: CommunityId) -> Rows:
        names = ("community", "number", "group", "title")
        return Rows(names, self._rows if kind is Document else [], lambda row: row, lambda _, given: given)


def answer(held: Held, question: Question) -> str:
    return held.print_of(question) if question[2] else held.print_of_all(question[0])


@given(states, states, st.lists(questions, max_size=4, unique=True))
def test_a_section_stands_exactly_while_no_question_is_answered_otherwise(
    before: dict[int, tuple[str, str]], after: dict[int, tuple[str, str]], asked: list[Question]
) -> None:
    then, now = (Held(OnlyDocuments(each), HERE) for each in (before, after))  # type: ignore[arg-type]  # as much as is used
    answers = [answer(then, each) for each in asked]
    section = Standing({}, 0, *told_by(then, asked, answers))
    kinds = {"Document": Kind(then.row_prints("Document"), list(FIELDS))}
    changes = Changes(now, kinds, lambda question: answer(now, question))
    changed = [each for each, told in zip(asked, answers, strict=True) if answer(now, each) != told]
    assert changes.touch(section) == bool(changed)
