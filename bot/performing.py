"""One command carried out in a context: arguments bound, authority asked for, the handler run; or prepared for the Chair."""

from __future__ import annotations

from bot.command import Arguments, Command, Reply, bind
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.errors import ForTheChair, NotNow
from bot.domain.people import Role, chair_of
from bot.domain.preparing import ActPrepared
from bot.following import follow
from bot.policy import demand
from bot.text import T, UserText
from bot.view import Notice, Tone, View


def perform(context: Context, declared: Command, raw: dict[str, str], bound: Arguments | None = None) -> Reply:
    """Carry out a command. Raises `Refusal` and `Incomplete`; whoever called undoes what happened by then."""
    arguments = bound if bound is not None else bind(declared, raw)
    if _prepares(context, declared):
        return _prepare(context, declared, raw, arguments)
    demand(declared.who, context, arguments)
    before = len(context.facts)
    try:
        answer: View | Reply = declared.handler(context, arguments)
    except ForTheChair as refusal:
        if not context.actor.has_role(Role.CHAIR):
            raise
        raise refusal.to_the_chair() from refusal
    follow(context, before)
    return answer if isinstance(answer, Reply) else Reply(answer)


def admit(context: Context, declared: Command) -> None:
    """Raise `NotAllowed` before anything is asked, where who speaks decides it whatever they would answer."""
    if declared.who.by_speaker and not _prepares(context, declared):
        demand(declared.who, context, None)


def _prepares(context: Context, declared: Command) -> bool:
    """Whether the Secretariat gives an act of the Chair's."""
    actor = context.actor
    return declared.prepares and actor.has_role(Role.SECRETARIAT) and not actor.has_role(Role.CHAIR)


def _prepare(context: Context, declared: Command, raw: dict[str, str], arguments: Arguments) -> Reply:
    """An act of the Chair, given by the Secretariat: tried out first, then put before the Chair."""
    chair = chair_of(context.reads, context.community)
    title = context.community.titles.chair
    if chair is None:
        raise NotNow(
            T("No {chair} is seated; acts of the {chair} wait until one is.", chair=title),
            T("They are not the Secretariat's to do. Set the seat when there is a new one."),
        )
    with context.rehearsing(chair.person):
        declared.handler(context, arguments)
    number = next_number(context.reads, context.id, "act")
    context.happen(ActPrepared(number, declared.name, raw, context.person))
    return Reply(
        Notice(
            T(
                "Prepared as act {number}: {command}. It takes effect when {name} confirms it.",
                number=number,
                command=UserText(" ".join([declared.name, *raw.values()])[:200]),
                name=context.name_of(chair.person),
            ),
            Tone.DONE,
        )
    )
