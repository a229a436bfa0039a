"""Whose start page an event changes. Only pages that were opened are there to be brought up to date (`home opened`).

A page shows what needs its person, and their groups; what only others see of an event is no concern of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.bodies import members_of
from bot.context import Context
from bot.domain.completions import CompletionAsked, CompletionReturned
from bot.domain.consensus.checks import (
    Asked,
    Check,
    CheckCalledOff,
    CheckClosed,
    CheckConcluded,
    CheckOpened,
    CheckRecorded,
    CloseMoved,
    PositionTaken,
    check_of,
)
from bot.domain.consultations import (
    NEEDS_RESPONSE,
    CommentMade,
    CommentsAnswered,
    ConsultationClosed,
    ConsultationExtended,
    ConsultationOpened,
    consultation_of,
)
from bot.domain.cycles import CycleOpened
from bot.domain.events import Fact
from bot.domain.facilitators import (
    FacilitatorAppointed,
    FacilitatorEnded,
    GroupApproved,
    GroupDeclined,
    Membership,
    facilitators,
)
from bot.domain.groups import GroupActivated, GroupEnded, group_of
from bot.domain.ids import MAG, GroupId, PersonId
from bot.domain.membership import Participant
from bot.domain.people import (
    AccountUnlinked,
    PersonChanged,
    ProfileNoted,
    Role,
    Seat,
    SeatEnded,
    SeatGiven,
    chair_of,
    seated,
)
from bot.domain.polls import PollChosen, PollClosed, PollOpened, poll_of
from bot.domain.preparing import ActPrepared, ActSettled
from bot.domain.proposals import (
    CoProposerAnswered,
    CoProposerInvited,
    GroupProposed,
    ProposalPosted,
    ProposalWithdrawn,
    ProposalWritten,
    co_proposers,
)
from bot.domain.reminders import RemindersPlanned
from bot.domain.secretariat import RoleConfirmed, RoleProposed
from bot.domain.updates import UpdateLate, UpdatePosted
from bot.domain.vacancies import FlagLowered, FlagRaised
from bot.reactions import Effect, TakeDown, concerns, reacts
from bot.reactions.checks import presiding


def _of_group(context: Context, group_id: GroupId) -> Iterable[PersonId]:
    """Everybody who has the group among theirs, or is asked to."""
    group = group_of(context.reads, context.id, group_id)
    yield group.proposer
    yield from (each.person for each in co_proposers(context.reads, group))
    yield from (each.person for each in context.reads.all(Membership, community=context.id, group=group_id))
    yield from (each.person for each in context.reads.all(Participant, community=context.id, group=group_id))


def _deciding(context: Context, check: Check) -> Iterable[PersonId]:
    """Who concludes upon a check, and whose group waits for it."""
    yield from _chair(context) if check.body == MAG else presiding(context, check.body)
    if check.group:
        yield from _of_group(context, check.group)


@concerns(CheckOpened, CheckRecorded)
def asked(context: Context, fact: Fact, event: CheckOpened | CheckRecorded) -> Iterable[PersonId]:
    """Who is asked has a position to take; what was reached in a meeting is for the Chair to decide upon."""
    yield from _deciding(context, check_of(context.reads, context.id, event.number))
    if isinstance(event, CheckOpened):
        yield from (person for person, _ in event.asked)


@concerns(CloseMoved, CheckClosed, CheckCalledOff)
def moved(context: Context, fact: Fact, event: CloseMoved | CheckClosed | CheckCalledOff) -> Iterable[PersonId]:
    """For who was asked, it closes later or not at all any more."""
    yield from _deciding(context, check_of(context.reads, context.id, event.check))
    yield from (each.person for each in context.reads.all(Asked, community=context.id, check=event.check))


@concerns(CheckConcluded)
def concluded(context: Context, fact: Fact, event: CheckConcluded) -> Iterable[PersonId]:
    """Its decision is taken."""
    return _deciding(context, check_of(context.reads, context.id, event.check))


@concerns(PositionTaken)
def spoken(context: Context, fact: Fact, event: PositionTaken) -> Iterable[PersonId]:
    """The first position is one thing less to do; changing it changes nothing here."""
    return (event.person,) if event.before is None else ()


@concerns(ConsultationOpened, ConsultationExtended, ConsultationClosed)
def consulted(
    context: Context, fact: Fact, event: ConsultationOpened | ConsultationExtended | ConsultationClosed
) -> Iterable[PersonId]:
    """Everybody seated may comment; for the group, it is a stage."""
    yield from (seat.person for seat in seated(context.reads, context.community))
    yield from _of_group(context, consultation_of(context.reads, context.id, event.number).group)


@concerns(CommentMade)
def commented(context: Context, fact: Fact, event: CommentMade) -> Iterable[PersonId]:
    """Who commented has done so; a concern is for the proposers to answer."""
    yield event.author
    if event.kind in NEEDS_RESPONSE:
        yield from _of_group(context, consultation_of(context.reads, context.id, event.consultation).group)


@concerns(CommentsAnswered)
def answered(context: Context, fact: Fact, event: CommentsAnswered) -> Iterable[PersonId]:
    """The proposers have answered."""
    return _of_group(context, consultation_of(context.reads, context.id, event.consultation).group)


@concerns(
    GroupProposed,
    ProposalWritten,
    ProposalPosted,
    ProposalWithdrawn,
    GroupApproved,
    GroupDeclined,
    GroupActivated,
    GroupEnded,
)
def staged(
    context: Context,
    fact: Fact,
    event: GroupProposed
    | ProposalWritten
    | ProposalPosted
    | ProposalWithdrawn
    | GroupApproved
    | GroupDeclined
    | GroupActivated
    | GroupEnded,
) -> Iterable[PersonId]:
    """A group of theirs stands elsewhere; the Chair has one to decide on more, or less."""
    yield from _of_group(context, event.group)
    yield from _chair(context)


@concerns(CoProposerInvited, CoProposerAnswered, FacilitatorAppointed, FacilitatorEnded)
def named(
    context: Context,
    fact: Fact,
    event: CoProposerInvited | CoProposerAnswered | FacilitatorAppointed | FacilitatorEnded,
) -> Iterable[PersonId]:
    """A group becomes theirs, or is not any more."""
    return (event.person,)


@concerns(RoleProposed, RoleConfirmed)
def secretariats_role(context: Context, fact: Fact, event: RoleProposed | RoleConfirmed) -> Iterable[PersonId]:
    """One side has a text to confirm, or no more."""
    group = group_of(context.reads, context.id, event.group)
    yield from (each.person for each in facilitators(context.reads, group))
    yield from (seat.person for seat in seated(context.reads, context.community, Role.SECRETARIAT))


@concerns(FlagRaised, FlagLowered)
def flagged(context: Context, fact: Fact, event: FlagRaised | FlagLowered) -> Iterable[PersonId]:
    """The Chair has somebody to appoint, or no more."""
    return _chair(context)


@concerns(SeatGiven, SeatEnded, PersonChanged, ProfileNoted)
def changed(
    context: Context, fact: Fact, event: SeatGiven | SeatEnded | PersonChanged | ProfileNoted
) -> Iterable[PersonId]:
    """What they are asked follows from their seat; they are greeted by name, and told times in their zone."""
    yield event.person
    if isinstance(event, SeatGiven | SeatEnded):  # where it was the Chair's, the Secretariat sees what waits
        yield from (seat.person for seat in seated(context.reads, context.community, Role.SECRETARIAT))


@concerns(UpdatePosted, UpdateLate)
def reported(context: Context, fact: Fact, event: UpdatePosted | UpdateLate) -> Iterable[PersonId]:
    """Whoever of its co-facilitators posts it, it is done; where it is late, everybody in it sees so."""
    return _of_group(context, event.group)


@concerns(CompletionAsked, CompletionReturned)
def completing(context: Context, fact: Fact, event: CompletionAsked | CompletionReturned) -> Iterable[PersonId]:
    """The Chair has a completion to confirm, or no more."""
    return _chair(context)


@concerns(RemindersPlanned)
def awaited(context: Context, fact: Fact, event: RemindersPlanned) -> Iterable[PersonId]:
    """From then on an update is among what needs its co-facilitators. What else is planned needs people already."""
    kind, group, *_ = event.subject.split(":") if event.subject else ("", "")
    if kind == "update":
        yield from _of_group(context, GroupId(group))


@concerns(CycleOpened)
def cycle_opened(context: Context, fact: Fact, event: CycleOpened) -> Iterable[PersonId]:
    """Who was seated in the cycle before is not any more, until they are seated anew."""
    return (seat.person for seat in context.reads.all(Seat, community=context.id, cycle=event.number - 1))


@concerns(PollOpened, PollClosed)
def polled(context: Context, fact: Fact, event: PollOpened | PollClosed) -> Iterable[PersonId]:
    """The members of the body asked."""
    number = event.number if isinstance(event, PollOpened) else event.poll
    return (person for person, _ in members_of(context, poll_of(context.reads, context.id, number).body))


@concerns(PollChosen)
def chosen(context: Context, fact: Fact, event: PollChosen) -> Iterable[PersonId]:
    """They have answered, or took it back."""
    return (event.person,) if not (event.before and event.options) else ()


@concerns(ActPrepared, ActSettled)
def prepared(context: Context, fact: Fact, event: ActPrepared | ActSettled) -> Iterable[PersonId]:
    """The Chair has an act to confirm, or no more."""
    return _chair(context)


def _chair(context: Context) -> tuple[PersonId, ...]:
    """The Chair; where none is seated the Secretariat, which sees what waits for one."""
    chair = chair_of(context.reads, context.community)
    if chair is not None:
        return (chair.person,)
    return tuple(seat.person for seat in seated(context.reads, context.community, Role.SECRETARIAT))


@reacts(AccountUnlinked)
def unlinked(context: Context, fact: Fact, event: AccountUnlinked) -> Iterable[Effect]:
    """What one account sees is not for whoever has it after."""
    yield TakeDown(event.person, event.platform, event.team, event.user)
