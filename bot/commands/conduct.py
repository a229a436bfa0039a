"""The Code of Conduct: show and acknowledge it, and report in confidence to the Chair and the Secretariat."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, Reply, ask, command
from bot.context import Context, Posting
from bot.domain.conduct import acknowledged, acknowledging
from bot.domain.conduct_reports import (
    ConductReport,
    ConductReported,
    handled,
    readers,
    report_for,
    reporting,
    reports_for,
)
from bot.domain.ids import PersonId
from bot.domain.names import split_names
from bot.lookup import find_person
from bot.policy import ANYONE, CHAIR, KNOWN, SECRETARIAT, Who
from bot.present.conduct import code_card, report_card, reports_card
from bot.text import Say, T
from bot.view import Notice, Tone, View

REPORT = 10_000
"""Characters of a report, and of what is noted about it."""

ID_LENGTH = 6


def _unheard(context: Context, arguments: object) -> bool:
    """Whether nobody else reads what is typed: in direct messages, and where a platform shows a command to nobody."""
    request = context.request
    return context.actor.person is not None and (request.space.private or request.posting is Posting.NO)


UNHEARD = Who("a known person, unheard by others", T("people on the roster, in our direct messages"), _unheard)


@command(
    "conduct show",
    "Show the Code of Conduct",
    who=ANYONE,
    examples=("conduct",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: object) -> View:
    """With a way to acknowledge it, and to report."""
    person = context.actor.person
    done = acknowledged(context.reads, context.community, person) if person else None
    return code_card(context.community, done, context.zone, known=person is not None)


@command("conduct acknowledge", "Acknowledge the Code of Conduct", who=KNOWN, examples=("conduct acknowledge",))
def acknowledge(context: Context, arguments: object) -> View:
    """Once for each Code; joining a group acknowledges it too."""
    context.all_happen(acknowledging(context.reads, context.community, context.person))
    return Notice(T("Noted: you acknowledge the Code of Conduct."), Tone.DONE)


class Report(Arguments):
    """What happened, and whom it is about."""

    text: Annotated[
        str,
        ask(
            "What happened?",
            "In confidence: only the Chair and the Secretariat read it, without those it is about.",
            rest=True,
            multiline=True,
            limit=REPORT,
        ),
    ]
    about: Annotated[
        str,
        ask(
            "Whom is it about?",
            "Names, by commas. If it is the Chair or somebody of the Secretariat, name them: they will not see it.",
            option=True,
            limit=300,
        ),
    ] = ""


@command(
    "conduct report",
    "Report in confidence what goes against the Code of Conduct",
    who=UNHEARD,
    arguments=Report,
    examples=("conduct report What happened, and when.", 'conduct report "What happened." --about "Bao B."'),
    keeps=True,
    confidential=True,
)
def report(context: Context, arguments: Report) -> Reply:
    """To the Chair and the Secretariat alone. It is not logged; nobody else is told that there is one."""
    people = tuple(dict.fromkeys(find_person(context, name, field="about").id for name in split_names(arguments.about)))
    made = (context.new_id()[:ID_LENGTH].lower(), context.person, people, arguments.text)
    kept = reporting(context.reads, context.community, made, context.now)
    _keep(context, kept, new=True)
    return Reply(
        Notice(
            T(
                "Reported in confidence, as {report}. The {chair} and the {secretariat} read it, and nobody it is about.",
                report=kept.id,
                chair=context.community.titles.chair,
                secretariat=context.community.titles.secretariat,
            ),
            Tone.DONE,
        ),
        confidential=True,
    )


def _keep(context: Context, kept: ConductReport, *, new: bool) -> None:
    context.keep(kept)
    told: tuple[PersonId, ...] = readers(context.reads, context.community, kept)
    context.note(ConductReported(kept.id, told, new))


class Reports(Arguments):
    """Which one."""

    report: Annotated[str, ask("Which report?", "The word it is called by. Left out: all of them.")] = ""


@command(
    "conduct reports",
    "Read the reports that are yours to see",
    who=CHAIR | SECRETARIAT,
    arguments=Reports,
    examples=("conduct reports", "conduct reports k3f9q2"),
    reads=True,
    confidential=True,
)
def reports(context: Context, arguments: Reports) -> Reply:
    """One that is about who asks is not there for them."""
    if arguments.report:
        found = report_for(context.reads, context.community, context.person, arguments.report)
        return Reply(report_card(context.reads, context.community, found, context.zone), confidential=True)
    every = reports_for(context.reads, context.community, context.person)
    return Reply(reports_card(every, context.zone), confidential=True)


class Handle(Arguments):
    """Which one, and what was done."""

    report: Annotated[str, ask("Which report?", "The word it is called by.")]
    text: Annotated[
        str,
        ask(
            "What was done?",
            "Kept with the report, for those who may read it.",
            rest=True,
            multiline=True,
            limit=REPORT,
        ),
    ]


@command(
    "conduct note",
    "Note what was done about a report",
    who=CHAIR | SECRETARIAT,
    arguments=Handle,
    examples=("conduct note k3f9q2 I spoke with both.",),
    confidential=True,
)
def note(context: Context, arguments: Handle) -> Reply:
    """It stays open."""
    return _handled(context, arguments, closing=False)


@command(
    "conduct close",
    "Close a report, with what was done about it",
    who=CHAIR | SECRETARIAT,
    arguments=Handle,
    examples=("conduct close k3f9q2 They apologised; nothing more is needed.",),
    confidential=True,
)
def close(context: Context, arguments: Handle) -> Reply:
    """It is kept, and waits for nobody any more."""
    return _handled(context, arguments, closing=True)


def _handled(context: Context, arguments: Handle, *, closing: bool) -> Reply:
    found = report_for(context.reads, context.community, context.person, arguments.report)
    changed = handled(found, context.person, context.now, arguments.text, closing=closing)
    _keep(context, changed, new=False)
    text = (
        T("Report {report} is closed.", report=found.id) if closing else T("Noted in report {report}.", report=found.id)
    )
    return Reply(
        Notice(text, Tone.DONE, T("Read it: {command}.", command=Say(f"conduct reports {found.id}"))), confidential=True
    )
