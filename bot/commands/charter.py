"""Charters: what a working group was approved for, its versions, and what changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.charters import changes_in, version_of
from bot.domain.errors import NotFound, NotNow
from bot.domain.groups import Group, find_group
from bot.policy import ANYONE
from bot.present.charters import changes_card, charter_card, history_card
from bot.text import Say, T
from bot.view import File, Named, View

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class ShowCharter(Arguments):
    """Whose, and which version."""

    group: GroupArgument
    version: Annotated[int, ask("Which version?", "Its number. Left out: the newest.")] = 0


@command(
    "charter show",
    "Show the charter of a working group, or an earlier version of it",
    who=ANYONE,
    arguments=ShowCharter,
    examples=("charter show WG-MWP", "charter show WG-MWP 1"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: ShowCharter) -> View:
    """Until the Chair approves it, it is a proposal."""
    group = find_group(context.reads, context.id, arguments.group)
    return charter_card(context.reads, context.community, group, _version(context, group, arguments.version))


class History(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "charter history",
    "Show every version of a working group's charter, and the groups it goes on from",
    who=ANYONE,
    arguments=History,
    examples=("charter history WG-MWP",),
    reads=True,
)
def history(context: Context, arguments: History) -> View:
    """The newest first; each can be looked at and compared with the one before."""
    group = find_group(context.reads, context.id, arguments.group)
    return history_card(context.reads, context.community, group)


class Form(StrEnum):
    """In what form changes are handed over."""

    CARD = "card"
    MD = "md"


class Diff(Arguments):
    """Whose, of which version, and how."""

    group: GroupArgument
    version: Annotated[
        int,
        ask("Which version?", "Compared with the one before it. Left out: the newest; a renewal with the old charter."),
    ] = 0
    format: Annotated[Form, ask("In what form?", "Here as a card, or as a Markdown file.", option=True)] = Form.CARD


@command(
    "charter diff",
    "Show what a version of a charter changed, or a renewal against the old charter",
    who=ANYONE,
    arguments=Diff,
    examples=("charter diff WG-MWP", "charter diff WG-MWP 2 --format md"),
    reads=True,
)
def diff(context: Context, arguments: Diff) -> View:
    """Section by section, the lines taken out and put in."""
    group = find_group(context.reads, context.id, arguments.group)
    version = arguments.version and _version(context, group, arguments.version)
    if changes_in(context.reads, group, version, context.community.titles.body) is None:
        raise NotNow(
            T(
                "There is nothing to compare {group} with: it is the first of its kind, in its first version.",
                group=group.short_name,
            ),
            T("See it: {command}.", command=Say(f"charter show {group.short_name}")),
        )
    if arguments.format is Form.CARD:
        return changes_card(context.reads, context.community, group, version)
    return File(
        f"{group.short_name}-v{version or group.version}-changes.md",
        f"changes:{group.id}:{version}",
        "changes",
        "md",
        T("What changed in {group}, version {version}.", group=group.short_name, version=version or group.version),
    )


def _version(context: Context, group: Group, typed: int) -> int:
    version = typed or group.version
    if version_of(context.reads, group, version) is None:
        raise NotFound(
            T(
                "{group} has {count} versions; there is no number {number}.",
                group=group.short_name,
                count=group.version,
                number=version,
            ),
            T("See them: {command}.", command=Say(f"charter history {group.short_name}")),
            field="version",
        )
    return version
