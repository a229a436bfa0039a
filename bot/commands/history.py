"""The history of a working group: everything that happened in it, in order and in words."""

from __future__ import annotations

from typing import Annotated, cast

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.errors import NotFound
from bot.domain.groups import find_group
from bot.history.reading import history_of
from bot.policy import ANYONE
from bot.ports import AuditLog
from bot.present.names import full_name
from bot.text import Moment, T, Tn
from bot.view import Bullets, Button, Card, Named, View

PAGE = 20
"""Entries shown at once."""


class History(Arguments):
    """Of which group, and how far back."""

    group: Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]
    page: Annotated[int, ask("Which page?", "1, the newest; 2 is what was before.")] = 1


@command(
    "history",
    "Show what happened in a working group",
    who=ANYONE,
    arguments=History,
    examples=("history WG-MWP", "history WG-MWP 2"),
    reads=True,
)
def history(context: Context, arguments: History) -> View:
    """From the log of facts, so nothing is missing that was not erased; what only the body sees, only to those seated."""
    group = find_group(context.reads, context.id, arguments.group)
    log = cast(AuditLog, context.reads)  # what reads state reads the log beside it, in every store
    entries = list(
        history_of(
            context.reads,
            (fact for _, fact in log.facts(context.id)),
            context.community,
            group.id,
            seated=context.actor.seat is not None,
        )
    )
    pages = max(1, -(-len(entries) // PAGE))
    if not 1 <= arguments.page <= pages:
        raise NotFound(
            Tn(
                "The history of {group} has {count} page.",
                "The history of {group} has {count} pages.",
                pages,
                group=group.short_name,
            ),
            T("1 is the newest."),
            field="page",
        )
    last = len(entries) - (arguments.page - 1) * PAGE
    shown = entries[max(0, last - PAGE) : last]
    name = {"group": group.short_name}
    buttons = [Button(T("The group"), "show", name)]
    if arguments.page < pages:
        buttons.insert(0, Button(T("Before that"), "history", {**name, "page": str(arguments.page + 1)}))
    return Card(
        T("History of {name}", name=full_name(group.short_name, group.full_name)),
        (Bullets(tuple(T("{when}: {text}", when=Moment(each.at, context.zone), text=each.text) for each in shown)),),
        tuple(buttons),
        footer=T("Page {page} of {pages}; 1 is the newest.", page=arguments.page, pages=pages) if pages > 1 else None,
    )
