"""What is typed after `/wg`, taken apart: which command, which arguments. Everything is forgiving but silent nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.command import COMMANDS, Argument, Command
from bot.domain.errors import Invalid, NotFound
from bot.domain.hygiene import one_line, unsmart
from bot.domain.names import fold, nearest
from bot.families import FAMILIES
from bot.text import Say, T, UserText, joined, term

LONGEST = 200_000
"""Characters of one typed command; a longer text is sent as a file."""


DASHES = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014")

SLIP = 2
"""Letters more or less that a slip of the pen makes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a quoted stretch, with where it stands in what was typed."""

    text: str
    quoted: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command with its arguments as typed."""

    command: Command
    arguments: dict[str, str]


def tokens(text: str) -> list[Token]:
    """Words and quoted stretches. A quote only opens at the start of a word, so that `don't` is a word."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        quote = text[at] if text[at] in "\"'" else ""
        end = text.find(quote, at + 1) if quote else -1
        if quote and end > 0:
            found.append(Token(text[at + 1 : end], True, at, end + 1))
            at = end + 1
            continue
        start = at
        while at < len(text) and not text[at].isspace():
            if text[at] == "=" and text[start:at].startswith("--") and text[at + 1 : at + 2] in ('"', "'"):
                close = text.find(text[at + 1], at + 2)
                at = close if close > 0 else len(text) - 1
            at += 1
        found.append(Token(text[start:at], False, start, at))
    return found


@cache
def option_names() -> frozenset[str]:
    """Every option of every command, so that a phone's “—kind” is read as --kind, and no other dash is touched."""
    names = {each.name.replace("_", "-") for declared in COMMANDS.values() for each in declared.fields}
    return frozenset(names | {"help"})


def find_command(words: list[Token], typed: str) -> tuple[Command, int]:
    """The command named by the first words, and how many words name it. Raises `NotFound` with what is near."""
    first = words[0].text.lower()
    if len(words) > 1 and not words[1].quoted:
        pair = COMMANDS.get(f"{first} {words[1].text.lower()}")
        if pair is not None:
            return pair, 2
    single = COMMANDS.get(first)
    if single is not None:
        return single, 1
    family = [each for each in COMMANDS.of_family(first) if not each.hidden]
    default = next((each for each in family if each.family_default), None)
    second = words[1] if len(words) > 1 else None
    subcommands = {each.name.removeprefix(f"{first} "): each for each in family}
    if second is not None and not second.quoted and family:
        near = nearest(second.text, list(subcommands), limit=1)
        if near and (default is None or _slip(second.text, near[0])):
            raise NotFound(
                T("There is no command {typed}.", typed=UserText(one_line(f"{first} {second.text}"))),
                T("Did you mean {command}?", command=Say(f"{first} {near[0]}")),
                suggestion=Say(_rewritten(typed, words[1], near[0])),
            )
    if default is not None:
        return default, 1
    if family:
        return COMMANDS["help"], 0
    names = [name for name, each in FAMILIES.items() if each.summary is not None]
    near = nearest(first, names)
    what = T("There is no command {typed}.", typed=UserText(one_line(words[0].text)))
    if near:
        choices = joined([T("{command}", command=Say(each)) for each in near], " · ")
        raise NotFound(
            what, T("Did you mean {choices}?", choices=choices), suggestion=Say(_rewritten(typed, words[0], near[0]))
        )
    raise NotFound(what, T("See all there are: {command}.", command=Say("help")))


def _slip(typed: str, name: str) -> bool:
    """Whether `typed` is likelier a slip of the pen for `name` than the start of a sentence."""
    one, other = fold(typed), fold(name)
    return one[:1] == other[:1] and abs(len(one) - len(other)) <= SLIP and len(one) > SLIP


def _rewritten(typed: str, token: Token, name: str) -> str:
    return typed[: token.start] + name + typed[token.end :]


def parse(typed: str) -> Spoken:
    """What a person typed after the prefix. Raises a `Refusal` that says what is near, never guesses silently."""
    if len(typed) > LONGEST:
        raise Invalid(
            T("That is {count} characters long; a message takes {limit}.", count=len(typed), limit=LONGEST),
            T("Send the text as a Markdown file, or section by section."),
        )
    text = (typed if typed.isascii() else unsmart(typed, options=option_names())).strip()
    words = tokens(text)
    if not words:
        return Spoken(COMMANDS["start"], {})
    if words[-1].text == "--help" and not words[-1].quoted:
        return Spoken(COMMANDS["help"], {"topic": " ".join(each.text for each in words[:-1][:2])})
    declared, used = find_command(words, text)
    if used == 0:
        return Spoken(declared, {"topic": words[0].text})
    original = typed.strip()  # a text is kept as it was typed, wherever setting it straight moved nothing
    return Spoken(declared, _arguments(declared, original if len(original) == len(text) else text, words[used:]))


def _arguments(declared: Command, text: str, words: list[Token]) -> dict[str, str]:
    found: dict[str, str] = {}
    plain: list[Token] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word.quoted or not word.text.startswith("--") or word.text == "--":
            plain.append(word)
            at += 1
            continue
        name, equals, value = word.text[2:].partition("=")
        argument = _option(declared, name)
        if argument.name in found:
            raise Invalid(T("{name} is given twice.", name=f"--{name}"), T("Give it once."), field=argument.name)
        if argument.flag and not equals:
            found[argument.name] = "yes"
            at += 1
            continue
        if not equals:
            at += 1
            if at == len(words):
                raise Invalid(
                    T("{name} needs a value after it.", name=f"--{name}"),
                    T("It is typed so: {usage}", usage=declared.usage),
                    field=argument.name,
                )
            value = words[at].text
        found[argument.name] = value.strip("\"'") if equals else value
        at += 1
    _positional(declared, text, plain, found)
    return found


def _option(declared: Command, name: str) -> Argument:
    key = name.lower().replace("-", "_")
    argument = declared.by_name.get(key)
    if argument is None:
        starting = [each for each in declared.fields if each.name.startswith(key)]
        argument = starting[0] if len(starting) == 1 else None
    if argument is not None:
        return argument
    what = T("{command} has no option {name}.", command=declared.name, name=UserText(f"--{name}"))
    near = nearest(key, [each.name for each in declared.fields])
    if near:
        shown = joined([term(f"--{each.replace('_', '-')}") for each in near], " · ")
        raise Invalid(what, T("Did you mean {names}?", names=shown))
    raise Invalid(what, T("It is typed so: {usage}", usage=declared.usage))


def _positional(declared: Command, text: str, words: list[Token], found: dict[str, str]) -> None:
    fields = [each for each in declared.fields if each.name not in found and not each.ask.option and not each.flag]
    at = 0
    for argument in fields:
        if at == len(words):
            return
        if argument.ask.rest or argument.ask.listed:
            found[argument.name] = _rest(text, words[at:], listed=argument.ask.listed)
            return
        word = words[at]
        if not argument.required and not _fits(argument, word.text):
            continue
        end = at + 2 if _spaced_dash(words[at : at + 3]) else at
        found[argument.name] = word.text if end == at else text[word.start : words[end].end]
        at = end + 1
    if at < len(words):
        extra = text[words[at].start : words[-1].end]
        raise Invalid(
            T("{extra} is more than {command} takes.", extra=UserText(one_line(extra)), command=declared.name),
            T("Put texts of several words in quotes. It is typed so: {usage}", usage=declared.usage),
        )


def _spaced_dash(words: list[Token]) -> bool:
    """Whether a name was typed with a dash between spaces: `WG - CO`."""
    return len(words) == len("A-B") and words[1].text in DASHES and not any(each.quoted for each in words)


def _fits(argument: Argument, word: str) -> bool:
    """Whether a word may be meant for an optional argument, so that it can be left out before a text."""
    if argument.choices:
        folded = word.lower().strip(":")
        return any(folded in (choice, choice.replace(" ", "-")) for choice in argument.choices)
    if argument.number:
        return word.lstrip("#").isdigit()
    return True


def _rest(text: str, words: list[Token], *, listed: bool) -> str:
    if len(words) == 1:
        only = words[0]
        return text[only.start + 1 : only.end - 1] if only.quoted else text[only.start : only.end]
    if listed and any(each.quoted for each in words):
        return text[words[0].start : words[-1].end]
    parts = []
    for before, word in zip([None, *words], words, strict=False):
        if before is not None:
            gap = text[before.end : word.start]
            parts.append(gap if not gap.strip() else " ")
        parts.append(text[word.start : word.end])
    return "".join(parts)
