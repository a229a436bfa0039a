"""What is logged, and how: lines for a person, or one JSON object a line where none reads along (`structlog`).

What people wrote, chose or are reached by is in no log, at no level. So of an error only its class, its code and where it
happened are said: its words may hold what somebody typed. Of what libraries say, which write whole requests at DEBUG, only
what is grave, in the words of their source, without values. And what looks like a secret or an address, whoever let it in,
is taken out at last. A line about a request has the reference that the person was given.
"""

from __future__ import annotations

import errno
import json
import linecache
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict

log = logging.getLogger(__name__)

OURS: Final = frozenset({"wgbot", "bot", "adapters", "storage", "__main__"})
"""The loggers, by their first name, whose words we chose."""

HIDDEN: Final = "…"
SHORTEST: Final = 6
"""Letters from which on the value of a setting is looked for: a shorter one is found in any word."""

CODES: Final = ("sqlstate", "sqlite_errorname", "code", "reason")
"""What errors of databases and platforms name their kind by."""

_CODE: Final = re.compile(r"[A-Za-z0-9_.]{1,60}")
_PRIVATE: Final = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|xoxe-[\w-]+"  # Slack's tokens
    r"|\b(?:syt|mct|mat|syr|mcr)_\w+|\bMDA\w{20,}"  # Matrix's
    r"|(?<=://)[^/\s@]+:[^/\s@]*(?=@)"  # a password in an address
    r"|(?i:(?<=bearer )|(?<=basic ))[\w.~+/=-]{8,}"
    r"|(?<![\w.@])[\w.+'=%-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address; not @somebody:example.org
)


def said(error: BaseException) -> str:
    """What may be logged of an error: its class, and its code where it has one."""
    found = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    for name in CODES:
        code = None if found else getattr(error, name, None)
        found = code if isinstance(code, str) and _CODE.fullmatch(code) else found
    return f"{type(error).__name__} ({found})" if found else type(error).__name__


class Lines(logging.Formatter):
    """Makes of a record what may be kept. `structured`: an object of JSON; else a line, and where an error happened.

    `secrets` are the values of settings that must not be in any log.
    """

    def __init__(self, *, structured: bool, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._structured = structured
        # the longest first: one may begin another
        self._secrets = sorted({each for each in secrets if len(each) >= SHORTEST}, key=len, reverse=True)
        self._rendering: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`. structlog is imported by the first record: a start that is well says nothing."""
        if self._rendering is None:
            self._rendering = self._made()
        return self._rendering.format(_ours(record) if _is_ours(record) else _foreign(record))

    def hidden(self, text: str) -> str:
        """A text without what is secret in it, or looks so."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _PRIVATE.sub(HIDDEN, text)

    def _made(self) -> logging.Formatter:
        import structlog

        render = structlog.processors.JSONRenderer(ensure_ascii=False) if self._structured else _line
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _placed, self._hide, render],
        )

    def _hide(self, logger: object, method: str, event: EventDict) -> EventDict:  # noqa: ARG002 — as structlog calls it
        return {name: self._without(value) for name, value in event.items()}

    def _without(self, value: object) -> object:
        if isinstance(value, str):
            return self.hidden(value)
        if isinstance(value, list | tuple):
            return [self._without(each) for each in value]
        if isinstance(value, Mapping):
            return {name: self._without(each) for name, each in value.items()}
        return value if isinstance(value, int | float | None) else type(value).__name__


class Handler(logging.StreamHandler[TextIO]):
    """Writes what `Lines` makes, to `stream`, else to whatever stderr is then.

    A record that cannot be made a line is said to be one, without what it holds; and nothing fails because it cannot be logged.
    """

    def __init__(self, lines: Lines, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._given = stream
        self.setFormatter(lines)
        self.addFilter(_wanted)

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        if self._given is None:
            self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 — logging's name
        """See `logging.Handler`, whose own writes the record's values."""
        with suppress(OSError, ValueError):  # closed, or the disk is full
            self.stream.write(f"{record.levelname} {record.name}: a line could not be written ({record.pathname})\n")


def configure(level: str, *, secrets: Iterable[str] = (), structured: bool = False) -> Handler:
    """Log to stderr from now on, instead of what was set before, from `level` on."""
    root = logging.getLogger()
    for each in [each for each in root.handlers if isinstance(each, Handler)]:
        root.removeHandler(each)
    handler = Handler(Lines(structured=structured, secrets=secrets))
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def catch() -> None:
    """Log what nobody catches, on any thread, instead of what Python writes of it."""

    def uncaught(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        log.critical("nobody caught it", exc_info=error)

    def in_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
            log.critical(
                "nobody caught it in the thread %s", given.thread and given.thread.name, exc_info=given.exc_value
            )

    def unraisable(given: sys.UnraisableHookArgs) -> None:
        log.error("it could not be raised", exc_info=given.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable


def told(words: str) -> None:
    """Say something to the operator, whatever the level: a line like the others, yet without what they are made by."""
    if not sys.stderr.isatty():
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        words = json.dumps({"event": words, "level": "info", "logger": "wgbot", "timestamp": now}, ensure_ascii=False)
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _wanted(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or _is_ours(record)


def _ours(record: logging.LogRecord) -> logging.LogRecord:
    """The same, with errors among its values as they may be said."""
    kept = logging.makeLogRecord(record.__dict__)
    if isinstance(record.args, tuple):
        kept.args = tuple(said(each) if isinstance(each, BaseException) else each for each in record.args)
    return kept


def _foreign(record: logging.LogRecord) -> logging.LogRecord:
    """A library's: in the words of its source, since a message without values may have been put together with them."""
    kept = logging.makeLogRecord({**record.__dict__, "args": ()})
    source = linecache.getline(record.pathname, record.lineno).strip()
    kept.msg = f"{record.module}:{record.lineno} {source}".strip()
    kept.stack_info = None
    for name in set(kept.__dict__) - _PLAIN:
        del kept.__dict__[name]
    return kept


_PLAIN: Final = frozenset(logging.makeLogRecord({}).__dict__)
"""What every record has; a library's others may hold anything."""


def _placed(logger: object, method: str, event: EventDict) -> EventDict:
    """An error is where it happened and what it came of, without its words."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = said(error)
        event["trace"] = list(_trace(error))
    return event


def _trace(error: BaseException) -> Iterator[str]:
    """Where an error was raised, outermost first; then what it came of, and the errors in a group of them."""
    seen: set[int] = set()
    following: list[BaseException] = [error]
    while following:
        each = following.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if each is not error:
            yield f"from {said(each)}"
        for frame in traceback.extract_tb(each.__traceback__):
            yield f"{frame.filename}:{frame.lineno} in {frame.name}"
        if isinstance(each, BaseExceptionGroup):
            following.extend(each.exceptions)
        before = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if before is not None:
            following.append(before)


def _line(logger: object, method: str, event: EventDict) -> str:
    """A record as a person reads it."""
    event.pop("timestamp", None)
    head = f"{str(event.pop('level', '')).upper()} {event.pop('logger', '')}: {event.pop('event', '')}"
    trace = event.pop("trace", ())
    fields = " ".join(f"{name}={value}" for name, value in event.items())
    return "\n".join([f"{head} [{fields}]" if fields else head, *(f"    {each}" for each in trace)])
