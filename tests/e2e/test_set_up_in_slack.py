"""“Set up in Slack”, followed line by line on a new machine: from founding the community to the first proposal."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.slack.manifest import scope_names
from tests.e2e.test_kill_slack import Service
from tests.scenarios.in_slack import ROOT
from tests.support.slack.edge import Edge
from tests.support.slack.people import People
from tests.support.slack.workspace import App, Channel, Person, Workspace

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ANNA, AMINA, ROSA = "anna", "amina", "rosa"


@pytest.fixture
def slack_workspace() -> Workspace:
    people = (
        Person(ANNA, "Anna G.", "anna@secretariat.example"),
        Person(AMINA, "Amina A.", "amina1@mag.example"),
        Person(ROSA, "Rosa S.", "rosa@mag.example"),
    )
    channels = (Channel("mag", with_app=False), Channel("board", private=True, members=(ANNA, AMINA)))
    return Workspace("MAG", "mag", people, channels, App(scope_names()))


def wgbot(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "adapters.main", arguments[0], "--data", str(folder), *arguments[1:]],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


ROSTER = """name,email,stakeholder_group,regional_group,role,slack_id
Amina A.,amina1@mag.example,Government,African Group,chair,
Anna G.,anna@secretariat.example,,,secretariat,
Rosa S.,rosa@mag.example,Private Sector,GRULAC,member,{rosa}
"""


def test_line_by_line(slack: Edge, tmp_path: Path) -> None:
    founded = wgbot(
        tmp_path, "community", "create", "mag", "--name", "IGF MAG", "--chair", "Amina A. <amina1@mag.example>",
        "--chair-group", "Government", "--secretariat", "Anna G. <anna@secretariat.example>", "--cycle", "IGF 2027",
        "--first-day", "2026-01-01", "--last-day", "2099-12-31", "--zone", "Europe/Zurich",
    )  # fmt: skip
    codes = dict(re.findall(r"^  (.+): /wg link (\S+)$", founded, re.MULTILINE))
    assert set(codes) == {"Amina A.", "Anna G."}, founded

    service = Service(slack, tmp_path, sockets=True)
    service.start()
    try:
        people = People.over_sockets(slack)
        slack.until(lambda: slack.sockets.count == 2, "two sockets", 20)

        assert "you are a guest" in people.slash(ANNA, "mag", "").text.lower()
        assert "Welcome, Anna G." in people.slash(ANNA, "mag", f"link {codes['Anna G.']}").text
        assert "closed" in people.slash(ANNA, "board", "home all").text
        assert "home to the full MAG" in people.slash(ANNA, "mag", "home all").text
        assert "Welcome, Amina A." in people.slash(AMINA, "mag", f"link {codes['Amina A.']}").text

        people.slash(ANNA, "mag", "roster import")
        window = slack.until(lambda: people.modals(ANNA), "the window")[-1]
        roster = ROSTER.format(rosa=slack.user(ROSA))
        assert people.submit(ANNA, window, {"csv#0|": roster}).acked
        assert "The roster is imported" in people.modal(ANNA).text

        people.slash(ROSA, "mag", "propose")
        window = slack.until(lambda: people.modals(ROSA), "the window")[-1]
        people.submit(
            ROSA,
            window,
            {
                "What is the working group called?": "Multi-year Work",
                "Its short name?": "WG-MWP",
                "Purpose of the WG": "The programme is planned a year at a time.",
                "Objectives/Goals of the WG": "- A plan by June 2027",
                "Expected Output(s)": "- A plan",
                "Timeframe for the work": "2027",
            },
        )
        assert "WG-MWP is proposed" in people.modal(ROSA).text
        slack.until(lambda: "Proposal: WG-MWP" in texts(people), "the proposal", 20)
        slack.until(lambda: "Consultation of the full MAG on WG-MWP" in texts(people), "its consultation", 20)

        doctor = subprocess.run(
            [sys.executable, "-m", "adapters.main", "doctor", "--data", str(tmp_path)],
            capture_output=True, text=True, cwd=ROOT, env=service.environment, timeout=60, check=False,
        )  # fmt: skip
        assert doctor.returncode == 0, doctor.stdout + doctor.stderr
        assert "#mag, home of the MAG, is public and joined." in doctor.stdout
        assert "broken" not in doctor.stdout
        assert "attention" not in doctor.stdout, doctor.stdout
    finally:
        service.kill()


def texts(people: People) -> str:
    return "\n".join(message.text for message in people.messages(ROSA, "mag"))
