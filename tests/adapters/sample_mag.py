"""The MAG of the sample roster, founded for a platform's tests: its clock stands on a Monday until it is moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from adapters.cli.sample import sample_people
from bot.context import DecidingContext, Request, Space
from bot.domain.community import Community, Settings
from bot.domain.people import Person
from bot.founding import Foundation, Founder, found
from bot.ports import UnitOfWork
from storage.memory import MemoryStore
from storage.store import SqlStore
from tests.builders import MAG, MONDAY


def found_mag(
    store: MemoryStore | SqlStore,
    settings: Settings,
    settle_in: Callable[[UnitOfWork, DecidingContext, dict[str, Person]], None],
    founders: tuple[Founder, ...] | None = None,
) -> None:
    """Found it, unless it is there already; `settle_in` gives it its homes and its people their accounts.

    `founders` are its people (None: all of the sample).
    """
    plan = Foundation(
        MAG,
        "IGF MAG",
        founders if founders is not None else sample_people(),
        "IGF 2027",
        MONDAY.date() - timedelta(days=35),
        MONDAY.date() + timedelta(days=320),
        zone="Europe/Zurich",
        settings=settings,
        sample=True,
        clock_frozen=MONDAY,
    )
    with store.writing([MAG]) as work:
        if work.get(Community, MAG) is not None:
            return
        community = found(work, plan, MONDAY)
        request = Request(MAG, Space("system", "", ""), "found", "tests", MONDAY, system=True)
        context = DecidingContext(work, community, request, MONDAY)
        settle_in(work, context, {person.name: person for person in work.all(Person, community=MAG)})
        for fact in context.facts:
            work.append(fact, "tests")
