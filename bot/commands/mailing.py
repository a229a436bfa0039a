"""Mailing lists of the full membership and of working groups: linked, and how one subscribes."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, YesNo, ask, command
from bot.context import Context
from bot.domain.groups import body_name, find_group
from bot.domain.ids import MAG, GroupId
from bot.domain.lists import link_list, list_of, unlink_list
from bot.domain.names import fold
from bot.policy import ANYONE, CHAIR, SECRETARIAT
from bot.present.lists import list_text
from bot.stages import activate_if_ready
from bot.standing import FACILITATOR
from bot.text import Say, T, Text
from bot.view import Named, Notice, Tone, View

WhoseArgument = Annotated[
    str, ask("Whose list?", "A working group's short name; “all” for the full membership.", named=Named.GROUP)
]


def _body(context: Context, typed: str) -> str:
    return MAG if fold(typed) == "all" else find_group(context.reads, context.id, typed).id


def _name(context: Context, body: str) -> Text:
    return body_name(context.reads, context.id, body, context.community.titles.body)


class Link(Arguments):
    """Whose, which, how to subscribe, and that it is open."""

    group: WhoseArgument
    address: Annotated[str, ask("What is its address?", "wg-mwp@lists.example.org")]
    is_open: Annotated[
        YesNo, ask("Can every member subscribe and read it without approval?", "A list closed to members is refused.")
    ]
    subscribe: Annotated[
        str, ask("How does one subscribe?", "A link, or a sentence. May be left out.", rest=True, limit=500)
    ] = ""


@command(
    "mailing link",
    "Link a mailing list that is open to every member",
    who=CHAIR | SECRETARIAT | FACILITATOR,
    arguments=Link,
    examples=("mailing link WG-MWP wg-mwp@lists.example.org yes https://lists.example.org/wg-mwp",),
)
def link(context: Context, arguments: Link) -> View:
    """A list alone can be a group's home."""
    body = _body(context, arguments.group)
    context.happen(link_list(body, arguments.address, arguments.subscribe, is_open=arguments.is_open is YesNo.YES))
    if body != MAG:
        activate_if_ready(context, GroupId(body))
    return Notice(T("Linked as the mailing list of {body}.", body=_name(context, body)), Tone.DONE)


class Whose(Arguments):
    """Whose."""

    group: WhoseArgument


@command(
    "mailing unlink",
    "Say that a mailing list is used no more",
    who=CHAIR | SECRETARIAT | FACILITATOR,
    arguments=Whose,
    examples=("mailing unlink WG-MWP",),
)
def unlink(context: Context, arguments: Whose) -> View:
    """It is not shown any more; the list itself is not touched."""
    body = _body(context, arguments.group)
    context.happen(unlink_list(context.reads, context.id, body))
    return Notice(T("{body} has no mailing list here any more.", body=_name(context, body)), Tone.DONE)


class Show(Arguments):
    """Whose."""

    group: Annotated[
        str, ask("Whose list?", "A working group's short name. Left out: the full membership's.", named=Named.GROUP)
    ] = "all"


@command(
    "mailing show",
    "Show a mailing list, and how one subscribes",
    who=ANYONE,
    arguments=Show,
    examples=("mailing", "mailing WG-MWP"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> View:
    """Of a working group, or of the full membership."""
    body = _body(context, arguments.group)
    found = list_of(context.reads, context.id, body)
    if found is None:
        return Notice(
            T("No mailing list of {body} is linked.", body=_name(context, body)),
            Tone.NEUTRAL,
            T("Link one: {command}.", command=Say("mailing link")),
        )
    return Notice(
        T("The mailing list of {body}: {list}", body=_name(context, body), list=list_text(found)),
        Tone.NEUTRAL,
        T("{person} attests that it is open to every member.", person=context.name_of(found.attested_by)),
    )
