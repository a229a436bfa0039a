"""The calendar: what is coming up in the community, as a card and as a file for one's own calendar."""

from __future__ import annotations

from bot.chairing import waiting_acts
from bot.coming import coming_up
from bot.command import command
from bot.context import Context
from bot.policy import ANYONE
from bot.text import Say, T
from bot.view import Bullets, Button, Card, File, Notice, View

MOST_BUTTONS = 6
"""Buttons on the card, the file's among them; the rest is in the list."""


@command(
    "calendar show",
    "Show what is coming up: meetings, what closes when, and the days of the cycle",
    who=ANYONE,
    examples=("calendar", "calendar show"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: object) -> View:
    """Soonest first, each with whose and what it is."""
    coming = coming_up(context.reads, context.community, context.now)
    waiting = waiting_acts(context.reads, context.community, context.now)
    if not coming and not waiting:
        return _nothing()
    buttons = [each.button for each in coming[: MOST_BUTTONS - 1]]
    return Card(
        T("What is coming up"),
        (*([Bullets(tuple(each.text for each in coming))] if coming else []), *waiting),
        (*buttons, Button(T("Calendar file"), "calendar file")) if coming else (),
    )


@command(
    "calendar file",
    "Hand over what is coming up as a file for your own calendar (iCalendar)",
    who=ANYONE,
    examples=("calendar file",),
    reads=True,
)
def file(context: Context, arguments: object) -> View:
    """Taken in again, it moves what has moved; it doubles nothing."""
    if not coming_up(context.reads, context.community, context.now, cancelled=True):
        return _nothing()  # a calendar without an event is none (RFC 5545 §3.6)
    return File(
        f"{context.id}.ics",
        f"calendar:{context.id}",
        "calendar",
        "ics",
        T("What is coming up, for your calendar. Taken in again later, it moves what has moved."),
    )


def _nothing() -> Notice:
    return Notice(T("Nothing is coming up."), next_step=T("See the working groups: {command}.", command=Say("list")))
