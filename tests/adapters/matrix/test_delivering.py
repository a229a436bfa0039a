"""What the bot hands over: pictures and files, reminders in private; and answering while the homeserver is in trouble."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.matrix import late
from storage.verify import verify
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.square import Square
from tests.adapters.matrix.story import Story
from tests.builders import CHAIR, CIVIL, GOOD, MAG, PRIVATE
from tests.support.matrix.api import Json
from tests.support.matrix.crowd import Elements, Plains
from tests.support.matrix.plain import Plain
from tests.support.matrix.proxy import Proxy
from tests.support.matrix.synapse import PASSWORD, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SENDS = "PUT */send/*"


@pytest.fixture
def story(synapse: Homeserver, element: Elements, faulty: Proxy, tmp_path: Path) -> Iterator[Story]:
    """Two of the MAG with Elements; between the bot and the homeserver things can go wrong."""
    people = {CHAIR: element("amina"), PRIVATE: element("qiang")}
    bot = synapse.register("wg").user_id
    accounts = {name: who.id for name, who in people.items()}
    with Hall(faulty.url, (bot, PASSWORD), tmp_path, accounts) as hall:
        yield Story(hall, people, bot)
        assert verify(hall.store, MAG) == []


@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
def test_pictures_and_files_arrive_as_such(story: Story, *, encrypted: bool) -> None:
    story.meet(encrypted=encrypted)
    story.says(PRIVATE, f'!wg propose new "Multi-year Work" WG-MWP {GOOD}', "WG-MWP is proposed")
    story.sees(CHAIR, "Consultation of the full MAG")
    story.hall.later("7d")
    story.hall.later("7d")
    story.sees(CHAIR, "Consensus check 1 of the MAG")
    person = story.people[CHAIR]
    beginnings = {
        "!wg consensus chart 1": ("m.image", "image/png", b"\x89PNG"),
        "!wg calendar file": ("m.file", "text/calendar", b"BEGIN:VCALENDAR"),
        "!wg propose show WG-MWP --format pdf": ("m.file", "application/pdf", b"%PDF"),
    }
    for command, (kind, mime, beginning) in beginnings.items():
        sent = person.send(story.room, command)
        file = person.sees(story.room, sender=story.bot, thread=sent, when=lambda each: "info" in each.content)
        assert (file.msgtype, file.content["info"]["mimetype"]) == (kind, mime)
        assert ("file" in file.content) == encrypted
        assert file.body != file.content["filename"]  # it is described, too
        assert person.download(file).startswith(beginning)
        if kind == "m.image":
            assert file.content["info"]["w"] > file.content["info"]["h"] > 0


def test_a_message_whose_key_does_not_come_is_said_to_be_unread_once(
    story: Story, faulty: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "REPORTED_SECONDS", 0.0)
    story.meet(encrypted=True)
    person = story.people[PRIVATE]

    def withheld(answer: Json) -> None:
        answer.get("to_device", {}).pop("events", None)

    faulty.rewrite("GET */sync", withheld)
    fresh = person.another_device()
    lost = [fresh.send(story.room, f"!wg list {number}") for number in range(3)]
    story.people[CHAIR].send(story.room, "Good morning")  # what waits is looked at whenever something comes
    person.sees(story.room, "wgbot could not decrypt a message of yours", sender=story.bot)
    story.says(CHAIR, "!wg list", "There is no working group yet")
    told = [each for each in person.messages(story.room) if "could not decrypt" in each.body]
    assert [each.thread in lost for each in told] == [True]


@pytest.fixture
def square(synapse: Homeserver, plain: Plains, faulty: Proxy, tmp_path: Path) -> Iterator[Square]:
    """The same, of people without a client library."""
    people = {CHAIR: plain("amina"), CIVIL: plain("yusuf"), PRIVATE: plain("qiang")}
    bot = synapse.register("wg").user_id
    with Hall(faulty.url, (bot, PASSWORD), tmp_path, {name: who.id for name, who in people.items()}) as hall:
        told = Square(hall, people, bot, synapse)
        told.meet()
        yield told
        assert verify(hall.store, MAG) == []


def test_who_has_not_spoken_is_reminded_in_private(square: Square) -> None:
    civil = square.people[CIVIL]
    direct = civil.create(invite=[square.bot], is_direct=True)
    civil.send(direct, "todo")
    square.sees("Nothing waits for you", direct, who=CIVIL)
    square.says(CHAIR, '!wg consensus open "Adopt the report?" --closes 4d', "")
    square.vote(PRIVATE, square.poll(containing="Adopt the report?"), "Support")
    square.until_held(PRIVATE, "support")
    chair, private = Invitations(square.people[CHAIR]), Invitations(square.people[PRIVATE])
    square.hall.later("72h")
    reminder = square.sees("Before it closes: what needs you", direct, who=CIVIL)
    assert "Take a position in check 1" in reminder.body
    square.until(lambda: chair.since_then() or None, "the Chair's invitation to direct messages")
    assert not private.since_then()


class Invitations:
    """The rooms somebody is invited to from now on. (Synapse gives a first sync that it has given once more for minutes.)"""

    def __init__(self, person: Plain) -> None:
        self._person = person
        self._since: str = person.sync()["next_batch"]
        self._rooms: set[str] = set()

    def since_then(self) -> set[str]:
        new = self._person.sync(self._since)
        self._since = new["next_batch"]
        self._rooms |= set(new.get("rooms", {}).get("invite", {}))
        return self._rooms


TROUBLES: dict[str, dict[str, Any]] = {
    "failing": {"status": 500, "times": 3},
    "limiting": {"status": 429, "times": 3},
    "behind a proxy": {"status": 502, "times": 2},
    "answers lost": {"after": True, "times": 3},
    "slow": {"delay": 1.0, "times": 3},
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_answer_arrives_once_whatever_the_homeserver_does(square: Square, faulty: Proxy, trouble: str) -> None:
    faulty.trouble(SENDS, **TROUBLES[trouble])
    answered_once(square)


def test_a_homeserver_that_is_down_is_waited_for(square: Square, faulty: Proxy) -> None:
    faulty.down()
    sent = square.people[CIVIL].send(square.room, "!wg help")
    faulty.up()
    square.sees("What wgbot can do", thread=sent)
    answered_once(square)


@pytest.mark.parametrize("where", ["GET */joined_rooms", "GET */event/*", "GET */sync", "GET */account_data/*"])
def test_what_cannot_be_looked_up_just_now_is_looked_up_again(square: Square, faulty: Proxy, where: str) -> None:
    poll = square.checked()
    faulty.trouble(where, status=500, times=2)
    square.vote(CIVIL, poll, "Support")
    square.until_held(CIVIL, "support")
    answered_once(square)


def answered_once(square: Square) -> None:
    """A command that changes something is done and answered, and that once."""
    answer = square.says(CIVIL, '!wg consensus "Move the call to 15:00?" 24h', "is asked here")
    square.sees("Move the call to 15:00?", thread="")
    square.says(CIVIL, "!wg list", "")
    heard = square.heard()
    assert sum(each.thread == answer.thread for each in heard) == 1
    assert sum("Move the call" in each.body and each.type == "m.room.message" for each in heard) == 1
