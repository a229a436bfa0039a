"""How a group arranges its work: its methods, its charter, who helps, what is to be done and what is amiss."""

from __future__ import annotations

from typing import Final

from bot.domain.actions import ActionAdded, ActionDone, action_of
from bot.domain.charter_changes import ChangeProposed, ChangeSettled, ChangeState
from bot.domain.completions import CompletionReturned
from bot.domain.meetings import Meeting
from bot.domain.outreach import OutreachNoted
from bot.domain.proposals import CoProposerAnswered, CoProposing
from bot.domain.scheduling import MeetingChanged
from bot.domain.secretariat import RoleConfirmed, RoleProposed
from bot.domain.summaries import SummaryLate
from bot.domain.vacancies import FlagKind, FlagLowered, FlagRaised
from bot.domain.volunteers import VolunteerOffered, VolunteerWithdrawn
from bot.domain.ways import ModalitiesAdopted, ModalitiesProposed
from bot.history.telling import Teller, Told, tells
from bot.text import Moment, T, Text, UserText

RAISED: Final[dict[FlagKind, Text]] = {
    FlagKind.VACANCY: T("It lacked a co-facilitator from now on."),
    FlagKind.IMBALANCE: T("Its co-facilitators were of one stakeholder group from now on."),
}
LOWERED: Final[dict[FlagKind, Text]] = {
    FlagKind.VACANCY: T("It lacked a co-facilitator no longer."),
    FlagKind.IMBALANCE: T("Its co-facilitators were of one stakeholder group no longer."),
}


@tells(CoProposerAnswered)
def _co_proposed(teller: Teller, event: CoProposerAnswered) -> Told:
    if event.state is not CoProposing.CONFIRMED:
        return None
    return event.group, T("{person} co-proposes it.", person=teller.name(event.person))


@tells(ModalitiesProposed)
def _methods(teller: Teller, event: ModalitiesProposed) -> Told:
    return event.group, T(
        "{person} proposed version {version} of its modalities; check {check} asked the group.",
        person=teller.name(event.proposed_by),
        version=event.version,
        check=event.check,
    )


@tells(ModalitiesAdopted)
def _methods_adopted(teller: Teller, event: ModalitiesAdopted) -> Told:
    return event.group, T("It adopted version {version} of its modalities.", version=event.version)


@tells(RoleProposed)
def _role(teller: Teller, event: RoleProposed) -> Told:
    person = teller.name(event.proposed_by)
    return event.group, T("{person} proposed what the Secretariat does in it.", person=person)


@tells(RoleConfirmed)
def _role_confirmed(teller: Teller, event: RoleConfirmed) -> Told:
    return event.group, T("{person} confirmed what the Secretariat does in it.", person=teller.by)


@tells(ChangeProposed)
def _charter(teller: Teller, event: ChangeProposed) -> Told:
    return event.group, T(
        "{person} proposed change {number} of its charter, on which the members were consulted.",
        person=teller.name(event.proposed_by),
        number=event.number,
    )


@tells(ChangeSettled)
def _charter_settled(teller: Teller, event: ChangeSettled) -> Told:
    said = {
        ChangeState.ADOPTED: T("Change {number} of its charter was adopted.", number=event.number),
        ChangeState.DECLINED: T("Change {number} of its charter was not adopted.", number=event.number),
        ChangeState.WITHDRAWN: T("Change {number} of its charter was withdrawn.", number=event.number),
    }.get(event.state)
    return (event.group, said) if said is not None else None


@tells(CompletionReturned)
def _returned(teller: Teller, event: CompletionReturned) -> Told:
    why = UserText(event.why)
    return event.group, T("{person} did not yet confirm its completion: {why}", person=teller.by, why=why)


@tells(FlagRaised)
def _amiss(teller: Teller, event: FlagRaised) -> Told:
    return event.group, RAISED[event.kind]


@tells(FlagLowered)
def _mended(teller: Teller, event: FlagLowered) -> Told:
    return event.group, LOWERED[event.kind]


@tells(VolunteerOffered)
def _offered(teller: Teller, event: VolunteerOffered) -> Told:
    return event.group, T("{person} offered to co-facilitate it.", person=teller.name(event.person))


@tells(VolunteerWithdrawn)
def _offers_no_longer(teller: Teller, event: VolunteerWithdrawn) -> Told:
    return event.group, T("{person} no longer offers to co-facilitate it.", person=teller.name(event.person))


@tells(OutreachNoted)
def _reached(teller: Teller, event: OutreachNoted) -> Told:
    text = T("{person} noted outreach: {text}", person=teller.name(event.author), text=UserText(event.text))
    return event.group, text


@tells(ActionAdded)
def _to_do(teller: Teller, event: ActionAdded) -> Told:
    if not teller.seated:
        return None
    text = T(
        "{person} is to do by {when}: {text}",
        person=teller.name(event.owner),
        when=Moment(event.due_at, event.zone),
        text=UserText(event.text),
    )
    return event.body, text


@tells(ActionDone)
def _done(teller: Teller, event: ActionDone) -> Told:
    action = action_of(teller.reads, teller.community.id, event.number)
    return (action.body, T("Done: {text}", text=UserText(action.text))) if teller.seated else None


@tells(MeetingChanged)
def _moved(teller: Teller, event: MeetingChanged) -> Told:
    meeting = teller.reads.get(Meeting, teller.community.id, event.meeting)
    when = Moment(event.starts_at, event.zone)
    text = T("Meeting {number} was changed: it begins {when}.", number=event.meeting, when=when)
    return (meeting.body, text) if meeting is not None else None


@tells(SummaryLate)
def _late(teller: Teller, event: SummaryLate) -> Told:
    meeting = teller.reads.get(Meeting, teller.community.id, event.meeting)
    text = T("The summary of meeting {number} was late.", number=event.meeting)
    return (meeting.body, text) if meeting is not None else None
