"""What those who look on are told while people ask, deadlines come and messages go out: figures, traces, the log of requests."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from adapters.shared.asking import Desk
from adapters.shared.clock import Duties
from adapters.shared.environment import SettingsError
from adapters.shared.figures import FRESH_SECONDS, Figures, Stock
from adapters.shared.relay import Relay
from adapters.shared.tracing import Traces, provider
from adapters.shared.watching import Journal, Watch, Watches
from adapters.shared.writer import Writer
from adapters.terminal.rooms import Rooms
from adapters.terminal.sender import TerminalSender
from bot.context import Request, Space
from bot.domain.community import Community
from bot.domain.dues import Due, DueKind
from bot.engine import reference_of
from bot.outgoing import Lane, Outgoing, SendKind
from bot.present import present
from bot.text import T
from bot.view import Notice
from tests.builders import CHAIR, CIVIL, MAG, World
from tests.support.logs import all_logged

WORDS = "a question for nobody's figures"


def request(command: str, origin: str, who: str = CHAIR, **arguments: str) -> Request:
    space = Space("terminal", "", "#mag")
    return Request(MAG, space, command, origin, datetime.now(UTC), user=who, arguments=arguments)


POLL = request("poll new", "poll-1", question=WORDS, options="Geneva, Lyon")
ASKED = (
    POLL,
    POLL,
    request("list", "list-1"),
    request("show", "show-1"),
    request("settings set", "set-1", CIVIL, name="rule", value="lazy"),
    request(WORDS, "none-1"),
)


def watched(folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> World:
    """A body in which all of that was asked, one command has a bug, and everything was sent."""
    world = World()

    async def story() -> None:
        with Writer(world.engine) as writer, closing(Rooms(folder / "rooms.jsonl")) as rooms:
            relay = Relay(writer, [TerminalSender(rooms, world.store)], present)
            desk = Desk(writer, relay, Duties(world.store, writer))
            desk.watch = writer.watch = relay.watch = watch
            for each in ASKED:
                await desk.ask(each)
            with monkeypatch.context() as patched:
                patched.setattr("bot.engine.perform", _broken)
                await desk.ask(request("settings set", "broken-1", name="rule", value="lazy"))
            await desk.settle()

    asyncio.run(story())
    return world


def _broken(*_: object) -> None:
    raise RuntimeError(WORDS)


def shown(figures: Figures) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels, in the order of their names."""
    from prometheus_client import generate_latest

    families = text_string_to_metric_families(generate_latest(figures.registry).decode())
    return {
        (each.name, *(each.labels[name] for name in sorted(each.labels))): each.value
        for family in families
        for each in family.samples
    }


def test_what_is_asked_and_sent_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = Figures()
    watched(tmp_path, figures, monkeypatch)
    told = shown(figures)
    commands = {key[1:]: value for key, value in told.items() if key[0] == "wgbot_commands_total"}
    assert commands == {
        ("poll new", "done"): 1,
        ("poll new", "repeated"): 1,
        ("list", "done"): 1,
        ("show", "asked"): 1,
        ("settings set", "refused"): 1,
        ("settings set", "bug"): 1,
        ("unknown", "refused"): 1,
    }
    assert (told["wgbot_refusals_total", "not allowed"], told["wgbot_refusals_total", "not found"]) == (1, 1)
    assert told["wgbot_command_seconds_count", "read"] + told["wgbot_command_seconds_count", "written"] == 7
    deliveries = {key[1:]: value for key, value in told.items() if key[0] == "wgbot_deliveries_total"}
    assert deliveries["post", "arrived", "terminal"] >= 1, deliveries
    assert told["wgbot_delivery_seconds_count", "terminal"] >= 1
    assert told["wgbot_batch_requests_count",] >= 5
    assert not any(WORDS in part or "Geneva" in part for key in told for part in key)


def test_what_waits_and_what_is_late_is_looked_at_when_asked() -> None:
    world, figures = World(), Figures()
    now, ahead = datetime.now(UTC), [0.0]

    with world.store.writing([MAG]) as work:
        work.send(Outgoing(MAG, "r", Lane("slack", "T", "C"), SendKind.POST, "", Notice(T("Hi.")), "", now))
        community = work.get(Community, MAG)
        assert community is not None
        work.put(replace(community, clock_frozen=None, clock_moved=0))
        work.put(Due(MAG, DueKind.CHECK_CLOSES, "check:9", now - timedelta(minutes=5), "UTC"))

    async def gone() -> bool:
        raise ConnectionError

    stock = Stock(
        world.store, {"slack": gone}, {"matrix": lambda: 7.0, "none": lambda: None}, monotonic=lambda: ahead[0]
    )
    figures.registry.register(stock)
    asyncio.run(stock.look())
    told = shown(figures)
    assert told["wgbot_outbox_waiting", "slack"] == 1
    assert told["wgbot_duties_late",] == 1
    assert told["wgbot_duties_late_seconds",] >= 300
    assert told["wgbot_connected", "slack"] == 0
    assert told["wgbot_lag_seconds", "matrix"] == 7
    assert ("wgbot_lag_seconds", "none") not in told
    assert told["wgbot_database_up",] == 1
    stock._store = None  # type: ignore[assignment]  # a database that cannot be read
    asyncio.run(stock.look())
    assert shown(figures)["wgbot_database_up",] == 1, "what was seen just now still holds"
    ahead[0] += FRESH_SECONDS + 1
    asyncio.run(stock.look())
    assert shown(figures)["wgbot_database_up",] == 0
    assert not any(key[0] == "wgbot_outbox_waiting" for key in shown(figures))


def test_a_request_its_commit_and_its_messages_are_one_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = InMemorySpanExporter()
    traces = Traces(provider("", SimpleSpanProcessor(kept)))
    watched(tmp_path, traces, monkeypatch)
    traces.close()
    spans = kept.get_finished_spans()
    of_poll = {each.context.trace_id for each in spans if _told(each).get("wgbot.reference") == reference_of(POLL)}
    (trace,) = of_poll
    assert {"request", "commit", "delivery"} == {each.name for each in spans if each.context.trace_id == trace}
    assert all(each.end_time is not None and each.end_time >= (each.start_time or 0) for each in spans)
    assert len({each.context.trace_id for each in spans}) > 4
    text = " ".join(each.to_json() for each in spans)
    assert WORDS not in text
    assert "Geneva" not in text


def _told(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


@pytest.fixture
def without_telemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("opentelemetry")]:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_telemetry")
def test_traces_without_what_makes_them_are_refused_in_words() -> None:
    with pytest.raises(SettingsError, match=r"OpenTelemetry is not installed\. Install what requirements/traces\.txt"):
        provider("http://127.0.0.1:4318/v1/traces")


def test_each_request_is_logged_under_its_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with all_logged() as kept:
        watched(tmp_path, Watches([Journal(), Figures()]), monkeypatch)
    lines = [json.loads(each) for each in kept.getvalue().splitlines()]
    requests = [each for each in lines if each["logger"] == "adapters.shared.watching" and each["level"] == "info"]
    assert [(each["event"], each["outcome"]) for each in requests[:3]] == [
        ("poll new", "done"),
        ("poll new", "repeated"),
        ("list", "done"),
    ]
    assert requests[0]["reference"] == reference_of(POLL)
    assert WORDS not in kept.getvalue()
