"""The relay against a platform that fails in every way: nothing lost, nothing twice, in order, never faster than allowed.

Time is simulated: `Time.pass_` lets it go by. Killing a process is cancelling all its tasks in the middle of a call.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, assert_never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as replace_struct

from adapters.shared.rates import Rate, Retries
from adapters.shared.relay import (
    BREATH_SECONDS,
    MARKS,
    MARKS_APART_SECONDS,
    POLL_SECONDS,
    PRESENT_SECONDS,
    SHOWN_SECONDS,
    Relay,
)
from adapters.shared.sending import Pace, RateLimited, Rejected, Room, Shut, Unreachable
from adapters.shared.writer import AsyncMailbox, Writer
from bot.command import COMMANDS, Arguments
from bot.context import Context, Request, Space
from bot.domain.community import ClockMoved, Counter
from bot.domain.errors import NotNow
from bot.domain.groups import Home
from bot.domain.ids import CommunityId, PersonId, derived
from bot.domain.people import Account, Person, Role, Seat
from bot.domain.records import Reads
from bot.engine import Engine
from bot.founding import Foundation, Founder, found
from bot.outgoing import Lane, Outgoing, Placement, SendKind
from bot.ports import Store, UnitOfWork
from bot.text import T as Sentence
from bot.text import term
from bot.troubles import Reason, Trouble, troubles
from bot.view import Notice, View
from storage.memory import MemoryStore
from storage.schema import prepare
from storage.store import SqlStore

T = TypeVar("T")

MAG = CommunityId("mag")
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ROOM = Lane("chat", "T", "#mag")
NEXT_ROOM = Lane("chat", "T", "#wg")
ROOMS = Lane("chat", "T", "+rooms")
CARD = "card:1"
DESK = PersonId("desk")
LEASE = 60.0


class Time:
    """Simulated time for one event loop: it goes by when told, waking sleepers in their order."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        sleeper = (self.seconds + seconds, asyncio.get_running_loop().create_future())
        self._sleepers.append(sleeper)
        try:
            await sleeper[1]
        finally:
            self._sleepers.remove(sleeper)

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds
        for until, sleeper in sorted(self._sleepers, key=lambda each: each[0]):
            if until <= self.seconds + 1e-9 and not sleeper.done():
                sleeper.set_result(None)

    def next_sleep(self) -> float:
        """Seconds until the next sleeper wakes."""
        return min((until for until, each in self._sleepers if not each.done()), default=float("inf")) - self.seconds

    def asleep(self, seconds: float) -> bool:
        """Whether somebody will sleep for just so long from now."""
        return any(abs(until - self.seconds - seconds) < 1e-6 and not each.done() for until, each in self._sleepers)


class Fate(Enum):
    """What happens to a call of the platform."""

    FINE = "answered"
    LOST = "never arrives, no answer"
    UNHEARD = "arrives, no answer"
    LIMITED = "rate limited"
    REJECTED = "rejected for good"
    SHUT = "the workspace takes nothing"
    BROKEN = "the sender has a bug"
    AWAY = "connection refused"
    KILLED_BEFORE = "the process dies before it arrives"
    KILLED_AFTER = "the process dies after it arrived"
    SLOW = "arrives, and is answered when `Chat.answer` is set"


@dataclass
class Chat:
    """A platform that keeps what it took. `by_id`: the same row id is the same message; otherwise it can be searched."""

    time: Time
    by_id: bool = True
    allows: Pace = field(default_factory=Pace)
    allows_kind: dict[SendKind, Pace] = field(default_factory=dict)
    fates: deque[Fate] = field(default_factory=deque)
    fate_of: dict[str, Fate] = field(default_factory=dict)
    limit: RateLimited = field(default_factory=lambda: RateLimited(5))
    took: list[tuple[str, str, str]] = field(default_factory=list)
    """(place, row id, body) of every message, in the order they arrived."""
    took_at: list[float] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    edits: list[str] = field(default_factory=list)
    edited_at: list[float] = field(default_factory=list)
    rooms: dict[str, Room] = field(default_factory=dict)
    searches: list[tuple[str, datetime]] = field(default_factory=list)
    tries: Tally[str] = field(default_factory=Tally)
    faults: list[str] = field(default_factory=list)
    cut_short: int = 0
    rendering: Callable[[str], object] = lambda word: None
    pacing: Callable[[], object] = lambda: None
    killed: asyncio.Event = field(default_factory=asyncio.Event)
    answer: asyncio.Event = field(default_factory=asyncio.Event)
    no_rooms: bool = False

    platform = "chat"

    def render(self, view: View, _row: Outgoing) -> bytes:
        assert isinstance(view, Notice)
        word = str(view.text.parameters.get("text", view.text.message))
        self.rendering(word)
        return word.encode()

    async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
        def take() -> str:
            known = self._message(row_id) if self.by_id else None
            if known is not None:
                if self.shown[known] != body.decode():
                    self.faults.append(f"{row_id} said {self.shown[known]} before, now {body.decode()}")
                return known
            self.took.append((lane.place, row_id, body.decode()))
            self.took_at.append(self.time.seconds)
            self.shown[f"m{len(self.took)}"] = body.decode()
            return f"m{len(self.took)}"

        return await self._called(row_id, take)

    async def refresh(self, _lane: Lane, row_id: str, remote: str, body: bytes) -> str:
        assert remote in self.shown

        def take() -> str:
            self.shown[remote] = body.decode()
            self.edits.append(body.decode())
            self.edited_at.append(self.time.seconds)
            return remote

        return await self._called(row_id, take)

    async def open_room(self, _lane: Lane, row_id: str, _community: CommunityId, group_subject: str) -> Room | None:
        def take() -> Room | None:
            room = Room(f"#{group_subject}", group_subject.upper())
            return None if self.no_rooms else self.rooms.setdefault(row_id, room)

        return await self._called(row_id, take)

    async def find(self, _lane: Lane, row_id: str, since: datetime, _body: bytes) -> str | None:
        self.searches.append((row_id, since))
        return None if self.by_id else self._message(row_id)

    def pace(self, row: Outgoing) -> Pace:
        self.pacing()
        return self.allows_kind.get(row.kind, self.allows)

    def _message(self, row_id: str) -> str | None:
        return next((f"m{number}" for number, (_, id_, _) in enumerate(self.took, 1) if id_ == row_id), None)

    async def _called(self, row_id: str, take: Callable[[], T]) -> T:
        self.tries[row_id] += 1
        fate = self.fate_of.get(row_id) or (self.fates.popleft() if self.fates else Fate.FINE)
        match fate:
            case Fate.FINE:
                return take()
            case Fate.LOST | Fate.UNHEARD:
                if fate is Fate.UNHEARD:
                    take()
                raise Unreachable(fate.value)
            case Fate.LIMITED:
                raise self.limit
            case Fate.REJECTED:
                raise Rejected(Reason.ROOM_GONE)
            case Fate.SHUT:
                raise Shut(Reason.REVOKED, 300)
            case Fate.AWAY:
                raise ConnectionRefusedError(fate.value)
            case Fate.BROKEN:
                raise KeyError("bug")
            case Fate.KILLED_BEFORE | Fate.KILLED_AFTER:
                if fate is Fate.KILLED_AFTER:
                    take()
                self.killed.set()
                await asyncio.Event().wait()
                raise AssertionError("never")
            case Fate.SLOW:
                taken = take()
                try:
                    await self.answer.wait()
                except asyncio.CancelledError:
                    self.cut_short += 1
                    raise
                return taken
            case _:
                assert_never(fate)


class World:
    """A store, a writer, a platform, and cards that show a number. Relays come and go."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.time = Time()
        self.chat = Chat(self.time)
        self.writer = Writer(Engine(store, self.time.now))
        self.rows = 0
        with store.writing([MAG]) as work:
            chair = Founder("Amina A.", "", Role.CHAIR)
            found(work, Foundation(MAG, "MAG", (chair,), "2027", date(2027, 1, 1), date(2027, 11, 30)), NOON)

    def relay(
        self, *, chat: Chat | None = None, time: Time | None = None, writer: Writer | None = None, **options: Any
    ) -> Relay:
        clock = time or self.time
        given: dict[str, Any] = {
            "now": clock.now,
            "monotonic": clock.monotonic,
            "sleep": clock.sleep,
            "chance": lambda: 0.0,
            "lease_seconds": LEASE,
            **options,
        }
        return Relay(writer or self.writer, [chat or self.chat], show, **given)

    def send(self, *rows: Outgoing) -> None:
        def write(work: UnitOfWork) -> None:
            for row in rows:
                if row.kind is SendKind.POST and row.subject:
                    lane = row.lane
                    work.put(Placement(MAG, row.subject, lane.platform, lane.team, lane.place, "", self.time.now()))
                work.send(row)

        self.writer.call(write, [MAG]).result(10)

    def row(self, lane: Lane = ROOM, kind: SendKind = SendKind.POST, subject: str = "", tag: str = "") -> Outgoing:
        self.rows += 1
        view = Notice(term(f"message {self.rows}")) if kind is SendKind.POST and not subject else None
        return Outgoing(MAG, f"r{self.rows}", lane, kind, subject, view, tag)

    def say(self, lane: Lane = ROOM, tag: str = "") -> str:
        row = self.row(lane, tag=tag)
        self.send(row)
        return row.id

    def card(self, lane: Lane = ROOM) -> str:
        """Post the card, which shows 0 at first."""
        row = self.row(lane, subject=CARD)
        with_state = self.writer.call(lambda work: work.put(Counter(MAG, CARD, self.number())), [MAG])
        with_state.result(10)
        self.send(row)
        return row.id

    def desk(self) -> Lane:
        """Somebody in the Secretariat, and their lane."""
        with self.store.writing([MAG]) as work:
            work.put(Person(MAG, DESK, "Desk", "desk@example.org", "desk"))
            work.put(Seat(MAG, 1, DESK, Role.SECRETARIAT, "", ""))
            work.put(Account(MAG, "chat", "T", "desk", DESK, NOON))
            work.put(Home(MAG, "chat", "T", ROOM.place, "mag", ROOM.place))
        return Lane("chat", "T", "@desk")

    def troubles(self) -> tuple[Trouble, ...]:
        with self.store.reading() as reads:
            return troubles(reads, MAG)

    def dead(self) -> list[tuple[str, str]]:
        with self.store.backlog() as backlog:
            return [(letter.row.id, letter.error) for letter in backlog.dead(10)]

    def number(self) -> int:
        with self.store.reading() as reads:
            counter = reads.get(Counter, MAG, CARD)
        return counter.last if counter else 0

    def vote(self, times: int = 1) -> None:
        """The card changes, and is to be refreshed wherever it hangs."""

        def write(work: UnitOfWork) -> None:
            counter = work.get(Counter, MAG, CARD)
            assert counter is not None
            work.put(replace(counter, last=counter.last + times))
            for placed in work.all(Placement, community=MAG, subject=CARD):
                lane = Lane(placed.platform, placed.team, placed.place)
                for _ in range(times):
                    work.send(self.row(lane, SendKind.REFRESH, CARD))

        self.writer.call(write, [MAG]).result(10)

    def waiting(self) -> int:
        return self.writer.call(lambda work: work.outbox.waiting()).result(10)

    def was_asked(self, origin: str) -> bool:
        return self.writer.call(lambda work: work.answered(MAG, origin)).result(10) is not None

    def ids(self, lane: Lane = ROOM) -> list[str]:
        """The ids of what arrived in a lane, in order."""
        return [id_ for place, id_, _ in self.chat.took if place == lane.place]


def show(reads: Reads, community: CommunityId, subject: str, now: datetime) -> View | None:
    counter = reads.get(Counter, community, subject)
    return None if counter is None else Notice(term(str(counter.last)))


@contextmanager
def lived_in(store: Store) -> Iterator[World]:
    world = World(store)
    try:
        yield world
    finally:
        world.writer.stop()
    assert world.chat.faults == []


@pytest.fixture
def world(store: Store) -> Iterator[World]:
    with lived_in(store) as made:
        yield made


async def until(true: Callable[[], bool]) -> None:
    """Let other tasks and threads go on, no time passing, until something is so."""
    while not true():  # noqa: ASYNC110 - it may come true on another thread
        await asyncio.sleep(0)


async def killed_or_drained(world: World, relay: Relay) -> bool:
    """Drain until there is nothing to do (True), or the process is killed (False): it leaves nothing in order."""
    draining = asyncio.ensure_future(relay.drain())
    killed = asyncio.ensure_future(world.chat.killed.wait())
    await asyncio.wait((draining, killed), return_when=asyncio.FIRST_COMPLETED)
    if draining.done():
        killed.cancel()
        return True
    world.chat.killed.clear()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for each in others:
        each.cancel()
    await asyncio.wait(others)
    world.waiting()
    return False


async def drained(world: World, relay: Relay) -> None:
    """Drain, letting time pass for whoever waits for a turn."""
    draining = asyncio.ensure_future(relay.drain())
    while not draining.done():
        await until(lambda: draining.done() or world.time.next_sleep() <= 1.0)
        if not draining.done():
            world.time.pass_(world.time.next_sleep())
    await draining


# What arrives


def test_messages_arrive_in_the_order_of_their_lane(world: World) -> None:
    async def story() -> None:
        sent = [world.say(ROOM if number % 3 else NEXT_ROOM) for number in range(12)]
        assert await world.relay().drain() == 12
        assert sorted(world.ids() + world.ids(NEXT_ROOM)) == sorted(sent)
        assert world.ids() == [each for number, each in enumerate(sent) if number % 3]
        assert ("#wg", sent[0], "message 1") in world.chat.took
        assert world.waiting() == 0

    asyncio.run(story())


def test_with_nothing_to_send_nothing_is_sent(world: World) -> None:
    assert asyncio.run(world.relay().drain()) == 0


def test_a_card_shows_the_newest_state_when_its_turn_comes(world: World) -> None:
    async def story() -> None:
        world.card()
        world.vote(3)
        await world.relay().drain()
        assert world.chat.took[0][2] == "3"
        assert world.chat.shown == {"m1": "3"}

    asyncio.run(story())


def test_a_thousand_refreshes_cost_one_edit(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.card()
        await relay.drain()
        for _ in range(20):
            world.vote(50)
        assert await relay.drain() == 1
        assert world.chat.edits == ["1000"]

    asyncio.run(story())


def test_what_changes_while_an_edit_is_under_way_costs_one_more(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.card()
        await relay.drain()
        world.vote()
        world.chat.fates.append(Fate.SLOW)
        draining = asyncio.ensure_future(relay.drain())
        await until(lambda: world.chat.edits == ["1"])
        for _ in range(10):
            world.vote()
        world.chat.answer.set()
        await draining
        assert world.chat.edits == ["1", "11"]

    asyncio.run(story())


def test_what_changes_between_rendering_and_sending_is_not_lost(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.card()
        await relay.drain()
        world.vote()
        world.chat.rendering = lambda word: world.vote() if word == "1" else None
        await relay.drain()
        assert world.chat.edits[-1] == "2"

    asyncio.run(story())


def test_a_card_hangs_in_several_rooms_at_once(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.card(ROOM)
        world.card(NEXT_ROOM)
        await relay.drain()
        world.vote(2)
        await relay.drain()
        assert world.chat.shown == {"m1": "2", "m2": "2"}
        assert len(world.chat.edits) == 2

    asyncio.run(story())


def test_a_refresh_of_a_subject_that_is_gone_leaves_the_card_as_it_was(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.card()
        await relay.drain()
        world.vote()
        world.writer.call(lambda work: work.drop(Counter(MAG, CARD, 1)), [MAG]).result(10)
        assert await relay.drain() == 0
        assert world.chat.shown == {"m1": "0"}
        assert world.waiting() == 0

    asyncio.run(story())


def test_a_card_that_shows_nothing_is_not_posted(world: World) -> None:
    async def story() -> None:
        world.send(world.row(subject="card:gone"))
        after = world.say()
        await world.relay().drain()
        assert world.ids() == [after]
        assert world.waiting() == 0

    asyncio.run(story())


def test_rows_for_platforms_it_does_not_serve_are_left_alone(world: World) -> None:
    async def story() -> None:
        world.say(Lane("other", "T", "#mag"))
        assert await world.relay().drain() == 0
        assert world.waiting() == 1

    asyncio.run(story())


# What follows


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """The system requests that are decided, by commands that refuse a tag of "refused" and fail at one of "broken"."""
    seen: list[Request] = []

    def note(context: Context, arguments: Arguments) -> View:
        tag = context.request.arguments.get("tag")
        if tag == "refused":
            raise NotNow(Sentence("Not now."))
        if tag == "broken":
            raise ValueError(tag)
        seen.append(context.request)
        context.happen(ClockMoved(0))
        return Notice(Sentence("Done."))

    for name in ("delivered", "room opened"):
        monkeypatch.setitem(COMMANDS, name, replace(COMMANDS[name], handler=note))
    return seen


def test_a_tagged_message_that_arrived_is_told_to_the_engine_once(world: World, requests: list[Request]) -> None:
    async def story() -> None:
        world.time.pass_(5)
        row_id = world.say(tag="proposal:mwp")
        world.say()
        await world.relay().drain()
        (request,) = requests
        assert request == Request(
            MAG,
            Space("chat", "T", "#mag"),
            "delivered",
            f"delivered:{row_id}",
            world.time.now(),
            arguments={"tag": "proposal:mwp"},
            system=True,
        )

    asyncio.run(story())


@pytest.mark.parametrize("tag", ["refused", "broken"])
def test_a_message_arrived_whatever_the_engine_makes_of_it(world: World, requests: list[Request], tag: str) -> None:
    async def story() -> None:
        sent = [world.say(tag=tag), world.say()]
        await world.relay().drain()
        assert world.ids() == sent
        assert world.waiting() == 0

    asyncio.run(story())


def test_what_follows_is_decided_with_the_mark_or_not_at_all(world: World, requests: list[Request]) -> None:
    async def story() -> None:
        world.chat.fates.append(Fate.KILLED_AFTER)
        row_id = world.say(tag="proposal:mwp")
        assert not await killed_or_drained(world, world.relay())
        assert not world.was_asked(f"delivered:{row_id}")
        world.time.pass_(LEASE)
        await world.relay().drain()
        assert world.was_asked(f"delivered:{row_id}")
        assert len(requests) == 1

    asyncio.run(story())


def test_a_room_is_asked_for_and_told_to_the_engine(world: World, requests: list[Request]) -> None:
    async def story() -> None:
        row = world.row(ROOMS, SendKind.PROVISION, "mwp", "room")
        world.send(row)
        assert await world.relay().drain() == 1
        (request,) = requests
        assert (request.command, request.origin) == ("room opened", f"room:{row.id}")
        assert request.arguments == {
            "group": "mwp",
            "platform": "chat",
            "team": "T",
            "place": "#mwp",
            "name": "MWP",
        }

    asyncio.run(story())


def test_a_room_in_doubt_is_asked_for_again_under_the_same_id(world: World, requests: list[Request]) -> None:
    async def story() -> None:
        world.chat.fates.extend([Fate.UNHEARD, Fate.KILLED_AFTER])
        world.send(world.row(ROOMS, SendKind.PROVISION, "mwp", "room"))
        assert await killed_or_drained(world, world.relay())
        world.time.pass_(10)
        assert not await killed_or_drained(world, world.relay())
        world.time.pass_(LEASE)
        await world.relay().drain()
        assert list(world.chat.rooms) == ["r1"]
        assert len(requests) == 1
        assert world.chat.searches == []

    asyncio.run(story())


def test_where_no_rooms_are_opened_nothing_follows(world: World, requests: list[Request]) -> None:
    async def story() -> None:
        world.chat.no_rooms = True
        world.send(world.row(ROOMS, SendKind.PROVISION, "mwp", "room"))
        assert await world.relay().drain() == 0
        assert requests == []
        assert world.waiting() == 0

    asyncio.run(story())


# What fails


@pytest.mark.parametrize("by_id", [True, False], ids=["ids", "search"])
@pytest.mark.parametrize("fate", [Fate.LOST, Fate.UNHEARD])
def test_a_message_in_doubt_arrives_once(world: World, fate: Fate, by_id: bool) -> None:
    async def story() -> None:
        relay = world.relay()
        world.chat.by_id = by_id
        world.chat.fates.append(fate)
        sent = [world.say(), world.say()]
        first_tried = world.time.now()
        await relay.drain()
        assert world.ids() == sent[: int(fate is Fate.UNHEARD)]
        world.time.pass_(1)
        await relay.drain()
        assert world.ids() == sent
        assert world.chat.searches == [(sent[0], first_tried)]

    asyncio.run(story())


def test_a_retry_sends_the_same_body_and_newer_state_goes_after_it(world: World) -> None:
    """A platform that knows the id gives the first message back, whatever the body says now."""

    async def story() -> None:
        relay = world.relay()
        world.card()
        world.chat.fates.append(Fate.UNHEARD)
        await relay.drain()
        world.vote()
        assert world.chat.shown == {"m1": "0"}
        world.time.pass_(1)
        await relay.drain()
        assert world.chat.took == [("#mag", "r1", "0")]
        assert world.chat.shown == {"m1": "1"}

    asyncio.run(story())


def test_an_edit_that_failed_gives_way_to_a_newer_one(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.card()
        await relay.drain()
        world.chat.fates.append(Fate.LOST)
        world.vote()
        await relay.drain()
        world.vote()
        world.time.pass_(1)
        await relay.drain()
        assert world.chat.edits == ["2"]
        assert world.waiting() == 0

    asyncio.run(story())


def test_an_answer_that_does_not_come_is_not_waited_for(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.chat.fates.append(Fate.SLOW)
        sent = [world.say(), world.say()]
        draining = asyncio.ensure_future(relay.drain())
        await until(lambda: world.time.asleep(LEASE / 2) and len(world.chat.took) == 1)
        world.time.pass_(LEASE / 2)
        assert await draining == 0
        await until(lambda: world.chat.cut_short == 1)
        world.time.pass_(1)
        assert await relay.drain() == 2
        assert world.ids() == sent

    asyncio.run(story())


def test_retries_come_later_and_later_until_it_is_given_up(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    async def story() -> None:
        relay = world.relay(retries=Retries(attempts=4, first_seconds=2.0))
        dead, alive = world.say(), world.say()
        elsewhere = world.say(NEXT_ROOM)
        world.chat.fate_of[dead] = Fate.LOST
        await relay.drain()
        assert world.ids(NEXT_ROOM) == [elsewhere]
        for wait, tries in ((1, 2), (2, 3), (4, 4)):
            world.time.pass_(wait - 0.01)
            await relay.drain()
            assert world.chat.tries[dead] == tries - 1
            world.time.pass_(0.01)
            await relay.drain()
            assert world.chat.tries[dead] == tries
        assert world.ids() == [alive]
        assert world.waiting() == 0
        assert "r1 is parked after 4 attempts" in caplog.text
        again = [each.getMessage() for each in caplog.records if each.levelname == "INFO"]
        assert again[:1] == [f"post r1 is tried again in 1.0 s: {Fate.LOST.value}"]
        assert len(again) == 3

    asyncio.run(story())


def test_a_room_that_cannot_be_opened_is_given_up_too(world: World) -> None:
    async def story() -> None:
        relay = world.relay(retries=Retries(attempts=3))
        world.chat.fate_of["r1"] = Fate.LOST
        world.send(world.row(ROOMS, SendKind.PROVISION, "mwp", "room"))
        world.send(world.row(ROOMS, SendKind.PROVISION, "co", "room"))
        for _ in range(4):
            await relay.drain()
            world.time.pass_(60)
        assert list(world.chat.rooms) == ["r2"]
        assert world.chat.tries["r1"] == 3
        assert world.waiting() == 0

    asyncio.run(story())


def test_what_kills_the_process_every_time_is_given_up(world: World) -> None:
    async def story() -> None:
        world.chat.fate_of["r1"] = Fate.KILLED_BEFORE
        world.say()
        alive = world.say()
        for _ in range(3):
            assert not await killed_or_drained(world, world.relay(retries=Retries(attempts=3)))
            world.time.pass_(LEASE)
        await world.relay(retries=Retries(attempts=3)).drain()
        assert world.ids() == [alive]

    asyncio.run(story())


def test_what_is_rejected_is_parked_at_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        world.say()
        alive = world.say()
        world.chat.fates.append(Fate.REJECTED)
        assert await world.relay().drain() == 1
        assert world.ids() == [alive]
        assert world.waiting() == 0
        assert "chat rejected it: room-gone" in caplog.text

    asyncio.run(story())


def test_what_was_parked_is_told_to_the_secretariat_and_can_be_sent_again(world: World) -> None:
    async def story() -> None:
        relay, desk = world.relay(), world.desk()
        world.chat.fates.append(Fate.REJECTED)
        row_id = world.say()
        later = world.say()
        await relay.drain()
        assert world.dead() == [(row_id, "room-gone")]
        assert len(world.ids(desk)) == 1
        assert world.troubles() == (), "the next message arrived"
        assert world.writer.call(lambda work: work.outbox.retry([row_id])).result(10) == [row_id]
        await relay.drain()
        assert world.ids() == [later, row_id]
        assert world.dead() == []

    asyncio.run(story())


def test_where_nothing_arrives_the_trouble_stays_and_nobody_hears_of_the_telling(world: World) -> None:
    async def story() -> None:
        relay, desk = world.relay(), world.desk()
        world.chat.fates.extend([Fate.REJECTED] * 3)
        world.say()
        await relay.drain()
        assert len(world.dead()) == 2
        assert sum(world.chat.tries.values()) == 2
        assert {trouble.place: bool(trouble.told_at) for trouble in world.troubles()} == {
            ROOM.place: True,
            desk.place: False,
        }
        world.time.pass_(3600)
        world.say()
        await relay.drain()
        assert sum(world.chat.tries.values()) == 3, "told once a day"

    asyncio.run(story())


def test_what_was_given_up_is_sent_again_with_every_try_before_it(world: World) -> None:
    async def story() -> None:
        relay = world.relay(retries=Retries(attempts=2))
        world.chat.fates.extend([Fate.UNHEARD, Fate.LOST])
        row_id = world.say()
        for _ in range(2):
            await relay.drain()
            world.time.pass_(60)
        assert world.dead() == [(row_id, "never arrives, no answer")]
        world.chat.fates.append(Fate.LOST)
        world.writer.call(lambda work: work.outbox.retry([row_id])).result(10)
        for _ in range(2):
            await relay.drain()
            world.time.pass_(60)
        assert world.ids() == [row_id], "it had arrived, and is the same message"
        assert world.dead() == []

    asyncio.run(story())


def test_a_card_somebody_deleted_is_left_alone(world: World) -> None:
    class Deleted(Chat):
        async def refresh(self, _lane: Lane, _row_id: str, _remote: str, _body: bytes) -> str:
            raise Rejected(Reason.MESSAGE_GONE)

    async def story() -> None:
        world.chat = Deleted(world.time)
        relay = world.relay()
        world.card()
        world.vote()
        assert await relay.drain() == 1
        world.vote()
        assert await relay.drain() == 0
        assert world.dead() == []
        assert world.troubles() == ()

    asyncio.run(story())


def test_a_workspace_that_is_shut_waits_as_a_whole_and_loses_nothing(world: World) -> None:
    async def story() -> None:
        relay, desk = world.relay(retries=Retries(attempts=1)), world.desk()
        lanes = [Lane("chat", "T", f"#{number}") for number in range(40)]
        sent = {lane.place: [world.say(lane), world.say(lane)] for lane in lanes}
        elsewhere = Lane("chat", "T2", "#mag")
        world.say(elsewhere)
        world.chat.fate_of = {id_: Fate.SHUT for ids in sent.values() for id_ in ids}
        await relay.drain()
        assert len(world.ids(elsewhere)) == 1
        (trouble,) = world.troubles()
        assert (trouble.place, trouble.reason, trouble.count) == ("", "access-revoked", 1)
        tried = sum(world.chat.tries.values())
        for round_ in range(1, 4):
            world.time.pass_(299)
            await relay.drain()
            assert sum(world.chat.tries.values()) == tried + round_ - 1
            world.time.pass_(1)
            await relay.drain()
            assert sum(world.chat.tries.values()) == tried + round_, "one message is tried"
        (trouble,) = world.troubles()
        assert trouble.count == 4
        assert world.dead() == []
        assert world.waiting() == 80 + 1
        world.chat.fate_of = {}
        for seconds in (300, 2, 2):
            world.time.pass_(seconds)
            await relay.drain()
        assert {lane.place: world.ids(lane) for lane in lanes} == sent
        assert len(world.ids(desk)) == 1, "told once, when it was to be reached again"
        assert world.troubles() == ()
        assert world.waiting() == 0

    asyncio.run(story())


def test_every_community_in_a_workspace_is_told_that_it_is_shut(world: World) -> None:
    async def story() -> None:
        nri = CommunityId("nri")
        with world.store.writing([nri]) as work:
            chair = Founder("Bao B.", "", Role.CHAIR)
            found(work, Foundation(nri, "NRI", (chair,), "2027", date(2027, 1, 1), date(2027, 11, 30)), NOON)
        relay = world.relay(lanes=1)
        world.chat.fates.append(Fate.SHUT)
        world.say()
        with world.store.writing([nri]) as work:
            work.send(replace_struct(world.row(NEXT_ROOM), community=nri))
        await relay.drain()
        with world.store.reading() as reads:
            assert [len(troubles(reads, each)) for each in (MAG, nri)] == [1, 1]
        assert sum(world.chat.tries.values()) == 1

    asyncio.run(story())


def test_a_message_in_doubt_stays_so_while_its_workspace_is_shut(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.chat.by_id = False
        world.chat.fates.append(Fate.UNHEARD)
        row_id = world.say()
        await relay.drain()
        world.chat.fates.append(Fate.SHUT)
        world.say(NEXT_ROOM)
        await relay.drain()
        for _ in range(2):
            world.time.pass_(300)
            await relay.drain()
        assert world.ids() == [row_id]
        assert world.waiting() == 0

    asyncio.run(story())


def test_a_workspace_that_shuts_in_the_middle_of_a_message_gets_the_rest_later(world: World) -> None:
    class Shuts(Chat):
        async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
            self.took.append((lane.place, f"{row_id}/1", body.decode()))
            raise Shut(Reason.REVOKED, 60, partly=True)

        async def find(self, lane: Lane, row_id: str, _since: datetime, body: bytes) -> str | None:
            self.took.append((lane.place, f"{row_id}/2", body.decode()))
            return f"{row_id}/1"

    async def story() -> None:
        world.chat = Shuts(world.time)
        relay = world.relay(retries=Retries(attempts=1))
        world.say()
        await relay.drain()
        world.time.pass_(60)
        assert await relay.drain() == 1
        assert world.ids() == ["r1/1", "r1/2"]

    asyncio.run(story())


def test_a_sender_with_a_bug_is_tried_less_often_and_stops_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        relay = world.relay(retries=Retries(bugs=2))
        world.chat.fate_of["r1"] = Fate.BROKEN
        world.say()
        alive, elsewhere = world.say(), world.say(NEXT_ROOM)
        await relay.drain()
        world.time.pass_(60)
        await relay.drain()
        assert world.ids() == [alive]
        assert world.ids(NEXT_ROOM) == [elsewhere]
        assert world.chat.tries["r1"] == 2
        assert "KeyError" in caplog.text

    asyncio.run(story())


def test_a_connection_that_fails_is_no_bug(world: World) -> None:
    async def story() -> None:
        relay = world.relay(retries=Retries(bugs=1))
        world.chat.fates.extend([Fate.AWAY] * 3)
        row_id = world.say()
        for _ in range(4):
            await relay.drain()
            world.time.pass_(60)
        assert world.ids() == [row_id]

    asyncio.run(story())


def test_what_cannot_be_rendered_is_parked_with_a_reference(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        def broken(word: str) -> None:
            if word == "message 1":
                raise ValueError("secret words")

        relay = world.relay()
        world.chat.rendering = broken
        world.say()
        alive, elsewhere = world.say(), world.say(NEXT_ROOM)
        for _ in range(4):
            await relay.drain()
            world.time.pass_(60)
        assert world.ids() == [alive]
        assert world.ids(NEXT_ROOM) == [elsewhere]
        assert world.waiting() == 0
        assert f"bug {derived('r1', 0, 6)} in rendering post r1" in caplog.text

    asyncio.run(story())


def test_a_message_that_cannot_be_rendered_for_a_moment_is_not_lost(world: World) -> None:
    async def story() -> None:
        troubles = iter([OSError("the database is away"), OSError("still")])

        def troubled(word: str) -> None:
            for trouble in troubles:
                raise trouble

        relay = world.relay()
        world.chat.rendering = troubled
        sent = [world.say(), world.say()]
        for _ in range(3):
            await relay.drain()
            world.time.pass_(5)
        assert world.ids() == sent

    asyncio.run(story())


# Killed, frozen, taken over


@pytest.mark.parametrize("by_id", [True, False], ids=["ids", "search"])
@pytest.mark.parametrize("fate", [Fate.KILLED_BEFORE, Fate.KILLED_AFTER])
def test_another_process_takes_over_when_the_lease_has_run_out(
    world: World,
    fate: Fate,
    by_id: bool,
) -> None:
    async def story() -> None:
        world.chat.by_id = by_id
        world.chat.fates.append(fate)
        sent = [world.say(), world.say()]
        assert not await killed_or_drained(world, world.relay())
        other = world.relay()
        world.time.pass_(LEASE - 1)
        assert await other.drain() == 0
        world.time.pass_(1)
        assert await other.drain() == 2
        assert world.ids() == sent

    asyncio.run(story())


@pytest.mark.parametrize("fate", [Fate.KILLED_BEFORE, Fate.KILLED_AFTER])
def test_of_replicas_another_takes_over_as_soon_as_one_shows_itself_no_more(fate: Fate) -> None:
    async def story(world: World) -> None:
        world.chat.by_id = False
        world.chat.fates.append(fate)
        sent = [world.say(), world.say()]
        assert not await killed_or_drained(world, world.relay(shared=True))
        other = world.relay(shared=True)
        world.time.pass_(PRESENT_SECONDS - 1)
        assert await other.drain() == 0
        world.time.pass_(SHOWN_SECONDS)
        assert await other.drain() == 2
        assert world.ids() == sent

    with lived_in(MemoryStore()) as world:
        asyncio.run(story(world))


def test_a_call_ends_before_others_may_take_its_process_for_gone() -> None:
    """Its database does not answer any more: it cannot say that it is there, and another will send the same."""

    async def story(world: World) -> None:
        world.chat.fates.append(Fate.SLOW)
        world.say()
        relay = world.relay(shared=True)
        draining = asyncio.create_task(relay.drain())
        await until(lambda: bool(world.chat.took))
        world.time.pass_(PRESENT_SECONDS - 1)
        await asyncio.sleep(0.01)
        assert not world.chat.cut_short
        world.time.pass_(1)
        await until(lambda: bool(world.chat.cut_short))
        await draining

    with lived_in(MemoryStore()) as world:
        asyncio.run(story(world))


def test_killed_before_it_was_rendered_a_refresh_shows_the_newest_state(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.card()
        await relay.drain()
        world.vote()
        frozen = threading.Event()

        def freezes(word: str) -> None:
            loop.call_soon_threadsafe(world.chat.killed.set)
            frozen.wait(10)

        loop, world.chat.rendering = asyncio.get_running_loop(), freezes
        assert not await killed_or_drained(world, relay)
        frozen.set()
        world.chat.rendering = lambda word: None
        world.vote()
        world.time.pass_(LEASE)
        await world.relay().drain()
        assert world.chat.edits == ["2"]
        assert world.waiting() == 0

    asyncio.run(story())


@pytest.mark.parametrize("fate", [Fate.SLOW, Fate.LIMITED, Fate.LOST, Fate.REJECTED])
def test_a_process_that_was_frozen_while_another_took_over_does_no_harm(world: World, fate: Fate) -> None:
    async def story() -> None:
        frozen = Time()
        thawed = asyncio.Event()

        class Freezes(Chat):
            async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
                self.fate_of = {}
                await thawed.wait()
                return await super().post(lane, row_id, body)

        slow = Freezes(world.time, took=world.chat.took, shown=world.chat.shown, fates=deque([fate]))
        slow.answer.set()
        sent = [world.say(), world.say()]
        thawing = asyncio.ensure_future(world.relay(chat=slow, time=frozen).drain())
        await until(lambda: frozen.asleep(LEASE / 2))
        world.time.pass_(LEASE)
        world.chat.fates.append(Fate.SLOW)
        taking_over = asyncio.ensure_future(world.relay().drain())
        await until(lambda: len(world.chat.took) == 1)
        frozen.seconds = LEASE + 1
        thawed.set()
        await thawing
        assert world.chat.took == [("#mag", sent[0], "message 1")]
        world.chat.answer.set()
        await taking_over
        assert world.ids() == sent
        assert world.waiting() == 0

    asyncio.run(story())


@pytest.mark.parametrize("fate", [Fate.LIMITED, Fate.LOST, Fate.REJECTED])
def test_what_a_frozen_process_learns_too_late_changes_nothing(
    world: World, fate: Fate, requests: list[Request]
) -> None:
    """Another took over, sent, and was killed: a third must still find the message, whatever the first says by then."""

    async def story() -> None:
        frozen, thawed = Time(), asyncio.Event()

        class Freezes(Chat):
            async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
                await thawed.wait()
                return await super().post(lane, row_id, body)

        world.chat.by_id = False
        slow = Freezes(world.time, fates=deque([fate]))
        row_id = world.say(tag="proposal:mwp")
        thawing = asyncio.ensure_future(world.relay(chat=slow, time=frozen).drain())
        await until(lambda: frozen.asleep(LEASE / 2))
        world.time.pass_(LEASE)
        world.chat.fates.append(Fate.KILLED_AFTER)
        taking_over = asyncio.ensure_future(world.relay().drain())
        await until(world.chat.killed.is_set)
        frozen.seconds = LEASE + 1
        thawed.set()
        assert await thawing == 0
        world.chat.killed.clear()
        taking_over.cancel()
        world.time.pass_(2 * LEASE)
        assert await world.relay().drain() == 1
        assert world.ids() == [row_id]
        assert len(requests) == 1
        assert world.waiting() == 0

    asyncio.run(story())


def test_a_process_that_was_frozen_before_sending_does_not_send(world: World) -> None:
    async def story() -> None:
        frozen, thawed = Time(), threading.Event()
        begun = threading.Event()

        def freeze(word: str) -> None:
            begun.set()
            thawed.wait(10)

        slow = Chat(world.time, rendering=freeze)
        sent = [world.say()]
        thawing = asyncio.ensure_future(world.relay(chat=slow, time=frozen).drain())
        await until(begun.is_set)
        world.time.pass_(LEASE)
        await world.relay().drain()
        assert world.ids() == sent
        thawed.set()
        assert await thawing == 0
        assert slow.took == []

    asyncio.run(story())


def test_a_turn_that_came_too_late_in_its_lease_is_given_back(world: World) -> None:
    async def story() -> None:
        rendered: list[str] = []
        waits = iter([LEASE / 2 + 1])

        def slowly(word: str) -> None:
            rendered.append(word)
            world.time.pass_(next(waits, 0))

        world.chat.rendering = slowly
        row_id = world.say()
        assert await world.relay().drain() == 1
        assert world.ids() == [row_id]
        assert len(rendered) == 2

    asyncio.run(story())


@pytest.mark.parametrize("delay", ["too late", "not its turn"])
def test_a_message_in_doubt_that_is_given_back_stays_in_doubt(world: World, delay: str) -> None:
    async def story() -> None:
        relay = world.relay()
        world.chat.by_id = False
        world.chat.fates.append(Fate.UNHEARD)
        if delay == "not its turn":
            world.chat.allows = Pace(workspace=Rate(0.1))
        row_id = world.say()
        await relay.drain()
        waits = iter([LEASE / 2 + 1 if delay == "too late" else 0])
        world.chat.pacing = lambda: world.time.pass_(next(waits, 0))
        for _ in range(2):
            world.time.pass_(5)
            await relay.drain()
        assert world.ids() == [row_id]
        assert len(world.chat.searches) == 1
        assert world.waiting() == 0

    asyncio.run(story())


def test_a_mark_that_cannot_be_written_leaves_the_row_in_doubt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        world.chat.fates.append(Fate.SLOW)
        row_id = world.say(tag="proposal:mwp")
        draining = asyncio.ensure_future(world.relay().drain())
        await until(lambda: bool(world.chat.took))
        with monkeypatch.context() as patch:
            patch.setattr(world.writer.engine, "decide", lambda work, request: 1 / 0)
            world.chat.answer.set()
            while not draining.done():  # it tries again for a while
                await until(lambda: draining.done() or world.time.next_sleep() <= MARKS_APART_SECONDS)
                world.time.pass_(MARKS_APART_SECONDS)
            assert await draining == 0
        assert world.waiting() == 1
        world.time.pass_(LEASE)
        assert await world.relay().drain() == 1
        assert world.ids() == [row_id]

    asyncio.run(story())


def test_a_mark_that_cannot_be_written_for_a_moment_is_written_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database restarts: the lane does not wait for its lease to end."""

    async def story() -> None:
        world.chat.fates.append(Fate.SLOW)
        sent = [world.say(), world.say()]
        draining = asyncio.ensure_future(world.relay().drain())
        await until(lambda: bool(world.chat.took))
        with monkeypatch.context() as patch:
            patch.setattr(world.writer.engine.store, "writing", lambda communities: 1 / 0)
            world.chat.answer.set()
            await until(lambda: world.time.next_sleep() <= MARKS_APART_SECONDS)
        world.time.pass_(MARKS_APART_SECONDS)
        assert await draining == 2
        assert world.ids() == sent

    asyncio.run(story())


def test_replicas_on_one_database_share_the_work(postgres_url: str) -> None:
    """Three processes, each with its own writer and relay, some of whose calls are not answered."""

    async def story(world: World, others: list[SqlStore]) -> None:
        with ExitStack() as ending:
            writers = [ending.enter_context(Writer(Engine(store, world.time.now))) for store in others]
            lanes = [Lane("chat", "T", f"#{number}") for number in range(12)]
            said = {lane.place: [world.say(lane, tag="proposal:none") for _ in range(5)] for lane in lanes}
            world.card()
            world.chat.fates.extend([Fate.FINE, Fate.FINE, Fate.UNHEARD, Fate.LOST] * 6)
            relays = [world.relay(lanes=3), *(world.relay(writer=writer, lanes=3) for writer in writers)]
            while world.waiting():
                await asyncio.gather(*(relay.drain() for relay in relays))
                world.time.pass_(10)
            for lane in lanes:
                assert world.ids(lane) == said[lane.place]
                assert all(world.was_asked(f"delivered:{each}") for each in said[lane.place])

    with closing(SqlStore.open(postgres_url)) as store, lived_in(store) as world, ExitStack() as ending:
        asyncio.run(story(world, [ending.enter_context(closing(SqlStore.open(postgres_url))) for _ in range(2)]))


# How fast


def test_a_lane_keeps_its_pace_and_holds_nobody_up(world: World) -> None:
    async def story() -> None:
        world.chat.allows = Pace(lane=Rate(1.0, burst=2))
        relay = world.relay()
        sent = [world.say() for _ in range(6)]
        elsewhere = [world.say(NEXT_ROOM) for _ in range(2)]
        await relay.drain()
        assert world.ids() == sent[:2]
        assert world.ids(NEXT_ROOM) == elsewhere
        for arrived in (3, 4, 5, 6):
            world.time.pass_(0.99)
            assert await relay.drain() == 0
            world.time.pass_(0.01)
            assert await relay.drain() == 1
            assert len(world.ids()) == arrived

    asyncio.run(story())


@pytest.mark.parametrize("seconds", [0.5, 2.0], ids=["holding the lane", "giving it back"])
def test_a_workspace_keeps_its_pace_over_all_its_lanes(world: World, seconds: float) -> None:
    async def story() -> None:
        world.chat.allows = Pace(workspace=Rate(1 / seconds, burst=4))
        relay = world.relay(lanes=1)
        for number in range(12):
            world.say(Lane("chat", "T", f"@u{number}"))
        elsewhere = Lane("chat", "T2", "#mag")
        world.say(elsewhere)
        await drained(world, relay)
        while world.waiting():
            world.time.pass_(seconds)
            await drained(world, relay)
        times = [at for at, (place, _, _) in zip(world.chat.took_at, world.chat.took, strict=True) if place != "#mag"]
        assert times == [0, 0, 0, 0, *(seconds * number for number in range(1, 9))]
        assert world.ids(elsewhere)

    asyncio.run(story())


def test_being_rate_limited_is_waited_out_and_never_given_up(world: World) -> None:
    async def story() -> None:
        relay = world.relay(retries=Retries(attempts=3))
        row_id = world.say()
        world.chat.fates.extend([Fate.LIMITED] * 9)
        await relay.drain()
        for tries in range(2, 11):
            world.time.pass_(4.99)
            assert await relay.drain() == 0
            assert world.chat.tries[row_id] == tries - 1
            world.time.pass_(0.01)
            await relay.drain()
            assert world.chat.tries[row_id] == tries
        assert world.ids() == [row_id]

    asyncio.run(story())


def test_a_message_in_doubt_stays_so_while_it_is_rate_limited(world: World) -> None:
    """Here the search is what is limited."""

    class Searched(Chat):
        async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes) -> str | None:
            found_ = await super().find(lane, row_id, since, body)
            if len(self.searches) < 10:
                raise self.limit
            return found_

    async def story() -> None:
        world.chat = Searched(world.time, by_id=False, fates=deque([Fate.UNHEARD]))
        relay = world.relay(retries=Retries(attempts=3))
        row_id = world.say()
        for _ in range(12):
            await relay.drain()
            world.time.pass_(5)
        assert world.ids() == [row_id]
        assert len(world.chat.searches) == 10
        assert world.waiting() == 0

    asyncio.run(story())


def test_a_workspace_that_is_rate_limited_is_left_alone(world: World) -> None:
    async def story() -> None:
        relay = world.relay(lanes=1)
        world.chat.limit = RateLimited(30, workspace=True)
        world.chat.fates.append(Fate.LIMITED)
        world.say(ROOM)
        world.say(NEXT_ROOM)
        elsewhere = Lane("chat", "T2", "#mag")
        world.say(elsewhere)
        await relay.drain()
        assert [place for place, _, _ in world.chat.took] == ["#mag"]
        assert world.ids(elsewhere) == ["r3"]
        assert sum(world.chat.tries.values()) == 2
        world.time.pass_(30)
        await relay.drain()
        assert len(world.chat.took) == 3

    asyncio.run(story())


EDITS = Pace(workspace=Rate(1 / 1.5), pool="edit")


def test_a_thousand_votes_cost_one_edit_in_a_second_and_a_half_and_delay_no_message(world: World) -> None:
    async def story() -> None:
        relay, draining = world.relay(), []
        world.chat.allows_kind = {SendKind.REFRESH: EDITS}
        world.card()
        await relay.drain()
        for number in range(1, 41):
            world.time.pass_(0.1)
            world.vote(25)
            world.say(NEXT_ROOM)
            draining.append(asyncio.ensure_future(relay.drain()))
            await until(lambda number=number: len(world.ids(NEXT_ROOM)) == number)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            assert world.chat.took_at[-1] == world.time.seconds
        while world.waiting():
            world.time.pass_(0.5)
            await drained(world, relay)
        await asyncio.gather(*draining)
        assert world.chat.edits[-1] == "1000"
        assert 3 <= len(world.chat.edits) <= 1 + world.chat.edited_at[-1] / 1.5

    asyncio.run(story())


@pytest.mark.parametrize("seconds", [1.5, 0.02], ids=["slow", "fast"])
def test_lanes_that_wait_to_be_edited_keep_nobody_waiting(world: World, seconds: float) -> None:
    async def story() -> None:
        relay = world.relay()
        for number in range(50):
            world.card(Lane("chat", "T", f"@u{number}"))
        later = [Lane("chat", "T", f"@z{number}") for number in range(10)]  # their turn comes after those
        for lane in later:
            world.say(lane)
        await relay.drain()
        world.chat.allows_kind = {SendKind.REFRESH: Pace(workspace=Rate(1 / seconds), pool="edit")}
        world.vote()
        sent = [world.say(lane) for lane in later]
        draining = asyncio.ensure_future(relay.drain())
        await until(lambda: len(world.chat.took) == 70)
        assert sorted(id_ for _, id_, _ in world.chat.took[60:]) == sorted(sent)
        assert (world.time.seconds, len(world.chat.edits)) == (0, 1)
        while world.waiting():
            world.time.pass_(seconds)
            await drained(world, relay)
        await draining
        assert len(world.chat.edits) == 50
        assert all(at >= number * seconds - 1e-6 for number, at in enumerate(world.chat.edited_at))
        assert world.chat.edited_at[-1] <= 50 * seconds + 1

    asyncio.run(story())


def test_of_a_message_in_parts_the_missing_ones_follow(world: World) -> None:
    """The platform takes two parts and no more for now; a search finds those, and sends the others."""

    class InParts(Chat):
        async def post(self, lane: Lane, row_id: str, body: bytes) -> str:
            for part in ("1", "2"):
                self.took.append((lane.place, f"{row_id}/{part}", body.decode()))
            raise RateLimited(5, partly=True)

        async def find(self, lane: Lane, row_id: str, since: datetime, body: bytes) -> str | None:
            assert (since, body) == (NOON, b"message 1")
            if len(self.searches) < 3:
                self.searches.append((row_id, since))
                raise RateLimited(5)
            self.took.append((lane.place, f"{row_id}/3", body.decode()))
            return f"{row_id}/1"

    async def story() -> None:
        world.chat = InParts(world.time)
        relay = world.relay(retries=Retries(attempts=1))
        world.say()
        for _ in range(5):
            await relay.drain()
            world.time.pass_(5)
        assert world.ids() == ["r1/1", "r1/2", "r1/3"]
        assert world.waiting() == 0

    asyncio.run(story())


def test_a_message_in_doubt_is_looked_for_only_after_a_grace(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.chat.allows, world.chat.by_id = Pace(grace_seconds=10), False
        world.chat.fates.append(Fate.UNHEARD)
        row_id = world.say()
        await relay.drain()
        world.time.pass_(9.9)
        await relay.drain()
        assert world.chat.searches == []
        world.time.pass_(0.1)
        await relay.drain()
        assert world.ids() == [row_id]
        assert world.waiting() == 0

    asyncio.run(story())


def test_no_more_lanes_at_once_than_agreed(world: World) -> None:
    async def story() -> None:
        world.chat.fates.extend([Fate.SLOW] * 3)
        for number in range(10):
            world.say(Lane("chat", "T", f"@u{number}"))
        draining = asyncio.ensure_future(world.relay(lanes=3).drain())
        await until(lambda: len(world.chat.took) == 3)
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(world.chat.took) == 3
        world.chat.answer.set()
        assert await draining == 10

    asyncio.run(story())


# Running


async def running(world: World, relay: Relay) -> asyncio.Task[None]:
    task = asyncio.ensure_future(relay.run())
    await until(lambda: world.time.asleep(POLL_SECONDS))
    return task


def test_woken_from_any_thread_it_sends_at_once(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        task = await running(world, relay)
        world.time.pass_(0.5)
        world.say()
        waking = threading.Thread(target=relay.wake)
        waking.start()
        waking.join()
        await until(lambda: world.waiting() == 0)
        assert world.time.seconds == 0.5
        await relay.stop()
        await task

    asyncio.run(story())


def test_a_committed_batch_wakes_it(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        woken = threading.Event()
        world.writer.after_commit(relay.wake)
        world.writer.after_commit(woken.set)
        task = await running(world, relay)
        world.say()
        await until(lambda: not woken.is_set())
        request = Request(MAG, Space("chat", "T", "#mag"), "delivered", "o1", NOON, arguments={"tag": "-"}, system=True)
        await AsyncMailbox(world.writer).ask(request)
        await until(lambda: world.time.asleep(BREATH_SECONDS))
        world.time.pass_(BREATH_SECONDS)
        await until(lambda: world.waiting() == 0)
        await relay.stop()
        await task

    asyncio.run(story())


def test_not_woken_it_looks_every_second(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        task = await running(world, relay)
        world.say()
        world.time.pass_(POLL_SECONDS)
        await until(lambda: world.waiting() == 0)
        await relay.stop()
        await task

    asyncio.run(story())


def test_it_comes_back_to_a_lane_when_its_pause_is_over(world: World) -> None:
    async def story() -> None:
        world.chat.allows = Pace(lane=Rate(5.0))
        relay = world.relay()
        for _ in range(4):
            world.say()
        task = asyncio.ensure_future(relay.run())
        for arrived in (1, 2, 3, 4):
            await until(lambda arrived=arrived: world.waiting() == 4 - arrived and world.time.asleep(0.2))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            world.time.pass_(0.2)
        assert world.chat.took_at == pytest.approx([0, 0.2, 0.4, 0.6])
        await relay.stop()
        await task

    asyncio.run(story())


def test_lanes_that_waited_for_a_carrier_are_not_forgotten(world: World) -> None:
    async def story() -> None:
        relay = world.relay(lanes=1)
        world.chat.fates.append(Fate.SLOW)
        world.say(ROOM)
        task = asyncio.ensure_future(relay.run())
        await until(lambda: len(world.chat.took) == 1)
        world.say(NEXT_ROOM)
        relay.wake()
        world.chat.answer.set()
        await until(lambda: world.waiting() == 0)
        world.time.pass_(BREATH_SECONDS)
        await relay.stop()
        await task

    asyncio.run(story())


def test_a_wake_up_while_every_carrier_was_busy_is_not_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The carrier ends without having looked for the next lane itself: its mark could not be written."""

    async def story() -> None:
        relay = world.relay(lanes=1)
        world.chat.fates.append(Fate.SLOW)
        world.say(ROOM, tag="proposal:mwp")
        task = asyncio.ensure_future(relay.run())
        await until(lambda: len(world.chat.took) == 1)
        world.time.pass_(0.5)
        world.say(NEXT_ROOM)
        relay.wake()
        for _ in range(100):
            await asyncio.sleep(0)
        monkeypatch.setattr(world.writer.engine, "decide", lambda work, request: 1 / 0)
        world.chat.answer.set()
        for tried in range(1, MARKS):
            await until(lambda tried=tried: caplog.text.count("cannot be marked just now") == tried)  # type: ignore[misc]  # bound at once
            await asyncio.sleep(0)
            world.time.pass_(MARKS_APART_SECONDS)
        await until(lambda: len(world.chat.took) == 2)
        assert world.time.seconds == 0.5 + (MARKS - 1) * MARKS_APART_SECONDS
        await relay.stop()
        world.time.pass_(BREATH_SECONDS)
        await task

    asyncio.run(story())


def test_stopping_lets_what_is_under_way_finish_and_begins_nothing_new(world: World) -> None:
    async def story() -> None:
        relay = world.relay()
        world.chat.fates.append(Fate.SLOW)
        world.say()
        world.say()
        task = asyncio.ensure_future(relay.run())
        await until(lambda: len(world.chat.took) == 1)
        stopping = asyncio.ensure_future(relay.stop())
        for _ in range(100):
            await asyncio.sleep(0)
        assert not stopping.done()
        assert not task.done()
        world.chat.answer.set()
        await stopping
        await task
        assert world.ids() == ["r1"]
        assert world.waiting() == 1
        relay.wake()

    asyncio.run(story())


def test_an_outbox_that_cannot_be_read_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        def fail(*_: object) -> Future[None]:
            raise OSError("disk")

        relay = world.relay()
        world.say()
        with monkeypatch.context() as patch:
            patch.setattr(world.writer, "call", fail)
            task = await running(world, relay)
        world.time.pass_(POLL_SECONDS)
        await until(lambda: world.waiting() == 0)
        await relay.stop()
        await task

    asyncio.run(story())


# Everything at once

PASSING = [Fate.FINE, Fate.LOST, Fate.UNHEARD, Fate.LIMITED, Fate.KILLED_BEFORE, Fate.KILLED_AFTER]
LANES = [ROOM, NEXT_ROOM]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(LANES)),
        st.tuples(st.just("vote"), st.integers(1, 3)),
        st.tuples(st.just("pass"), st.sampled_from([0.3, 5.0, LEASE])),
        st.tuples(st.just("relay"), st.lists(st.sampled_from(PASSING), max_size=6)),
    ),
    min_size=3,
    max_size=14,
)


async def a_life(world: World, script: list[tuple[str, Any]]) -> None:
    """Play a script with failures, then let everything that is left be sent, and look at what people see."""
    said: dict[str, list[str]] = {lane.place: [] for lane in LANES}
    for lane in LANES:
        said[lane.place].append(world.card(lane))
    relay = world.relay()
    for what, value in script:
        match what:
            case "say":
                tag = "proposal:none" if world.rows % 2 else ""
                said[value.place].append(world.say(value, tag))
            case "vote":
                world.vote(value)
            case "pass":
                world.time.pass_(value)
            case _:
                world.chat.fates.extend(value)
                if not await killed_or_drained(world, relay):
                    relay = world.relay()
    while world.waiting():
        world.time.pass_(LEASE)
        if not await killed_or_drained(world, relay):
            relay = world.relay()
    for lane in LANES:
        assert world.ids(lane) == said[lane.place], "each once, in order"
    cards = [f"m{1 + [id_ for _, id_, _ in world.chat.took].index(said[lane.place][0])}" for lane in LANES]
    assert {world.chat.shown[card] for card in cards} == {str(world.number())}, "cards show the newest state"


def live(store: Store, script: list[tuple[str, Any]], *, by_id: bool) -> None:
    with lived_in(store) as world:
        world.chat.by_id = by_id
        asyncio.run(a_life(world, script))


@settings(max_examples=150, deadline=None)
@given(steps, st.booleans())
def test_whatever_fails_nothing_is_lost_and_nothing_comes_twice(script: list[tuple[str, Any]], by_id: bool) -> None:
    live(MemoryStore(), script, by_id=by_id)


@settings(max_examples=25, deadline=None)
@given(steps, st.booleans())
def test_the_same_on_sqlite(script: list[tuple[str, Any]], by_id: bool) -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/wgbot.db"
        prepare(url)
        with closing(SqlStore.open(url)) as store:
            live(store, script, by_id=by_id)
