"""Somebody asks to be erased: the Secretariat is told, with what to type."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.erasure import ErasureAsked
from bot.domain.events import Fact
from bot.reactions import Effect, Tell, reacts
from bot.text import T, term
from bot.view import Notice, Tone


@reacts(ErasureAsked)
def asked(context: Context, fact: Fact, event: ErasureAsked) -> Iterable[Effect]:
    """Each of them, directly; nobody else."""
    notice = Notice(
        T("{person} asks to be erased.", person=context.name_of(event.person)),
        Tone.ATTENTION,
        T(
            "End their seat if they have one; then whoever runs wgbot erases them: {command}.",
            command=term(f"wgbot person erase {event.person}"),
        ),
    )
    for person in event.readers:
        yield Tell(person, notice)
