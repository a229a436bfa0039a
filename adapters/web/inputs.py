"""What a page is made from, noted while it is made: each question put to state, and until when the clock changes no answer.

So nobody has to declare what a page depends on, and nothing can be forgotten: whoever asks is seen asking. A page whose
questions are answered as before, at a time before the first at which the clock would tell it otherwise, is the same page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Self, TypeVar, overload

from bot.domain.ids import CommunityId
from bot.ports import Parts

R = TypeVar("R")

Question = tuple[str, tuple[str, ...], tuple[Any, ...]]
"""A type of record, the fields asked by (none: its key), and their values."""

COUNTED = "count"
PARTED = "part"
"""What stands for the fields of a question how many records there are, or which are in a part, with the size of parts."""

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Inputs:
    """What was asked so far, and the time (UTC) from which on the clock may answer otherwise."""

    asked: set[Question] = field(default_factory=set)
    until: datetime = FOREVER

    def pass_by(self, at: datetime) -> None:
        """The clock was compared with a time that is to come."""
        self.until = min(self.until, at)


class Noted:
    """Reads through to others, and notes what is asked. See `bot.ports.Parts`."""

    def __init__(self, reads: Parts) -> None:
        self._reads = reads
        self.inputs = Inputs()

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record with this key."""
        self.inputs.asked.add((kind.__name__, (), key))
        return self._reads.get(kind, *key)

    def all(self, kind: type[R], **by: Any) -> tuple[R, ...]:
        """The records with these field values, in key order."""
        self.inputs.asked.add((kind.__name__, tuple(by), tuple(by.values())))
        return self._reads.all(kind, **by)

    def count(self, kind: type[Any], community: CommunityId) -> int:
        """How many records of a type there are."""
        self.inputs.asked.add((kind.__name__, (COUNTED,), (community,)))
        return self._reads.count(kind, community)

    def part(self, kind: type[R], community: CommunityId, number: int, size: int) -> tuple[R, ...]:
        """The records of a part in key order."""
        self.inputs.asked.add((kind.__name__, (PARTED, str(size)), (community, number)))
        return self._reads.part(kind, community, number, size)


class Watched(datetime):
    """A time that notes what it is compared with: the present, to whoever makes a page of it.

    What it is asked for beyond comparisons and days holds at this instant only, and is noted so.
    """

    _noted: Noted
    _shift: timedelta

    @classmethod
    def of(cls, at: datetime, noted: Noted, shift: timedelta = timedelta(0)) -> Self:
        """This time; `shift` is how far it is from the present."""
        made = cls.combine(datetime.date(at), datetime.time(at), at.tzinfo)
        made._noted, made._shift = noted, shift
        return made

    def _meets(self, other: datetime) -> None:
        if not _before(other, self):
            self._noted.inputs.pass_by(other - self._shift)

    def _now_only(self) -> None:
        self._noted.inputs.pass_by(_plain(self) - self._shift)

    def _for_today(self) -> date:
        today = datetime.date(self)
        midnight = datetime.combine(today + timedelta(days=1), time(0), self.tzinfo)
        self._noted.inputs.pass_by(midnight.astimezone(UTC) - self._shift)
        return today

    def __lt__(self, other: datetime) -> bool:  # type: ignore[override]  # a datetime's own
        self._meets(other)
        return datetime.__lt__(self, other)

    def __le__(self, other: datetime) -> bool:  # type: ignore[override]  # a datetime's own
        self._meets(other)
        return datetime.__le__(self, other)

    def __gt__(self, other: datetime) -> bool:  # type: ignore[override]  # a datetime's own
        self._meets(other)
        return datetime.__gt__(self, other)

    def __ge__(self, other: datetime) -> bool:  # type: ignore[override]  # a datetime's own
        self._meets(other)
        return datetime.__ge__(self, other)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, datetime):
            self._meets(other)
        return datetime.__eq__(self, other)

    def __hash__(self) -> int:
        return datetime.__hash__(self)

    def __add__(self, span: timedelta) -> Self:
        return self.of(_plain(self) + span, self._noted, self._shift + span)

    __radd__ = __add__

    @overload  # type: ignore[override]  # a datetime's own, with what it gives for a span
    def __sub__(self, other: datetime) -> timedelta: ...

    @overload
    def __sub__(self, other: timedelta) -> Self: ...

    def __sub__(self, other: datetime | timedelta) -> timedelta | Self:
        if isinstance(other, timedelta):
            return self + -other
        self._now_only()
        return _plain(self) - other

    def __rsub__(self, other: datetime) -> timedelta:
        self._now_only()
        return other - _plain(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _plain(self).__reduce_ex__(protocol)

    def astimezone(self, tz: tzinfo | None = None) -> Self:
        """The same time on another wall clock."""
        return self.of(_plain(self).astimezone(tz), self._noted, self._shift)

    def replace(self, *fields: Any, **named: Any) -> datetime:  # type: ignore[override]  # a datetime's own
        """Another time, made of parts of this instant: it is compared as any other is."""
        self._now_only()
        return _plain(self).replace(*fields, **named)

    def date(self) -> date:
        """The day: it holds until midnight there."""
        return self._for_today()

    def weekday(self) -> int:
        """Of the day."""
        return self._for_today().weekday()

    def time(self) -> time:
        """The wall clock's, of this instant."""
        self._now_only()
        return datetime.time(self)

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """Of this instant."""
        self._now_only()
        return datetime.isoformat(_plain(self), sep, timespec)

    def strftime(self, fmt: str) -> str:
        """Of this instant."""
        self._now_only()
        return _plain(self).strftime(fmt)

    def __format__(self, fmt: str) -> str:
        return self.strftime(fmt) if fmt else self.isoformat(" ")

    def timestamp(self) -> float:
        """Of this instant."""
        self._now_only()
        return _plain(self).timestamp()


def _before(one: datetime, other: datetime) -> bool:
    return datetime.__lt__(_plain(one), _plain(other))


def _plain(at: datetime) -> datetime:
    """The time as it is kept, which notes nothing."""
    return datetime.combine(datetime.date(at), datetime.time(at), at.tzinfo)
