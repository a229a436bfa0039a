"""What may come next on a line that is being typed. It offers; it never decides what is meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from adapters.shared.asked import asked, controls
from adapters.shared.words import Words
from adapters.terminal.paper import flat
from adapters.terminal.people import Surroundings
from adapters.terminal.typed import MEANINGS, PREFIX, Own
from bot.command import COMMANDS, Argument, Command
from bot.domain.names import fold
from bot.families import FAMILIES
from bot.slash import tokens
from bot.view import Form

_PEOPLE: Final = frozenset({"person", "co_proposers", "facilitators"})
_GROUPS: Final = frozenset({"group", "about", "subject"})
_NAMES_PEOPLE: Final = "roster"
"""The family whose `name` is a person's."""


class Offer(msgspec.Struct, frozen=True):
    """A way to go on: `text` stands for the last `over` characters; `about` says what it is."""

    text: str
    over: int
    about: str = ""


def offers(
    line: str, around: Surroundings, places: tuple[str, ...], form: Form | None, words: Words
) -> Iterator[Offer]:
    """Ways to go on with a line, as far as it is typed."""
    lowered = line.lower()
    if lowered.startswith(f"{PREFIX} "):
        yield from _command(line[len(PREFIX) + 1 :], around, words)
    elif line.startswith("/") and " " not in line:
        yield from _matching([(PREFIX, "wgbot"), *((f"/{own}", _meaning(own, words)) for own in Own)], line)
    elif lowered.startswith("/as "):
        yield from _matching([(name, "") for name in around.names], line[4:].lstrip())
    elif lowered.startswith(("/room ", "/join ")):
        yield from _matching([(place, "") for place in places], line[6:].lstrip())
    elif form is not None and "\n" not in line:
        question = asked(form)
        choices = [(key, flat(words.say(label))) for key, label in question.choices] if question is not None else []
        if question is not None and question.field in _GROUPS:
            choices += [(name, "") for name in around.groups]
        yield from _matching([*choices, *((each, "") for each in controls(form))], line)


def _meaning(own: Own, words: Words) -> str:
    return flat(words.say(MEANINGS[own][1]))


def _matching(candidates: list[tuple[str, str]], typed: str) -> Iterator[Offer]:
    """Those that begin with what is typed, whatever their case and accents."""
    wanted = fold(typed)
    for text, about in candidates:
        if text != typed and (text.lower().startswith(typed.lower()) or (wanted and fold(text).startswith(wanted))):
            yield Offer(text, len(typed), about)


def _command(typed: str, around: Surroundings, words: Words) -> Iterator[Offer]:
    first, space, rest = typed.partition(" ")
    if not space:
        families = [(name, flat(words.say(each.summary))) for name, each in FAMILIES.items() if each.summary]
        yield from _matching(families, first)
        return
    second, more, after = rest.partition(" ")
    declared = COMMANDS.get(f"{first} {second}".lower())
    if declared is not None and more:
        yield from _arguments(declared, after, around)
        return
    if not more:
        family = COMMANDS.of_family(first.lower())
        subcommands = [each for each in family if not each.hidden and " " in each.name]
        yield from _matching(
            [(each.name.partition(" ")[2], flat(words.say(each.summary))) for each in subcommands], second
        )
    alone = COMMANDS.get(first.lower())
    if alone is not None:
        yield from _arguments(alone, rest, around)


def _arguments(declared: Command, typed: str, around: Surroundings) -> Iterator[Offer]:
    found = tokens(typed)
    begun = bool(found) and not typed[-1].isspace()
    word = typed[found[-1].start :] if begun else ""
    before = found[:-1] if begun else found
    options = {f"--{each.name.replace('_', '-')}": each for each in declared.fields if each.ask.option or each.flag}
    if before and (named := options.get(before[-1].text)) is not None and not named.flag:
        yield from _matching(_values(declared, named, around, quoted=not word.startswith('"')), word)
        return
    if word.startswith("-"):
        yield from _matching([(option, "") for option in options], word)
        return
    plain = [each for each in before if each.quoted or not each.text.startswith("--")]
    places = [each for each in declared.fields if not each.ask.option and not each.flag]
    for number, argument in enumerate(places):
        if argument.ask.rest or argument.ask.listed:  # takes all that follows, names with spaces too
            start = plain[number].start if number < len(plain) else len(typed) - len(word)
            last = typed[start:].rpartition(",")[2].lstrip()
            yield from _matching(_values(declared, argument, around, quoted=False), last)
            return
        if number >= len(plain):
            yield from _matching(_values(declared, argument, around, quoted=True), word)
            if argument.required:
                return


def _values(declared: Command, argument: Argument, around: Surroundings, *, quoted: bool) -> list[tuple[str, str]]:
    """What may stand for an argument, in quotes where it has several words and must be one."""
    values = [each.replace(" ", "-") for each in argument.choices]
    if argument.name in _GROUPS:
        values += around.groups
    if argument.name in _PEOPLE or (argument.name == "name" and declared.family == _NAMES_PEOPLE):
        values += around.names
    return [(f'"{each}"' if quoted and " " in each else each, "") for each in values]
