"""Filling in a command: begun when an answer is missing, kept when one is refused, shown as a form."""

from __future__ import annotations

import msgspec

from bot.command import COMMANDS, Command
from bot.context import Context
from bot.domain.errors import NotAllowed, Refusal
from bot.forms import Draft
from bot.performing import admit
from bot.ports import UnitOfWork
from bot.reply import refused
from bot.text import T, Text, joined
from bot.view import Button, Form, View


def draft_of(context: Context) -> Draft | None:
    """What the speaker is filling in at this place, in this window."""
    space, user = context.request.space, context.request.user
    return context.reads.get(Draft, context.id, space.platform, space.team, user, space.place, space.form)


def drafted(
    context: Context, command: str, answers: dict[str, str], asking: str, skipped: tuple[str, ...] = ()
) -> Draft:
    """A draft of the speaker's at this place, in this window."""
    space, user = context.request.space, context.request.user
    where = (context.id, space.platform, space.team, user, space.place, space.form)
    return Draft(*where, command, answers, asking, skipped, context.now)


def next_asked(declared: Command, answers: dict[str, str], skipped: tuple[str, ...] = ()) -> str:
    """The question that comes next: unanswered, not skipped; "" when all were asked."""
    for each in declared.fields:
        if each.name not in answers and each.name not in skipped and not each.ask.advanced:
            return each.name
    return ""


def form_of(draft: Draft, problems: tuple[tuple[str, Text], ...] = ()) -> Form:
    """A draft as a form."""
    declared = COMMANDS[draft.command]
    return Form(declared.name, declared.summary, declared.questions(), draft.answers, draft.asking or None, problems)


def problem_of(refusal: Refusal) -> Text:
    """A refusal as one text beside a question."""
    return joined([refusal.what, refusal.next_step]) if refusal.next_step else refusal.what


def begin_draft(
    context: Context, work: UnitOfWork, declared: Command, raw: dict[str, str], missing: tuple[str, ...]
) -> View:
    """Start asking for what is missing, keeping what was given. Raises `NotAllowed` for what is not the speaker's to do.

    A window begins with what was kept of it before, and keeps what is typed in it from now on.
    """
    admit(context, declared)
    answers = {name: text for name, text in raw.items() if text.strip()}
    if declared.begins is not None:
        answers = {**declared.begins(context, answers), **answers}
    if context.request.space.window:
        kept = draft_of(context)
        if kept is not None and kept.command == declared.name:
            answers = {**kept.answers, **answers}
        return form_of(drafted(context, declared.name, answers, missing[0]))
    draft = drafted(context, declared.name, answers, missing[0])
    work.put(draft)
    return form_of(draft)


def keep_refused(context: Context, work: UnitOfWork, declared: Command | None, refusal: Refusal) -> View | None:
    """Keep what was typed for a long command as a draft. What was refused is asked again; a refusal that is about no
    single answer is a plain one, with a way back to the draft. None: nothing to keep.
    """
    if declared is None or not declared.keeps or isinstance(refusal, NotAllowed):
        return None
    answers = {name: text for name, text in context.request.arguments.items() if name in declared.by_name}
    if refusal.field in declared.by_name:
        return keep_problem(context, work, declared, answers, refusal)
    work.put(drafted(context, declared.name, answers, ""))
    notice = refused(refusal, context.request.typed)
    return msgspec.structs.replace(notice, buttons=(Button(T("Go on with what you typed"), "draft preview"),))


def forget_draft(context: Context, declared: Command) -> None:
    """What was being filled in here was done by other means."""
    draft = draft_of(context)
    if draft is not None and draft.command == declared.name:
        context.discard(draft)


def keep_problem(
    context: Context, work: UnitOfWork, declared: Command, answers: dict[str, str], refusal: Refusal
) -> Form:
    """The draft with the refusal beside the question it belongs to."""
    field = refusal.field if refusal.field in declared.by_name else ""
    draft = drafted(context, declared.name, answers, field or "")
    work.put(draft)
    return form_of(draft, ((field or "", problem_of(refusal)),))
