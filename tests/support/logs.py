"""All that wgbot would log, with every logger there is set to DEBUG: to be looked through for what must not be there."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from adapters.shared.logs import Handler, Lines


@contextmanager
def all_logged(secrets: Iterable[str] = (), *, structured: bool = True) -> Iterator[io.StringIO]:
    """The log from here on. Call it when what is to be listened to was imported: each logger has a level of its own."""
    kept, root = io.StringIO(), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in list(logging.Logger.manager.loggerDict))]
    before = [(each, each.level) for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
    handler = Handler(Lines(structured=structured, secrets=secrets), kept)
    handlers, root.handlers = root.handlers, [handler]  # pytest's own would fail of what cannot be made a line
    yield kept
    root.handlers = handlers
    for each, level in before:
        each.setLevel(level)
