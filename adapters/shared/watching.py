"""Who looks on while a process works: figures, traces and the log of requests are made of what they are told.

They are told what was asked, what one batch took, and what became of a message; never what somebody wrote or chose.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from adapters.shared.logs import said
from bot.command import COMMANDS
from bot.context import Request
from bot.engine import Answer, reference_of
from bot.outgoing import Outgoing

log = logging.getLogger(__name__)

FAILED = "failed"
"""What a request came to that could not be written."""


class Watch(Protocol):
    """Told on whatever thread it happens; returns at once, and raises nothing. Times are `time.perf_counter()`'s."""

    def asked(self, request: Request, answer: Answer | Exception, began: float, ended: float) -> None:
        """A person's request was answered; or the error that kept it from being written."""
        ...

    def written(
        self, requests: Sequence[Request], answers: Sequence[Answer | Exception], began: float, ended: float
    ) -> None:
        """A batch was decided and committed."""
        ...

    def sent(self, row: Outgoing, outcome: str, began: float, ended: float) -> None:
        """An attempt to deliver ended: `arrived`, `unchanged` (nothing to send), `again` (later), or `parked`."""
        ...

    def ignored(self, kind: str) -> None:
        """A mail came that is not answered and changed nothing, for a reason of few: `forged`, `automatic` …"""
        ...


class Watches:
    """Several that look on."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = tuple(watches)

    def asked(self, request: Request, answer: Answer | Exception, began: float, ended: float) -> None:
        """See `Watch`."""
        for each in self._watches:
            each.asked(request, answer, began, ended)

    def written(
        self, requests: Sequence[Request], answers: Sequence[Answer | Exception], began: float, ended: float
    ) -> None:
        """See `Watch`."""
        for each in self._watches:
            each.written(requests, answers, began, ended)

    def sent(self, row: Outgoing, outcome: str, began: float, ended: float) -> None:
        """See `Watch`."""
        for each in self._watches:
            each.sent(row, outcome, began, ended)

    def ignored(self, kind: str) -> None:
        """See `Watch`."""
        for each in self._watches:
            each.ignored(kind)


class Journal:
    """Logs each request at INFO: which command, what it came to, how long it took, under its reference."""

    def asked(self, request: Request, answer: Answer | Exception, began: float, ended: float) -> None:
        """See `Watch`."""
        told = {
            "reference": reference_of(request),
            "platform": request.space.platform,
            "outcome": outcome_of(answer),
            "milliseconds": round((ended - began) * 1000, 1),
        }
        if isinstance(answer, Exception):
            told["error"] = said(answer)
        log.info("%s", command_of(request), extra=told)

    def written(
        self, requests: Sequence[Request], answers: Sequence[Answer | Exception], began: float, ended: float
    ) -> None:
        """See `Watch`."""

    def sent(self, row: Outgoing, outcome: str, began: float, ended: float) -> None:
        """See `Watch`."""
        told = {"platform": row.lane.platform, "outcome": outcome, "milliseconds": round((ended - began) * 1000, 1)}
        log.debug("%s %s", row.kind, row.id, extra=told)

    def ignored(self, kind: str) -> None:
        """See `Watch`. Whoever ignores it logs that."""


def outcome_of(answer: Answer | Exception) -> str:
    """What a request came to, in a word of few: `bot.engine.Answer.outcome`, or `failed`."""
    return FAILED if isinstance(answer, Exception) else answer.outcome


def command_of(request: Request) -> str:
    """The command's name; not what somebody typed in place of one."""
    return request.command if request.command in COMMANDS else "unknown"
