"""What goes wrong, and when: drawn by chance from a seed, so that the same seed is the same fire."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tests.fire.network import Way
from tests.fire.site import Replica
from tests.support.matrix.synapse import Homeserver
from tests.support.postgres import Server

DOWN_SECONDS: Final = (0.5, 4.0)
"""How long a killed replica stays away."""

CUT_SECONDS: Final = (1.0, 4.0)


@dataclass(frozen=True)
class Blow:
    """Something that goes wrong at a time, in seconds from the beginning."""

    at: float
    what: str
    which: int = 0
    seconds: float = 0.0


def planned(chance: random.Random, seconds: float, replicas: int) -> list[Blow]:
    """One restart of PostgreSQL and of the homeserver; replicas killed and networks cut, again and again."""
    blows = [
        Blow(chance.uniform(0.2, 0.8) * seconds, "postgres", seconds=chance.uniform(0.2, 2.0)),
        Blow(chance.uniform(0.2, 0.8) * seconds, "homeserver", seconds=chance.uniform(0.2, 2.0)),
    ]
    at = chance.uniform(2.0, 5.0)
    while at < seconds:
        blows.append(Blow(at, "kill", chance.randrange(replicas), chance.uniform(*DOWN_SECONDS)))
        at += chance.uniform(3.0, 9.0)
    for what in ("cut the database", "stall the database", "cut slack", "cut matrix", "stall matrix", "slow"):
        at = chance.uniform(0.05, 0.9) * seconds
        blows.append(Blow(at, what, chance.randrange(replicas), chance.uniform(*CUT_SECONDS)))
    return sorted(blows, key=lambda blow: blow.at)


class Chaos:
    """Lets it happen. Everything is started from the thread that calls it, with which it would die."""

    def __init__(
        self,
        replicas: Sequence[Replica],
        postgres: Server,
        homeserver: Homeserver,
        to_slack: Way,
        to_matrix: Way,
        say: Callable[[str], None],
    ) -> None:
        self._replicas = replicas
        self._postgres = postgres
        self._homeserver = homeserver
        self._slack = to_slack
        self._matrix = to_matrix
        self._say = say
        self._later: list[tuple[float, Callable[[], Any]]] = []
        self.kills = 0

    def may(self, blow: Blow) -> bool:
        """Whether it would leave somebody at work: on a busy machine a start takes its time."""
        others = [each for each in self._replicas if each is not self._replicas[blow.which]]
        return blow.what != "kill" or any(each.listens() for each in others)

    def strike(self, blow: Blow) -> None:
        """Let it happen, and note when it is to be mended."""
        self._say(f"{blow.what} {blow.which + 1} for {blow.seconds:.1f} s")
        replica = self._replicas[blow.which]
        match blow.what:
            case "kill":
                self.kills += replica.pid is not None
                replica.kill()
                self._mend(blow, replica.revive)
            case "postgres":
                self._postgres.crash()
                self._mend(blow, self._postgres.start)
            case "homeserver":
                self._homeserver.kill()
                self._mend(blow, self._homeserver.start)
            case "cut the database":
                replica.database.cut()
                self._mend(blow, replica.database.mend)
            case "stall the database":
                replica.database.stall()
                self._mend(blow, replica.database.mend)
            case "cut slack":
                self._slack.cut()
                self._mend(blow, self._slack.mend)
            case "cut matrix":
                self._matrix.cut()
                self._mend(blow, self._matrix.mend)
            case "stall matrix":
                self._matrix.stall()
                self._mend(blow, self._matrix.mend)
            case "slow":
                for way in (replica.database, self._slack, self._matrix):
                    way.delay_seconds = 0.05
                    self._mend(blow, way.mend)
            case _:
                raise LookupError(blow.what)

    def tend(self) -> None:
        """Mend what is to be mended by now, and start what could not be started: its database was away."""
        now = time.monotonic()
        for due in [each for each in self._later if each[0] <= now]:
            self._later.remove(due)
            due[1]()
        for replica in self._replicas:
            if replica.dead():
                self._say(f"replica {replica.number} ended by itself and is started again")
                replica.kill()
                self._later.append((now + 1.0, replica.revive))

    def mend_all(self) -> None:
        """Everything works again."""
        while self._later:
            self.tend()
            time.sleep(0.05)
        self.tend()

    def _mend(self, blow: Blow, how: Callable[[], Any]) -> None:
        self._later.append((time.monotonic() + blow.seconds, how))


class Holder:
    """Looks who holds the lease of Matrix, from outside."""

    def __init__(self, url: str) -> None:
        self._url = url

    def pid(self) -> int | None:
        """The process that holds it now; None while nobody does, or nobody can say."""
        try:
            with psycopg.connect(self._url, connect_timeout=2) as connection:
                found = connection.execute(
                    "SELECT owner FROM lease WHERE name = 'matrix' AND until > clock_timestamp()"
                ).fetchone()
        except psycopg.Error:
            return None
        return int(found[0].split()[1]) if found and found[0] else None
