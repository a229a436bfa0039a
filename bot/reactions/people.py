"""Who is in a group, and who would co-facilitate it: what those invited, and the cards, see of it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.consensus.added import MemberAdded
from bot.domain.consensus.checks import check_of
from bot.domain.consensus.questions import asked
from bot.domain.events import Fact
from bot.domain.groups import group_of
from bot.domain.ids import MAG, PersonId
from bot.domain.lists import ListLinked, ListUnlinked
from bot.domain.membership import MemberInvited, MemberJoined, MemberLeft, ParticipantJoined
from bot.domain.volunteers import VolunteerOffered, VolunteerWithdrawn
from bot.present.conduct import code_text
from bot.reactions import Effect, Refresh, Tell, concerns, reacts
from bot.text import Moment, T
from bot.view import Button, ButtonStyle, Notice, Tone


@reacts(MemberJoined, ParticipantJoined, MemberLeft)
def moved(context: Context, fact: Fact, event: MemberJoined | ParticipantJoined | MemberLeft) -> Iterable[Effect]:
    """The group's card says how many are in it. Nobody is disturbed by others coming and going."""
    yield Refresh(f"group:{event.group}")


@reacts(MemberInvited)
def invited(context: Context, fact: Fact, event: MemberInvited) -> Iterable[Effect]:
    """The person is asked directly, with the Code of Conduct that joining acknowledges."""
    name = group_of(context.reads, context.id, event.group).short_name
    yield Tell(
        event.person,
        Notice(
            T("{person} invites you to {group}.", person=context.name_of(event.invited_by), group=name),
            Tone.ATTENTION,
            T("By joining you acknowledge the Code of Conduct: {code}", code=code_text(context.community)),
            (
                Button(T("Join {group}", group=name), "join", {"group": name}, ButtonStyle.PRIMARY),
                Button(T("The group"), "show", {"group": name}),
            ),
        ),
    )


@reacts(ListLinked, ListUnlinked)
def listed(context: Context, fact: Fact, event: ListLinked | ListUnlinked) -> Iterable[Effect]:
    """The group's card names its list."""
    if event.body != MAG:
        yield Refresh(f"group:{event.body}")


@reacts(VolunteerOffered, VolunteerWithdrawn)
def offered(context: Context, fact: Fact, event: VolunteerOffered | VolunteerWithdrawn) -> Iterable[Effect]:
    """The Chair's card, where it was posted, has them."""
    yield Refresh(f"decision:{event.group}")
    yield Refresh(f"group:{event.group}")


@reacts(MemberAdded)
def asked_too(context: Context, fact: Fact, event: MemberAdded) -> Iterable[Effect]:
    """They are told what they are asked, and until when; the card counts them."""
    check = check_of(context.reads, context.id, event.check)
    yield Refresh(f"check:{check.number}")
    yield Tell(
        event.person,
        Notice(
            T(
                "You are asked in check {number} too, until {when}: {question}",
                number=check.number,
                when=Moment(check.closes_at, check.zone),
                question=asked(check.question),
            ),
            Tone.ATTENTION,
            buttons=(
                Button(
                    T("Check {number}", number=check.number),
                    "consensus show",
                    {"check": str(check.number)},
                    ButtonStyle.PRIMARY,
                ),
            ),
        ),
    )


@concerns(MemberJoined, ParticipantJoined, MemberLeft, MemberInvited, MemberAdded)
def theirs(
    context: Context, fact: Fact, event: MemberJoined | ParticipantJoined | MemberLeft | MemberInvited | MemberAdded
) -> Iterable[PersonId]:
    """A group becomes theirs, or is not any more."""
    return (event.person,)
