"""Objections have a life of their own: withdrawn by their author, accommodated, or answered in writing by who concludes."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.consensus.acts import find_objection, settle
from bot.domain.consensus.assessments import ObjectionState
from bot.domain.consensus.checks import open_objections
from bot.domain.errors import NotNow
from bot.open_checks import find_check
from bot.policy import KNOWN
from bot.standing import CONCLUDER
from bot.text import Say, T
from bot.view import Notice, Tone, View

CheckNumber = Annotated[int, ask("Which check?", "The number on its card.")]


class WithdrawObjection(Arguments):
    """In which check."""

    check: CheckNumber


@command(
    "consensus withdraw",
    "Withdraw your own objection",
    who=KNOWN,
    arguments=WithdrawObjection,
    examples=("consensus withdraw 3",),
)
def withdraw_objection(context: Context, arguments: WithdrawObjection) -> View:
    """Its text stays, marked withdrawn. After the close one may still withdraw, until it is concluded upon."""
    check = find_check(context, arguments.check)
    mine = [each for each in open_objections(context.reads, check) if each.author == context.person]
    if not mine:
        raise NotNow(
            T("You have no open objection in check {number}.", number=check.number),
            T("See the check: {command}.", command=Say(f"consensus show {check.number}")),
        )
    context.happen(*(settle(check, each, ObjectionState.WITHDRAWN, "") for each in mine))
    return Notice(
        T(
            "Your objection in check {number} is withdrawn. Your position stays Object until you take another.",
            number=check.number,
        )
        if check.closed_at is None
        else T("Your objection in check {number} is withdrawn.", number=check.number),
        Tone.DONE,
    )


class Answer(Arguments):
    """Which objection, and in which words."""

    check: CheckNumber
    objection: Annotated[int, ask("Which objection?", "Its number on the card.")]
    answer: Annotated[
        str,
        ask("Your answer", "In writing; it is published with the objection.", rest=True, multiline=True, limit=10_000),
    ]


@command(
    "consensus answer",
    "Answer an objection in writing: it was heard, and why the body goes on",
    who=CONCLUDER,
    arguments=Answer,
    examples=('consensus answer 3 1 "The toolkit is cited in the objectives; the group builds on it."',),
    keeps=True,
    prepares=True,
)
def answer(context: Context, arguments: Answer) -> View:
    """Only by who concludes (RFC 7282 §3: addressed, not necessarily accommodated)."""
    check = find_check(context, arguments.check)
    objection = find_objection(context.reads, check, arguments.objection)
    context.happen(settle(check, objection, ObjectionState.ANSWERED, arguments.answer))
    return Notice(
        T(
            "Objection {number} in check {check} is answered; its author is told.",
            number=objection.number,
            check=check.number,
        ),
        Tone.DONE,
    )


class Accommodate(Arguments):
    """Which objection, and how it was met."""

    check: CheckNumber
    objection: Annotated[int, ask("Which objection?", "Its number on the card.")]
    how: Annotated[str, ask("How was it met?", "What changed.", rest=True, multiline=True, limit=10_000)]


@command(
    "consensus accommodate",
    "Note that an objection was met by a change",
    who=CONCLUDER,
    arguments=Accommodate,
    examples=('consensus accommodate 3 1 "Objective 2 now names the toolkit"',),
)
def accommodate(context: Context, arguments: Accommodate) -> View:
    """The text was changed to meet it."""
    check = find_check(context, arguments.check)
    objection = find_objection(context.reads, check, arguments.objection)
    context.happen(settle(check, objection, ObjectionState.ACCOMMODATED, arguments.how))
    return Notice(
        T(
            "Objection {number} in check {check} is accommodated; its author is told.",
            number=objection.number,
            check=check.number,
        ),
        Tone.DONE,
    )
