"""Filling in a command: begun when an answer is missing, kept when one is refused, shown as a form."""

from __future__ import annotations

from bot.command import COMMANDS, Command, bind
from bot.context import Context
from bot.domain.errors import Incomplete, Refusal
from bot.forms import Draft
from bot.ports import UnitOfWork
from bot.text import Text, joined
from bot.view import Form, View


def draft_of(context: Context) -> Draft | None:
    """What the speaker is filling in at this place."""
    space, user = context.request.space, context.request.user
    return context.reads.get(Draft, context.id, space.platform, space.team, user, space.place)


def drafted(context: Context, command: str, answers: dict[str, str], asking: str, skipped: tuple[str, ...] = ()) -> Draft:
    """A draft of the speaker's at this place."""
    space, user = context.request.space, context.request.user
    return Draft(
        context.id, space.platform, space.team, user, space.place, command, answers, asking, skipped, context.now
    )


def next_asked(declared: Command, answers: dict[str, str], skipped: tuple[str, ...] = ()) -> str:
    """The question that comes next: unanswered, not skipped; "" when all were asked."""
    for each in declared.fields:
        if each.name not in answers and each.name not in skipped and not each.ask.advanced:
            return each.name
    return ""


def form_of(draft: Draft, problems: tuple[tuple[str, Text], ...] = ()) -> Form:
    """A draft as a form."""
    declared = COMMANDS[draft.command]
    return Form(
        declared.name, declared.summary, declared.questions(), draft.answers, draft.asking or None, problems
    )


def begin_draft(
    context: Context, work: UnitOfWork, declared: Command | None, raw: dict[str, str], missing: tuple[str, ...]
) -> View:
    """Start asking for what is missing, keeping what was given."""
    assert declared is not None
    if context.request.command.startswith("draft "):
        raise AssertionError("a draft command asks for nothing")
    answers = {name: text for name, text in raw.items() if text.strip()}
    draft = drafted(context, declared.name, answers, missing[0])
    work.put(draft)
    return form_of(draft)


def keep_refused(context: Context, work: UnitOfWork, declared: Command | None, refusal: Refusal) -> View | None:
    """Keep what was typed for a long command as a draft, asking again for what was refused. None: not such a command."""
    if declared is None or not declared.keeps:
        return None
    known = set(declared.by_name)
    answers = {name: text for name, text in context.request.arguments.items() if name in known}
    return keep_problem(context, work, declared, answers, refusal)


def keep_problem(context: Context, work: UnitOfWork, declared: Command, answers: dict[str, str], refusal: Refusal) -> Form:
    """The draft with the refusal beside the question it belongs to."""
    field = refusal.field if refusal.field in declared.by_name else ""
    draft = drafted(context, declared.name, answers, field or "")
    work.put(draft)
    steps = [refusal.what, refusal.next_step] if refusal.next_step else [refusal.what]
    return form_of(draft, ((field or "", joined(steps)),))


def missing_in(declared: Command, answers: dict[str, str]) -> tuple[str, ...]:
    """The required answers still missing."""
    try:
        bind(declared, answers)
    except Incomplete as incomplete:
        return incomplete.fields
    except Refusal:
        return ()
    return ()
