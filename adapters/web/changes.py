"""What changed in state since an export: told by prints of rows, so that of a section that stands no question is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adapters.web.held import UNTOLD, Held, each_of
from adapters.web.inputs import Question
from adapters.web.manifest import Kind, Standing


class Changes:
    """Compares state with what an export noted of it.

    An answer is another one only if a row of it is gone (or reads otherwise, which is a new row), or a new row belongs to it:
    so a section whose answers had no row that is gone, and that asked nothing a new row answers, stands.
    """

    def __init__(self, held: Held, before: Mapping[str, Kind], answer: Callable[[Question], str]) -> None:
        self._answer = answer
        self._gone: set[int] = set()
        self._same: set[str] = set()
        asked: set[Question] = set()
        for name, kind in before.items():
            found = held.row_prints(name)
            if found == kind.rows:
                self._same.add(name)
                continue
            then, now = set(each_of(kind.rows)), set(each_of(found))
            self._gone |= then - now
            if new := now - then:
                asked.update(*(held.asking(name, fields, new) for fields in kind.asked_by))
        self._asked = set(each_of(held.prints.short(asked)))

    def same(self, kind: str) -> bool:
        """Whether all records of a type are as they were: then so are the answers to every question about it."""
        return kind in self._same

    def touch(self, section: Standing) -> bool:
        """Whether anything a section was made from may be answered otherwise."""
        return (
            not self._gone.isdisjoint(each_of(section.rows))
            or not self._asked.isdisjoint(each_of(section.questions))
            or any(self._otherwise(question, answer) for question, answer in section.apart)
        )

    def _otherwise(self, question: Question, answer: str) -> bool:
        return answer == UNTOLD or (not self.same(question[0]) and self._answer(question) != answer)


def told_by(
    held: Held, questions: Sequence[Question], answers: Sequence[str]
) -> tuple[bytes, bytes, list[tuple[Question, str]]]:
    """What tells whether questions are answered as they were: `Standing.rows`, `.questions` and `.apart`."""
    by_rows: list[Question] = []
    apart: list[tuple[Question, str]] = []
    for question, answer in zip(questions, answers, strict=True):
        if held.by_rows(question):
            by_rows.append(question)
        else:
            apart.append((question, answer))
    rows = {row for each in by_rows for row in held.answers(each)}
    return b"".join(sorted(rows)), held.prints.short(by_rows), apart
