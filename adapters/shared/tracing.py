"""Traces for OpenTelemetry, where an installation sends them to a collector: a request, its commit, and each delivery.

A trace is one request's: its id follows from the request's origin, so that it is the same wherever it is made, and so is
that of a message which the request sent, as long as this process remembers the request. Spans have what figures have,
and the reference that the person was given; nothing of what was said, or of whom.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from adapters.shared.environment import SettingsError, variable
from adapters.shared.logs import said
from adapters.shared.watching import command_of, outcome_of
from bot.context import Request
from bot.dispatch import sent_by
from bot.engine import Answer, reference_of
from bot.outgoing import Outgoing

if TYPE_CHECKING:  # installed only where traces are sent
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

REMEMBERED: Final = 4096
"""Requests whose messages are known to be theirs."""


def provider(endpoint: str, processor: SpanProcessor | None = None) -> TracerProvider:
    """What makes spans and sends them to a collector by OTLP over HTTP, in the background.

    Raises `SettingsError` where OpenTelemetry is not installed.
    """
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise _missing() from None
    if processor is None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        except ImportError:
            raise _missing() from None
        processor = BatchSpanProcessor(OTLPSpanExporter(endpoint))
    made = TracerProvider(resource=Resource.create({"service.name": "wgbot"}))
    made.add_span_processor(processor)
    return made


class Traces:
    """Makes spans of what it is told (see `Watch`). One to a process; to be closed."""

    def __init__(self, made: TracerProvider) -> None:
        self._provider = made
        self._tracer = made.get_tracer("wgbot")
        self._origins: OrderedDict[str, str] = OrderedDict()
        """By a message's id: the origin of the request that sent it."""

    def asked(self, request: Request, answer: Answer | Exception, began: float, ended: float) -> None:
        """See `Watch`."""
        told = {"wgbot.outcome": outcome_of(answer), "wgbot.platform": request.space.platform}
        self._span("request", request, began, ended, told, answer)

    def written(
        self, requests: Sequence[Request], answers: Sequence[Answer | Exception], began: float, ended: float
    ) -> None:
        """See `Watch`."""
        for request, answer in zip(requests, answers, strict=True):
            told = {"wgbot.outcome": outcome_of(answer), "wgbot.batch": len(requests)}
            self._span("commit", request, began, ended, told, answer)
            for row in sent_by(request.origin):
                self._origins[row] = request.origin
        while len(self._origins) > REMEMBERED:
            self._origins.popitem(last=False)

    def sent(self, row: Outgoing, outcome: str, began: float, ended: float) -> None:
        """See `Watch`. A message of another process's request begins a trace of its own."""
        told = {"wgbot.outcome": outcome, "wgbot.platform": row.lane.platform, "wgbot.kind": row.kind.value}
        origin = self._origins.get(row.id, row.id)
        self._made("delivery", origin, began, ended, told)

    def ignored(self, kind: str) -> None:
        """See `Watch`. There is no request to trace."""

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()

    def _span(
        self, name: str, request: Request, began: float, ended: float, told: dict[str, Any], answer: Answer | Exception
    ) -> None:
        told |= {"wgbot.command": command_of(request), "wgbot.reference": reference_of(request)}
        if isinstance(answer, Exception):
            told["wgbot.error"] = said(answer)
        self._made(name, request.origin, began, ended, told)

    def _made(self, name: str, origin: str, began: float, ended: float, told: dict[str, Any]) -> None:
        now, at = time.time_ns(), time.perf_counter()
        start, end = (now - int((at - moment) * 1e9) for moment in (began, ended))
        span = self._tracer.start_span(name, _context(origin), attributes=told, start_time=start)
        span.end(end)


def _context(origin: str) -> Any:
    """A parent that nobody sends: what makes the spans of one request one trace."""
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    digest = blake2b(origin.encode(), digest_size=24).digest()
    parent = SpanContext(
        int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:]) or 1, is_remote=True, trace_flags=TraceFlags(1)
    )
    return set_span_in_context(NonRecordingSpan(parent))


def _missing() -> SettingsError:
    return SettingsError(
        f"{variable('traces')} is set, but OpenTelemetry is not installed. Install what requirements/traces.txt names "
        f"beside wgbot, or unset {variable('traces')}."
    )
