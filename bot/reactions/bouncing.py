"""Mail that comes back: the Secretariat hears whose it is, and what to do. Not the address: it is on the roster."""

from __future__ import annotations

from collections.abc import Iterable

from bot.bouncing import AddressFails, what_fails, what_to_do
from bot.context import Context
from bot.domain.events import Fact
from bot.domain.people import Role, seated
from bot.reactions import Effect, Tell, reacts
from bot.view import Notice, Tone


@reacts(AddressFails)
def fails(context: Context, fact: Fact, event: AddressFails) -> Iterable[Effect]:
    """Once: from then on it is in their `todo`, and on the roster."""
    reads, community = context.reads, context.community
    notice = Notice(what_fails(reads, event.bouncing), Tone.ATTENTION, what_to_do(reads, event.bouncing))
    for seat in seated(reads, community, Role.SECRETARIAT):
        yield Tell(seat.person, notice)
