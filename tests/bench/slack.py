"""Slack over HTTP: what a click and `/wg help` cost, beside a bare Bolt app; and a thousand clicks at once.

Both sides are served by the same uvicorn, in a process each, and answer into the same sink; the load comes from this
process. They are measured in turn, so that what else the machine does meets both.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from adapters.cli.embedded import DATABASE
from adapters.slack.blocks import Drawing
from adapters.slack.messages import messages
from adapters.slack.speech import Block, speech
from bot.domain.consensus.checks import Check, tally_of
from bot.present import present
from storage.schema import prepare
from storage.sqlite_driver import driver
from storage.store import SqlStore
from storage.verify import verify
from tests.bench.community import BENCH, settle_in
from tests.bench.measuring import fsyncs
from tests.bench.programs import Program, WebApi
from tests.bench.slack_requests import REMOTE, SECRET, clicks, helps, in_turn
from tests.bench.traffic import Flight, fly

MEMBERS = 1_000
CONNECTIONS = 50
PER_ROUND = 2_000
"""Clicks, or commands, of each side in a round."""

OURS, BARE, BARE_FULL = "wgbot, FULL", "bare Bolt, WAL/NORMAL", "bare Bolt, WAL/FULL"
SIDES = (OURS, BARE, BARE_FULL)
NOTHING = "nothing"
"""An application that only answers: what uvicorn, and the load itself, can do."""

BURSTS = 3


@dataclass(frozen=True, slots=True)
class Load:
    """How one side's round went. `ended` is when the last answer had arrived; `cpu` in seconds; `size` of one answer."""

    flight: Flight
    ended: float
    cpu: float
    size: float

    @property
    def rate(self) -> float:
        """Answered a second."""
        return len(self.flight.seconds) / (self.ended - self.flight.begun)


class Bench:
    """Both sides before one sink, their files in one folder."""

    def __init__(self, folder: Path, api: WebApi) -> None:
        self._folder = folder
        self.api = api
        self._names = (f"{each:04d}" for each in count())
        self._turns = {side: in_turn(MEMBERS) for side in (*SIDES, NOTHING)}
        self._help = folder / "help.json"
        data = self.settled()
        self._card = _card(data)
        with self.start(OURS, data) as ours:
            self._help.write_bytes(self.helped(OURS, ours, 1).flight.body)

    def settled(self) -> Path:
        """A data folder with the community in it."""
        data = self._folder / next(self._names)
        data.mkdir()
        prepare(_url(data))
        with closing(SqlStore.open(_url(data))) as store:
            settle_in(store, MEMBERS, "slack", REMOTE)
        return data

    def start(self, side: str, data: Path) -> Program:
        """A side; ours with the data in a folder."""
        told = self._folder / f"{next(self._names)}.log"
        if side == NOTHING:
            return Program(["uvicorn", "tests.bench.sink:nothing", "--port", "0", "--no-access-log"], told)
        if side != OURS:
            synchronous = side.rpartition("/")[2]
            return Program(["tests.bench.bare_bolt", str(told.with_suffix(".db")), synchronous, str(self._help)], told)
        settings = {
            "WGBOT_SLACK_BOT_TOKEN": "xoxb-bench",
            "WGBOT_SLACK_SIGNING_SECRET": SECRET,
            "WGBOT_SLACK_API": f"{self.api.url}/api/",
            "WGBOT_HTTP_PORT": "0",
        }
        return Program(["adapters.main", "run", "--data", str(data)], told, settings)

    def clicked(self, side: str, program: Program, number: int = PER_ROUND, connections: int = CONNECTIONS) -> Load:
        """A round of clicks."""
        round_ = next(self._names)
        made = clicks(self._card, self.api.url, round_, self._turns[side], number)
        if side == NOTHING:
            return _flown(program, made, connections, lambda flight: (flight.ended, 0))
        return _flown(program, made, connections, lambda flight: self.api.answered(round_, number))

    def helped(self, side: str, program: Program, number: int = PER_ROUND) -> Load:
        """A round of `/wg help`, which is answered in the acknowledgment."""
        made = helps(self.api.url, self._turns[side], number)
        return _flown(program, made, CONNECTIONS, lambda flight: (flight.ended, len(flight.body) * number))


def _flown(
    program: Program, made: list[bytes], connections: int, answered: Callable[[Flight], tuple[float, int]]
) -> Load:
    used = program.cpu()
    flight = asyncio.run(fly(program.port, made, connections))
    if flight.failed:
        raise AssertionError(f"{flight.failed} of {len(made)} were not acknowledged")
    last, size = answered(flight)
    return Load(flight, max(flight.ended, last), program.cpu() - used, size / len(made))


def slack(console: Console, folder: Path, rounds: int) -> None:
    """Measure and print."""
    with WebApi(folder) as api:
        bench = Bench(folder, api)
        _steady(console, bench, rounds)
        _at_once(console, bench)
        console.print(f"Calls of the Web API besides: {api.called()}\n")


def _steady(console: Console, bench: Bench, rounds: int) -> None:
    clicked: dict[str, list[Load]] = {side: [] for side in (*SIDES, NOTHING)}
    helped: dict[str, list[Load]] = {side: [] for side in (OURS, BARE)}
    data, disk = bench.settled(), list[float]()
    with ExitStack() as running:
        programs = {side: running.enter_context(bench.start(side, data)) for side in clicked}
        for each in range(rounds + 1):
            for side, program in programs.items():
                load = bench.clicked(side, program)
                if each:  # in the first, everybody is new and everything cold
                    clicked[side].append(load)
            for side, loads in helped.items():
                load = bench.helped(side, programs[side])
                if each:
                    loads.append(load)
            disk.append(fsyncs(data, 0.1))
    _whole(data, PER_ROUND * (rounds + 1))
    idle = clicked.pop(NOTHING)
    what = f"Slack over HTTP, {CONNECTIONS} connections; median of the rounds, in turn."
    console.print(_table(f"{what} Clicks on a position, acknowledged and answered", clicked))
    console.print(_table(f"{what} /wg help", helped))
    console.print(
        f"An application that does nothing acknowledges {_middle(idle, lambda load: load.rate):,.0f} clicks a second "
        f"({_middle(idle, _cpu):,.0f} µs of its CPU each): this load, on this uvicorn, goes no faster. The disk's own rate: "
        f"{statistics.median(disk):,.0f} fdatasync a second.\n"
    )


def _table(title: str, loads: dict[str, list[Load]]) -> Table:
    """Medians; a ratio is the median of each round's own."""
    table = Table(title=title)
    for name in ("", "a second", f"of {BARE}", "p50 / p99 ms", "CPU µs each", "bytes of an answer"):
        table.add_column(name, justify="right")
    for side, found in loads.items():
        pairs = zip(found, loads[BARE], strict=True)
        table.add_row(
            side,
            f"{_middle(found, lambda load: load.rate):,.0f}",
            f"{statistics.median(one.rate / other.rate for one, other in pairs):.2f}",
            f"{_middle(found, lambda load: load.flight.percentile(0.5)):.1f} / "
            f"{_middle(found, lambda load: load.flight.percentile(0.99)):.1f}",
            f"{_middle(found, _cpu):,.0f}",
            f"{found[0].size:,.0f}",
        )
    return table


def _at_once(console: Console, bench: Bench) -> None:
    """Everybody clicks at the same moment, each over a connection of their own, just after the start."""
    what = f"{MEMBERS:,} people click at once, each over a connection of their own, just after the start"
    table = Table(title=f"{what}; median / worst of {BURSTS}, in turn")
    for name in ("", "all acknowledged within s", "all answered within s", "counted"):
        table.add_column(name, justify="right")
    found: dict[str, list[Load]] = {side: [] for side in SIDES}
    for _ in range(BURSTS):
        for side, loads in found.items():
            data = bench.settled()
            with bench.start(side, data) as program:
                loads.append(bench.clicked(side, program, MEMBERS, MEMBERS))
            if side == OURS:
                _whole(data, MEMBERS)
    for side, loads in found.items():
        acknowledged = [load.flight.ended - load.flight.begun for load in loads]
        answered = [load.ended - load.flight.begun for load in loads]
        table.add_row(
            side,
            *(f"{statistics.median(each):.2f} / {max(each):.2f}" for each in (acknowledged, answered)),
            "all, audit whole" if side == OURS else "",
        )
    console.print(table)


def _whole(data: Path, number: int) -> None:
    """No click is lost: so many positions were taken, everybody holds one, and the audit log is whole."""
    with closing(SqlStore.open(_url(data), read_only=True)) as store:
        problems = verify(store, BENCH)
        with store.reading() as reads:
            check = reads.get(Check, BENCH, 1)
            held = tally_of(reads, check).taken() if check is not None else 0
    with closing(driver.connect(data / DATABASE)) as database:
        (taken,) = database.execute("SELECT count(*) FROM audit WHERE name = 'position.taken'").fetchone()
    if problems or (held, taken) != (MEMBERS, number):
        raise AssertionError((held, taken, problems))


def _card(data: Path) -> Block:
    """The card of the open check, as it stands in Slack."""
    with closing(SqlStore.open(_url(data), read_only=True)) as store, store.reading() as reads:
        view = present(reads, BENCH, "check:1", datetime.now(UTC))
    if view is None:
        raise LookupError("check:1")
    return messages(view, Drawing(speech(), BENCH))[0]


def _url(data: Path) -> str:
    return f"sqlite:///{data / DATABASE}"


def _middle(loads: list[Load], of: Callable[[Load], float]) -> float:
    return statistics.median(of(load) for load in loads)


def _cpu(load: Load) -> float:
    """Microseconds for each."""
    return 1e6 * load.cpu / len(load.flight.seconds)
