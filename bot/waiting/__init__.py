"""What waits for a person: across everything, only what is truly theirs to do, each with the button that does it.

Not a command: `todo` shows it, a person's start page begins with it, and reminders look at it once more before they go.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.context import Context
from bot.waiting import answering, deciding, working
from bot.waiting.begun import drafts
from bot.waiting.task import Task

__all__ = ["Task", "duties", "tasks"]


def tasks(context: Context) -> Iterator[Task]:
    """What the speaker is waited for, the Chair's decisions first; last what they began themselves."""
    if context.actor.person is not None:
        yield from duties(context)
        yield from drafts(context)


def duties(context: Context) -> Iterator[Task]:
    """What others wait for from the person who speaks."""
    yield from deciding.decisions(context)
    yield from answering.positions(context)
    yield from answering.answers(context)
    yield from answering.invitations(context)
    yield from answering.comments(context)
    yield from answering.polls(context)
    yield from working.updates(context)
    yield from answering.invited(context)
    yield from deciding.reports(context)
    yield from deciding.replies(context)
    yield from working.meetings(context)
    yield from working.times(context)
    yield from working.actions(context)
    yield from working.summaries(context)
    yield from deciding.secretariats_role(context)
    yield from deciding.addresses(context)
