"""A co-facilitator too few, or both of one stakeholder group: who hears of it, and when. And a Chair who is newly seated."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chairing import waiting_for_chair
from bot.context import Context
from bot.domain.events import Fact
from bot.domain.facilitators import FacilitatorRegrouped
from bot.domain.groups import Group, group_of
from bot.domain.ids import GroupId
from bot.domain.people import Role, SeatGiven, chair_of, seated
from bot.domain.vacancies import FlagKind, FlagLowered, FlagRaised, VacancyNoticed, vacancies
from bot.reactions import Effect, Refresh, Tell, reacts
from bot.text import Say, T, Tn
from bot.view import Button, Notice, Tone


@reacts(FlagRaised)
def raised(context: Context, fact: Fact, event: FlagRaised) -> Iterable[Effect]:
    """The group's card shows it. Of an imbalance the Chair is told; of a vacancy they were, with whoever left."""
    yield Refresh(f"group:{event.group}")
    chair = chair_of(context.reads, context.community)
    if event.kind is not FlagKind.IMBALANCE or chair is None:
        return
    name = _group(context, event.group).short_name
    yield Tell(
        chair.person,
        Notice(
            T("Both co-facilitators of {group} are of one stakeholder group now. Work goes on.", group=name),
            Tone.ATTENTION,
            T(
                "Appoint another ({appoint}), or record why it stays so ({exception}).",
                appoint=Say(f"appoint {name} NAME, NAME"),
                exception=Say(f'appoint exception {name} "…"'),
            ),
            (Button(T("The group"), "show", {"group": name}),),
        ),
    )


@reacts(FlagLowered)
def lowered(context: Context, fact: Fact, event: FlagLowered) -> Iterable[Effect]:
    """It is gone from the card."""
    yield Refresh(f"group:{event.group}")


@reacts(FacilitatorRegrouped)
def regrouped(context: Context, fact: Fact, event: FacilitatorRegrouped) -> Iterable[Effect]:
    """The card names the group of their seat."""
    yield Refresh(f"group:{event.group}")


@reacts(VacancyNoticed)
def noticed(context: Context, fact: Fact, event: VacancyNoticed) -> Iterable[Effect]:
    """Four weeks are over: the Chair and the Secretariat are told, and the full membership has it on its agenda."""
    vacancy = next(
        (each for each in vacancies(context.reads, context.community, context.now) if each.group.id == event.group),
        None,
    )
    if vacancy is None:
        return
    name = vacancy.group.short_name
    notice = Notice(
        T(
            "A co-facilitator of {group} has been missing for four weeks; it is on the agenda of the {body}.",
            group=name,
            body=context.community.titles.body,
        ),
        Tone.ATTENTION,
        T(
            "The {chair} appoints: {command}.",
            chair=context.community.titles.chair,
            command=Say(f"appoint {name} NAME, NAME"),
        ),
        (Button(T("The group"), "show", {"group": name}),),
    )
    for seat in seated(context.reads, context.community, Role.CHAIR, Role.SECRETARIAT):
        yield Tell(seat.person, notice)
    yield Refresh(f"group:{event.group}")


@reacts(SeatGiven)
def chair_seated(context: Context, fact: Fact, event: SeatGiven) -> Iterable[Effect]:
    """Acts that waited for a Chair are the new one's: they are told how many there are."""
    if event.role is not Role.CHAIR or event.cycle != context.community.cycle:
        return
    waiting = len(list(waiting_for_chair(context.reads, context.community, context.now)))
    if waiting:
        yield Tell(
            event.person,
            Notice(
                Tn(
                    "You are seated as {chair}. {count} act waits for you: {command}.",
                    "You are seated as {chair}. {count} acts wait for you: {command}.",
                    waiting,
                    chair=context.community.titles.chair,
                    command=Say("todo"),
                ),
                Tone.ATTENTION,
                buttons=(Button(T("What needs you"), "todo"),),
            ),
        )


def _group(context: Context, group: GroupId) -> Group:
    return group_of(context.reads, context.id, group)
