"""`/wg` alone: what waits for the speaker, and the few things one most often wants."""

from __future__ import annotations

from bot.command import command
from bot.commands.todo import tasks
from bot.context import Context
from bot.policy import ANYONE
from bot.text import Say, T
from bot.view import Bullets, Button, ButtonStyle, Card, Paragraph, Tone, View


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
