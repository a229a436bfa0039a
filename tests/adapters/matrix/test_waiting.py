from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.matrix import waiting
from adapters.matrix.waiting import WaitingRoom


def event(number: int) -> dict[str, Any]:
    return {"event_id": f"${number}", "sender": "@ana:one", "content": {"session_id": f"s{number}"}}


def test_what_waits_is_there_after_a_restart(tmp_path: Path) -> None:
    room = WaitingRoom(tmp_path)
    room.keep("!r", [(event(1), False), (event(2), True)], 100.0)
    room.keep("!r", [(event(1), False)], 200.0)
    room.reported(["$1"])
    room.close()
    room = WaitingRoom(tmp_path)
    first, second = room
    assert (first.room, first.event, first.since, first.reported, first.early) == ("!r", event(1), 100.0, True, False)
    assert (second.id, second.session, second.reported, second.early) == ("$2", "s2", False, True)
    room.done(["$1"])
    assert [each.id for each in room] == ["$2"]
    room.close()


def test_what_waited_for_weeks_is_forgotten() -> None:
    room = WaitingRoom(None)
    room.keep("!r", [(event(1), False)], 0.0)
    room.keep("!r", [(event(2), False)], 100.0)
    room.forget(waiting.KEPT_SECONDS + 50.0)
    assert [each.id for each in room] == ["$2"]
    room.close()


def test_nobody_fills_the_disk_with_what_nobody_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 200)
    room = WaitingRoom(None)
    for start in range(0, waiting.MOST + 20, 10):
        room.keep("!r", [(event(number), False) for number in range(start, start + 10)], float(start))
    assert len(room) == waiting.MOST
    assert next(iter(room)).id == "$20"
    room.close()
