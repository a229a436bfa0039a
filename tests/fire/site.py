"""The whole installation: PostgreSQL, a homeserver, a Slack, the ways between, and so many replicas of `wgbot run`."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.cli.sample import sample_people
from bot.command import COMMANDS
from bot.context import DecidingContext, Request, Space
from bot.domain.ids import CommunityId, PersonId
from bot.domain.people import Person
from bot.founding import Foundation, found
from storage.schema import prepare
from storage.store import SqlStore
from tests.e2e.running import Running
from tests.fire.network import Way
from tests.support.postgres import Server
from tests.support.processes import free_port

SettleIn = Callable[[DecidingContext, Mapping[str, PersonId]], None]


class Replica(Running):
    """One `wgbot run`, with a port and a way to the database of its own; the folder is everybody's."""

    def __init__(self, number: int, folder: Path, settings: Mapping[str, str], database: Way, url: str) -> None:
        self.number = number
        self.port = free_port()
        self.database = database
        own = {"WGBOT_DATABASE": url, "WGBOT_HTTP_PORT": str(self.port), "WGBOT_LOG": "INFO"}
        super().__init__(folder, {**settings, **own})
        self._log = folder / f"replica-{number}.log"

    @property
    def pid(self) -> int | None:
        """Its process; None while it does not run."""
        return self._process.pid if self._process is not None else None

    def revive(self) -> None:
        """Start it, unless it runs."""
        if self._process is None:
            self.start(wait=False)

    def listens(self) -> bool:
        """Whether it takes requests."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5):
            return True
        return False

    def dead(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def told(self) -> str:
        """What it logged."""
        return self._log.read_text() if self._log.exists() else ""


def founded(store: SqlStore, community: CommunityId, settle_in: SettleIn) -> None:
    """The sample's people, in a community whose clock runs and can be moved."""
    COMMANDS.load_all()
    now = datetime.now(UTC)
    today: date = now.date()
    plan = Foundation(
        community,
        "IGF MAG",
        sample_people(),
        "IGF 2027",
        today - timedelta(days=35),
        today + timedelta(days=320),
        zone="Europe/Zurich",
        sample=True,
    )
    with store.writing([community]) as work:
        made = found(work, plan, now)
        request = Request(community, Space("system", "", ""), "found", "tests", now, system=True)
        context = DecidingContext(work, made, request, now)
        settle_in(context, {person.name: person.id for person in work.all(Person, community=community)})
        for fact in context.facts:
            work.append(fact, "tests")


@contextmanager
def database() -> Iterator[tuple[Server, str]]:
    """A PostgreSQL that keeps what it said it has, with today's tables in a database."""
    with Server(durable=True) as server:
        url = server.make("wgbot")
        prepare(url)
        yield server, url


@contextmanager
def replicas(number: int, server: Server, folder: Path, settings: Mapping[str, str]) -> Iterator[list[Replica]]:
    """So many, not started yet."""
    with ExitStack() as opened:
        made = []
        for each in range(number):
            way = opened.enter_context(Way(server.port))
            url = f"postgresql://wgbot@127.0.0.1:{way.port}/wgbot"
            made.append(Replica(each + 1, folder, settings, way, url))
        try:
            yield made
        finally:
            for replica in made:
                replica.kill()


@contextmanager
def looking(url: str) -> Iterator[SqlStore]:
    """The database, from outside, past all that goes wrong between."""
    with closing(SqlStore.open(url)) as store:
        yield store
