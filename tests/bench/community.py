"""A community of any size with one open check, and positions to take in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import count
from random import Random

from bot.command import COMMANDS
from bot.context import DecidingContext, Request, Space
from bot.domain.community import STAKEHOLDER_GROUPS, Community
from bot.domain.consensus.acts import open_check
from bot.domain.consensus.checks import Form
from bot.domain.consensus.positions import Position
from bot.domain.consensus.rules import Rule
from bot.domain.groups import HomeLinked
from bot.domain.ids import MAG, CommunityId, GroupId, PersonId
from bot.domain.people import AccountLinked, PersonAdded, Role, SeatGiven
from bot.founding import Foundation, found
from bot.outgoing import Placement
from bot.ports import Store, UnitOfWork

Place = tuple[str, str, str]
"""Platform, team, and a user or a room there."""

BENCH = CommunityId("bench")
CLOSES = datetime(2099, 1, 1, tzinfo=UTC)
TAKEN = [each for each in Position if each not in (Position.OBJECT, Position.NEED_TIME)]


def settle_in(
    store: Store, members: int, platform: str = "bench", remote: str = "r1", community: CommunityId = BENCH
) -> None:
    """Found a community: `members` seated, each with an account, one check asking them all, posted in one room.

    `remote` is the platform's id of the card there.
    """
    seat(store, [(platform, "T", f"U{number:07d}") for number in range(members)], (platform, "T", "C1"), community)
    now = datetime.now(UTC)
    asked = tuple((PersonId(f"p{number}"), STAKEHOLDER_GROUPS[number % 4]) for number in range(members))
    with store.writing([community]) as work:
        context = context_of(work, "check", community)
        rule = Rule.parse("rough")
        context.happen(
            open_check(1, MAG, GroupId(""), Form.FORMAL, "Go on?", rule, now, CLOSES, "UTC", 1, asked),
        )
        work.put(Placement(community, "check:1", platform, "T", "C1", remote, now))
        keep(work, context, "check")


def seat(store: Store, accounts: Sequence[Place], home: Place, community: CommunityId = BENCH) -> None:
    """Found a community: somebody seated for each account (platform, team, user), and a room (platform, team, place)."""
    COMMANDS.load_all()
    now = datetime.now(UTC)
    plan = Foundation(community, "Bench", (), "Now", date(2020, 1, 1), date(2099, 1, 1), sample=True)
    with store.writing([community]) as work:
        found(work, plan, now)
    for start in range(0, len(accounts), 5000):
        with store.writing([community]) as work:
            context = context_of(work, f"seat:{start}", community)
            for number, account in enumerate(accounts[start : start + 5000], start):
                person, group = PersonId(f"p{number}"), STAKEHOLDER_GROUPS[number % 4]
                context.happen(
                    PersonAdded(person, f"Person {number}", f"p{number}@bench.example"),
                    SeatGiven(1, person, Role.MEMBER, group, ""),
                    AccountLinked(*account, person, "bench"),
                )
            keep(work, context, f"seat:{start}")
    link(store, home, community)


def link(store: Store, home: Place, community: CommunityId) -> None:
    """Make a room (platform, team, place) the home of a community's full membership."""
    origin = f"home:{home[2]}"
    with store.writing([community]) as work:
        context = context_of(work, origin, community)
        context.happen(HomeLinked(*home, MAG, "#mag"))
        keep(work, context, origin)


def context_of(work: UnitOfWork, origin: str, name: CommunityId = BENCH) -> DecidingContext:
    community = work.get(Community, name)
    if community is None:
        raise LookupError(name)
    request = Request(name, Space("bench", "T", ""), "bench", origin, datetime.now(UTC), system=True)
    return DecidingContext(work, community, request, datetime.now(UTC))


def keep(work: UnitOfWork, context: DecidingContext, origin: str) -> None:
    for fact in context.facts:
        work.append(fact, origin)


def positions(members: int, seed: int = 1, acting: int | None = None) -> Iterator[Request]:
    """Positions as an adapter would send them: a random member, a random position, an event id of its own.

    With `acting`, only so many of the members, spread evenly, ever speak.
    """
    step = members // acting if acting else 1
    random, space = Random(seed), Space("bench", "T", "C1")
    for number in count():
        position = random.choice(TAKEN)
        yield Request(
            BENCH,
            space,
            f"consensus {position.value}",
            f"Ev{seed:04d}{number:010d}",
            datetime.now(UTC),
            user=f"U{random.randrange(acting or members) * step:07d}",
            arguments={"check": "1"},
            typed=f"consensus {position.value} 1",
        )
