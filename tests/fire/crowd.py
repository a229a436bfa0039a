"""People at work while things go wrong: what they do in Slack and in Matrix, and what they were told became of it."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from tests.adapters.slack.office import handle
from tests.support.matrix.api import MatrixError
from tests.support.matrix.element import Element
from tests.support.matrix.plain import Plain
from tests.support.slack.people import People
from tests.support.slack.seen import Message

POLL: Final = "org.matrix.msc3381.poll."
TEXT: Final = "org.matrix.msc1767.text"
POSITIONS: Final = {
    "Support": "support",
    "Can live with it": "live-with",
    "Abstain": "abstain",
    "Stand aside": "stand-aside",
}
WENT_WRONG: Final = "Something went wrong"
REFUSED: Final = "⛔"


@dataclass
class Told:
    """What people were told was done. What was asked and not acknowledged may have been done, or not."""

    held: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """By person and check (its title): the positions that may be held now."""

    opened: list[str] = field(default_factory=list)
    """Questions whose check was opened."""

    maybe: list[str] = field(default_factory=list)
    """Questions whose check may have been opened."""

    asked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By room of Matrix's: commands sent there, each to be answered once."""

    seconds: list[float] = field(default_factory=list)
    """How long acknowledged clicks took."""

    formation: int = 0
    """The number of the formation's check."""

    done: int = 0
    unacknowledged: int = 0

    def took(self, who: str, check: str, position: str, *, acknowledged: bool) -> None:
        """Somebody took a position."""
        if acknowledged:
            self.held[who, check] = {position}
            self.done += 1
        else:
            self.held[who, check].add(position)
            self.unacknowledged += 1


class Worker:
    """One thread of people who do one thing after the other, until it is stopped; it can be asked to pause."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._going = threading.Event()
        self._going.set()
        self._idle = threading.Event()
        self._stopped = False
        self.failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def pause(self) -> None:
        """Do nothing new; returns when what is under way is done."""
        self._idle.clear()
        self._going.clear()
        while self._thread.is_alive() and not self._idle.wait(0.1):
            pass

    def resume(self) -> None:
        """Go on."""
        self._going.set()

    def stop(self) -> None:
        """End."""
        self._stopped = True
        self._going.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped:
                if not self._going.is_set():
                    self._idle.set()
                    self._going.wait()
                else:
                    self._act()
        except BaseException as error:
            self.failed = error
        finally:
            self._idle.set()


class InSlack:
    """Members who click on the formation's check, and open quick ones. `name` is another for each worker."""

    def __init__(self, people: People, names: Sequence[str], told: Told, seed: int, name: str) -> None:
        self._people = people
        self._names = names
        self._told = told
        self._chance = random.Random(seed)
        self._name = name
        self._number = 0
        self.check: Message | None = None
        """The card of the check that is open, as everybody has it before them."""

    def act(self) -> None:
        """Somebody does something."""
        who = self._chance.choice(self._names)
        if self._chance.random() < 0.02:
            self._open(who)
        elif self.check is not None:
            button = self._chance.choice(list(POSITIONS))
            seen = self._people.click(handle(who), self.check, button)
            self._told.took(who, "formation", POSITIONS[button], acknowledged=seen.acked)
            if seen.acked:
                self._told.seconds.append(seen.seconds)
        else:
            self._people.slash(handle(who), "mag", "todo")
        time.sleep(self._chance.uniform(0.0, 0.15))

    def _open(self, who: str) -> None:
        self._number += 1
        question = f"Question {self._name}{self._number} of the day?"
        seen = self._people.slash(handle(who), "mag", f'consensus "{question}" 1m')
        done = seen.acked and WENT_WRONG not in seen.text and REFUSED not in seen.text
        (self._told.opened if done else self._told.maybe).append(question)


class InMatrix:
    """Members who vote in the poll of the formation's check, ask, and open quick checks; without encryption."""

    def __init__(self, people: dict[str, Plain], room: str, told: Told, seed: int) -> None:
        self._people = people
        self._room = room
        self._told = told
        self._chance = random.Random(seed)
        self._number = 0
        self.poll: dict[str, str] | None = None
        """The ids of the answers of the poll that is open, by their words; and its own, as "poll"."""

    def act(self) -> None:
        """Somebody does something."""
        who = self._chance.choice(list(self._people))
        person, sort = self._people[who], self._chance.random()
        try:
            if sort < 0.05:
                self._number += 1
                question = f"Question m{self._number} of the day?"
                self._told.maybe.append(question)
                self._told.asked[self._room].append(person.send(self._room, f'!wg consensus "{question}" 1m'))
            elif sort < 0.4 or self.poll is None:
                self._told.asked[self._room].append(person.send(self._room, "!wg todo"))
            else:
                answer = self._chance.choice(list(POSITIONS))
                self._vote(who, person, self.poll, answer)
        except (MatrixError, aiohttp.ClientError, TimeoutError):
            time.sleep(0.5)  # the homeserver is away: they try something else later
        time.sleep(self._chance.uniform(0.3, 1.2))

    def _vote(self, who: str, person: Plain, poll: dict[str, str], answer: str) -> None:
        content = {
            f"{POLL}response": {"answers": [poll[answer]]},
            "m.relates_to": {"rel_type": "m.reference", "event_id": poll["poll"]},
        }
        taken = False
        try:
            person.event(self._room, f"{POLL}response", content)
            taken = True
        finally:
            self._told.took(who, "formation", POSITIONS[answer], acknowledged=taken)


class Encrypted:
    """Somebody with an Element in an encrypted room, who asks."""

    def __init__(self, person: Element, room: str, told: Told, seed: int) -> None:
        self._person = person
        self._room = room
        self._told = told
        self._chance = random.Random(seed)

    def act(self) -> None:
        """Ask, in words only the bot can read."""
        try:
            self._told.asked[self._room].append(self._person.send(self._room, "!wg todo"))
        except Exception:
            time.sleep(1)
        time.sleep(self._chance.uniform(1.0, 3.0))
