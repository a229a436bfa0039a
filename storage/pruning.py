"""When old rows are deleted: now and then, some at a time, so that no request waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

EVERY = timedelta(seconds=10)
AT_ONCE = 20_000
"""Rows; with `EVERY` more in a day than one writer can make."""


class Pruning:
    """Whose turn it is; one for each store. Forgetting it costs one look too many."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def due(self, what: str, now: datetime) -> bool:
        """Whether it is time to prune; if so, it counts as done."""
        last = self._last.get(what)
        if last is not None and abs(now - last) < EVERY:
            return False
        self._last[what] = now
        return True
