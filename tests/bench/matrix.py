"""Matrix on a Synapse of this machine: from a command to its answer, beside a bare nio bot; and a thousand votes at once.

Both bots, in a process each, and the people, in another, speak to the same homeserver. They are measured in turn. Most of
what is measured is Synapse; that is so for both.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from adapters.cli.embedded import DATABASE
from adapters.matrix.contents import POLL
from bot.domain.consensus.checks import check_of, tally_of
from bot.domain.consensus.positions import Position
from storage.schema import prepare
from storage.sqlite_driver import driver
from storage.store import SqlStore
from storage.verify import verify
from tests.bench.community import BENCH, seat
from tests.bench.matrix_load import Load, Outcome
from tests.bench.programs import Program, wait_for
from tests.support.matrix.api import Account, Call, path
from tests.support.matrix.plain import Plain
from tests.support.matrix.synapse import PASSWORD, SERVER_NAME, Homeserver

SENDERS = (1, 10)
COMMANDS_EACH = {1: 40, 10: 12}
"""Commands of each sender in a round, by how many senders there are."""

VOTERS, VOTES_EACH = 100, 10
EDITS_APART_SECONDS = 1.0
TEXT = "m.room.message"
OURS, BARE = "wgbot, SQLite FULL", "bare nio"


@dataclass(frozen=True, slots=True)
class Round:
    """How one side's round went; `cpu` in seconds of the bot's process."""

    outcome: Outcome
    cpu: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.outcome.seconds) / self.outcome.whole

    def percentile(self, part: float) -> float:
        """Milliseconds within which so large a part was answered."""
        taken = sorted(self.outcome.seconds)
        return 1e3 * taken[min(int(len(taken) * part), len(taken) - 1)]


class Bench:
    """A homeserver with people, who have a room each with either bot."""

    def __init__(self, homeserver: Homeserver, folder: Path) -> None:
        self._homeserver = homeserver
        self._folder = folder
        self.ours, self._bare = homeserver.register("wg"), homeserver.register("bare")
        self._people = [Plain(homeserver, homeserver.register("p")) for _ in range(VOTERS)]
        senders = self._people[: max(SENDERS)]
        self._rooms = {
            side: [self._room(each, bot) for each in senders] for side, bot in ((OURS, self.ours), (BARE, self._bare))
        }
        self.hall = self._room(self._people[0], self.ours)
        for each in self._people[1:]:
            each.join(self.hall)
        self.data = folder / "wgbot"
        self.data.mkdir()
        prepare(self._url)
        with closing(SqlStore.open(self._url)) as store:
            accounts = [("matrix", SERVER_NAME, each.id) for each in self._people]
            seat(store, accounts, ("matrix", SERVER_NAME, self.hall))

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.data / DATABASE}"

    def _room(self, person: Plain, bot: Account) -> str:
        """A room of somebody and a bot that others could enter: in a direct one, answers stand in no thread."""
        return person.create(public=True, invite=[bot.user_id])

    def start(self, side: str) -> Program:
        """A side; once it is in its rooms."""
        if side == OURS:
            settings = {
                "WGBOT_MATRIX_HOMESERVER": self._homeserver.url,
                "WGBOT_MATRIX_USER": self.ours.user_id,
                "WGBOT_MATRIX_PASSWORD": PASSWORD,
                "WGBOT_ACCOUNT_BURST": "0",  # one person asks faster than people do
            }
            program = Program(["adapters.main", "run", "--data", str(self.data)], self._folder / "ours.log", settings)
            rooms = [*self._rooms[OURS], self.hall]
            wait_for(lambda: self._joined(self.ours) >= set(rooms) or None, "wgbot to be in its rooms")
            return program
        for room in self._rooms[BARE]:
            self._homeserver.api.call(Call("POST", path("join", room), {}), self._bare)
        answer = self._folder / "answer.json"
        answer.write_text(json.dumps(self.asked(OURS, 1, 1).answer))
        bare = self._bare
        arguments = [self._homeserver.url, bare.user_id, bare.device_id, bare.token, str(answer)]
        return Program(["tests.bench.bare_nio", *arguments], self._folder / "bare.log")

    def _joined(self, bot: Account) -> set[str]:
        return set(self._homeserver.api.call(Call("GET", path("joined_rooms")), bot)["joined_rooms"])

    def asked(self, side: str, senders: int, each: int) -> Outcome:
        """People ask for help, and wait for the answer each time."""
        people = [
            (person.account.token, room)
            for person, room in zip(self._people[:senders], self._rooms[side][:senders], strict=True)
        ]
        bot = self.ours if side == OURS else self._bare
        return _carried(
            Load(self._homeserver.url, bot.user_id, TEXT, people, [{"msgtype": "m.text", "body": "!wg help"}], each)
        )

    def check(self) -> dict[str, Any]:
        """Have a check asked in the room of all; its poll."""
        self._people[0].send(self.hall, '!wg consensus "Go on?" 2d')
        started = f"{POLL}start"
        return wait_for(lambda: next((each for each in self._history() if each["type"] == started), None), "the poll")

    def _history(self) -> list[dict[str, Any]]:
        return list(self._people[0].history(self.hall))

    def voted(self, poll: dict[str, Any]) -> Outcome:
        """Everybody votes, for another position each time, as fast as the homeserver takes it."""
        answers = [each["id"] for each in poll["content"][f"{POLL}start"]["answers"]]
        takes = [each for each in answers if f"consensus {Position.OBJECT.value}" not in each]
        contents = [
            {
                f"{POLL}response": {"answers": [answer]},
                "m.relates_to": {"rel_type": "m.reference", "event_id": poll["event_id"]},
            }
            for answer in takes
        ]
        people = [(each.account.token, self.hall) for each in self._people]
        return _carried(
            Load(self._homeserver.url, self.ours.user_id, f"{POLL}response", people, contents, VOTES_EACH, wait=False)
        )

    def counted(self) -> int:
        """Positions taken, so far."""
        with closing(driver.connect(self.data / DATABASE)) as database:
            (taken,) = database.execute("SELECT count(*) FROM audit WHERE name = 'position.taken'").fetchone()
        return int(taken)

    def shown(self) -> list[float]:
        """When the card was edited (seconds), once it shows everybody."""
        edits = wait_for(lambda: self._edits_to(f"{VOTERS} of {VOTERS}"), "the card to show all")
        return sorted(each["origin_server_ts"] / 1000 for each in edits)

    def _edits_to(self, words: str) -> list[dict[str, Any]] | None:
        edits = [each for each in self._history() if "m.new_content" in each["content"]]
        return edits if edits and words in edits[0]["content"]["body"] else None

    def whole(self) -> None:
        """Everybody holds a position, and the audit log is whole."""
        with closing(SqlStore.open(self._url, read_only=True)) as store:
            problems = verify(store, BENCH)
            with store.reading() as reads:
                held = tally_of(reads, check_of(reads, BENCH, 1)).taken()
        if problems or held != VOTERS:
            raise AssertionError((held, problems))


def matrix(console: Console, folder: Path, rounds: int) -> None:
    """Measure and print."""
    with Homeserver() as homeserver, ExitStack() as running:
        bench = Bench(homeserver, folder)
        programs = {side: running.enter_context(bench.start(side)) for side in (OURS, BARE)}
        for senders in SENDERS:
            console.print(_asked(bench, programs, senders, rounds))
        _voted(console, bench)


def _asked(bench: Bench, programs: dict[str, Program], senders: int, rounds: int) -> Table:
    found: dict[str, list[Round]] = {side: [] for side in programs}
    for each in range(rounds + 1):
        for side, program in programs.items():
            used = program.cpu()
            outcome = bench.asked(side, senders, COMMANDS_EACH[senders])
            if each:  # in the first, everything is cold
                found[side].append(Round(outcome, program.cpu() - used))
    who = "1 sender" if senders == 1 else f"{senders} senders in {senders} rooms"
    table = Table(title=f"Matrix, `!wg help` to its answer, on Synapse; {who}; medians, in turn")
    columns = ("", "p50 / p99 ms", f"p50, of {BARE}", "a second", f"rate, of {BARE}", "CPU ms each")
    for name in columns:
        table.add_column(name, justify="right")
    for side, loads in found.items():
        pairs = list(zip(loads, found[BARE], strict=True))
        table.add_row(
            side,
            f"{_middle(loads, lambda one: one.percentile(0.5)):.1f} / {_middle(loads, lambda one: one.percentile(0.99)):.1f}",
            f"{statistics.median(one.percentile(0.5) / other.percentile(0.5) for one, other in pairs):.2f}",
            f"{_middle(loads, lambda one: one.rate):.1f}",
            f"{statistics.median(one.rate / other.rate for one, other in pairs):.2f}",
            f"{_middle(loads, lambda one: 1e3 * one.cpu / len(one.outcome.seconds)):.1f}",
        )
    return table


def _voted(console: Console, bench: Bench) -> None:
    poll = bench.check()
    outcome = bench.voted(poll)
    sent = time.perf_counter()
    votes = VOTERS * VOTES_EACH
    wait_for(lambda: bench.counted() == votes or None, f"{votes} positions, of which there are {bench.counted()}")
    behind = time.perf_counter() - sent
    edits = bench.shown()
    bench.whole()
    apart = min((later - sooner for sooner, later in pairwise(edits)), default=float("inf"))
    if apart < EDITS_APART_SECONDS:
        raise AssertionError(f"two edits {apart:.3f} s apart")
    console.print(
        f"{votes:,} votes of {VOTERS} people in a native poll, taken by Synapse within {outcome.whole:.1f} s: all counted "
        f"{behind:.2f} s later, audit whole; {len(edits)} edits of the card, {apart:.2f} s apart or more.\n"
    )


def _carried(load: Load) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.matrix_load"],
        input=json.dumps(asdict(load)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Outcome(**json.loads(done.stdout))


def _middle(rounds: list[Round], of: Callable[[Round], float]) -> float:
    return statistics.median(of(each) for each in rounds)
