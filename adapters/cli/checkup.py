"""The checks of every installation: its database, its communities, what is to be delivered, and what is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.shared.health import Check, Finding, attention, broken, communities, ok
from bot.domain.community import Community
from bot.domain.cycles import current_cycle
from bot.domain.groups import Home, homes_of
from bot.domain.ids import MAG, CommunityId
from bot.domain.people import Role, chair_of, seated
from bot.domain.records import Reads
from bot.outgoing import Lane
from bot.reactions.troubles import WHY, why
from bot.text import Moment, Say, T, Text, Tn, term
from bot.troubles import WHOLE_WORKSPACE, troubles
from storage.schema import HEAD
from storage.store import SqlStore

LONG: Final = timedelta(minutes=10)
"""How long a message may wait, or a deadline be late, before somebody should look."""

TOO_LONG: Final = timedelta(days=1)
SLOW_CLOCK: Final = timedelta(seconds=2)
WRONG_CLOCK: Final = timedelta(minutes=1)
MOST: Final = 50
"""How many of anything are looked at."""


def checks(store: SqlStore, now: datetime) -> Iterator[Check]:
    """All of them; `now` is real time."""
    yield Tables()
    yield Clock(store, now)
    yield Communities(store)
    yield Waiting(store, now)
    yield DeadLetters(store)
    yield Troubles(store)
    yield Deadlines(store, now)


@dataclass(frozen=True, slots=True)
class Tables:
    """That it is reached and has today's tables was seen before any other check."""

    name: str = "database"

    def findings(self) -> Iterable[Finding]:
        """It is."""
        yield ok(T("It is reached, and at revision {revision}.", revision=HEAD))


@dataclass(frozen=True, slots=True)
class Clock:
    """The database server's clock against this machine's: several machines go by their own."""

    store: SqlStore
    now: datetime
    name: str = "clock"

    def findings(self) -> Iterable[Finding]:
        """How far apart they are."""
        server = self.store.clock()
        if server is None:
            yield ok(T("This machine's is the only one."))
            return
        apart = abs(server - self.now)
        seconds = T("{seconds} s", seconds=round(apart.total_seconds()))
        if apart <= SLOW_CLOCK:
            yield ok(T("The database's goes with this machine's."))
        elif apart <= WRONG_CLOCK:
            yield attention(
                T("The database's and this machine's are {seconds} apart.", seconds=seconds),
                T("Let both machines set theirs by a time server (NTP)."),
            )
        else:
            yield broken(
                T(
                    "The database's and this machine's are {seconds} apart: deadlines are met late or early.",
                    seconds=seconds,
                ),
                T("Let both machines set theirs by a time server (NTP)."),
            )


@dataclass(frozen=True, slots=True)
class Communities:
    """Whether each has who and what it needs to work."""

    store: SqlStore
    name: str = "communities"

    def findings(self) -> Iterable[Finding]:
        """What each lacks."""
        if not self.store.communities():
            yield attention(
                T("None was founded yet."), T("Found one: {command}.", command=term("wgbot community create"))
            )
        for reads, community in communities(self.store):
            lacking = list(_lacking(reads, community))
            yield from lacking or [ok(T("{community} has a Chair, a Secretariat and a room.", community=community.id))]


def _lacking(reads: Reads, community: Community) -> Iterator[Finding]:
    id_, titles = community.id, community.titles
    if current_cycle(reads, community) is None:
        yield attention(
            T("{community} has no cycle, so nobody is seated.", community=id_),
            T("The Chair or the Secretariat opens one: {command}.", command=Say("cycle open")),
        )
    if chair_of(reads, community) is None:
        yield attention(
            T("{community} has no {chair}: nothing can be approved.", community=id_, chair=titles.chair),
            T("The Secretariat sets the seat: {command}.", command=Say("roster set")),
        )
    if not seated(reads, community, Role.SECRETARIAT):
        yield attention(
            T("{community} has nobody in its Secretariat: nobody is told when something goes wrong.", community=id_),
            T("The Chair sets the seat: {command}.", command=Say("roster set")),
        )
    if not homes_of(reads, id_, MAG):
        yield attention(
            T("{community} has no room for all of its members: nothing is announced.", community=id_),
            T("In the room that is to be it, the Chair or the Secretariat types {command}.", command=Say("home all")),
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages that wait for long."""

    store: SqlStore
    now: datetime
    name: str = "waiting messages"

    def findings(self) -> Iterable[Finding]:
        """In which rooms, since when, and what was said the last time."""
        with self.store.backlog() as backlog:
            queues = backlog.waiting_since(self.now - LONG, MOST)
        if not queues:
            yield ok(T("None has waited for longer than {minutes} minutes.", minutes=LONG.seconds // 60))
        with self.store.reading() as reads:
            for queue in queues:
                place = _place(reads, queue.community, queue.lane)
                since = Moment(queue.since, "UTC")
                what = Tn(
                    "{count} message has waited for {place} since {when}.",
                    "{count} messages have waited for {place} since {when}.",
                    queue.rows,
                    count=queue.rows,
                    place=place,
                    when=since,
                )
                said = (
                    T("Last it failed of: {error}.", error=term(queue.error)) if queue.error else T("It was not tried.")
                )
                step = T(
                    "{said} See that wgbot runs, and is connected to {platform}.",
                    said=said,
                    platform=queue.lane.platform,
                )
                yield (broken if self.now - queue.since > TOO_LONG else attention)(what, step)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Messages that were parked."""

    store: SqlStore
    name: str = "dead letters"

    def findings(self) -> Iterable[Finding]:
        """How many for each place, and why."""
        with self.store.backlog() as backlog:
            letters = backlog.dead(MOST)
        if not letters:
            yield ok(T("There are none."))
        counted = Counter((each.row.community, each.row.lane, each.error) for each in letters)
        with self.store.reading() as reads:
            for (community, lane, error), count in counted.items():
                yield attention(
                    Tn(
                        "{count} message for {place} did not arrive: {why}.",
                        "{count} messages for {place} did not arrive: {why}.",
                        count,
                        count=count,
                        place=_place(reads, community, lane),
                        why=in_words(error),
                    ),
                    T(
                        "See them: {list}. When the reason is gone: {retry}.",
                        list=term("wgbot dead list"),
                        retry=term("wgbot dead retry"),
                    ),
                )


@dataclass(frozen=True, slots=True)
class Troubles:
    """Places where nothing arrives."""

    store: SqlStore
    name: str = "troubles"

    def findings(self) -> Iterable[Finding]:
        """Where, why, since when."""
        found = False
        with self.store.reading() as reads:
            for community in self.store.communities():
                for trouble in troubles(reads, community):
                    found = True
                    lane = Lane(trouble.platform, trouble.team, trouble.place)
                    whole = trouble.place == WHOLE_WORKSPACE
                    yield (broken if whole else attention)(
                        T(
                            "Nothing arrives at {place} since {when}: {why}.",
                            place=_place(reads, community, lane),
                            when=Moment(trouble.since, "UTC"),
                            why=why(trouble.reason),
                        ),
                        T("The Secretariat was told what to do.") if trouble.told_at else T("Nobody could be told."),
                    )
        if not found:
            yield ok(T("There are none."))


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Deadlines that have come and were not met. Clocks that stand still are left out: time there comes by command."""

    store: SqlStore
    now: datetime
    name: str = "deadlines"

    def findings(self) -> Iterable[Finding]:
        """How many are late, and the first."""
        with self.store.reading() as reads:
            late = [
                (due, now)
                for due, now in self.store.due(self.now, MOST)
                if now - due.due_at > LONG and _runs(reads.get(Community, due.community))
            ]
        if not late:
            yield ok(T("None is late."))
            return
        due, _ = late[0]
        yield broken(
            Tn(
                "{count} is late, in {community} since {when} ({kind}).",
                "{count} are late, the first in {community} since {when} ({kind}).",
                len(late),
                count=len(late),
                community=due.community,
                when=Moment(due.due_at, due.zone),
                kind=due.kind.value,
            ),
            T("See that wgbot runs. If it does, its log says why it was not done."),
        )


def in_words(error: str) -> Text:
    """Why a message was parked: a reason in words, anything else as it was kept."""
    return WHY.get(error) or term(error)


def _runs(community: Community | None) -> bool:
    return community is not None and community.clock_frozen is None


def _place(reads: Reads, community: CommunityId, lane: Lane) -> Text:
    """A place by the name people know it by."""
    where = f"{lane.platform} {lane.team}".strip()
    if not lane.place:
        return T("{workspace} ({community})", workspace=where, community=community)
    home = reads.get(Home, community, lane.platform, lane.team, lane.place)
    name = home.name if home is not None else lane.place
    return T("{room} on {workspace} ({community})", room=name, workspace=where, community=community)
