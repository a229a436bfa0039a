"""Going on with what is being filled in: the next answer, back, skip, preview, cancel, submit. On every platform the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import msgspec

from bot.command import COMMANDS, Arguments, Command, Reply, ask, bind, command
from bot.context import Context
from bot.domain.errors import Incomplete, Invalid, NotNow, Refusal
from bot.drafting import draft_of, drafted, form_of, next_asked, problem_of
from bot.forms import Draft
from bot.performing import perform
from bot.policy import ANYONE
from bot.text import Say, T
from bot.view import Form, Notice, Tone, View

ANSWER = 150_000


def _draft(context: Context) -> Draft:
    found = draft_of(context)
    if found is None:
        raise NotNow(
            T("You are not filling in anything here."), T("See what you can do now: {command}.", command=Say("todo"))
        )
    return found


class Answer(Arguments):
    """The answer to the question asked."""

    text: Annotated[str, ask("Your answer", rest=True, multiline=True, limit=ANSWER)] = ""


@command(
    "draft answer",
    "Answer the question that is asked",
    who=ANYONE,
    arguments=Answer,
    examples=("draft answer WG-MWP",),
    hidden=True,
)
def answer(context: Context, arguments: Answer) -> View | Reply:
    """A bad answer is refused beside its question; the last needed one submits where nothing else is asked.

    An empty one answers nothing: the question is asked again, and what was filled in stays.
    """
    draft = _draft(context)
    declared = COMMANDS[draft.command]
    if not draft.asking or not arguments.text.strip():
        return form_of(draft)
    answers = {**draft.answers, draft.asking: arguments.text}
    problem = _checked(declared, answers, draft.asking)
    if problem is not None:
        return form_of(draft, ((draft.asking, problem_of(problem)),))
    return _go_on(context, declared, replace(draft, answers=answers, updated_at=context.now))


def _checked(declared: Command, answers: dict[str, str], field: str) -> Refusal | None:
    """What is wrong with one answer, if anything."""
    try:
        bind(declared, {field: answers[field]})
    except Incomplete:
        return None
    except Refusal as refusal:
        return refusal if refusal.field in (field, None) else None
    return None


def _go_on(context: Context, declared: Command, draft: Draft) -> View | Reply:
    asking = next_asked(declared, draft.answers, draft.skipped)
    moved = replace(draft, asking=asking)
    asked_for_more = len(declared.questions()) > 2  # noqa: PLR2004 - a form of one or two questions needs no preview
    if asking or asked_for_more:
        context.keep(moved)
        return form_of(moved)
    return _submitted(context, moved)


@command("draft skip", "Skip the question that is asked", who=ANYONE, examples=("draft skip",), hidden=True)
def skip(context: Context, arguments: object) -> View | Reply:
    """Leave it as it is: unanswered where it need not be answered, or as it was answered before going back."""
    draft = _draft(context)
    declared = COMMANDS[draft.command]
    argument = declared.by_name.get(draft.asking)
    if argument is None:
        return form_of(draft)
    if draft.asking in draft.answers:
        return _go_on(context, declared, draft)
    if argument.required:
        raise NotNow(
            T("This one needs an answer: {question}", question=argument.ask.question),
            T("Answer it, or type cancel."),
        )
    return _go_on(context, declared, replace(draft, skipped=(*draft.skipped, draft.asking)))


@command("draft back", "Go back to the question before", who=ANYONE, examples=("draft back",), hidden=True)
def back(context: Context, arguments: object) -> View:
    """What was answered there is kept until it is answered anew."""
    draft = _draft(context)
    names = [each.name for each in COMMANDS[draft.command].fields if not each.ask.advanced]
    at = names.index(draft.asking) if draft.asking in names else len(names)
    before = names[max(0, at - 1)]
    moved = replace(draft, asking=before, skipped=tuple(name for name in draft.skipped if name != before))
    context.keep(moved)
    return form_of(moved)


@command(
    "draft preview",
    "Show what has been filled in so far",
    who=ANYONE,
    examples=("draft preview",),
    hidden=True,
    reads=True,
)
def preview(context: Context, arguments: object) -> Form:
    """The form, as far as it has come."""
    return form_of(_draft(context))


class Resume(Arguments):
    """Where it was begun."""

    place: Annotated[str, ask("In which room did you begin it?", "As `todo` names it.")]
    window: Annotated[str, ask("In which window?", option=True)] = ""


@command(
    "draft resume",
    "Go on here with what you began elsewhere",
    who=ANYONE,
    arguments=Resume,
    examples=('draft resume "#wg-mwp"',),
    hidden=True,
)
def resume(context: Context, arguments: Resume) -> Form:
    """It moves here, with all that was answered."""
    space, user = context.request.space, context.request.user
    begun = context.reads.get(Draft, context.id, space.platform, space.team, user, arguments.place, arguments.window)
    if begun is None:
        raise NotNow(
            T("You have nothing to go on with there: it was submitted or cancelled."),
            T("See what waits for you: {command}.", command=Say("todo")),
        )
    moved = replace(begun, place=space.place, window=space.form)
    context.discard(begun)
    context.keep(moved)
    return form_of(moved)


class Keep(Arguments):
    """What is being filled in, as it stands."""

    form: Annotated[str, ask("Which command is it for?")]
    answers: Annotated[str, ask("Its answers, as a JSON object", limit=10 * ANSWER, raw=True)]


@command(
    "draft keep",
    "Keep what was typed in a form so far",
    who=ANYONE,
    arguments=Keep,
    examples=("""draft keep "propose new" '{"name": "Outreach"}'""",),
    hidden=True,
)
def keep(context: Context, arguments: Keep) -> Form:
    """For a window that holds many answers at once: they are kept as they are, and looked at when it is submitted."""
    declared, answers = COMMANDS.get(arguments.form), _answers(arguments.answers)
    if declared is None or answers is None:
        raise Invalid(
            T("That is no form that can be kept."), T("See what you can do now: {command}.", command=Say("todo"))
        )
    typed = {name: text for name, text in answers.items() if name in declared.by_name and text.strip()}
    draft = drafted(context, declared.name, typed, next_asked(declared, typed))
    if typed:
        context.keep(draft)
    return form_of(draft)


def _answers(encoded: str) -> dict[str, str] | None:
    try:
        return msgspec.json.decode(encoded, type=dict[str, str])
    except msgspec.MsgspecError:
        return None


@command("draft cancel", "Throw away what is being filled in", who=ANYONE, examples=("draft cancel",), hidden=True)
def cancel(context: Context, arguments: object) -> View:
    """Gone for good."""
    draft = _draft(context)
    context.discard(draft)
    return Notice(T("Cancelled: {what}. Nothing was sent.", what=COMMANDS[draft.command].summary), Tone.DONE)


@command("draft submit", "Submit what was filled in", who=ANYONE, examples=("draft submit",), hidden=True)
def submit(context: Context, arguments: object) -> View | Reply:
    """Refused, it stays a draft with the reason beside the question it belongs to."""
    return _submitted(context, _draft(context))


def _submitted(context: Context, draft: Draft) -> View | Reply:
    declared = COMMANDS[draft.command]
    try:
        with context.attempting():
            reply = perform(context, declared, draft.answers)
    except Incomplete as incomplete:
        moved = replace(draft, asking=incomplete.fields[0], skipped=())
        context.keep(moved)
        return form_of(moved)
    except Refusal as refusal:
        asking = refusal.field if refusal.field in declared.by_name else ""
        moved = replace(draft, asking=asking or "", updated_at=context.now)
        context.keep(moved)
        return form_of(moved, ((asking or "", problem_of(refusal)),))
    context.discard(draft)
    return reply
