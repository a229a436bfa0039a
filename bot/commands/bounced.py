"""Mail that came back, and mail that came from where it came back before. Noted by the software; nobody gives these."""

from __future__ import annotations

from typing import Annotated

from bot.bouncing import AddressFails, Bouncing, came_back
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.policy import SYSTEM
from bot.text import T
from bot.view import Notice, View


class Bounced(Arguments):
    """What came back, from where. The address is not among it."""

    place: Annotated[str, ask("To which place?")]
    status: Annotated[str, ask("With which status?")] = ""
    gone: Annotated[bool, ask("Is there no such mailbox?")] = False


@command("bounced", "Note that a mail came back", who=SYSTEM, arguments=Bounced, examples=(), hidden=True)
def bounced(context: Context, arguments: Bounced) -> View:
    """The Secretariat is told once, when it is plain that nothing arrives there."""
    at = context.request.at
    before = context.reads.get(Bouncing, context.id, arguments.place)
    now = came_back(context.reads, context.id, arguments.place, arguments.status, at, gone=arguments.gone)
    context.keep(now)
    if now.flagged_at == at and (before is None or before.flagged_at != at):
        context.note(AddressFails(now))
    return Notice(T("Done."))


class Heard(Arguments):
    """From where."""

    place: Annotated[str, ask("From which place?")]


@command("bounced no-more", "Note that an address works again", who=SYSTEM, arguments=Heard, examples=(), hidden=True)
def bounced_no_more(context: Context, arguments: Heard) -> View:
    """Whoever writes from an address reads it, as a rule."""
    known = context.reads.get(Bouncing, context.id, arguments.place)
    if known is not None:
        context.discard(known)
    return Notice(T("Done."))
