"""A community whose members answer by mail: what comes in goes through all of the way in, what goes out lies in the outbox."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Self

from adapters.mail.addresses import Addresses
from adapters.mail.answering import Answering
from adapters.mail.ignoring import Unanswered
from adapters.mail.keys import Keys
from adapters.shared.allowance import Allowance
from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.relay import Relay
from adapters.shared.watching import Watch
from adapters.shared.writer import Writer
from bot.domain.consensus.checks import Held, check_of, tally_of
from bot.domain.consensus.positions import Position
from bot.domain.people import Person
from bot.outgoing import Outgoing
from bot.present import present
from tests.builders import MAG, World, spoken

DOMAIN = "wg.example.org"
ADDRESSES = Addresses(Keys.of("a-key-of-enough-letters-for-a-test"), DOMAIN)


def letter(sender: str, to: str, text: str, **headers: str) -> bytes:
    """A plain mail. A header's name is given with underscores."""
    message = EmailMessage()
    given = {"From": sender, "To": to, "Subject": "Re: what was asked"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


@dataclass
class Post:
    """The mail of a world's. `trusted` is the mail server whose findings are believed."""

    world: World = field(default_factory=World)
    trusted: str = ""
    sent: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    said: list[Outgoing] = field(default_factory=list)
    watch: Watch | None = None

    def __enter__(self) -> Self:
        self.writer = Writer(self.world.engine)
        desk = Desk(self.writer, Relay(self.writer, [], present), Duties(self.world.store, self.writer))
        self.answering = Answering(desk, self.world.store.communities, ADDRESSES, self.trusted)
        return self

    def __exit__(self, *_: object) -> None:
        self.writer.stop()

    def person(self, name: str) -> Person:
        """Somebody of the roster."""
        with self.world.store.reading() as reads:
            return next(each for each in reads.all(Person, community=MAG) if each.name == name)

    def take(self, raw: bytes, to: str, envelope: str = "somebody@example.org") -> Unanswered | None:
        """A mail comes."""

        async def take() -> Unanswered | None:
            relay, duties = Relay(self.writer, [], present), Duties(self.world.store, self.writer)
            desk = Desk(self.writer, relay, duties, self.allowance)
            desk.watch = self.watch
            self.answering._desk = desk  # each mail on a loop of its own
            return await self.answering.take(raw, to, envelope)

        why = asyncio.run(take())
        self.world.settle()
        return why

    def replies(self, who: str, subject: str, text: str, **headers: str) -> str:
        """Somebody replies; what they are answered, in words."""
        self.sent += 1
        person = self.person(who)
        to = ADDRESSES.reply(MAG, person.id, subject)
        headers = {"Message_ID": f"<{self.sent}@mail.example>", **headers}
        assert self.take(letter(f"{who} <{person.email.upper()}>", to, text, **headers), to) is None
        return "\n".join(spoken(row.view) for row in self.answers(who))

    def answers(self, who: str) -> list[Outgoing]:
        """What was mailed to somebody since it was looked at last."""
        rows: list[Outgoing] = []
        now = datetime.now(UTC)
        while True:
            with self.world.store.writing([MAG]) as work:
                claimed = work.outbox.claim(now, "post", 60, 100, ["mail"])
                for each in claimed:
                    work.outbox.attempt(each, "post", b"{}")
                    work.outbox.delivered(each, "post", each.row.id, now, 0)
            if not claimed:
                break
            rows += [each.row for each in claimed]
        self.said += rows
        theirs = [row for row in self.said if row.lane.place == f"@{self.person(who).id}"]
        self.said = [row for row in self.said if row not in theirs]
        return theirs

    def position(self, who: str, check: int = 1) -> tuple[Position, str] | None:
        """What somebody says to a check, and why."""
        with self.world.store.reading() as reads:
            held = reads.get(Held, MAG, check, self.person(who).id)
        return (held.position, held.reason) if held is not None else None

    def taken(self, check: int = 1) -> int:
        """How many took a position."""
        with self.world.store.reading() as reads:
            return tally_of(reads, check_of(reads, MAG, check)).taken()
