"""Help: what one can do now, and how each command is typed. All of it from the declarations."""

from __future__ import annotations

from typing import Annotated

from bot.command import COMMANDS, Arguments, Command, ask, command
from bot.commands.todo import tasks
from bot.context import Context
from bot.domain.errors import NotFound
from bot.domain.names import nearest
from bot.policy import ANYONE
from bot.text import Say, T, Text, UserText, joined, term
from bot.view import Bullets, Button, ButtonStyle, Card, Fact, Facts, Paragraph, Tone, View

FAMILIES: dict[str, Text] = {
    "propose": T("Propose a working group; revise, show, withdraw"),
    "consult": T("Consult the full membership: comment, respond"),
    "consensus": T("Consensus checks: ask, take a position, object"),
    "conclude": T("Conclude upon a check"),
    "approve": T("Approve a working group"),
    "decline": T("Do not approve one"),
    "appoint": T("Appoint co-facilitators"),
    "confirm": T("Confirm what the Secretariat prepared"),
    "poll": T("Quick polls"),
    "list": T("The working groups"),
    "show": T("One working group"),
    "todo": T("What needs you"),
    "roster": T("Who is seated"),
    "cycle": T("The cycle"),
    "link": T("Link your accounts to you"),
    "home": T("Make a room a group's home"),
    "alias": T("One more name for a group"),
    "settings": T("What this community chose"),
    "help": T("This help"),
}
"""The families in the order help shows them."""


@command("start", "Show what you can do now", who=ANYONE, examples=("",), reads=True)
def start(context: Context, arguments: object) -> View:
    """`/wg` alone: what waits for the speaker, and the few things one most often wants."""
    waiting = list(tasks(context))
    blocks: list[Paragraph | Bullets] = [_greeting(context)]
    if waiting:
        blocks.append(Bullets(tuple(task.text for task in waiting[:8]), T("What needs you")))
    buttons = [task.button for task in waiting[:3]]
    buttons += [
        Button(T("Propose a working group…"), "propose new", style=ButtonStyle.PLAIN),
        Button(T("Working groups"), "list"),
        Button(T("Help"), "help"),
    ]
    return Card(
        T("Working groups of the {body}", body=context.community.titles.body),
        tuple(blocks),
        tuple(buttons),
        Tone.ATTENTION if waiting else Tone.NEUTRAL,
    )


def _greeting(context: Context) -> Paragraph:
    if context.actor.person is None:
        return Paragraph(
            T(
                "You are a guest here: you can read everything public. With a code from the Secretariat, {command} makes wgbot know you.",
                command=Say("link CODE"),
            )
        )
    return Paragraph(T("Hello {name}.", name=context.name_of(context.actor.person)))


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
)
def help_(context: Context, arguments: Help) -> View:
    """Families, a family, or one command."""
    topic = " ".join(arguments.topic.lower().split())
    if not topic:
        rows = tuple(Fact(term(family), text) for family, text in FAMILIES.items())
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
            T("{family}: {what}", family=topic, what=FAMILIES.get(topic, T("commands"))),
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
    return [each for each in COMMANDS.values() if each.family == family and not each.hidden and each.name != family]


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
