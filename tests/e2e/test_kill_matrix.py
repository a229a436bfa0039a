"""`kill -9` while people vote and ask in Matrix, and while it is down: everything is done and answered, and nothing twice."""

from __future__ import annotations

import random
import threading
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.command import COMMANDS
from bot.domain.consensus.checks import Check, Held
from bot.domain.people import Account
from storage.schema import prepare
from storage.store import SqlStore
from storage.verify import verify
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.robot import until
from tests.adapters.matrix.story import Story
from tests.builders import CHAIR, CIVIL, GOOD, MAG, PRIVATE
from tests.e2e.running import Running, opened, waiting
from tests.support.matrix.crowd import Elements
from tests.support.matrix.element import Element
from tests.support.matrix.seen import Message
from tests.support.matrix.synapse import PASSWORD, SERVER_NAME, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KILLS = 12
ALIVE_SECONDS = (0.5, 4.0)
"""How long it may live: some of that goes by before it has connected."""

POSITIONS = {"Support": "support", "Can live with it": "live-with", "Abstain": "abstain", "Stand aside": "stand-aside"}


@dataclass
class Crowd:
    """People in the body's two rooms, one in the clear and one encrypted; what they did is kept, to be looked for."""

    people: dict[str, Element]
    bot: str
    rooms: dict[str, str]
    """The poll of the check in each room."""

    direct: str
    chance: random.Random
    voted: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    private: int = 0

    def act(self) -> None:
        """Somebody does something somewhere."""
        who, room = self.chance.choice(list(self.people)), self.chance.choice(list(self.rooms))
        match self.chance.randrange(6):
            case 0:
                self.asked.append(self.people[who].send(room, "!wg consensus show 1"))
            case 1:
                self.questions.append(f"Question number {len(self.questions)} of the day?")
                self.asked.append(self.people[who].send(room, f'!wg consensus "{self.questions[-1]}" 24h'))
            case 2:
                self.people[CIVIL].send(self.direct, "help")
                self.private += 1
            case _:
                position = self.chance.choice(list(POSITIONS))
                self.people[who].vote(room, self.rooms[room], position)
                self.voted[who] = POSITIONS[position]

    def answers(self) -> Counter[str]:
        """How often each thing asked in a room was answered."""
        under = Counter(each.thread for room in self.rooms for each in self.seen(room) if each.sender == self.bot)
        return Counter({event: under[event] for event in self.asked})

    def seen(self, room: str) -> list[Message]:
        """What is in a room, all of it readable."""
        found = self.people[CHAIR if room in self.rooms else CIVIL].messages(room)
        assert all(each.readable for each in found)
        return found

    def answered_in_private(self) -> int:
        return sum("What wgbot can do" in each.body for each in self.seen(self.direct))


def prepared(hall: Hall, people: dict[str, Element], bot: str) -> Crowd:
    """A community with two rooms and a check that is open."""
    story, rooms = Story(hall, people, bot), []
    for encrypted in (False, True):
        story.meet(encrypted=encrypted)
        rooms.append(story.room)
    direct = people[CIVIL].message_directly(bot)
    story.says(CIVIL, "todo", "Nothing waits for you", direct, threaded=False)
    story.says(PRIVATE, f'!wg propose new "Multi-year Work" WG-MWP {GOOD}', "WG-MWP is proposed")
    story.sees(CIVIL, "Consultation of the full MAG")
    hall.later("7d")
    hall.later("7d")
    polls = {}
    for room in rooms:
        story.sees(CHAIR, "Consensus check 1 of the MAG", room)
        polls[room] = story.poll(CHAIR, room).id
    return Crowd(people, bot, polls, direct, random.Random(20270111))


def test_everything_is_done_and_answered_once(synapse: Homeserver, element: Elements, tmp_path: Path) -> None:
    people = {CHAIR: element("amina"), CIVIL: element("yusuf"), PRIVATE: element("qiang")}
    bot = synapse.register("wg").user_id
    url = f"sqlite:///{tmp_path / 'wgbot.db'}"
    prepare(url)
    accounts = {name: who.id for name, who in people.items()}
    with closing(SqlStore.open(url)) as store, Hall(synapse.url, (bot, PASSWORD), tmp_path, accounts, store) as hall:
        crowd = prepared(hall, people, bot)
    settings = {"HOMESERVER": synapse.url, "USER": bot, "PASSWORD": PASSWORD}
    service = Running(tmp_path, {f"WGBOT_MATRIX_{name}": value for name, value in settings.items()})

    for _ in range(KILLS):
        service.start(wait=False)
        killer = threading.Timer(crowd.chance.uniform(*ALIVE_SECONDS), service.kill)
        killer.start()
        while killer.is_alive():
            crowd.act()
        crowd.act()  # while it is down
        crowd.act()

    service.start()
    try:
        until(lambda: all(crowd.answers().values()) or None, lambda: f"unanswered: {crowd.answers()}", 90)
        until(lambda: crowd.answered_in_private() >= crowd.private or None, lambda: "unanswered in private", 90)
        until(lambda: not waiting(tmp_path) or None, lambda: f"{waiting(tmp_path)} rows wait", 90)
    finally:
        service.kill()

    COMMANDS.load_all()
    with opened(tmp_path) as store:
        assert verify(store, MAG) == []
        with store.reading() as reads:
            held = {each.person: each.position.value for each in reads.all(Held, community=MAG, check=1)}
            known = {who: reads.get(Account, MAG, "matrix", SERVER_NAME, people[who].id) for who in people}
            asked = [each.question for each in reads.all(Check, community=MAG) if each.number > 1]
    # the last vote of each person counts, whenever and in whichever room it was cast
    assert {who: held[account.person] for who, account in known.items() if account is not None} == crowd.voted
    # each question is asked once, and stands once in each room, with one poll
    assert sorted(asked) == sorted(crowd.questions)
    for room in crowd.rooms:
        cards = [each for each in crowd.seen(room) if each.sender == bot and not each.thread]
        polls = [each for each in cards if each.type.endswith("poll.start")]
        for question in crowd.questions:
            assert sum(question in each.body for each in cards) == 1, question
            assert sum(question in str(each.content) for each in polls) == 1, question
        card = next(each for each in cards if "Consensus check 1 of the MAG" in each.body)
        assert f"{len(crowd.voted)} of 40" in card.body
    # every command has one answer
    assert set(crowd.answers().values()) == {1}
    assert crowd.answered_in_private() == crowd.private
