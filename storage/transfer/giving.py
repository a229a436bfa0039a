"""Writing a community out, from one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from bot.domain.community import Community
from bot.domain.ids import CommunityId
from bot.outgoing import Cursor
from storage.audit.chain import Unreadable
from storage.schema import HEAD
from storage.transfer.lines import FORMAT, Ending, Giving, Line, Opening, Refused, encoded, kept, logged, tables


class GivingStore(Protocol):
    """A store that can be written out: both of them are."""

    def giving(self) -> AbstractContextManager[Giving]: ...


def give(store: GivingStore, community: CommunityId) -> Iterator[bytes]:
    """The lines of an export, each with its end. Raises `Refused` where there is no such community, or it is damaged."""
    with store.giving() as reads:
        count = 0
        for line in _lines(reads, community):
            yield encoded(line)
            count += 1
        yield encoded(Ending(count))


def _lines(reads: Giving, community: CommunityId) -> Iterator[Line]:
    head = reads.head(community)
    if head is None or next(iter(reads.scan(Community, community)), None) is None:
        raise Refused(f"there is no community {community}")
    yield Opening(FORMAT, HEAD, community, head.sequence, head.hash.hex())
    yield from map(logged, reads.entries(community))
    for kind in tables().values():
        whose = CommunityId("") if kind is Cursor else community
        for record in reads.scan(kind, whose):
            if isinstance(record, Unreadable):
                raise Refused(f"{kind.__name__} {record.key} cannot be read: wgbot audit verify says more")
            yield kept(record)
    yield from reads.answers_of(community)
    yield from reads.messages_of(community)
