"""What an installation is measured by, for Prometheus: `/metrics`. Counted as it happens; what waits, looked at when asked.

No label holds anything of a community, a person, a group or a room: each is one of few values that the software knows.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.shared.logs import said
from adapters.shared.readiness import Part
from adapters.shared.watching import command_of, outcome_of
from bot.command import COMMANDS
from bot.context import Request
from bot.domain.community import Community
from bot.engine import Answer, utc_now
from bot.outgoing import Outgoing
from bot.ports import Store
from bot.reply import TOO_MUCH

log = logging.getLogger(__name__)

PATH: Final = "/metrics"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

LATE: Final = timedelta(minutes=1)
"""From when on a deadline that was not met is late."""

MOST_LANES: Final = 10_000
MOST_LETTERS: Final = 100
MOST_DUTIES: Final = 1_000
FRESH_SECONDS: Final = 5.0
"""How long what was looked up is good for: several may ask."""

FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)
SLOW: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0)
SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Figures:
    """Counts what it is told (see `Watch`), and gives all figures there are. One to a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._commands = Counter(
            "wgbot_commands", "Requests of people, answered", ["command", "outcome"], registry=self.registry
        )
        self._counters: dict[tuple[str, str], Counter] = {}
        self._refusals = Counter("wgbot_refusals", "Requests refused", ["kind"], registry=self.registry)
        self._too_much = Counter(
            "wgbot_too_much",
            "Requests refused unread: more than one account may ask",
            ["platform"],
            registry=self.registry,
        )
        seconds = Histogram(
            "wgbot_command_seconds",
            "From a request's arrival to its answer",
            ["way"],
            buckets=FAST,
            registry=self.registry,
        )
        self._read, self._written = seconds.labels("read"), seconds.labels("written")
        self._batch = Histogram(
            "wgbot_batch_requests", "Requests decided in one transaction", buckets=SIZES, registry=self.registry
        )
        self._batch_seconds = Histogram(
            "wgbot_batch_seconds", "A transaction, decided and committed", buckets=FAST, registry=self.registry
        )
        self._duties = Counter(
            "wgbot_duties", "Deadlines asked to be done", ["kind", "outcome"], registry=self.registry
        )
        self._deliveries = Counter(
            "wgbot_deliveries", "Attempts to deliver", ["platform", "kind", "outcome"], registry=self.registry
        )
        self._ignored = Counter(
            "wgbot_mails_ignored", "Mails that changed nothing and were not answered", ["kind"], registry=self.registry
        )
        self._delivery = Histogram(
            "wgbot_delivery_seconds",
            "From a message's decision to its arrival",
            ["platform"],
            buckets=SLOW,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)

    def asked(self, request: Request, answer: Answer | Exception, began: float, ended: float) -> None:
        """See `Watch`."""
        outcome = outcome_of(answer)
        command = command_of(request)
        counter = self._counters.get((command, outcome))
        if counter is None:  # `labels` looks each up anew, which costs more than to count
            counter = self._counters[command, outcome] = self._commands.labels(command, outcome)
        counter.inc()
        if outcome == "refused" and isinstance(answer, Answer):
            self._refusals.labels(answer.came_to or outcome).inc()
            if answer.came_to == TOO_MUCH:
                self._too_much.labels(request.space.platform).inc()
        declared = COMMANDS.get(request.command)
        reads = declared is not None and declared.reads
        (self._read if reads else self._written).observe(ended - began)

    def written(
        self, requests: Sequence[Request], answers: Sequence[Answer | Exception], began: float, ended: float
    ) -> None:
        """See `Watch`."""
        self._batch.observe(len(requests))
        self._batch_seconds.observe(ended - began)
        for request, answer in zip(requests, answers, strict=True):
            if request.system and request.command == "due":
                self._duties.labels(request.arguments.get("kind", ""), outcome_of(answer)).inc()

    def sent(self, row: Outgoing, outcome: str, began: float, ended: float) -> None:  # noqa: ARG002 — counted by outcome
        """See `Watch`."""
        self._deliveries.labels(row.lane.platform, row.kind.value, outcome).inc()
        if outcome == "arrived" and row.at is not None:
            self._delivery.labels(row.lane.platform).observe(max(0.0, (utc_now() - row.at).total_seconds()))

    def ignored(self, kind: str) -> None:
        """See `Watch`."""
        self._ignored.labels(kind).inc()

    def routes(
        self, store: Store, parts: Mapping[str, Part], lags: Mapping[str, Callable[[], float | None]]
    ) -> Sequence[BaseRoute]:
        """What gives them, over HTTP. `lags` are seconds by platform, None where they are not known."""
        stock = Stock(store, parts, lags)
        self.registry.register(stock)

        async def page(_: WebRequest) -> Response:
            await stock.look()
            return Response(generate_latest(self.registry), media_type=CONTENT_TYPE)

        return (Route(PATH, page),)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What lay there when somebody looked: by platform, how many messages wait and for how many seconds."""

    waiting: Mapping[str, int]
    oldest_seconds: Mapping[str, float]
    dead: int
    late: int
    late_seconds: float


class Stock:
    """What there is at the moment of looking: what waits, what is late, what is connected. Use it on one event loop.

    What lies in the database is the same for every replica. `lags` are seconds by name, None where they are not known.
    """

    def __init__(
        self,
        store: Store,
        parts: Mapping[str, Part],
        lags: Mapping[str, Callable[[], float | None]],
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._parts = parts
        self._lags = lags
        self._now = now
        self._monotonic = monotonic
        self._until = float("-inf")
        self._one = asyncio.Lock()
        self._seen: _Seen | None = None
        self._connected: dict[str, bool] = {}

    async def look(self) -> None:
        """Look, unless somebody did just now. What cannot be looked at is left out, and said to be."""
        async with self._one:
            if self._monotonic() < self._until:
                return
            try:
                self._seen = await asyncio.to_thread(self._waiting)
            except Exception as error:
                log.warning("what waits cannot be counted: %s", error)
                self._seen = None
            for name, part in self._parts.items():
                try:
                    self._connected[name] = await part()
                except Exception as error:
                    log.warning("%s cannot be asked: %s", name, said(error))
                    self._connected[name] = False
            self._until = self._monotonic() + FRESH_SECONDS

    def describe(self) -> Iterable[Metric]:
        """Nothing to check names against: they are looked up when asked."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """What was seen last."""
        yield GaugeMetricFamily("wgbot_database_up", "Whether the database can be read", value=self._seen is not None)
        connected = GaugeMetricFamily("wgbot_connected", "Whether a platform is connected", labels=["platform"])
        for name, there in self._connected.items():
            connected.add_metric([name], there)
        yield connected
        lag = GaugeMetricFamily("wgbot_lag_seconds", "How far behind the platform it reads", labels=["platform"])
        for name, known in self._lags.items():
            seconds = known()
            if seconds is not None:
                lag.add_metric([name], seconds)
        yield lag
        if self._seen is not None:
            yield from _of(self._seen)

    def _waiting(self) -> _Seen:
        now = self._now()
        waiting: dict[str, int] = defaultdict(int)
        oldest: dict[str, float] = defaultdict(float)
        with self._store.backlog() as backlog:
            for queue in backlog.waiting_since(now + LATE, MOST_LANES):
                platform = queue.lane.platform
                waiting[platform] += queue.rows
                oldest[platform] = max(oldest[platform], (now - queue.since).total_seconds())
            dead = len(backlog.dead(MOST_LETTERS))
        with self._store.reading() as reads:
            frozen: dict[str, bool] = {}
            late = []
            for due, its_now in self._store.due(now, MOST_DUTIES):
                if due.community not in frozen:
                    found = reads.get(Community, due.community)
                    frozen[due.community] = found is None or found.clock_frozen is not None
                if not frozen[due.community] and its_now - due.due_at > LATE:
                    late.append((its_now - due.due_at).total_seconds())
        return _Seen(waiting, oldest, dead, len(late), max(late, default=0.0))


def _of(seen: _Seen) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("wgbot_outbox_waiting", "Messages still to be delivered", labels=["platform"])
    oldest = GaugeMetricFamily("wgbot_outbox_oldest_seconds", "How long the oldest has waited", labels=["platform"])
    for platform, count in seen.waiting.items():
        waiting.add_metric([platform], count)
        oldest.add_metric([platform], seen.oldest_seconds[platform])
    yield waiting
    yield oldest
    yield GaugeMetricFamily("wgbot_dead_letters", f"Messages parked, {MOST_LETTERS} at most", value=seen.dead)
    yield GaugeMetricFamily(
        "wgbot_duties_late", f"Deadlines not met a minute after they came, {MOST_DUTIES} at most", value=seen.late
    )
    yield GaugeMetricFamily("wgbot_duties_late_seconds", "How late the latest of them is", value=seen.late_seconds)
