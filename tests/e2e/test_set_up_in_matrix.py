"""“Set up in Matrix”, followed line by line on a new machine: from founding the community to the first proposal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.matrix.account import Login, grouped, known
from adapters.matrix.service import FOLDER
from tests.scenarios.in_slack import ROOT
from tests.support.matrix.crowd import Elements
from tests.support.matrix.element import Element
from tests.support.matrix.seen import Message
from tests.support.matrix.synapse import PASSWORD, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

ROSTER = """name,email,stakeholder_group,regional_group,role,matrix_id
Amina A.,amina1@mag.example,Government,African Group,chair,
Anna G.,anna@secretariat.example,,,secretariat,
Rosa S.,rosa@mag.example,Private Sector,GRULAC,member,{rosa}
"""
PROPOSAL = """# Purpose of the WG
The programme is planned a year at a time.
# Objectives/Goals of the WG
- A plan by June 2027
# Expected Output(s)
- A plan
# Timeframe for the work
2027
"""


def wgbot(folder: Path, *arguments: str, typed: str = "", environment: Mapping[str, str] | None = None) -> str:
    """What a command says; `arguments` begin with its name."""
    done = subprocess.run(
        [sys.executable, "-m", "adapters.main", arguments[0], "--data", str(folder), *arguments[1:]],
        input=typed,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


@contextmanager
def running(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """`wgbot run`, stopped in good order."""
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "adapters.main", "run", "--data", str(folder)]
        process = subprocess.Popen(command, stderr=log, cwd=ROOT, env={**os.environ, **environment})
    try:
        yield
    finally:
        process.terminate()
        code = process.wait(30)
    assert code == 0, (folder / "log").read_text()


class Room:
    """The body's room, as people see what the bot answers there."""

    def __init__(self, room: str, bot: str) -> None:
        self.room = room
        self.bot = bot

    def says(self, who: Element, text: str, containing: str, room: str = "") -> Message:
        """Type something; the answer, in the thread under it."""
        room = room or self.room
        return who.sees(room, containing, sender=self.bot, thread=who.send(room, text))

    def answers(self, who: Element, room: str, text: str, containing: str) -> Message:
        """Type something in direct messages; the answer, below it."""
        who.send(room, text)
        return who.sees(room, containing, sender=self.bot)


@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
def test_line_by_line(encrypted: bool, synapse: Homeserver, element: Elements, tmp_path: Path) -> None:
    bot = synapse.register("wg").user_id
    environment = {
        "WGBOT_MATRIX_HOMESERVER": synapse.url,
        "WGBOT_MATRIX_USER": bot,
        "WGBOT_MATRIX_PASSWORD": PASSWORD,
    }
    founded = wgbot(
        tmp_path, "community", "create", "mag", "--name", "IGF MAG", "--chair", "Amina A. <amina1@mag.example>",
        "--chair-group", "Government", "--secretariat", "Anna G. <anna@secretariat.example>", "--cycle", "IGF 2027",
        "--first-day", "2026-01-01", "--last-day", "2099-12-31", "--zone", "Europe/Zurich",
    )  # fmt: skip
    codes = dict(re.findall(r"^  (.+): /wg link (\S+)$", founded, re.MULTILINE))
    assert set(codes) == {"Amina A.", "Anna G."}, founded
    assert "It never logged in" in wgbot(tmp_path, "doctor", environment=environment)

    with running(tmp_path, environment):
        anna, amina, rosa = (element(name) for name in ("anna", "amina", "rosa"))
        room = Room(anna.create("MAG", public=True, encrypted=encrypted), bot)
        board = anna.create("Board", encrypted=encrypted, invite=[amina])
        for who in (amina, rosa):
            who.join(room.room)
        for place in (room.room, board):
            anna.invite(place, bot)
            anna.sees_room(place, lambda seen: seen.members.get(bot) == "join")

        assert room.says(rosa, "!wg", "You are a guest").encrypted is encrypted
        directs = [who.message_directly(bot, encrypted=encrypted) for who in (anna, amina)]
        for who, direct, name in zip((anna, amina), directs, ("Anna G.", "Amina A."), strict=True):
            room.answers(who, direct, f"link {codes[name]}", f"Welcome, {name}")
        amina.join(board)
        room.says(anna, "!wg home all", "closed", board)
        room.says(anna, "!wg home all", "home to the full MAG")

        roster = ROSTER.format(rosa=rosa.id).encode()
        if encrypted:
            thread = anna.upload(room.room, "roster.csv", roster, "text/csv", caption="!wg roster import")
        else:
            thread = anna.send(room.room, "!wg roster import")
            anna.sees(room.room, "The roster as CSV", sender=bot, thread=thread)
            anna.upload(room.room, "roster.csv", roster, "text/csv", thread=thread)
            for question, answer in (("2 of 3", "skip"), ("3 of 3", "skip"), ("Submit it?", "submit")):
                anna.sees(room.room, question, sender=bot, thread=thread)
                anna.send(room.room, answer, thread=thread)
        anna.sees(room.room, "The roster is imported", sender=bot, thread=thread)

        thread = rosa.send(room.room, "!wg propose")
        for question, answer in (
            ("What is the working group called?", "Multi-year Work"),
            ("Its short name?", "WG-MWP"),
            ("Purpose of the WG", PROPOSAL),
            ("Implementation Plan", "skip"),
            ("Why a smaller group", "skip"),
            ("primary responsibilities", "skip"),
            ("Who proposes it with you?", "skip"),
            ("Submit it?", "submit"),
        ):
            rosa.sees(room.room, question, sender=bot, thread=thread)
            rosa.send(room.room, answer, thread=thread)
        rosa.sees(room.room, "WG-MWP is proposed", sender=bot, thread=thread)
        amina.sees(room.room, "Proposal: WG-MWP", sender=bot, thread="")
        amina.sees(room.room, "Consultation of the full MAG on WG-MWP", sender=bot, thread="")

        login = known(tmp_path / FOLDER)
        assert isinstance(login, Login)
        doctor = wgbot(tmp_path, "doctor", environment=environment)
        assert f"whose key is {grouped(login.fingerprint)}." in doctor
        assert "The device is signed by its account" in doctor
        assert "home of the MAG, is public and joined." in doctor
        assert "broken" not in doctor, doctor
        assert re.findall(r"^attention +(.*?):", doctor, re.MULTILINE) == ["secrets on the disk"], doctor

        if encrypted:
            verification = amina.ask_to_verify(bot, room=directs[1])
            verification.start()
            emoji = verification.shown()
            compared = wgbot(tmp_path, "matrix", "verify", typed="yes\n")
            assert all(each in compared for each in emoji), compared
            verification.confirm()
            verification.reaches("Done")
