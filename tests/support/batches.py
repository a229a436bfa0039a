"""A process that commits batches until it is killed, and says each origin once it was committed. For crash tests.

Run as `python -m tests.support.batches URL FIRST`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import count

from bot.domain.community import Counter
from bot.domain.events import Fact
from bot.domain.ids import CommunityId, PersonId
from bot.domain.linking import LinkCode, LinkCodeUsed
from bot.outgoing import Lane, Outgoing, SendKind
from storage.store import SqlStore

MAG = CommunityId("mag")
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
SIZE = 16


def main(url: str, first: int) -> None:
    """Each request counts once: a repeated origin changes nothing."""
    store = SqlStore.open(url)
    for start in count(first, SIZE):
        origins = [str(number) for number in range(start, start + SIZE)]
        with store.writing([MAG]) as work:
            work.prefetch_answered((MAG, origin) for origin in origins)
            for origin in origins:
                if work.answered(MAG, origin) is not None:
                    continue
                counter = work.get(Counter, MAG, "done") or Counter(MAG, "done", 0)
                work.put(Counter(MAG, "done", counter.last + 1))
                work.put(LinkCode(MAG, origin, PersonId(f"person {origin}"), NOON, used=True))
                work.append(Fact(MAG, NOON, None, LinkCodeUsed(origin)), origin)
                work.send(Outgoing(MAG, origin, Lane("slack", "T", "C"), SendKind.POST, "subject"))
                work.remember(MAG, origin, origin.encode(), NOON)
        print(*origins, flush=True)  # noqa: T201 - what the parent reads


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
