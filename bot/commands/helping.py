"""Help: how each command is typed. All of it from the declarations."""

from __future__ import annotations

from typing import Annotated

from bot.command import COMMANDS, Arguments, Command, ask, command
from bot.context import Context
from bot.domain.errors import NotFound
from bot.domain.names import nearest
from bot.families import FAMILIES
from bot.policy import ANYONE
from bot.text import Say, T, Text, UserText, joined, term
from bot.view import Bullets, Button, Card, Fact, Facts, Paragraph, View


class Help(Arguments):
    """About what."""

    topic: Annotated[str, ask("Help with what?", "A command or a family: consensus, consult comment", rest=True)] = ""


@command(
    "help",
    "Show the commands, or how one of them is typed",
    who=ANYONE,
    arguments=Help,
    examples=("help", "help consensus"),
    reads=True,
    constant=True,
)
def help_(context: Context, arguments: Help) -> View:
    """Families, a family, or one command."""
    topic = " ".join(arguments.topic.lower().split())
    if not topic:
        rows = tuple(Fact(term(name), each.summary) for name, each in FAMILIES.items() if each.summary is not None)
        return Card(
            T("What wgbot can do"),
            (Facts(rows),),
            (Button(T("What needs me"), "todo"), Button(T("Working groups"), "list")),
            footer=T("More about one: {command}. Missing arguments are asked for.", command=Say("help consensus")),
        )
    exact = COMMANDS.get(topic)
    if exact is not None and not exact.hidden and not _subcommands(topic):
        return _one(exact)
    family = _subcommands(topic) or ([exact] if exact is not None and not exact.hidden else [])
    if family:
        facts = tuple(Fact(term(each.usage), each.summary) for each in family)
        return Card(
            T("{family}: {what}", family=topic, what=_summary(topic)),
            (Facts(facts),),
            footer=T("More about one: {command}.", command=Say(f"help {family[0].name}")),
        )
    near = nearest(topic, [*FAMILIES, *(name for name, each in COMMANDS.items() if not each.hidden)])
    raise NotFound(
        T("There is no command {topic}.", topic=UserText(arguments.topic)),
        T("Did you mean {names}?", names=joined([term(each) for each in near], " · "))
        if near
        else T("See all: {command}.", command=Say("help")),
        field="topic",
    )


def _subcommands(family: str) -> list[Command]:
    return [each for each in COMMANDS.of_family(family) if not each.hidden and each.name != family]


def _summary(family: str) -> Text:
    return FAMILIES[family].summary or T("commands")


def _one(declared: Command) -> Card:
    questions = tuple(
        Fact(
            term(each.name.replace("_", "-")),
            joined([each.ask.question, each.ask.hint], " — ") if each.ask.hint else each.ask.question,
        )
        for each in declared.fields
    )
    blocks: list[Paragraph | Facts | Bullets] = [Paragraph(declared.summary)]
    if questions:
        blocks.append(Facts(questions))
    blocks.append(Paragraph(T("For {who}.", who=declared.who.text)))
    if declared.examples:
        blocks.append(Bullets(tuple(T("{command}", command=Say(each)) for each in declared.examples), T("For example")))
    return Card(T("{usage}", usage=declared.usage), tuple(blocks))
