"""Renewing working groups: a new proposal from an old text, and the list of all renewals of a cycle."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.consultations import Consultation, unanswered
from bot.domain.errors import NotNow
from bot.domain.groups import Group, Stage, find_group
from bot.domain.lifetimes import Lifetime
from bot.domain.proposals import latest
from bot.domain.renewals import may_prepare
from bot.drafting import drafted, form_of
from bot.policy import ANYONE, CHAIR, MEMBER, SECRETARIAT
from bot.present.renewals import renewals_card
from bot.stages import closing, must_be_in_cycle, start_formation_check
from bot.text import Moment, Say, T, Tn, joined, term
from bot.view import Form, Named, Notice, Tone, View


class Renew(Arguments):
    """Which group."""

    group: Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


@command(
    "renew",
    "Propose that a working group which has ended goes on: its text, copied forward",
    who=MEMBER,
    arguments=Renew,
    examples=("renew WG-MWP",),
)
def renew(context: Context, arguments: Renew) -> Form:
    """The form of a proposal, filled in from the old text: change what is to change, then submit it.

    It can be prepared from six weeks before the end; it is submitted once the group has ended and a cycle is under way.
    """
    group = find_group(context.reads, context.id, arguments.group)
    may_prepare(context.reads, group, context.now)
    texts = {key: text for key, text in asdict(latest(context.reads, group).sections).items() if key != "ends_on"}
    answers = {"name": group.full_name, "short_name": group.short_name, **texts, "renews": group.id}
    draft = drafted(context, "propose new", {key: text for key, text in answers.items() if text.strip()}, "")
    context.keep(draft)
    return form_of(draft)


@command(
    "renewals",
    "Show the working groups that are to go on: what is proposed anew, and what is not yet",
    who=ANYONE,
    examples=("renewals",),
    reads=True,
    family_default=True,
)
def renewals(context: Context, arguments: object) -> View:
    """All in one list, so that they may be decided in one sitting; to the Chair with what can be decided."""
    return renewals_card(context.reads, context.community, context.now)


class OpenTogether(Arguments):
    """Until when."""

    closes: Annotated[str, ask("Until when?", "5d, or a time. Usually left out.")] = ""


@command(
    "renewals open",
    "Open the consensus checks of all renewals whose consultation is over, with one close",
    who=CHAIR | SECRETARIAT,
    arguments=OpenTogether,
    examples=("renewals open", "renewals open 5d"),
)
def open_together(context: Context, arguments: OpenTogether) -> View:
    """By the clock each opens by itself when its own consultation is over; this is for deciding on all of them at once."""
    must_be_in_cycle(context)
    closes_at = closing(context, arguments.closes, context.community.settings.check_hours)
    ready = [group for group in proposed_anew(context) if _ready(context, group)]
    if not ready:
        raise NotNow(
            T(
                "No renewal waits for its consensus check: each has a consultation first, and answers to what was asked in it."
            ),
            T("See where they stand: {command}.", command=Say("renewals")),
        )
    for group in ready:
        start_formation_check(context, group, closes_at)
    names = joined([term(group.short_name) for group in ready], ", ")
    return Notice(
        Tn(
            "The check on {groups} is open until {when}.",
            "The checks on {groups} are open until {when}.",
            len(ready),
            groups=names,
            when=Moment(closes_at, context.zone),
        ),
        Tone.DONE,
    )


def proposed_anew(context: Context) -> list[Group]:
    """The groups of the current cycle that go on from another, by name."""
    living = context.reads.all(Lifetime, community=context.id, cycle=context.community.cycle)
    groups = (context.reads.get(Group, context.id, each.group) for each in living)
    return sorted((each for each in groups if each is not None and each.predecessor), key=lambda each: each.short_name)


def _ready(context: Context, group: Group) -> bool:
    if group.stage is not Stage.IN_CONSULTATION:
        return False
    consultation = context.reads.get(Consultation, context.id, group.consultation)
    return (
        consultation is not None and consultation.closed_at is not None and not unanswered(context.reads, consultation)
    )
