"""A person is erased: not a byte of their name, address or account is left, and everything can be verified as before."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.main import main
from adapters.terminal.rooms import Rooms
from adapters.web.site import record
from bot.bouncing import Bouncing
from bot.domain.conduct_reports import ConductReport
from bot.domain.consensus.checks import Held, TallyCell
from bot.domain.erasure import pseudonym
from bot.domain.errors import NotNow
from bot.domain.ids import PersonId
from bot.domain.names import fold
from bot.domain.people import Account, Person
from storage.erasure import NotErased, Traces, erase, kept_of
from storage.memory import MemoryStore
from storage.schema import prepare
from storage.store import SqlStore
from storage.transfer import give, take
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, TECHNICAL, World

NOW = datetime(2027, 3, 1, tzinfo=UTC)
EMAIL = "yusuf25@mag.example"
MATRIX = "@yusuf25:mag.example"
GIVEN_AWAY = (b"Yusuf A", b"yusuf a", b"yusuf25")
"""What must not be found: the name, as it is and as it is matched; the address and the account begin alike."""


@pytest.fixture(scope="module")
def lived() -> list[bytes]:
    """A member proposes, objects, answers polls, writes half a proposal, reports, is named by others; and has been unseated."""
    store = MemoryStore()
    mag = World(store)
    mag.approved()
    header = "name,email,stakeholder_group,regional_group,role,slack_id,matrix_id"
    mag.does(SECRETARIAT, "roster import", csv=f"{header}\nYusuf A.,{EMAIL},Civil Society,WEOG,member,,{MATRIX}\n")
    mag.proposed("WG-TWO", CIVIL)
    mag.does(CIVIL, "preferences set --quiet 20:00-07:00")
    mag.does(CIVIL, "join WG-MWP")
    mag.does(CHAIR, 'consensus open "Adopt the report?" --closes 4d')
    mag.does(CIVIL, 'consensus object "It forgets half of us, says Yusuf A."')
    mag.does(TECHNICAL, 'consensus support --reason "As YUSUF  A. (yusuf25@mag.example) said."')
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --secret --closes 9d')
    mag.does(CIVIL, "poll choose 1 Lyon")
    mag.does(CIVIL, 'conduct report "They shouted." --about "Bao B."', f"@{CIVIL}")
    mag.does(GOVERNMENT, 'conduct report "Yusuf A. shouted first." --about "Yusuf A."', f"@{GOVERNMENT}")
    mag.does(GOVERNMENT, 'minutes add "Yusuf A. will write it down; Yusufa does not."')
    mag(CIVIL, "propose new")
    mag(GOVERNMENT, "propose new", purpose="As Yusuf A. said.")
    mag.delivering = False
    mag.does(CHAIR, 'consensus open "And this, Yusuf A.?" --closes 4d')
    mag.does(SECRETARIAT, 'roster unseat "Yusuf A."')
    with store.reading() as reads:
        (yusuf,) = reads.all(Person, community=MAG, email=EMAIL)
    mag.engine.handle([mag.system("bounced", "returned:1", place=f"@{yusuf.id}", status="5.1.1", gone="yes")])
    return list(give(store, MAG))


def filled(url: str, lines: list[bytes]) -> SqlStore:
    prepare(url)
    store = SqlStore.open(url)
    take(store, lines)
    return store


def someone(store: SqlStore, email: str = EMAIL) -> Person:
    with store.reading() as reads:
        (person,) = reads.all(Person, community=MAG, email=email)
    return person


def tallies(store: SqlStore) -> tuple[Any, ...]:
    with store.reading() as reads:
        held = [(each.check, each.person, each.position) for each in reads.scan(Held, MAG) if isinstance(each, Held)]
        return list(reads.scan(TallyCell, MAG)), held


def left_in(text: bytes) -> list[bytes]:
    return [each for each in GIVEN_AWAY if each in text]


def erased(store: SqlStore) -> None:
    """Erase, and look at what is there then."""
    person, before = someone(store), tallies(store)
    done = erase(store, MAG, person.id, NOW, "erasure")
    store.compact()
    assert done.public == ()
    assert done.values > 5
    assert verify(store, MAG) == []
    assert tallies(store) == before  # positions are kept, under an id that means nothing
    lines = list(give(store, MAG))
    assert left_in(b"".join(lines)) == []
    assert b"Yusufa does not" in b"".join(lines)
    with store.reading() as reads:
        now = reads.get(Person, MAG, person.id)
        assert now == Person(MAG, person.id, pseudonym(person.id), "", fold(pseudonym(person.id)))
        assert reads.all(Account, community=MAG, person=person.id) == ()
        assert reads.all(Bouncing, community=MAG) == ()
        reports = {each.reporter: each.text for each in reads.all(ConductReport, community=MAG)}
        assert f"{now.name} shouted first." in reports.values()
        assert reports[person.id] == "They shouted."
        public = record(reads, MAG, NOW, "https://record.example")
        assert [each.path for each in public if left_in(each.content)] == []
    with pytest.raises(NotNow, match="erased already"):
        erase(store, MAG, person.id, NOW, "again")


def test_nothing_of_a_person_is_left_in_sqlite(lived: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "wgbot.db"
    with closing(filled(f"sqlite:///{path}", lived)) as store:
        assert left_in(path.read_bytes() + path.with_name("wgbot.db-wal").read_bytes())
        erased(store)
        files = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
        assert "wgbot.db-wal" in files
        assert {name: found for name, text in files.items() if (found := left_in(text))} == {}
        lines = list(give(store, MAG))
    with closing(filled(f"sqlite:///{tmp_path / 'there.db'}", lines)) as there:  # the moved log still proves itself
        assert verify(there, MAG) == []


def test_nothing_of_a_person_is_left_in_postgres(lived: list[bytes], postgres_url: str) -> None:
    with closing(filled(postgres_url, lived)) as store:
        erased(store)


def test_a_value_changed_without_an_erasure_is_still_found(lived: list[bytes], tmp_path: Path) -> None:
    with closing(filled(f"sqlite:///{tmp_path / 'wgbot.db'}", lived)) as store:
        person = someone(store)
        erase(store, MAG, person.id, NOW, "erasure")
        with store._database.writing() as session:
            session.run("""UPDATE audit_private SET "values" = replace("values", 'half of us', 'nobody')""")
        assert next(each.flaw.value for each in verify(store, MAG)) == "private value"
        with pytest.raises(NotErased):
            erase(store, MAG, someone(store, "bao2@mag.example").id, NOW, "another")


def test_who_has_a_seat_is_refused(lived: list[bytes], tmp_path: Path) -> None:
    with closing(filled(f"sqlite:///{tmp_path / 'wgbot.db'}", lived)) as store:
        before = list(give(store, MAG))
        with store.reading() as reads:
            seated = next(each for each in reads.all(Person, community=MAG) if each.name == GOVERNMENT)
        with pytest.raises(NotNow, match="has a seat"):
            erase(store, MAG, seated.id, NOW, "erasure")
        assert list(give(store, MAG)) == before


def test_what_is_kept_of_a_person_is_given_to_them_and_no_more(lived: list[bytes], tmp_path: Path) -> None:
    with closing(filled(f"sqlite:///{tmp_path / 'wgbot.db'}", lived)) as store:
        kept = kept_of(store, MAG, someone(store).id)
    text = json.dumps(kept)
    assert kept["called"] == ["Yusuf A.", EMAIL]
    assert MATRIX in kept["accounts"]
    assert {"person", "account", "position_held", "objection", "choice", "conduct_report", "draft"} <= set(
        kept["records"]
    )
    assert "They shouted." in text
    assert "shouted first" not in text  # a report about them is between who made it and those it goes to
    assert any(each.startswith("minute ") for each in kept["mentions"])
    assert "will write it down" not in text


def test_by_command(lived: list[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled(f"sqlite:///{tmp_path / 'wgbot.db'}", lived).close()
    with closing(Rooms(tmp_path / "rooms.jsonl")) as rooms:
        rooms.post("1", "@Yusuf A.", "wgbot", b'"For you."')
        rooms.post("2", "#mag", "Yusuf A.", b'"I am Yusuf A."')
        rooms.post("3", "#mag", "Bao B.", b'"Good."')
    (tmp_path / "history").write_text("# 2027\n+/wg show\n+/wg roster show Yusuf A.\n")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "proposal.md").write_text("by Yusuf A.")
    wgbot = ["person", "--data", str(tmp_path)]
    name = str(tmp_path / "theirs")
    assert main([*wgbot, "export", EMAIL, name]) == 0
    assert "Yusuf A." in Path(f"{name}.md").read_text()
    for each in (".json", ".md"):
        Path(name + each).unlink()
    assert main([*wgbot, "erase", "Yusuf A."]) == 0
    assert "Nothing is done yet" in capsys.readouterr().out
    assert main([*wgbot, "erase", GOVERNMENT, "--yes"]) == 1
    assert "has a seat in the current cycle" in capsys.readouterr().err
    assert main([*wgbot, "erase", "Yusuf A.", "--yes"]) == 0
    assert main([*wgbot, "erase", "Rosa S.", "--yes", "--force"]) == 0
    assert main(["audit", "--data", str(tmp_path), "verify"]) == 0
    said = capsys.readouterr().out
    assert "mag: the chain, the tallies and the stored state are whole" in said
    files = {each.name: left_in(each.read_bytes()) for each in tmp_path.rglob("*") if each.is_file()}
    assert {"wgbot.db", "rooms.jsonl", "history"} < files.keys()
    assert "proposal.md" not in files
    assert [name for name, found in files.items() if found] == []
    with closing(Rooms(tmp_path / "rooms.jsonl")) as rooms:
        assert [(each.id, each.by[:4]) for each in rooms.history("#mag")] == [("2", "[era"), ("3", "Bao ")]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("amina  a. said", "[x] said"),
        ("Amina Abara", "Amina Abara"),
        ("<@U012345> and U0123456", "<@[x]> and U0123456"),
        ("chair", "[x]"),
        ("the chair", "the chair"),
        ("@chair", "@[x]"),
    ],
)
def test_a_person_is_found_whole_and_nobody_else(text: str, after: str) -> None:
    traces = Traces.of(PersonId("p"), "[x]", ["Amina A."], ["U012345", "chair"])
    assert (traces.taken_out(text), traces.within(text)) == (after, after != text)
