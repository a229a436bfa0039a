"""What needs *me*: across everything, and only what is truly mine to do."""

from __future__ import annotations

from bot.command import command
from bot.context import Context
from bot.policy import ANYONE
from bot.text import Say, T
from bot.view import Card, Items, Notice, Tone, View
from bot.waiting import tasks


@command("todo", "Show what needs you, and only you", who=ANYONE, examples=("todo",), reads=True)
def todo(context: Context, arguments: object) -> View:
    """Everything in one place; nothing of anybody else's."""
    if context.actor.person is None:
        return Notice(
            T("wgbot does not know this account yet, so nothing waits for you."),
            Tone.NEUTRAL,
            T(
                "Link it with a code from the Secretariat: {command}. You can read everything public: {list}.",
                command=Say("link CODE"),
                list=Say("list"),
            ),
        )
    found = list(tasks(context))
    if not found:
        return Notice(
            T("Nothing waits for you."),
            Tone.DONE,
            T("See the working groups: {command}.", command=Say("list")),
        )
    return Card(T("What needs you"), (Items(tuple(task.item for task in found)),), tone=Tone.ATTENTION)
