"""The desk: reading from a snapshot, everything else by the writer, and settling until all is quiet."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from threading import current_thread

import pytest

from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.relay import Relay
from adapters.shared.writer import Writer
from bot.command import COMMANDS
from bot.context import Context, Request, Space
from bot.domain.community import Community
from bot.engine import Answer
from bot.present import present
from bot.text import T
from bot.view import Form, Notice, View
from tests.builders import CHAIR, MAG, World


def request(command: str, origin: str, **arguments: str) -> Request:
    space = Space("terminal", "", "#mag")
    return Request(MAG, space, command, origin, datetime.now(UTC), user=CHAIR, arguments=arguments)


def asked(world: World, *requests: Request) -> list[Answer]:
    async def story() -> list[Answer]:
        with Writer(world.engine) as writer:
            desk = Desk(writer, Relay(writer, [], present), Duties(world.store, writer))
            answers = [await desk.ask(each) for each in requests]
            await desk.settle()
            name = await desk.look(lambda reads: reads.get(Community, MAG))
            assert name is not None
            return answers

    return asyncio.run(story())


def test_reading_does_not_wait_for_the_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def noting(context: Context, arguments: object) -> View:
        threads.append(current_thread().name)
        return Notice(T("Read."))

    monkeypatch.setitem(COMMANDS, "list", replace(COMMANDS["list"], handler=noting))
    monkeypatch.setitem(COMMANDS, "settings set", replace(COMMANDS["settings set"], handler=noting))
    asked(World(), request("list", "o1"), request("settings set", "o2", name="rule", value="lazy"))
    assert threads[0] != "writer"
    assert threads[1] == "writer"


def test_reading_that_needs_something_asked_first_becomes_a_form() -> None:
    (answer,) = asked(World(), request("show", "o1"))
    assert isinstance(answer.view, Form)


def test_what_follows_is_settled_before_one_goes_on() -> None:
    world = World()
    world.does(CHAIR, 'poll new "Which day?" Monday, Tuesday')
    world.ask(CHAIR, "clock +30d", "#mag", "later")
    assert world.store.due(datetime.now(UTC), 10)
    asked(world, request("list", "o1"))
    assert not world.store.due(datetime.now(UTC), 10)
