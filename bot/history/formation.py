"""How a group came to be, and where it is at home."""

from __future__ import annotations

from bot.domain.consultations import (
    CommentMade,
    CommentsAnswered,
    ConsultationClosed,
    ConsultationExtended,
    ConsultationOpened,
)
from bot.domain.facilitators import (
    ExceptionRecorded,
    FacilitatorAppointed,
    FacilitatorEnded,
    GroupApproved,
    GroupDeclined,
)
from bot.domain.groups import PHRASES, GroupActivated, GroupEnded, GroupNamed, HomeLinked
from bot.domain.lists import ListLinked, ListUnlinked
from bot.domain.proposals import GroupProposed, ProposalPosted, ProposalWithdrawn, ProposalWritten
from bot.history.telling import Teller, Told, tells
from bot.present.names import group_label
from bot.text import Moment, T, UserText


@tells(GroupProposed)
def _proposed(teller: Teller, event: GroupProposed) -> Told:
    return event.group, T("{person} proposed it.", person=teller.name(event.proposer))


@tells(ProposalWritten)
def _written(teller: Teller, event: ProposalWritten) -> Told:
    return event.group, T(
        "{person} wrote version {version} of the proposal.", person=teller.name(event.author), version=event.version
    )


@tells(ProposalPosted)
def _posted(teller: Teller, event: ProposalPosted) -> Told:
    return event.group, T("The proposal reached the full {body}.", body=teller.community.titles.body)


@tells(ProposalWithdrawn)
def _withdrawn(teller: Teller, event: ProposalWithdrawn) -> Told:
    return event.group, T("{person} withdrew the proposal.", person=teller.by)


@tells(ConsultationOpened)
def _consulted(teller: Teller, event: ConsultationOpened) -> Told:
    return event.group, T(
        "The full {body} was consulted, until {when}.",
        body=teller.community.titles.body,
        when=Moment(event.closes_at, event.zone),
    )


@tells(ConsultationExtended)
def _extended(teller: Teller, event: ConsultationExtended) -> Told:
    text = T("The consultation was extended until {when}.", when=Moment(event.closes_at, teller.community.zone))
    return teller.of_consultation(event.number), text


@tells(ConsultationClosed)
def _closed(teller: Teller, event: ConsultationClosed) -> Told:
    text = T("The consultation closed; feedback was sought, and none received.")
    return teller.of_consultation(event.number), text if event.attested else T("The consultation closed.")


@tells(CommentMade)
def _commented(teller: Teller, event: CommentMade) -> Told:
    text = T("{person} commented: {text}", person=teller.name(event.author), text=UserText(event.text))
    return teller.of_consultation(event.consultation), text


@tells(CommentsAnswered)
def _answered(teller: Teller, event: CommentsAnswered) -> Told:
    text = T("{person} answered comments: {text}", person=teller.name(event.author), text=UserText(event.text))
    return teller.of_consultation(event.consultation), text


@tells(GroupApproved)
def _approved(teller: Teller, event: GroupApproved) -> Told:
    return event.group, T("{person} approved it.", person=teller.by)


@tells(GroupDeclined)
def _declined(teller: Teller, event: GroupDeclined) -> Told:
    return event.group, T("{person} did not approve it: {reason}", person=teller.by, reason=UserText(event.reason))


@tells(GroupActivated)
def _activated(teller: Teller, event: GroupActivated) -> Told:
    return event.group, T("It became active.")


@tells(GroupEnded)
def _ended(teller: Teller, event: GroupEnded) -> Told:
    return event.group, T("It ended: {stage}.", stage=PHRASES[event.stage])


@tells(GroupNamed)
def _named(teller: Teller, event: GroupNamed) -> Told:
    return event.group, T("It is called {name} too.", name=UserText(event.name))


@tells(FacilitatorAppointed)
def _appointed(teller: Teller, event: FacilitatorAppointed) -> Told:
    return event.group, T(
        "{person} ({group}) was appointed co-facilitator.",
        person=teller.name(event.person),
        group=group_label(event.stakeholder_group),
    )


@tells(FacilitatorEnded)
def _stepped_down(teller: Teller, event: FacilitatorEnded) -> Told:
    return event.group, T(
        "{person} is no longer co-facilitator: {why}", person=teller.name(event.person), why=UserText(event.why)
    )


@tells(ExceptionRecorded)
def _excepted(teller: Teller, event: ExceptionRecorded) -> Told:
    return event.group, T(
        "{person} recorded an exception ({gate}): {reason}",
        person=teller.by,
        gate=T(event.gate),
        reason=UserText(event.reason),
    )


@tells(HomeLinked)
def _home(teller: Teller, event: HomeLinked) -> Told:
    return event.body, T("{room} became its home.", room=event.name)


@tells(ListLinked)
def _listed(teller: Teller, event: ListLinked) -> Told:
    return event.body, T(
        "{person} linked the mailing list {address}, and attested that it is open.",
        person=teller.by,
        address=event.address,
    )


@tells(ListUnlinked)
def _unlisted(teller: Teller, event: ListUnlinked) -> Told:
    return event.body, T("It has no mailing list any more.")
