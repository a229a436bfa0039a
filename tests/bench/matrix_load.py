"""People at a homeserver, by plain HTTP, in a process of their own: each asks and waits for the answer; or all vote.

What is to be done is read as JSON (`Load`) from the standard input; what came of it is written to the standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any
from urllib.parse import quote

import aiohttp

CLIENT = "/_matrix/client/v3"
SECONDS = 60.0

_TRANSACTIONS = count(time.time_ns())


@dataclass(frozen=True)
class Load:
    """`people` ((token, room) of each) send `contents` of a `type` in turn, `wait`ing for the `bot`'s answer to each.

    The one with number n begins with the n-th content, so that they do not all say the same at once.
    """

    url: str
    bot: str
    type: str
    people: list[tuple[str, str]]
    contents: list[dict[str, Any]]
    each: int
    wait: bool = True


@dataclass
class Outcome:
    """Seconds that each answer took (from before it was sent until it was synced), and that all of it took; one answer."""

    seconds: list[float] = field(default_factory=list)
    whole: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)


class Person:
    """One of them, syncing all the time while they wait for answers."""

    def __init__(self, session: aiohttp.ClientSession, load: Load, token: str, room: str) -> None:
        self._session = session
        self._load = load
        self._room = room
        self._headers = {"Authorization": f"Bearer {token}"}
        self._since = ""
        self._seen: dict[str, tuple[float, dict[str, Any]]] = {}
        self._news = asyncio.Event()
        own = {"rooms": [room], "timeline": {"limit": 50}, "state": {"lazy_load_members": True}}
        self._filter = json.dumps({"room": own, "presence": {"types": []}, "account_data": {"types": []}})

    async def listen(self) -> None:
        """Note when the bot answers to what."""
        while True:
            await self.sync("30000")

    async def sync(self, held: str) -> None:
        """Ask once; the homeserver holds its answer for so many milliseconds."""
        query = {"timeout": held, "filter": self._filter} | ({"since": self._since} if self._since else {})
        told = await self._call("GET", "sync", query=query)
        now, self._since = time.perf_counter(), told["next_batch"]
        for event in told.get("rooms", {}).get("join", {}).get(self._room, {}).get("timeline", {}).get("events", ()):
            to = event["content"].get("m.relates_to", {}).get("event_id")
            if event["sender"] == self._load.bot and to:
                self._seen[to] = now, event["content"]
        self._news.set()

    async def speak(self, number: int, outcome: Outcome) -> None:
        """Say what is theirs to say."""
        load = self._load
        for turn in range(load.each):
            begun = time.perf_counter()
            content = load.contents[(number + turn) % len(load.contents)]
            path = f"rooms/{quote(self._room)}/send/{load.type}/{next(_TRANSACTIONS)}"
            event = (await self._call("PUT", path, content))["event_id"]
            while load.wait and event not in self._seen:
                self._news.clear()
                await asyncio.wait_for(self._news.wait(), SECONDS)
            seen, answer = self._seen.get(event, (time.perf_counter(), {}))
            outcome.seconds.append(seen - begun)
            outcome.answer = answer

    async def _call(self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None) -> Any:
        async with self._session.request(
            method, f"{self._load.url}{CLIENT}/{path}", json=body, params=query, headers=self._headers
        ) as answered:
            answered.raise_for_status()
            return await answered.json()


async def carried(load: Load) -> Outcome:
    """What came of it."""
    outcome = Outcome()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        people = [Person(session, load, token, room) for token, room in load.people]
        listening = []
        if load.wait:
            await asyncio.gather(*(each.sync("0") for each in people))
            listening = [asyncio.create_task(each.listen()) for each in people]
        begun = time.perf_counter()
        await asyncio.gather(*(each.speak(number, outcome) for number, each in enumerate(people)))
        outcome.whole = time.perf_counter() - begun
        for each in listening:
            each.cancel()
    return outcome


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(asyncio.run(carried(Load(**json.load(sys.stdin)))))))
