"""Whether a process is ready: each part is asked, one that fails or hangs is missing, and nobody is asked too often."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message

from adapters.shared import readiness
from adapters.shared.http import application
from adapters.shared.readiness import FRESH_SECONDS, Part, Readiness


class Watch:
    """A part that counts how often it is asked, and a clock."""

    def __init__(self, *answers: bool) -> None:
        self.time = 100.0
        self.asked = 0
        self._answers = list(answers)

    def now(self) -> float:
        return self.time

    async def part(self) -> bool:
        self.asked += 1
        return self._answers[min(self.asked, len(self._answers)) - 1]


async def there() -> bool:
    return True


async def away() -> bool:
    return False


async def broken() -> bool:
    raise ConnectionRefusedError


async def hangs() -> bool:
    await asyncio.Event().wait()
    return True


def test_what_is_not_there_is_named() -> None:
    looked_at = Readiness({"database": there, "slack": away, "matrix": broken})
    assert asyncio.run(looked_at.missing()) == ("slack", "matrix")


def test_without_parts_it_is_ready() -> None:
    assert asyncio.run(Readiness({}).missing()) == ()


def test_what_hangs_is_missing_and_is_asked_once_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0.0)
    asked = 0

    async def hanging() -> bool:
        nonlocal asked
        asked += 1
        return await hangs()

    async def twice() -> list[tuple[str, ...]]:
        looked_at = Readiness({"database": hanging, "slack": there})
        return [await looked_at.missing(), await looked_at.missing()]

    assert asyncio.run(twice()) == [("database",), ("database",)]
    assert asked == 1


def test_an_answer_holds_for_a_moment_and_is_then_asked_anew() -> None:
    watch = Watch(False, True)

    async def asked() -> list[tuple[str, ...]]:
        looked_at = Readiness({"slack": watch.part}, watch.now)
        answers = [await looked_at.missing(), await looked_at.missing()]
        watch.time += FRESH_SECONDS
        return [*answers, await looked_at.missing()]

    assert asyncio.run(asked()) == [("slack",), ("slack",), ()]
    assert watch.asked == 2


def test_many_who_ask_at_once_cost_one_question() -> None:
    watch = Watch(True)

    async def asked() -> None:
        looked_at = Readiness({"slack": watch.part}, watch.now)
        await asyncio.gather(*(looked_at.missing() for _ in range(50)))

    asyncio.run(asked())
    assert watch.asked == 1


async def got(path: str, parts: dict[str, Part]) -> tuple[int, str]:
    """What the web application answers."""
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    await application([], Readiness(parts))(scope, receive, send)
    return answers[0]["status"], answers[1]["body"].decode()


@pytest.mark.parametrize(
    ("parts", "status", "said"),
    [
        ({"database": there}, 200, "ok"),
        ({"database": away, "matrix": broken}, 503, "not ready: database\nnot ready: matrix\n"),
    ],
    ids=["ready", "not"],
)
def test_health_is_told_over_http(parts: dict[str, Part], status: int, said: str) -> None:
    assert asyncio.run(got("/health/live", parts)) == (200, "ok")
    assert asyncio.run(got("/health/ready", parts)) == (status, said)
