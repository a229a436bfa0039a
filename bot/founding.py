"""Founding a community: its names, first cycle, first Chair and Secretariat, and the room the full membership meets in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.context import DecidingContext, Request, Space
from bot.domain.community import (
    REGIONAL_GROUPS,
    STAKEHOLDER_GROUPS,
    Community,
    CommunityCreated,
    Settings,
    Titles,
)
from bot.domain.cycles import CycleOpened
from bot.domain.errors import Invalid
from bot.domain.groups import HomeLinked
from bot.domain.ids import MAG, CommunityId, PersonId
from bot.domain.linking import make_code
from bot.domain.people import AccountLinked, Person, PersonAdded, Role, SeatGiven
from bot.ports import UnitOfWork
from bot.text import T, UserText


@dataclass(frozen=True, slots=True)
class Founder:
    """Somebody seated from the start."""

    name: str
    email: str
    role: Role
    stakeholder_group: str = ""
    regional_group: str = ""


@dataclass(frozen=True, slots=True)
class Foundation:
    """What a community is founded with. A `sample` has a clock that can be moved, frozen at `clock_frozen` if given."""

    id: CommunityId
    name: str
    founders: tuple[Founder, ...]
    cycle: str
    first_day: date
    last_day: date
    zone: str = "UTC"
    language: str = "en"
    titles: Titles = field(default_factory=Titles)
    stakeholder_groups: tuple[str, ...] = STAKEHOLDER_GROUPS
    regional_groups: tuple[str, ...] = REGIONAL_GROUPS
    settings: Settings = field(default_factory=Settings)
    sample: bool = False
    clock_frozen: datetime | None = None


def found(work: UnitOfWork, plan: Foundation, now: datetime) -> Community:
    """Bring a community into being, in one unit of work. Raises `Invalid` where it exists, or nobody would be Chair."""
    if work.get(Community, plan.id) is not None:
        raise Invalid(T("A community {id} exists already.", id=UserText(plan.id)), T("Choose another id."), field="id")
    addresses = [each.email.lower() for each in plan.founders]
    twice = next((each for each in addresses if addresses.count(each) > 1), None)
    if twice is not None:
        raise Invalid(
            T("{email} is given for two people.", email=UserText(twice)),
            T("Give everybody an address of their own; seat one person in one role."),
            field="chair",
        )
    if not any(each.role is Role.CHAIR for each in plan.founders) and not plan.sample:
        raise Invalid(T("A community needs its first Chair."), T("Name one, with an e-mail address."), field="chair")
    if not plan.sample:
        from bot.domain.zones import known_zone  # late: a sample's zone is known to be one

        known_zone(plan.zone)
    origin = f"found:{plan.id}"
    request = Request(plan.id, Space("system", "", ""), "found", origin, now, system=True)
    blank = Community(plan.id, plan.name, plan.zone, plan.language, plan.titles, (), (), plan.settings, False, 0)
    context = DecidingContext(work, blank, request, plan.clock_frozen or now)
    context.happen(
        CommunityCreated(
            plan.name,
            plan.zone,
            plan.language,
            plan.titles,
            plan.stakeholder_groups,
            plan.regional_groups,
            plan.settings,
            plan.sample,
            plan.clock_frozen,
        ),
        CycleOpened(1, plan.cycle, plan.first_day, plan.last_day),
    )
    for founder in plan.founders:
        person = PersonId(context.new_id())
        context.happen(
            PersonAdded(person, founder.name, founder.email.lower()),
            SeatGiven(1, person, founder.role, founder.stakeholder_group, founder.regional_group),
        )
    _record(work, context, origin)
    return context.community


def _record(work: UnitOfWork, context: DecidingContext, origin: str) -> None:
    for fact in context.facts:
        work.append(fact, origin)


def open_terminal(work: UnitOfWork, community: Community, now: datetime, place: str = "#mag") -> None:
    """Give a community a room in the terminal and, in a sample, everybody on the roster an account there."""
    origin = f"terminal:{community.id}"
    request = Request(community.id, Space("terminal", "", ""), "found", origin, now, system=True)
    context = DecidingContext(work, community, request, community.now(now))
    context.happen(HomeLinked("terminal", "", place, MAG, place))
    if community.sample:
        for person in work.all(Person, community=community.id):
            context.happen(AccountLinked("terminal", "", person.name, person.id, "sample"))
    _record(work, context, origin)


def hand_out_code(work: UnitOfWork, community: Community, person: PersonId, code: str, now: datetime) -> None:
    """Make a one-time code work for a person, from outside any chat: how the first Chair becomes known."""
    origin = f"code:{community.id}:{person}:{now.isoformat()}"
    request = Request(community.id, Space("system", "", ""), "link invite", origin, now, system=True)
    context = DecidingContext(work, community, request, community.now(now))
    context.happen(make_code(code, person, context.now, community.settings.code_hours))
    _record(work, context, origin)
