from __future__ import annotations

import asyncio
from typing import Any

from adapters.matrix.filling import PAGE, Filled, filled

Json = dict[str, Any]
BOT = "@wg:one"


class History:
    """A room's events, as a homeserver pages through them; `since` is a position in it."""

    def __init__(self, events: list[Json]) -> None:
        self.events = events
        self.pages = 0

    async def call(self, method: str, *path: str, query: dict[str, str]) -> Json:
        assert (method, path) == ("GET", ("rooms", "!r", "messages"))
        self.pages += 1
        start, end = int(query["from"]), int(query["to"])
        first = max(end, start - int(query["limit"]))
        chunk = list(reversed(self.events[first:start]))
        return {"chunk": chunk} | ({"end": str(first)} if first > end else {})


def said(number: int) -> Json:
    return {"type": "m.room.message", "event_id": f"$m{number}", "sender": "@ana:one", "content": {"body": "x"}}


def moved(number: int, now: str, before: str | None) -> Json:
    unsigned = {} if before is None else {"prev_content": {"membership": before}}
    content = {"membership": now}
    return {
        "type": "m.room.member",
        "event_id": f"$s{number}",
        "sender": "@ana:one",
        "state_key": BOT,
        "content": content,
        "unsigned": unsigned,
    }


def fill(events: list[Json], shown: int, since: int = 0) -> tuple[Filled, int]:
    history = History(events)
    start = len(events) - shown
    found = asyncio.run(
        filled(history, "!r", BOT, events[start:], str(start) if start > since else None, str(since))  # type: ignore[arg-type]  # as far as it is used
    )
    return found, history.pages


def ids(found: Filled) -> list[str]:
    return [event["event_id"] for event, _ in found.events]


def early(found: Filled) -> list[str]:
    return [event["event_id"] for event, is_early in found.events if is_early]


def test_a_whole_timeline_is_left_as_it_is() -> None:
    events = [said(number) for number in range(5)]
    found, pages = fill(events, 5)
    assert (ids(found), found.torn, pages) == ([f"$m{number}" for number in range(5)], False, 0)


def test_a_gap_is_filled_back_to_the_last_sync() -> None:
    events = [said(number) for number in range(350)]
    found, pages = fill(events, 10, since=20)
    assert ids(found) == [f"$m{number}" for number in range(20, 350)]
    assert pages == 320 // PAGE + 1


def test_nothing_older_than_the_entry_is_shown() -> None:
    events = [said(1), said(2), moved(3, "join", None), said(4)]
    found, _ = fill(events, 4)
    assert ids(found) == ["$s3", "$m4"]
    assert early(found) == []


def test_what_was_said_between_invitation_and_entry_is_early() -> None:
    events = [said(1), moved(2, "invite", None), said(3), moved(4, "join", "invite"), said(5)]
    found, _ = fill(events, 5)
    assert ids(found) == ["$s2", "$m3", "$s4", "$m5"]
    assert early(found) == ["$s2", "$m3"]


def test_an_invitation_is_looked_for_in_the_history() -> None:
    before, between = [said(number) for number in range(250)], [said(1000 + number) for number in range(250)]
    events = [*before, moved(1, "invite", None), *between, moved(2, "join", "invite"), said(9999)]
    found, pages = fill(events, 2)
    assert ids(found) == ["$s1", *(f"$m{1000 + number}" for number in range(250)), "$s2", "$m9999"]
    assert pages == 3


def test_a_direct_entry_ends_the_search() -> None:
    events = [*(said(number) for number in range(500)), moved(1, "join", "leave"), said(1000)]
    found, pages = fill(events, 2)
    assert (ids(found), pages) == (["$s1", "$m1000"], 0)


def test_a_change_of_name_is_no_entry() -> None:
    events = [said(1), moved(2, "join", "join"), said(3)]
    found, _ = fill(events, 3)
    assert ids(found) == ["$m1", "$s2", "$m3"]
    assert early(found) == []


def test_who_was_out_in_between_sees_what_came_after() -> None:
    events = [moved(1, "join", None), said(2), moved(3, "leave", "join"), said(4), moved(5, "join", "leave"), said(6)]
    found, _ = fill(events, 6)
    assert ids(found) == ["$s5", "$m6"]


def test_an_event_that_comes_twice_is_shown_once() -> None:
    found = asyncio.run(filled(History([]), "!r", BOT, [said(1), said(1), None, {}], None, "0"))  # type: ignore[arg-type]  # as above
    assert ids(found) == ["$m1"]


def test_a_history_without_end_is_torn() -> None:
    class Endless(History):
        async def call(self, *_: str, **__: object) -> Json:
            self.pages += 1
            return {"chunk": [said(-self.pages)], "end": f"{self.pages}"}

    history = Endless([])
    found = asyncio.run(filled(history, "!r", BOT, [said(1)], "x", "0"))  # type: ignore[arg-type]  # as above
    assert found.torn
    assert history.pages == 500
