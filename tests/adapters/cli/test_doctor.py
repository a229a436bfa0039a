"""`wgbot doctor` and `wgbot dead`: what is wrong is said in sentences, beside a running wgbot too; letters are sent again."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.cli.checkup import checks
from adapters.main import main
from adapters.shared.health import Finding, Health, examined
from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.dues import Due, DueKind
from bot.domain.groups import Home
from bot.domain.people import Role, Seat
from bot.founding import Foundation, Founder, found, open_terminal
from bot.outgoing import Lane, Outgoing, SendKind
from bot.ports import UnitOfWork
from bot.text import T
from bot.troubles import Reason, Trouble
from bot.view import Notice
from storage.sqlite_driver import driver
from storage.store import SqlStore
from tests.builders import MAG

NOW = datetime.now(UTC).replace(microsecond=0)
ROOM = Lane("slack", "T1", "C1")
CHAIR = Founder("Amina A.", "amina@example.org", Role.CHAIR)
DESK = Founder("Desk", "desk@example.org", Role.SECRETARIAT)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """The program switches garbage collection off while it starts; these tests share their process with others."""
    yield
    gc.enable()


@dataclass
class Installed:
    """A data folder with a community that has all it needs."""

    folder: Path
    out: Callable[[], str]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'wgbot.db'}"

    def write(self, *steps: Callable[[UnitOfWork], object]) -> None:
        with closing(SqlStore.open(self.url)) as store, store.writing([MAG]) as work:
            for step in steps:
                step(work)

    def send(self, id_: str, lane: Lane = ROOM, at: datetime = NOW) -> None:
        self.write(lambda work: work.send(_row(id_, lane, at)))

    def park(self, id_: str, error: str) -> None:
        def park(work: UnitOfWork) -> None:
            (claimed,) = (each for each in work.outbox.claim(NOW, "me", 0, 10, ["slack"]) if each.row.id == id_)
            work.outbox.failed(claimed, "me", error, NOW, None, uncertain=False)

        self.send(id_)
        self.write(park)

    def wgbot(self, *typed: str) -> tuple[int, str]:
        command, *rest = typed
        code = main([command, "--data", str(self.folder), *rest])
        return code, self.out()

    def findings(self) -> dict[str, list[Finding]]:
        with closing(SqlStore.open(self.url, read_only=True)) as store:
            return {check.name: examined(check) for check in checks(store, NOW)}

    def finding(self, name: str) -> tuple[Health, str]:
        """The only finding of a check: how it is, and its sentences."""
        (found_,) = self.findings()[name]
        words = Words()
        return found_.health, " ".join(words.say(each) for each in (found_.what, found_.next_step) if each)


def _row(id_: str, lane: Lane, at: datetime) -> Outgoing:
    return Outgoing(MAG, id_, lane, SendKind.POST, view=Notice(T("Hello.")), at=at)


def _founded(work: UnitOfWork, *founders: Founder) -> Community:
    plan = Foundation(MAG, "IGF MAG", founders, "IGF 2027", date(2026, 1, 1), date(2030, 1, 1))
    return found(work, plan, NOW)


@pytest.fixture
def installed(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Installed:
    def out() -> str:
        said = capsys.readouterr()
        return said.out + said.err

    made = Installed(Path(sqlite_url.removeprefix("sqlite:///")).parent, out)
    made.write(lambda work: open_terminal(work, _founded(work, CHAIR, DESK), NOW))
    made.write(lambda work: work.put(Home(MAG, "slack", "T1", "C1", "mag", "#mag-lists")))
    return made


# Where all is well, or there is nothing


def test_all_is_well(installed: Installed) -> None:
    code, said = installed.wgbot("doctor")
    assert code == 0
    assert {line.split(" ")[0] for line in said.splitlines()} == {"ok"}
    assert "communities: mag has a Chair, a Secretariat and a room." in said


def test_it_is_said_to_programs_too(installed: Installed) -> None:
    installed.park("r1", Reason.ROOM_ARCHIVED)
    code, said = installed.wgbot("doctor", "--json")
    found_ = {each["check"]: each for each in json.loads(said)}
    assert code == 0
    assert found_["troubles"] == {"check": "troubles", "health": "ok", "what": "There are none.", "next_step": None}
    assert found_["dead letters"]["health"] == "attention"


def test_without_a_database_there_is_nothing_to_look_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["doctor"], ["dead", "list"], ["audit", "verify"]):
        assert main([command[0], "--data", str(tmp_path / "none"), *command[1:]]) == 1
        said = capsys.readouterr()
        assert "There is no database in" in said.out + said.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("revision", "said"), [("0001", "still at revision 0001"), ("9999", "made by a newer wgbot (revision 9999")]
)
def test_a_database_of_another_version_is_left_alone(installed: Installed, revision: str, said: str) -> None:
    connection = driver.connect(installed.folder / "wgbot.db", isolation_level=None)
    connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()
    code, answer = installed.wgbot("doctor")
    assert code == 1
    assert said in answer


def test_it_looks_beside_a_running_wgbot(installed: Installed) -> None:
    installed.park("r1", Reason.ROOM_ARCHIVED)
    with closing(SqlStore.open(installed.url)):
        assert installed.wgbot("doctor")[0] == 0
        assert "r1" in installed.wgbot("dead", "list")[1]
        code, said = installed.wgbot("dead", "retry", "r1")
    assert code == 1
    assert "is in use by process" in said
    assert "stop it first" in said


# Communities


def test_a_database_without_communities(sqlite_url: str) -> None:
    with closing(SqlStore.open(sqlite_url, read_only=True)) as store:
        found_ = {check.name: examined(check) for check in checks(store, NOW)}
    (finding,) = found_["communities"]
    assert finding.health is Health.ATTENTION
    assert finding.what == T("None was founded yet.")


def test_what_a_community_lacks_is_named(sqlite_url: str) -> None:
    with closing(SqlStore.open(sqlite_url)) as store:
        with store.writing([MAG]) as work:
            _founded(work, CHAIR)
            for seat in work.all(Seat, community=MAG, cycle=1):
                work.put(replace(seat, role=Role.MEMBER))
        found_ = {check.name: examined(check) for check in checks(store, NOW)}
    said = [Words().say(each.what) for each in found_["communities"]]
    assert said == [
        "mag has no MAG Chair: nothing can be approved.",
        "mag has nobody in its Secretariat: nobody is told when something goes wrong.",
        "mag has no room for all of its members: nothing is announced.",
    ]
    assert all(each.next_step is not None for each in found_["communities"])


# What is to be delivered


def test_what_waits_for_long(installed: Installed) -> None:
    installed.send("r1", at=NOW - timedelta(minutes=9))
    assert installed.finding("waiting messages")[0] is Health.OK
    installed.send("r2", at=NOW - timedelta(minutes=11))
    health, said = installed.finding("waiting messages")
    assert health is Health.ATTENTION
    assert said.startswith("1 message has waited for #mag-lists on slack T1 (mag) since ")
    assert said.endswith("It was not tried. See that wgbot runs, and is connected to slack.")
    installed.send("r3", at=NOW - timedelta(hours=25))
    assert installed.finding("waiting messages")[0] is Health.BROKEN


def test_dead_letters_are_counted_by_place_and_reason(installed: Installed) -> None:
    for id_ in ("r1", "r2"):
        installed.park(id_, Reason.ROOM_ARCHIVED)
    health, said = installed.finding("dead letters")
    assert health is Health.ATTENTION
    assert said.startswith("2 messages for #mag-lists on slack T1 (mag) did not arrive: the room is archived.")
    installed.park("r3", "no answer within 30 s")
    assert len(installed.findings()["dead letters"]) == 2


def test_troubles(installed: Installed) -> None:
    trouble = Trouble(MAG, "slack", "T1", "C1", Reason.NOT_IN_ROOM, NOW, NOW, 1, NOW)
    installed.write(lambda work: work.put(trouble))
    health, said = installed.finding("troubles")
    assert health is Health.ATTENTION
    assert said.startswith("Nothing arrives at #mag-lists on slack T1 (mag) since ")
    assert said.endswith("wgbot is not in the room. The Secretariat was told what to do.")
    installed.write(lambda work: work.put(replace(trouble, count=0)))
    assert installed.finding("troubles")[0] is Health.OK
    installed.write(lambda work: work.put(replace(trouble, place="", reason=Reason.REVOKED, told_at=None)))
    health, said = installed.finding("troubles")
    assert health is Health.BROKEN
    assert said.endswith("wgbot's access was revoked. Nobody could be told.")
    assert installed.wgbot("doctor")[0] == 1


# Time


def test_deadlines_that_are_late(installed: Installed) -> None:
    due = Due(MAG, DueKind.CHECK_CLOSES, "1", NOW - timedelta(minutes=9), "UTC")
    installed.write(lambda work: work.put(due))
    assert installed.finding("deadlines")[0] is Health.OK
    installed.write(lambda work: work.put(replace(due, due_at=NOW - timedelta(minutes=11))))
    health, said = installed.finding("deadlines")
    assert health is Health.BROKEN
    assert said.startswith("1 is late, in mag since ")

    def freeze(work: UnitOfWork) -> None:
        community = work.get(Community, MAG)
        assert community is not None
        work.put(replace(community, clock_frozen=NOW))

    installed.write(freeze)
    assert installed.finding("deadlines")[0] is Health.OK


@pytest.fixture
def served(postgres_url: str) -> Iterator[SqlStore]:
    with closing(SqlStore.open(postgres_url, read_only=True)) as store:
        yield store


@pytest.mark.parametrize(
    ("seconds", "health"), [(0, Health.OK), (20, Health.ATTENTION), (-20, Health.ATTENTION), (90, Health.BROKEN)]
)
def test_the_database_servers_clock(served: SqlStore, seconds: float, health: Health) -> None:
    server = served.clock()
    assert server is not None
    (check,) = (each for each in checks(served, server + timedelta(seconds=seconds)) if each.name == "clock")
    assert [each.health for each in examined(check)] == [health]


def test_a_check_that_fails_is_a_finding_and_the_others_are_heard() -> None:
    class Fails:
        name = "fails"

        def findings(self) -> list[Finding]:
            raise ConnectionRefusedError("nobody there")

    (finding,) = examined(Fails())
    assert finding.health is Health.BROKEN
    assert "ConnectionRefusedError: nobody there" in Words().say(finding.what)


# Dead letters


def test_dead_letters_are_listed_sent_again_and_dropped(installed: Installed) -> None:
    assert installed.wgbot("dead", "list") == (0, "There are no dead letters.\n")
    for id_ in ("r1", "r2", "r3"):
        installed.park(id_, Reason.ROOM_ARCHIVED)
    _, said = installed.wgbot("dead", "list")
    first, *_ = said.splitlines()
    assert first == f"r1  {NOW:%Y-%m-%d %H:%M} UTC  mag  post to slack T1 C1: the room is archived"
    assert installed.wgbot("dead", "retry", "r1", "r9") == (
        1,
        "1 will be sent again.\nNot among the dead letters: r9.\n",
    )
    assert installed.wgbot("dead", "drop", "r2") == (0, "1 will not be sent any more.\n")
    assert installed.wgbot("dead", "retry", "all") == (0, "1 will be sent again.\n")
    assert installed.wgbot("dead", "list")[1] == "There are no dead letters.\n"
    with closing(SqlStore.open(installed.url)) as store, store.writing([]) as work:
        assert work.outbox.waiting() == 2


def test_a_database_out_of_reach_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = "postgresql://wgbot:pass-word@127.0.0.1:9/none"
    assert main(["doctor", "--data", str(tmp_path), "--database", nowhere, "--json"]) == 1
    said = capsys.readouterr()
    (finding,) = json.loads(said.out)
    assert (finding["check"], finding["health"]) == ("database", "broken")
    assert finding["what"].startswith("It cannot be reached: OperationalError")
    assert "pass-word" not in said.out + said.err
