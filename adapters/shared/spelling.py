"""A command as one would type it, from its name and arguments: what stands beside a button where nothing can be tapped.

The other direction of `bot.slash.parse`, which judges each spelling: the shortest one is shown that parses to the same
command and arguments. It says nothing of who may type it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.command import COMMANDS, Argument, Command
from bot.domain.errors import Refusal
from bot.slash import parse

_SIGNS: Final = frozenset("#@%+./:*~^$&?!,;=()[]{}<>|_-")

_NO: Final = frozenset({"", "no", "false", "off", "0"})


def spelled(command: str, arguments: dict[str, str]) -> str:
    """What to type, without the prefix: `consensus object 3 "Too soon: ask the NRIs first"`."""
    if not arguments:
        return command
    declared = COMMANDS.get(command)
    if declared is None:
        return " ".join([command, *(_quoted(value) for value in arguments.values())])
    unset = {each.name for each in declared.fields if each.flag and arguments.get(each.name) in _NO}
    arguments = {name: value for name, value in arguments.items() if name not in unset}
    spelling = command
    for spelling in _spellings(declared, arguments):
        if _means(spelling, declared, arguments):
            break
    return spelling


def _means(spelling: str, declared: Command, arguments: dict[str, str]) -> bool:
    try:
        spoken = parse(spelling)
    except Refusal:
        return False
    return spoken.command is declared and spoken.arguments == arguments


def _spellings(declared: Command, arguments: dict[str, str]) -> Iterator[str]:
    """Ways to type it, the most natural first: the last text bare, then quoted, then everything by name."""
    given = [each for each in declared.fields if each.name in arguments]
    placed = [each for each in given if not each.ask.option and not each.flag]
    named = [_named(each, arguments[each.name]) for each in given if each not in placed]
    words = [_quoted(arguments[each.name]) for each in placed]
    if placed and "\n" not in arguments[placed[-1].name]:
        yield " ".join([declared.name, *words[:-1], arguments[placed[-1].name], *named])
    yield " ".join([declared.name, *words, *named])
    yield " ".join([declared.name, *(_named(each, arguments[each.name]) for each in given)])


def _named(argument: Argument, value: str) -> str:
    option = f"--{argument.name.replace('_', '-')}"
    return option if argument.flag and value == "yes" else f"{option} {_quoted(value)}"


def _quoted(value: str) -> str:
    """A value as one word. One that holds both kinds of quotes keeps its sense, not its letters."""
    if value and value[0] != "-" and all(letter.isalnum() or letter in _SIGNS for letter in value):
        return value
    quote = next((quote for quote in "\"'" if quote not in value), '"')
    return quote + value.replace(quote, "”") + quote
