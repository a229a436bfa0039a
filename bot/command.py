"""What a command is: one declaration, from which everything else comes.

Slash parsing, forms on every platform, usage, help, the generated reference and the authorization table are all made
from `Command`. The arguments are a pydantic model whose fields are annotated with `ask(…)`: the question that is asked
when the argument is missing.
"""

from __future__ import annotations

import importlib
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.context import Context
from bot.domain.errors import Incomplete, Invalid
from bot.domain.hygiene import clean
from bot.domain.names import LARGEST_NUMBER, nearest
from bot.domain.records import By, Key
from bot.families import FAMILIES
from bot.policy import Who
from bot.text import T, Text, UserText, joined, term
from bot.view import Named, Question, View

LINE = 200
"""Characters of a one-line answer, unless an argument says otherwise."""


class Arguments(BaseModel):
    """The arguments of a command, validated."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Nothing(Arguments):
    """A command without arguments."""


class YesNo(StrEnum):
    """The answer to a plain question."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Ask:
    """How an argument is asked for and typed. `rest` takes all that follows; `option` is given by name only (`--name`).

    A `raw` one is not cleaned: whoever reads it says of each character in it where it stands (the line of a file).
    `named` tells what it names, so that it can be chosen instead of typed.
    """

    question: Text
    hint: Text | None = None
    rest: bool = False
    option: bool = False
    multiline: bool = False
    limit: int = LINE
    listed: bool = False
    file: bool = False
    advanced: bool = False
    raw: bool = False
    named: Named = Named.NOTHING


def ask(
    question: str,
    hint: str = "",
    *,
    rest: bool = False,
    option: bool = False,
    multiline: bool = False,
    limit: int = LINE,
    listed: bool = False,
    file: bool = False,
    advanced: bool = False,
    raw: bool = False,
    named: Named = Named.NOTHING,
) -> Ask:
    """Annotate an argument. `question` and `hint` are English (xgettext reads them here); `advanced` ones no form asks."""
    return Ask(
        T(question), T(hint) if hint else None, rest, option, multiline, limit, listed, file, advanced, raw, named
    )


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command, read off its model."""

    name: str
    ask: Ask
    required: bool
    choices: tuple[str, ...]
    flag: bool
    number: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person who asked is answered. Confidential ones are not kept for retries."""

    view: View
    confidential: bool = False


Need = tuple[type[Any], Key | By]
"""A record by its key, or a list by its fields and their values."""
Needs = Callable[[Context, Any], Iterable[Need]]
Handler = Callable[[Context, Any], View | Reply]
Begins = Callable[[Context, dict[str, str]], dict[str, str]]
"""The answers with which a command's form begins, given those there are."""


@dataclass(frozen=True)
class Command:
    """A command, declared once. `reads`: changes nothing, served from a snapshot. `prepares`: the Secretariat may prepare it.

    `confidential`: whatever it answers, a refusal too, is for who asked alone, and is not kept.
    `constant`: the same arguments have the same answer always and for everybody, so that it may be kept. `begins`: what
    its form suggests, to be edited rather than written from nothing. `repeatable`: done twice it comes to what it comes to
    done once, so a second click at once is an act like any other, and no mistake.
    """

    name: str
    summary: Text
    who: Who
    arguments: type[Arguments]
    handler: Handler
    examples: tuple[str, ...]
    reads: bool = False
    family_default: bool = False
    prepares: bool = False
    keeps: bool = False
    hidden: bool = False
    constant: bool = False
    confidential: bool = False
    repeatable: bool = False
    needs: Needs | None = field(default=None, compare=False)
    begins: Begins | None = field(default=None, compare=False)

    @property
    def family(self) -> str:
        """The first word of the name."""
        return self.name.split(" ", 1)[0]

    @cached_property
    def fields(self) -> tuple[Argument, ...]:
        """Its arguments, in the order they are typed."""
        return tuple(_argument(name, info) for name, info in self.arguments.model_fields.items())

    @cached_property
    def by_name(self) -> dict[str, Argument]:
        """Its arguments by name."""
        return {each.name: each for each in self.fields}

    @property
    def usage(self) -> str:
        """How it is typed, without prefix: `consult comment GROUP [comment|concern|change] TEXT`."""
        return " ".join([self.name, *(_usage(each) for each in self.fields)])

    def questions(self) -> tuple[Question, ...]:
        """Its arguments as the questions of a form."""
        return tuple(
            Question(
                each.name,
                each.ask.question,
                each.ask.hint,
                each.required,
                each.ask.multiline,
                tuple((choice, T(choice)) for choice in each.choices),
                each.ask.limit,
                each.ask.named,
            )
            for each in self.fields
            if not each.ask.advanced
        )


class Catalogue(Mapping[str, Command]):
    """Every command by name. A family's modules are imported when one of its commands is first looked up."""

    def __init__(self) -> None:
        self._declared: dict[str, Command] = {}
        self._loaded: set[str] = set()

    def load_all(self) -> None:
        """Import every family: for a process that stays, and for whoever looks at all of them."""
        for family in FAMILIES:
            self._load(family)

    def of_family(self, family: str) -> list[Command]:
        """The commands of a family, in the order they are declared."""
        self._load(family)
        return [each for each in self._declared.values() if each.family == family]

    def _load(self, family: str) -> None:
        if family not in self._loaded and family in FAMILIES:
            self._loaded.add(family)
            for module in FAMILIES[family].modules:
                importlib.import_module(f"bot.commands.{module}")

    def __getitem__(self, name: str) -> Command:
        found = self._declared.get(name)
        if found is None:
            self._load(name.split(" ", 1)[0])
            found = self._declared[name]
        return found

    def __setitem__(self, name: str, declared: Command) -> None:
        self._declared[name] = declared

    def __iter__(self) -> Iterator[str]:
        self.load_all()
        return iter(self._declared)

    def __len__(self) -> int:
        self.load_all()
        return len(self._declared)


COMMANDS = Catalogue()
"""Every command by name."""

H = TypeVar("H", bound=Callable[..., View | Reply])


def command(
    name: str,
    summary: str,
    *,
    who: Who,
    examples: tuple[str, ...],
    arguments: type[Arguments] = Nothing,
    reads: bool = False,
    family_default: bool = False,
    prepares: bool = False,
    keeps: bool = False,
    hidden: bool = False,
    constant: bool = False,
    confidential: bool = False,
    repeatable: bool = False,
    needs: Needs | None = None,
    begins: Begins | None = None,
) -> Callable[[H], H]:
    """Declare a command on its handler. `summary` is English (xgettext reads it here)."""

    def declare(handler: H) -> H:
        COMMANDS[name] = Command(
            name,
            T(summary),
            who,
            arguments,
            handler,
            examples,
            reads,
            family_default,
            prepares,
            keeps,
            hidden,
            constant,
            confidential,
            repeatable,
            needs,
            begins,
        )
        return handler

    return declare


def _argument(name: str, info: FieldInfo) -> Argument:
    asked = next(each for each in info.metadata if isinstance(each, Ask))
    kind = info.annotation
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        kind = next(each for each in typing.get_args(kind) if each is not type(None))
    choices: tuple[str, ...] = ()
    if isinstance(kind, type) and issubclass(kind, Enum):
        choices = tuple(str(each.value) for each in kind)
    return Argument(name, asked, info.is_required(), choices, kind is bool, kind is int)


def _usage(argument: Argument) -> str:
    name = argument.name.upper().replace("_", "-")
    if argument.choices:
        name = "|".join(each.replace(" ", "-") for each in argument.choices)
    if argument.flag:
        return f"[--{argument.name.replace('_', '-')}]"
    if argument.ask.option:
        shown = f"--{argument.name.replace('_', '-')} {name}"
        return shown if argument.required else f"[{shown}]"
    if argument.ask.listed:
        name = f"{name}, …"
    return name if argument.required else f"[{name}]"


def bind(declared: Command, raw: dict[str, str]) -> Arguments:
    """Clean and validate what was typed. Raises `Incomplete` for missing answers, `Invalid` for bad ones."""
    values: dict[str, Any] = {}
    for name, text in raw.items():
        argument = declared.by_name.get(name)
        if argument is None:
            raise _unknown(declared, name)
        asked = argument.ask
        if asked.raw and len(text) <= asked.limit:
            cleaned = text if text.strip() else ""
        else:
            cleaned = clean(text, limit=asked.limit, field=name, multiline=asked.multiline)
        if cleaned or not argument.required:
            values[name] = _value(argument, cleaned)
    try:
        bound = declared.arguments.model_validate(values)
    except ValidationError as error:
        wrong = [each for each in error.errors() if each["type"] != "missing"]
        if wrong:
            raise _explained(declared, wrong[0]) from None
    else:
        _countable(declared, bound)
        return bound
    raise Incomplete(tuple(each.name for each in declared.fields if each.required and each.name not in values))


def _countable(declared: Command, bound: Arguments) -> None:
    """No number is larger than databases hold: asking for one would fail there, and not here."""
    for argument in declared.fields:
        value = getattr(bound, argument.name)
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, int) and abs(number) > LARGEST_NUMBER:
                raise _no_number(argument.name, str(number))


def _no_number(name: str, typed: str) -> Invalid:
    return Invalid(
        T("{typed} is not a number.", typed=UserText(typed[:80])),
        T("Give the number shown on its card, such as 3."),
        field=name,
    )


def _value(argument: Argument, text: str) -> Any:
    if argument.choices:
        folded = text.strip().lower().replace(" ", "-").replace("_", "-")
        for choice in argument.choices:
            if folded == choice.replace(" ", "-"):
                return choice
        for choice in argument.choices:
            if folded and choice.replace(" ", "-").startswith(folded):
                return choice
    if argument.flag:
        return text.strip().lower() not in ("", "no", "false", "off", "0")
    return text.strip("# ") if argument.number else text


def _unknown(declared: Command, name: str) -> Invalid:
    what = T("{command} has no argument {name}.", command=declared.name, name=UserText(name))
    near = nearest(name, [each.name for each in declared.fields])
    if near:
        return Invalid(what, T("Did you mean {names}?", names=joined([term(f"--{each}") for each in near])))
    return Invalid(what, T("It is typed so: {usage}", usage=declared.usage))


def _explained(declared: Command, first: ErrorDetails) -> Invalid:
    name = str(first["loc"][0]) if first["loc"] else ""
    argument = declared.by_name.get(name)
    typed = UserText(str(first.get("input", ""))[:80])
    if argument is not None and argument.choices:
        choices = joined([term(each) for each in argument.choices], " · ")
        return Invalid(
            T("{typed} is none of the choices for {name}.", typed=typed, name=name),
            T("Choose one of: {choices}.", choices=choices),
            field=name,
        )
    if argument is not None and argument.number:
        return _no_number(name, str(first.get("input", "")))
    if argument is not None and argument.ask.listed:
        return Invalid(
            T("{typed} cannot be read as a list.", typed=typed),
            T("Separate the entries by commas: 1, 3."),
            field=name,
        )
    return Invalid(
        T("{typed} cannot be used for {name}.", typed=typed, name=name),
        argument.ask.hint if argument else None,
        field=name,
    )
