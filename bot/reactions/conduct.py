"""A report under the Code of Conduct: those who may read it are told that there is one, and nothing of what it says."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.conduct_reports import ConductReported
from bot.domain.events import Fact
from bot.domain.ids import PersonId
from bot.reactions import Effect, Tell, concerns, reacts
from bot.text import T
from bot.view import Button, ButtonStyle, Notice, Tone


@reacts(ConductReported)
def reported(context: Context, fact: Fact, event: ConductReported) -> Iterable[Effect]:
    """Told once, when it comes in."""
    if not event.new:
        return
    notice = Notice(
        T("A report under the Code of Conduct came in, in confidence."),
        Tone.ATTENTION,
        buttons=(Button(T("Read it"), "conduct reports", {"report": event.report}, ButtonStyle.PRIMARY),),
    )
    for person in event.readers:
        if person != fact.by:
            yield Tell(person, notice)


@concerns(ConductReported)
def waiting(context: Context, fact: Fact, event: ConductReported) -> Iterable[PersonId]:
    """It is among what needs them, until it is closed."""
    return event.readers
