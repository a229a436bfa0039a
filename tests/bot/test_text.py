"""Every sentence people see is a whole literal sentence whose places are filled: so it can be translated, and never breaks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.command import COMMANDS
from bot.text import T, Tn, joined, said, term

ROOT = Path(bot.__file__).parents[1]
SOURCES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")])
PLACE = re.compile(r"\{(\w*)\}")
SENTENCES = {"T": 1, "Tn": 2}
"""Functions that make sentences, and how many of their first arguments are one."""


def calls(path: Path) -> Iterator[tuple[int, ast.Call, int]]:
    """Every call that makes a sentence: line, call, how many sentences it takes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SENTENCES:
            yield node.lineno, node, SENTENCES[node.func.id]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sentences_are_literal_and_whole(path: Path) -> None:
    for line, call, count in calls(path):
        for sentence in call.args[:count]:
            built = isinstance(sentence, ast.JoinedStr | ast.BinOp) or (
                isinstance(sentence, ast.Call)
                and isinstance(sentence.func, ast.Attribute)
                and sentence.func.attr == "format"
            )
            assert not built, f"{path}:{line}: a sentence put together in code cannot be translated"


FILLED_LATER: dict[str, set[str]] = {
    "bot/domain/consensus/questions.py": {"group", "name", "label", "title", "body", "version", "changes"},
    "adapters/mail/subjects.py": {"when"},
}
"""Where a sentence is kept with places that are filled elsewhere."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_place_in_a_sentence_is_filled_and_nothing_is_given_in_vain(path: Path) -> None:
    for line, call, count in calls(path):
        if any(keyword.arg is None for keyword in call.keywords):
            continue  # parameters given as a dictionary
        given = {keyword.arg for keyword in call.keywords} | ({"count"} if count > 1 else set())
        literal = [
            arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        for sentence in literal:
            places = set(PLACE.findall(sentence)) - FILLED_LATER.get(str(path.relative_to(ROOT)), set())
            assert places <= given, f"{path}:{line}: {places - given} in {sentence!r} is not filled"
        used = {place for sentence in literal for place in PLACE.findall(sentence)} | {"count"}
        if literal and len(literal) == count:
            assert given <= used, f"{path}:{line}: {given - used} is given in vain"


def test_every_command_says_what_it_does_and_asks_in_whole_sentences() -> None:
    for declared in COMMANDS.values():
        assert declared.summary.message[0].isupper(), declared.name
        assert not declared.summary.message.endswith("."), declared.name
        for argument in declared.fields:
            assert argument.ask.question.message[0].isupper(), (declared.name, argument.name)


def test_the_small_sentences() -> None:
    assert T("{a} and {b}", a=1, b="x").parameters == {"a": 1, "b": "x"}
    assert Tn("{count} day", "{count} days", 2).count == 2
    assert joined([said("{a}"), term("b")], ", ").message == "{p0}, {p1}"
