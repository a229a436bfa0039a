"""A whole formation, on every store; and the two scripts a new user runs first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.groups import Stage, find_group
from storage.memory import MemoryStore
from storage.store import SqlStore
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, MAG, OBSERVER, PRIVATE, PRIVATE_TOO, TECHNICAL, World

ROOT = Path(__file__).parents[2]


def test_from_idea_to_group_in_two_human_acts(store: MemoryStore | SqlStore) -> None:
    """The form, and the Chair's card; in between the members speak, and the clock does the rest."""
    mag = World(store)
    mag.proposed("WG-MWP", more=f'--co-proposers "{TECHNICAL}"')
    mag.does(TECHNICAL, "propose confirm WG-MWP")
    mag.does(OBSERVER, "consult comment WG-MWP Please coordinate with us")
    mag.does(CIVIL, "consult comment WG-MWP concern Fortnightly calls exclude some of us")
    mag.later("7d")
    mag.does(PRIVATE, 'consult respond WG-MWP 2 "Decisions are taken on the list"')
    for person in mag.supporters():
        mag.does(person, "consensus support")
    mag.does(PRIVATE_TOO, "consensus object 1 Who pays?")
    mag.does(PRIVATE_TOO, "consensus live-with 1 Estimated first")
    mag.later("7d")
    mag.does(CHAIR, f"approve WG-MWP {PRIVATE}, {TECHNICAL}")
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --secret', "#wg-mwp")
    mag.does(TECHNICAL, "poll choose 1 Lyon", "#wg-mwp")
    mag.later("3d")

    with store.reading() as reads:
        assert find_group(reads, MAG, "wg - mwp").stage is Stage.ACTIVE
    assert verify(store, MAG) == []


def run(*arguments: str, stdin: Path | None = None) -> subprocess.CompletedProcess[str]:
    """`wgbot` as a child, as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "adapters.main", *arguments],
        input=stdin.read_text(encoding="utf-8") if stdin else "",
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"},
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_the_demo_plays_to_its_end_as_members_see_it() -> None:
    done = run("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    for seen in (
        "Proposal: WG-MWP · Multi-year Strategic Work Programme",
        "Uzma V. objects in check 1: The outputs do not say who pays for them.",
        "For your decision: WG-MWP",
        "WG-MWP is approved, and its co-facilitators are appointed.",
        "Check 2 is confirmed.",
    ):
        assert seen in " ".join(done.stdout.split()), seen


@pytest.mark.slow
def test_the_first_script_of_the_readme_ends_well() -> None:
    done = run("terminal", stdin=ROOT / "tests/scenarios/formation.txt")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("/wg approve WG-X A, B\n/wg list\n", "Line 1 was refused, and the script did not expect it"),
        ("! /wg list\n", "Line 1 was to be refused, and was not"),
        ('/wg propose new "never closed\n', "opens a quotation that never closes"),
    ],
)
def test_a_script_that_goes_otherwise_ends_with_an_error(tmp_path: Path, script: str, why: str) -> None:
    (tmp_path / "script.txt").write_text(script)
    done = run("terminal", stdin=tmp_path / "script.txt")
    assert done.returncode == 1
    assert why in " ".join(done.stdout.split())


@pytest.mark.slow
def test_a_real_community_is_founded_and_its_chair_becomes_known_by_a_code(tmp_path: Path) -> None:
    data = str(tmp_path / "var")
    founded = run(
        "community", "--data", data, "create", "dc-iot", "--name", "Dynamic Coalition on IoT", "--body", "DC",
        "--chair", "Maria K. <maria@example.org>", "--chair-group", "Civil Society",
        "--secretariat", "Desk <desk@example.org>", "--cycle", "2027", "--first-day", "2026-01-01",
        "--last-day", "2099-12-31",
    )  # fmt: skip
    assert founded.returncode == 0, founded.stderr
    code = founded.stdout.split("/wg link ")[1].split()[0]
    (tmp_path / "first.txt").write_text(
        f"! /wg settings set check_hours 96\n/wg link {code}\n! /wg link {code}\n/wg settings set check_hours 96\n"
        "! /as Desk\n! /clock +7d\n/wg cycle\n"
    )
    done = run("terminal", "--data", data, "--community", "dc-iot", stdin=tmp_path / "first.txt")
    assert done.returncode == 0, done.stdout
    assert "Welcome, Maria K." in done.stdout

    assert "dc-iot: Dynamic Coalition on IoT, 2027, 2 seated" in run("community", "--data", data, "list").stdout
    assert run("audit", "--data", data, "verify").returncode == 0
    again = run(
        "community", "--data", data, "create", "dc-iot", "--name", "X", "--chair", "A <a@b.example>", "--chair-group", "Government",
        "--secretariat", "B <b@b.example>", "--cycle", "2027", "--first-day", "2026-01-01",
    )  # fmt: skip
    assert again.returncode == 1
    assert "exists already" in again.stderr


@pytest.mark.slow
def test_what_an_operator_got_wrong_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is no community 'nope' here" in run("terminal", "--community", "nope").stderr
    monkeypatch.setenv("WGBOT_DATABASE", "mysql://root:secret@host/db")
    done = run("audit", "--data", str(tmp_path), "verify")
    assert done.returncode == 1
    assert "WGBOT_DATABASE cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
