"""One thing that waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.text import Text
from bot.view import Button, Item


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: in a sentence, and as a button. What must be done by a time has been open since another (UTC)."""

    text: Text
    button: Button
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    earlier: datetime | None = None
    """A time before its close that one is reminded of too (UTC)."""

    @property
    def windows(self) -> tuple[tuple[datetime, datetime], ...]:
        """Open since, to be done by: of each one is reminded once."""
        if self.opened_at is None:
            return ()
        return tuple((self.opened_at, by) for by in (self.earlier, self.closes_at) if by is not None)

    @property
    def item(self) -> Item:
        """As one of a list."""
        return Item(self.text, self.button)
