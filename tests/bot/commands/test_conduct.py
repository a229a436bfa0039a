"""The Code of Conduct: shown, acknowledged; and reports that nobody sees but those they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.shared.contents import contents
from bot.context import Posting, Request, Space
from bot.domain.conduct_reports import ConductReport
from bot.engine import utc_now
from bot.outgoing import page_of
from bot.view import File
from storage.sqlite_driver import driver
from storage.store import SqlStore
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, OBSERVER, PRIVATE, SECRETARIAT, STRANGER, World, spoken

SECRET = "xylophone"
"""What a report says, and nothing else does."""


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def reported(mag: World, more: str = "", by: str = CIVIL) -> str:
    """A report was made; the word it is called by."""
    said = mag.does(by, f'conduct report "He threw a {SECRET} at me." {more}', f"@{by}")
    found = re.search(r"Reported in confidence, as (\w+)\.", said)
    assert found, said
    return found[1]


def test_shown_to_everybody_and_acknowledged_once(mag: World) -> None:
    shown = mag.does(STRANGER, "conduct")
    assert "https://intgovforum.org/en/content/igf-code-of-conduct" in shown
    assert "Acknowledge it" not in shown
    assert "Acknowledge it" in mag.does(CIVIL, "conduct show")
    mag.does(CIVIL, "conduct acknowledge")
    before = mag.snapshot()
    mag.does(CIVIL, "conduct acknowledge")
    assert mag.snapshot() == before
    assert "You acknowledged it" in mag.does(CIVIL, "conduct")


def test_a_community_has_its_own(mag: World) -> None:
    mag.does(CIVIL, "conduct acknowledge")
    mag.does(CHAIR, "settings set code_of_conduct Be kind.")
    shown = mag.does(CIVIL, "conduct")
    assert "Be kind." in shown
    assert "Acknowledge it" in shown, "it is another Code now"


def test_read_by_the_chair_and_the_secretariat_and_closed_with_a_note(mag: World) -> None:
    name = reported(mag)
    for reader in (CHAIR, SECRETARIAT):
        assert "A report under the Code of Conduct came in, in confidence." in mag.told(reader)[-1]
        assert f"Look at report {name}, in confidence." in mag.does(reader, "todo")
        assert SECRET in mag.does(reader, f"conduct reports {name}")
        assert name in mag.does(reader, "conduct reports")
    mag.does(SECRETARIAT, f"conduct note {name} I spoke with both.")
    mag.does(CHAIR, f"conduct close {name} He apologised.")
    shown = mag.does(SECRETARIAT, f"conduct reports {name}")
    for part in ("Yusuf A.", "I spoke with both.", "He apologised.", "closed"):
        assert part in shown
    assert name not in mag.does(CHAIR, "todo")
    assert f"Report {name} is closed." in mag.refuses(CHAIR, f"conduct note {name} More.")


def test_whom_it_is_about_does_not_see_it(mag: World) -> None:
    name = reported(mag, f'--about "{CHAIR}"')
    assert not [each for each in mag.told(CHAIR) if "Code of Conduct came in" in each]
    assert "report" not in mag.does(CHAIR, "todo")
    assert "There is no report for you to see." in mag.does(CHAIR, "conduct reports")
    hidden = mag.refuses(CHAIR, f"conduct reports {name}")
    unknown = mag.refuses(CHAIR, "conduct reports zzzzzz")
    assert hidden.replace(name, "zzzzzz") == unknown, "one that is not for them is as one that is not there"
    mag.refuses(CHAIR, f"conduct close {name} Nothing happened.")
    assert SECRET in mag.does(SECRETARIAT, f"conduct reports {name}")


def test_nobody_else_reads_them(mag: World) -> None:
    name = reported(mag)
    for person in (CIVIL, GOVERNMENT, PRIVATE, OBSERVER, STRANGER):
        for typed in ("conduct reports", f"conduct reports {name}", f"conduct close {name} Done."):
            assert SECRET not in mag.refuses(person, typed)


def test_about_all_who_would_read_it_nothing_is_kept(mag: World) -> None:
    readers = [each.name for each in mag.founders if each.role in ("chair", "secretariat")]
    about = ", ".join(readers)
    answer = mag(CIVIL, f'conduct report "A {SECRET}." --about "{about}"', f"@{CIVIL}")
    assert "Nobody would be left who could see this report" in spoken(answer.view)
    with mag.store.reading() as reads:
        assert not reads.all(ConductReport, community=MAG)


def test_where_others_read_what_is_typed_it_is_not_taken(mag: World) -> None:
    def typed(space: Space, number: int) -> str:
        request = Request(
            MAG, space, "conduct report", f"typed:{number}", utc_now(), user=CIVIL,
            arguments={"text": f"A {SECRET}."}, typed="", posting=Posting.ALL,
        )  # fmt: skip
        return spoken(mag.engine.handle([request])[0].view)

    assert "in our direct messages" in typed(Space("terminal", "", "#mag"), 1)
    assert "Reported in confidence" in typed(Space("terminal", "", f"@{CIVIL}", private=True), 2)


def everything_kept(path: Path) -> Iterator[tuple[str, str]]:
    """Every row of every table, with the table it is in."""
    connection = driver.connect(path, isolation_level=None)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert {"audit", "audit_private", "inbox", "outbox", "draft", "conduct_report"} <= set(tables)
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                yield table, repr(row)
    finally:
        connection.close()


def test_a_secret_is_nowhere_but_with_those_it_is_for(sqlite_url: str) -> None:
    """Not in the log or its private values, a message, a card, a page, a calendar, a draft, nor an answer kept for a retry."""
    mag = World(SqlStore.open(sqlite_url))
    mag.approved()
    readers = [each.name for each in mag.founders if each.role in ("chair", "secretariat")]
    watched = [*readers, CIVIL, GOVERNMENT, PRIVATE, OBSERVER]
    for person in watched:
        mag.does(person, "home opened", page_of(person))
    logged = mag.snapshot()
    mag(CIVIL, f'conduct report "A {SECRET}." --about "Nobody Known"', f"@{CIVIL}")
    mag.does(CIVIL, "draft cancel", f"@{CIVIL}")
    name = reported(mag, f'--about "{PRIVATE}"')
    mag.does(SECRETARIAT, f"conduct note {name} The {SECRET} was found.")
    assert mag.snapshot() == logged, "not even that there is a report is logged"
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the store reads its log too

    assert {table for table, row in everything_kept(Path(sqlite_url.removeprefix("sqlite:///"))) if SECRET in row} == {
        "conduct_report"
    }
    assert not [each.place for each in mag.posts.values() if SECRET in each.words]
    assert {each.place for each in mag.posts.values() if "Code of Conduct came in" in each.words} == {
        f"@{each}" for each in readers
    }
    for person in watched:
        page = mag.pages.get(page_of(person))
        assert (page is not None and name in page.words) == (person in readers)
        assert page is None or SECRET not in page.words
        for typed in ("todo", "calendar", "list", "show WG-MWP", "members WG-MWP", "overview", "conduct"):
            said = mag.does(person, typed)
            assert SECRET not in said
            assert name not in said or person in readers
    with mag.store.reading() as reads:
        calendar = mag(CIVIL, "calendar file").view
        assert isinstance(calendar, File)
        assert name.encode() not in contents(reads, MAG, calendar, utc_now())
    mag.store.close()


def test_a_refused_report_is_not_kept_for_a_retry(mag: World) -> None:
    answer = mag.ask(CIVIL, f'conduct report "A {SECRET}." --about "Nobody Known"', f"@{CIVIL}", "event:1")
    assert answer.confidential
    again = mag.ask(CIVIL, f'conduct report "A {SECRET}." --about "Nobody Known"', f"@{CIVIL}", "event:1")
    assert SECRET not in spoken(again.view)
