"""Where one begins: `/wg` alone, and the start page that platforms show by themselves."""

from __future__ import annotations

from bot.command import command
from bot.context import Context
from bot.domain.errors import NotNow
from bot.outgoing import START_PAGE, Placement, home_of, page_of
from bot.policy import ANYONE
from bot.present.home import first_steps, greeting, overview, title, waiting_for
from bot.text import Say, T
from bot.view import Block, Card, Tone, View
from bot.waiting import tasks

MOST_TASKS = 8
"""Shown by `/wg` alone."""


@command("start", "Show what you can do now", who=ANYONE, examples=("",), reads=True)
def start(context: Context, arguments: object) -> View:
    """`/wg` alone: what waits for the speaker, and the few things one most often wants."""
    waiting = list(tasks(context))
    blocks: list[Block] = [greeting(context)]
    if waiting:
        blocks.append(waiting_for(waiting, MOST_TASKS))
    tone = Tone.ATTENTION if waiting else Tone.NEUTRAL
    return Card(title(context), tuple(blocks), first_steps(context), tone)


@command(
    "overview",
    "Show your start page: what needs you, your groups, what is coming up",
    who=ANYONE,
    examples=("overview",),
    hidden=True,
    reads=True,
)
def show_overview(context: Context, arguments: object) -> View:
    """What a platform with a page for each person shows there."""
    return overview(context)


@command(
    "home opened",
    "Note that a person's start page was opened, and show it",
    who=ANYONE,
    examples=("home opened",),
    hidden=True,
)
def home_opened(context: Context, arguments: object) -> View:
    """From now on the page is kept up to date. It is asked for by the page itself, whose place is `~` and the account;
    a guest's is shown and not kept."""
    request = context.request
    space = request.space
    if space.place != page_of(request.user):
        raise NotNow(T("This is no start page."), T("See what you can do now: {command}.", command=Say("todo")))
    person = context.actor.person
    if person is not None:
        place = (context.id, home_of(person), space.platform, space.team, space.place)
        if context.reads.get(Placement, *place) is None:
            context.keep(Placement(*place, START_PAGE, context.now))
    return overview(context)
