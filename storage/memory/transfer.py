"""A community out of memory and into it. See `storage.transfer`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from bot.domain.ids import CommunityId
from bot.outgoing import SendState
from bot.ports import Answered
from storage.audit.chain import Entry, Head
from storage.memory.outbox import Channel, Sent
from storage.memory.tables import Table
from storage.outbox.placements import UNSETTLED
from storage.transfer.lines import NOTHING, Answer, Message

Answers = dict[tuple[CommunityId, str], tuple[Answered, datetime]]


def answers_of(answers: Answers, community: CommunityId) -> Iterator[Answer]:
    """A community's answers, by origin."""
    for (whose, origin), (answered, at) in sorted(answers.items(), key=lambda each: each[0]):
        if whose == community:
            yield Answer(origin, at, NOTHING if answered.reply is None else msgspec.Raw(answered.reply))


def messages_of(tables: Mapping[type[Any], Table], community: CommunityId) -> Iterator[Message]:
    """What of a community was not delivered, in order."""
    for (whose, number), each in sorted(tables[Sent].rows.items()) if Sent in tables else ():
        if whose == community and (each.state in UNSETTLED or each.state is SendState.DEAD):
            yield Message(number, each.row, int(each.state), each.attempts, each.rendered, each.error, each.parked_at)


class Work(Protocol):
    """What is needed of the unit of work it is part of."""

    @property
    def answers(self) -> Answers: ...

    def get(self, kind: type[Any], *key: Any) -> Any: ...

    def all(self, kind: type[Any], **by: Any) -> tuple[Any, ...]: ...

    def head(self, community: CommunityId) -> Head | None: ...

    def put(self, record: Any) -> None: ...

    def own(self, kind: type[Any]) -> Table: ...


class MemoryTaking:
    """See `storage.transfer.lines.Taking`."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.get, self.all, self.head, self.record = work.get, work.all, work.head, work.put
        self.log: list[Entry] = []

    def entry(self, community: CommunityId, entry: Entry) -> None:  # noqa: ARG002 - it is one community's
        """An entry of the audit log, with the hash and the salts it has."""
        self.log.append(entry)

    def answer(self, community: CommunityId, answer: Answer) -> None:
        """An answer to a request."""
        reply = bytes(answer.reply) or None
        self._work.answers[community, answer.origin] = (Answered(reply), answer.at)

    def message(self, message: Message) -> None:
        """A message to be sent, and its channel."""
        row = message.message
        place = (row.lane.platform, row.lane.team, row.lane.place)
        became = (SendState(message.state), message.attempts, message.rendered, message.error, message.parked_at)
        for each in (
            Sent(row.community, message.sequence, row, place, row.coalesce, *became),
            Channel(row.community, place),
        ):
            table = self._work.own(type(each))
            table.set(table.key_of(each), each)
