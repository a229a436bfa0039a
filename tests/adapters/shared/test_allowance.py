"""Whoever asks too much is not heard for a while, and is told so; nobody else notices, and what is asked again is not counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared import allowance as module
from adapters.shared.allowance import USUAL, Allowance
from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.figures import Figures
from adapters.shared.rates import Rate
from adapters.shared.relay import Relay
from adapters.shared.writer import Writer
from bot.context import Posting, Request, Space
from bot.domain.ids import CommunityId
from bot.engine import Answer
from bot.outgoing import SendKind
from bot.present import present
from bot.reply import TOO_MUCH
from tests.adapters.shared.test_watching import shown
from tests.builders import CIVIL, MAG, World, spoken
from tests.support.logs import all_logged

NOON = datetime(2027, 1, 25, 12, tzinfo=UTC)
FEW = Rate(0.5, 3)
"""Three at once, one in two seconds: then nothing for six."""

USER = "@yusuf:example.org"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def asked(
    origin: str, at: datetime = NOON, user: str = USER, command: str = "list", *, platform: str = "matrix", **more: str
) -> Request:
    space = Space(platform, "example.org", "!room", thread=more.pop("thread", ""))
    posting = Posting.NO if platform == "slack" else Posting(more.pop("posting", "all"))
    return Request(MAG, space, command, origin, at, user=user, arguments=more, typed=f"/wg {command}", posting=posting)


# How it is counted

RATES = st.builds(Rate, st.sampled_from([0.25, 1.0, 4.0]), st.integers(1, 8))


@given(RATES, st.lists(st.tuples(st.floats(0, 12), st.floats(0, 30)), max_size=60))
def test_never_more_than_allowed_and_never_less_than_said(rate: Rate, acts: list[tuple[float, float]]) -> None:
    """`acts` are when each came after the one before, and how long it had been on its way."""
    clock, taken, shut_until = Clock(), list[float](), float("-inf")
    allowance, latest = Allowance(rate, clock), float("-inf")
    for number, (gap, late) in enumerate(acts):
        clock.now += timedelta(seconds=gap)
        request = asked(str(number), clock.now - timedelta(seconds=late))
        latest = max(latest, request.at.timestamp())
        if allowance.take(request):
            assert latest >= shut_until - 0.001  # it was said that it would not
            taken.append(latest)
        else:
            seconds = allowance.shut(request)
            assert 1 <= seconds <= ceil(rate.burst / rate.per_second)
            if latest >= shut_until:
                shut_until = latest + rate.burst / rate.per_second
            assert latest + seconds >= shut_until - 0.001
    for first, begun in enumerate(taken):
        for last in range(first, len(taken)):
            assert last - first + 1 <= rate.burst + rate.per_second * (taken[last] - begun) + 0.001


@given(RATES, st.lists(st.floats(0, 5), min_size=1, max_size=40))
def test_whoever_does_not_ask_too_much_notices_nothing(rate: Rate, pauses: list[float]) -> None:
    clock = Clock()
    allowance = Allowance(rate, clock)
    assert all(allowance.take(asked(f"at once {each}", clock.now)) for each in range(rate.burst))
    for number, pause in enumerate(pauses):
        clock.now += timedelta(seconds=1 / rate.per_second + pause + 0.001)
        assert allowance.take(asked(str(number), clock.now))


def test_after_a_while_one_may_ask_as_much_as_ever() -> None:
    clock = Clock()
    allowance = Allowance(FEW, clock)
    burst = [allowance.take(asked(str(each))) for each in range(4)]
    assert (burst, allowance.shut(asked("3"))) == ([True] * 3 + [False], 6)
    clock.now += timedelta(seconds=5.9)
    assert not allowance.take(asked("4", clock.now))
    clock.now += timedelta(seconds=0.2)
    assert [allowance.take(asked(f"again {each}", clock.now)) for each in range(4)] == burst


def test_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ACCOUNTS", 10)
    monkeypatch.setattr(module, "MOST_ORIGINS", 20)
    clock = Clock()
    allowance = Allowance(USUAL, clock)
    for each in range(100):
        assert allowance.take(asked(str(each), clock.now, user=f"@{each}:example.org"))
    assert (len(allowance._counts), len(allowance._lately)) == (10, 20)
    clock.now += timedelta(minutes=2)  # all of them may ask as much as ever: they need not be remembered
    for each in range(12):
        allowance.take(asked(f"later {each}", clock.now, user=f"@later{each}:example.org"))
    assert all(account[2].startswith("@later") for account in allowance._counts)


def test_a_clock_that_is_set_back_keeps_nobody_out() -> None:
    clock = Clock()
    allowance = Allowance(FEW, clock)
    for each in range(4):
        allowance.take(asked(str(each)))
    allowance.shut(asked("4"))
    clock.now -= timedelta(hours=1)
    assert allowance.take(asked("5", clock.now))


# What people notice


def told(story: Callable[[World, Desk], Awaitable[None]], rate: Rate | None = FEW, clock: Clock | None = None) -> World:
    """A story at the desk of a body in which the account is Yusuf's."""
    world = World()

    async def tell() -> None:
        with Writer(world.engine) as writer:
            open_ = Desk(writer, Relay(writer, [], present), Duties(world.store, writer), Allowance(None))
            for platform in ("matrix", "slack"):
                made = spoken(world.ask(CIVIL, "link new", "@Yusuf A.", f"code {platform}").view)
                code = made.split("link ")[1].split()[0]
                linking = asked(f"link {platform}", command="link account", platform=platform, code=code)
                assert (await open_.ask(linking)).done
            allowance = Allowance(rate, clock or Clock())
            await story(world, Desk(writer, Relay(writer, [], present), Duties(world.store, writer), allowance))

    asyncio.run(tell())
    return world


def said(world: World) -> list[str]:
    """What waits to be posted in the room, in words; and nothing of it is left."""
    with world.store.writing([MAG]) as work:
        words = []
        while claimed := work.outbox.claim(datetime.now(UTC), "test", 60, 100, ["matrix"]):
            for each in claimed:
                work.outbox.attempt(each, "test", b"{}")
                work.outbox.delivered(each, "test", each.row.id, datetime.now(UTC), 0)
                if each.row.kind is SendKind.POST and each.row.view is not None:
                    words.append(spoken(each.row.view))
    return words


def test_too_much_is_refused_with_what_was_typed_and_changes_nothing() -> None:
    async def story(world: World, desk: Desk) -> None:
        desk.watch = figures = Figures()
        before = world.snapshot()
        with all_logged() as kept:
            answers = [await desk.ask(asked(str(each), platform="slack")) for each in range(6)]
        assert [answer.came_to for answer in answers] == [""] * 3 + [TOO_MUCH] * 3
        assert "Too much came from you at once" in spoken(answers[3].view)
        assert "within 6 seconds" in spoken(answers[3].view)
        assert "/wg list" in spoken(answers[3].view)
        assert world.snapshot() == before
        # others are heard; so are the operator, and the software itself
        for other in (
            asked("other", user="@other:example.org", platform="slack"),
            *(asked(f"terminal {each}", platform="terminal", posting="") for each in range(9)),
        ):
            assert (await desk.ask(other)).came_to != TOO_MUCH
        assert shown(figures)["wgbot_too_much_total", "slack"] == 3
        assert shown(figures)["wgbot_refusals_total", TOO_MUCH] == 3
        assert kept.getvalue().count("asks too much") == 1
        assert USER not in kept.getvalue()

    told(story)


def test_what_comes_again_is_neither_counted_nor_refused() -> None:
    async def story(world: World, desk: Desk) -> None:
        world.does(CIVIL, 'poll new "Which day?" Monday, Tuesday')
        choice = asked("choice", command="poll choose", platform="slack", poll="1", options="Monday")
        first, meanwhile = await asyncio.gather(desk.ask(choice), desk.ask(choice))
        assert (first.done, meanwhile.again) == (True, True)
        for _ in range(5):
            assert (await desk.ask(choice)).again
        answers = [await desk.ask(asked(str(each), platform="slack")) for each in range(3)]
        assert [answer.came_to for answer in answers] == ["", "", TOO_MUCH]
        assert (await desk.ask(choice)).view == first.view
        assert (
            await desk.ask(asked("2", platform="slack"))
        ).came_to == TOO_MUCH  # nor is what was refused done after all
        # on another replica, which is told of the choice only by the database
        other = Desk(desk._writer, desk._relay, desk._duties, Allowance(FEW, Clock()))
        assert (await other.ask(choice)).again
        for each in range(4, 8):
            await other.ask(asked(str(each), platform="slack"))
        other._allowance._lately.clear()
        assert (await other.ask(choice)).view == first.view

    told(story)


def test_what_lay_somewhere_for_an_hour_is_not_too_much() -> None:
    """A homeserver was away: what somebody did within an hour comes at once, each with its time."""

    async def story(world: World, desk: Desk) -> None:
        world.does(CIVIL, 'poll new "Which day?" Monday, Tuesday')
        for minute in range(60):
            vote = asked(
                f"vote {minute}", NOON - timedelta(minutes=60 - minute), command="poll choose", posting="undone",
                poll="1", options=("Monday", "Tuesday")[minute % 2],
            )  # fmt: skip
            assert (await desk.ask(vote)).done

    assert not any("Too much" in words for words in said(told(story)))


def test_where_nobody_waits_it_is_said_once_in_each_place() -> None:
    """A thousand messages are not answered by a thousand. A vote that is not counted is said to be, at its poll."""

    async def story(world: World, desk: Desk) -> None:
        world.does(CIVIL, 'poll new "Which day?" Monday, Tuesday')
        flood = [await desk.ask(asked(str(each), thread=f"under {each}")) for each in range(50)]
        assert sum(answer.came_to == TOO_MUCH for answer in flood) == 47
        for each in range(5):
            vote = asked(
                f"vote {each}", command="poll choose", posting="undone", thread="the poll", poll="1", options="Monday"
            )
            assert not (await desk.ask(vote)).done
        assert sum("Too much" in words for words in said(world)) == 2
        # brought again by the homeserver, also to a process that knows nothing of it: what was said not to be done is not
        vote = asked("vote 0", command="poll choose", posting="undone", poll="1", options="Monday")
        other = Desk(desk._writer, desk._relay, desk._duties, Allowance(FEW, Clock()))
        assert (await desk.ask(vote)).came_to == TOO_MUCH
        again = await other.ask(vote)
        assert again.again
        assert "Too much" in spoken(again.view)
        assert said(world) == []

    told(story)


def test_where_the_setting_is_off_nothing_is_too_much() -> None:
    async def story(world: World, desk: Desk) -> None:
        answers: list[Answer] = [await desk.ask(asked(str(each), platform="slack")) for each in range(100)]
        assert not any(answer.came_to for answer in answers)

    told(story, rate=None)


def test_mail_that_is_too_much_may_be_brought_again() -> None:
    clock = Clock()

    async def story(world: World, desk: Desk) -> None:
        mail = [
            Request(
                CommunityId(MAG), Space("mail", "mail", "@p", private=True), "list", f"mail:{each}", clock.now, user="p",
                posting=Posting.ALL,
            )
            for each in range(4)
        ]  # fmt: skip
        assert [(await desk.ask(each)).came_to == TOO_MUCH for each in mail] == [False, False, False, True]
        clock.now += timedelta(seconds=6)
        last = Request(
            CommunityId(MAG), mail[3].space, "list", "mail:3", clock.now, user="p", posting=Posting.ALL
        )  # fmt: skip
        assert (await desk.ask(last)).came_to != TOO_MUCH

    told(story, clock=clock)
