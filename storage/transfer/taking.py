"""Reading a community in, in one transaction: the whole of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from bot.domain.community import Community
from bot.domain.groups import Home
from bot.domain.ids import CommunityId, PersonId
from bot.outgoing import Cursor
from storage.audit.chain import Entry, Head, genesis
from storage.audit.replacements import Replacements
from storage.schema import HEAD
from storage.transfer.lines import (
    FORMAT,
    Answer,
    Any_,
    Ending,
    Kept,
    Logged,
    Message,
    Opening,
    Refused,
    Taking,
    community_in,
    decoded,
    record_in,
    tables,
)


class TakingStore(Protocol):
    """A store that can take a community in: both of them can."""

    def taking(self, community: CommunityId) -> AbstractContextManager[Taking]: ...


def take(store: TakingStore, text: Iterable[bytes]) -> CommunityId:
    """Read an export. Raises `Refused`, leaving nothing, for what is none, is cut off or changed, or is here already.

    The audit log is checked as it comes in: every hash follows from the one before it, every private value is the one
    committed to, or one that an erasure put there. That the state follows from the log is `wgbot audit verify`'s to say.
    """
    lines = _lines(text)
    opening = next(lines, None)
    if not isinstance(opening, Opening):
        raise Refused("this is no export of a community")
    if (opening.format, opening.revision) != (FORMAT, HEAD):
        raise Refused(
            f"it was made by another version of wgbot (format {opening.format}, revision {opening.revision}; this one "
            f"has {FORMAT} and {HEAD}): import it with that version, then start this one on the database"
        )
    with store.taking(opening.id) as work:
        if work.get(Community, opening.id) is not None or work.head(opening.id) is not None:
            raise Refused(f"there is a community {opening.id} here already: import it into a database without")
        _Reading(work, opening).all(lines)
    return opening.id


def _lines(text: Iterable[bytes]) -> Iterator[Any_]:
    """Every line but the last, which is looked at: where it is missing, the file was cut off."""
    ended, number = False, 0
    for number, each in enumerate(text, start=1):
        if ended:
            raise Refused(f"line {number} comes after the end")
        line = decoded(number, each)
        if isinstance(line, Ending):
            ended = line.lines == number - 1
            if not ended:
                raise Refused(f"{line.lines} lines were written, and {number - 1} are here")
        else:
            yield line
    if number and not ended:
        raise Refused(f"it is cut off after line {number}")


class _Reading:
    """One export being read."""

    def __init__(self, work: Taking, opening: Opening) -> None:
        self._work = work
        self._opening = opening
        self._end = genesis(opening.id)
        self._tables = tables()
        self._founded = False
        self._private = Replacements()

    def all(self, lines: Iterator[Any_]) -> None:
        """Every line after the first."""
        for line in lines:
            match line:
                case Logged():
                    self._entry(line)
                case Kept():
                    self._record(record_in(line, self._tables))
                case Answer():
                    self._work.answer(self._opening.id, line)
                case Message():
                    self._own(line.message.community, "a message")
                    self._work.message(line)
                case Opening() | Ending():
                    raise Refused("it begins twice")
        for number, field in self._private.unexplained():
            raise Refused(f"a private value of entry {number} was changed: {field}")
        if self._end != Head(self._opening.sequence, bytes.fromhex(self._opening.hash)):
            raise Refused(
                f"the audit log ends with entry {self._end.sequence}, and should with {self._opening.sequence}"
            )
        if not self._founded:
            raise Refused(f"the community {self._opening.id} itself is missing")

    def _entry(self, line: Logged) -> None:
        by = None if line.by is None else PersonId(line.by)
        private = bytes(line.private) or None
        hash_ = bytes.fromhex(line.hash)
        entry = Entry(line.sequence, line.at, line.name, by, line.origin, bytes(line.body), hash_, private)
        if entry.sequence != self._end.sequence + 1 or entry.follows(self._end.hash) != entry.hash:
            raise Refused(f"the audit log is broken at entry {self._end.sequence + 1}: it is not what was logged")
        self._private.add(entry)
        self._end = Head(entry.sequence, entry.hash)
        self._work.entry(self._opening.id, entry)

    def _record(self, record: Any) -> None:
        match record:
            case Cursor():
                self._own(record.community, "a cursor", "")
                if self._work.get(Cursor, "", record.platform, record.account) is not None:
                    return  # this installation has read further
            case Home():
                place = {"platform": record.platform, "team": record.team, "place": record.place}
                others = {each.community for each in self._work.all(Home, **place)} - {self._opening.id}
                if others:
                    raise Refused(f"the room {record.place} on {record.platform} is {others.pop()}'s here")
            case Community():
                self._founded = True
        if not isinstance(record, Cursor):
            self._own(community_in(record), f"a record of {type(record).__name__}")
        self._work.record(record)

    def _own(self, whose: str, what: str, expected: str | None = None) -> None:
        if whose != (self._opening.id if expected is None else expected):
            raise Refused(f"{what} in it belongs to {whose or 'no community'}")
