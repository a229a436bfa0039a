"""`make load`: members at work in Slack (signed, over HTTP) and in Matrix against one or more replicas: rate and latencies.

With more than one number of replicas they are measured in turn, and compared: ratios within one run. What the machine's
cores did meanwhile is said beside it: where they are busy, nothing goes faster.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from adapters.slack.blocks import Drawing
from adapters.slack.messages import messages
from adapters.slack.speech import Block, speech
from bot.domain.consensus.checks import Check, tally_of
from bot.domain.ids import CommunityId
from bot.present import present
from storage.schema import prepare
from storage.store import SqlStore
from storage.verify import verify
from tests.bench.community import link, settle_in
from tests.bench.matrix_load import Load, Outcome
from tests.bench.programs import Program, WebApi, wait_for
from tests.bench.slack_requests import REMOTE, SECRET, clicks, in_turn
from tests.bench.traffic import Flight, fly
from tests.support.matrix.api import Call, path
from tests.support.matrix.plain import Plain
from tests.support.matrix.synapse import PASSWORD, SERVER_NAME, Homeserver
from tests.support.postgres import Server

CONNECTIONS: Final = 48
CLICKS: Final = 3_000
BUSY: Final = 0.9
_ROUNDS = (f"l{each:05d}" for each in count())


@dataclass
class Measured:
    """How a round went. `busy` is the part of all cores' time in which they worked."""

    flights: list[Flight]
    busy: float
    matrix: Outcome | None = None

    @property
    def rate(self) -> float:
        """Clicks acknowledged a second."""
        begun, ended = min(each.begun for each in self.flights), max(each.ended for each in self.flights)
        return sum(len(each.seconds) for each in self.flights) / (ended - begun)

    @property
    def failed(self) -> int:
        """Clicks that were not acknowledged."""
        return sum(each.failed for each in self.flights)

    def percentile(self, part: float) -> float:
        """Milliseconds."""
        return Flight(seconds=[one for each in self.flights for one in each.seconds]).percentile(part)


@dataclass
class Site:
    """A database with so many communities of so many members, and how many clicks it was given."""

    folder: Path
    members: int
    communities: int
    in_matrix: int = 0
    url: str = ""
    cards: list[Block] = field(default_factory=list)
    taken: int = 0

    def settle(self, server: Server, database: str) -> None:
        """Found the communities, in a database of that name."""
        self.url = server.make(database)
        prepare(self.url)
        with closing(SqlStore.open(self.url)) as store:
            for name in self.names():
                settle_in(store, self.members, "slack", REMOTE, name)
            with store.reading() as reads:
                for name in self.names():
                    view = present(reads, name, "check:1", datetime.now(UTC))
                    if view is None:
                        raise LookupError("check:1")
                    self.cards.append(messages(view, Drawing(speech(), name))[0])

    def link(self, rooms: list[str]) -> None:
        """Make rooms in Matrix homes of the first community: where it stands for nothing, wgbot answers nobody."""
        with closing(SqlStore.open(self.url)) as store:
            for room in rooms:
                link(store, ("matrix", SERVER_NAME, room), self.names()[0])

    def names(self) -> list[CommunityId]:
        """The communities."""
        return [CommunityId(f"load{number}") for number in range(self.communities)]

    def made(self, sink: str, number: int, turns: list[Iterator[tuple[str, int]]]) -> list[bytes]:
        """So many clicks, one community after the other."""
        share = -(-number // self.communities)
        by_community = [
            clicks(card, sink, next(_ROUNDS), turn, share) for card, turn in zip(self.cards, turns, strict=True)
        ]
        made = [click for each in zip(*by_community, strict=True) for click in each][:number]
        self.taken += len(made)
        return made

    def whole(self) -> None:
        """No click is lost, and every log is whole."""
        with closing(SqlStore.open(self.url, read_only=True)) as store:
            problems = [problem for name in self.names() for problem in verify(store, name)]
            with store.reading() as reads:
                held = 0
                for name in self.names():
                    check = reads.get(Check, name, 1)
                    held += tally_of(reads, check).taken() if check is not None else 0
        if problems or not 0 < held <= min(self.taken, self.members * self.communities):
            raise AssertionError((problems[:3], held, self.taken))


class Cpu:
    """What the cores do, from /proc/stat."""

    def __init__(self) -> None:
        self._before = self._read()

    def busy(self) -> float:
        """The part of their time in which they worked, since it was made."""
        now = self._read()
        worked, whole = (after - before for after, before in zip(now, self._before, strict=True))
        return worked / max(1, whole)

    def _read(self) -> tuple[int, int]:
        fields = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(fields) - fields[3] - fields[4], sum(fields)


@dataclass(frozen=True)
class Variety:
    """What is measured: so many replicas, and a setting that the others do without ("": none)."""

    replicas: int
    setting: str = ""

    @property
    def settings(self) -> dict[str, str]:
        """For the environment."""
        name, _, value = self.setting.partition("=")
        return {name: value} if name else {}

    def __str__(self) -> str:
        return f"{self.replicas}, {self.setting}" if self.setting else str(self.replicas)


class Cluster:
    """So many replicas, each a process, before one database."""

    def __init__(
        self, variety: Variety, site: Site, api: WebApi, homeserver: Homeserver | None, opened: ExitStack
    ) -> None:
        number = variety.replicas
        data = Path(tempfile.mkdtemp(dir=site.folder))
        settings = {
            "WGBOT_DATABASE": site.url,
            "WGBOT_SLACK_BOT_TOKEN": "xoxb-bench",
            "WGBOT_SLACK_SIGNING_SECRET": SECRET,
            "WGBOT_SLACK_API": f"{api.url}/api/",
            "WGBOT_HTTP_PORT": "0",
            "WGBOT_ACCOUNT_BURST": "0",  # a few members click faster than people do
            **variety.settings,
        }
        self._homeserver = homeserver
        self._rooms: list[tuple[Plain, str]] = []
        if homeserver is not None:
            bot = self._bot = homeserver.register("wg").user_id
            people = [Plain(homeserver, homeserver.register("p")) for _ in range(site.in_matrix)]
            self._rooms = [(each, each.create(public=True, invite=[bot])) for each in people]
            site.link([room for _, room in self._rooms])
            settings |= {
                "WGBOT_MATRIX_HOMESERVER": homeserver.url,
                "WGBOT_MATRIX_USER": bot,
                "WGBOT_MATRIX_PASSWORD": PASSWORD,
            }
        run = ["adapters.main", "run", "--data", str(data)]
        told = [data / f"{each}.log" for each in range(number)]
        self.programs = [opened.enter_context(Program(run, each, settings)) for each in told]
        if homeserver is not None:
            wait_for(lambda: all(self._joined(homeserver, *each) for each in self._rooms) or None, "wgbot in its rooms")

    def _joined(self, homeserver: Homeserver, person: Plain, room: str) -> bool:
        call = Call("GET", path("rooms", room, "joined_members"))
        return self._bot in homeserver.api.call(call, person.account)["joined"]

    def take(self, made: list[bytes]) -> Measured:
        """A load, shared among them as a balancer does; in Matrix, questions meanwhile."""
        number = len(self.programs)
        shares = [made[each::number] for each in range(number)]

        async def flights() -> list[Flight]:
            ports = [program.port for program in self.programs]
            every = (fly(port, share, CONNECTIONS // number) for port, share in zip(ports, shares, strict=True))
            return list(await asyncio.gather(*every))

        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(self._asked) if self._homeserver is not None else None
            cpu = Cpu()
            flown = asyncio.run(flights())
            busy = cpu.busy()
            return Measured(flown, busy, asking.result() if asking is not None else None)

    def _asked(self) -> Outcome:
        assert self._homeserver is not None
        people = [(person.account.token, room) for person, room in self._rooms]
        said = [{"msgtype": "m.text", "body": "!wg help"}]
        load = Load(self._homeserver.url, self._bot, "m.room.message", people, said, 5)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.matrix_load"],
            input=json.dumps(asdict(load)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return Outcome(**json.loads(done.stdout))


def measure(console: Console, chosen: argparse.Namespace, folder: Path) -> bool:
    """Measure and print; whether the replicas do what is asked of them."""
    good = True
    with ExitStack() as whole:
        server = whole.enter_context(Server(durable=True))
        api = whole.enter_context(WebApi(folder))
        homeserver = whole.enter_context(Homeserver()) if chosen.in_matrix else None
        for communities in chosen.communities:
            found: dict[Variety, list[Measured]] = {each: [] for each in varieties(chosen)}
            sites = {each: Site(folder, chosen.members, communities, chosen.in_matrix) for each in found}
            for number, site in enumerate(sites.values()):
                site.settle(server, f"load{communities}of{number}")
            turns = {one: [in_turn(chosen.members, each) for each in range(communities)] for one in found}
            with ExitStack() as opened:
                clusters = {each: Cluster(each, sites[each], api, homeserver, opened) for each in found}
                for each in range(chosen.rounds + 1):
                    for variety, measured in found.items():
                        made = sites[variety].made(api.url, chosen.clicks, turns[variety])
                        done = clusters[variety].take(made)
                        if each:  # in the first everything is cold
                            measured.append(done)
            for site in sites.values():
                site.whole()
            good = _shown(console, communities, chosen.members, found) and good
    return good


def varieties(chosen: argparse.Namespace) -> list[Variety]:
    """What is measured in turn; everything is compared with the first."""
    if chosen.setting:
        return [Variety(chosen.replicas[0]), Variety(chosen.replicas[0], chosen.setting)]
    return [Variety(each) for each in sorted(chosen.replicas)]


def _shown(console: Console, communities: int, members: int, found: dict[Variety, list[Measured]]) -> bool:
    title = (
        f"{communities} communities of {members} members on PostgreSQL (fsync on), Slack over HTTP; medians, in turn"
    )
    table = Table(title=title)
    for name in (
        "replicas",
        "clicks/s",
        "of one",
        "p50 / p95 / p99 ms",
        "not taken",
        "cores busy",
        "Matrix p50 / p99 ms",
    ):
        table.add_column(name, justify="right")
    first, one = next(iter(found.items()))
    good = True
    for variety, rounds in found.items():
        ratio = statistics.median(mine.rate / other.rate for mine, other in zip(rounds, one, strict=True))
        busy = statistics.median(each.busy for each in rounds)
        asked = sorted(second for each in rounds if each.matrix for second in each.matrix.seconds)
        table.add_row(
            str(variety),
            f"{statistics.median(each.rate for each in rounds):,.0f}",
            f"{ratio:.2f}",
            " / ".join(
                f"{statistics.median(each.percentile(part) for each in rounds):.1f}" for part in (0.5, 0.95, 0.99)
            ),
            str(sum(each.failed for each in rounds)),
            f"{busy:.0%} of {os.cpu_count()}",
            f"{asked[len(asked) // 2] * 1e3:.0f} / {asked[int(len(asked) * 0.99)] * 1e3:.0f}" if asked else "",
        )
        if variety != first:
            wanted = 1.2 if communities > 1 and not variety.setting else 0.9
            good = good and (ratio >= wanted or (busy > BUSY and not variety.setting))
    console.print(table)
    return good


def arguments() -> argparse.ArgumentParser:
    """What may be chosen."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--members", type=int, default=500, help="of each community (default 500)")
    parser.add_argument("--replicas", type=_numbers, default=[1, 2], help="how many, by commas (default 1,2)")
    parser.add_argument("--communities", type=_numbers, default=[1, 8], help="how many, by commas (default 1,8)")
    parser.add_argument("--in-matrix", type=int, default=0, help="people who ask in Matrix meanwhile (default none)")
    parser.add_argument(
        "--setting",
        default="",
        help="what a setting costs: NAME=VALUE, as WGBOT_METRICS=9464; replicas are then not compared",
    )
    parser.add_argument("--clicks", type=int, default=CLICKS, help=f"of a round (default {CLICKS})")
    parser.add_argument("--rounds", type=int, default=5, help="of each, in turn (default 5)")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def main() -> int:
    """Run it; 1 where replicas did not do what is asked of them."""
    console = Console(width=150)
    with tempfile.TemporaryDirectory(prefix="wgbot-load-") as folder:
        return int(not measure(console, arguments().parse_args(), Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
