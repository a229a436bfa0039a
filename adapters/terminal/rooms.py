"""The terminal's own server side: rooms and direct messages that are still there after a kill.

One append-only file, a JSON object a line, on the disk before anything is acknowledged. Who sends a message gives it
its id, and the same id again is the same message (as a Matrix transaction id is), so nothing is shown twice. It knows
nothing of communities or commands: it keeps what was said where, by whom.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from io import FileIO
from pathlib import Path
from typing import Final, assert_never

import msgspec

BOT: Final = "wgbot"
"""Who the bot is in the rooms."""


class Opened(msgspec.Struct, frozen=True, tag="room"):
    """A room came into being. `place` is how it is addressed (`#wg-mwp`), `name` what it is called."""

    id: str
    place: str
    name: str
    at: datetime


class Posted(msgspec.Struct, frozen=True, tag="post"):
    """A message. `body` is JSON: a view of the bot's, or the words a person said."""

    id: str
    place: str
    by: str
    at: datetime
    body: msgspec.Raw


class Edited(msgspec.Struct, frozen=True, tag="edit"):
    """A message reads otherwise from now on; `id` is the edit's own."""

    id: str
    message: str
    at: datetime
    body: msgspec.Raw


Entry = Opened | Posted | Edited


class Message(msgspec.Struct, frozen=True):
    """A message as it reads now: in a room, or (`place` begins with @) to one person."""

    id: str
    place: str
    by: str
    at: datetime
    body: bytes
    edited_at: datetime | None = None


class Change(msgspec.Struct, frozen=True):
    """What somebody present sees happen: a message arrives, or (`edit`) one reads otherwise."""

    message: Message
    edit: bool


class RoomsInUse(Exception):
    """Another process has these rooms open."""


class RoomsDamaged(Exception):
    """The file holds something that was not written by this program, before its end."""


class Rooms:
    """The rooms kept at `path`; in memory without one. `now` gives the time messages are marked with.

    `changed` is called after each thing that happens in them, on the event loop they are used from.
    """

    def __init__(self, path: Path | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.changed: Callable[[], object] = lambda: None
        self._rooms: dict[str, Opened] = {}
        self._messages: dict[str, Message] = {}
        self._edits: set[str] = set()
        self._changes: list[tuple[str, bool]] = []
        self._file: FileIO | None = None
        if path is not None:
            self._file = _locked(path)
            try:
                for entry in _kept(self._file):
                    self._take(entry)
            except RoomsDamaged:
                self._file.close()
                raise

    def open_room(self, id: str, name: str) -> Opened:  # noqa: A002 — it is the word for it
        """The room that was opened under this id; a new one with a place of its own if there was none."""
        known = next((room for room in self._rooms.values() if room.id == id), None)
        if known is not None:
            return known
        wanted = f"#{name.removeprefix('#')}"
        place, number = wanted, 1
        while place in self._rooms:
            number += 1
            place = f"{wanted}-{number}"
        room = Opened(id, place, name, self.now())
        self._append(room)
        return room

    def keep_room(self, place: str) -> Opened:
        """The room at a place; opened there, if there is none."""
        room = self._rooms.get(place)
        if room is None:
            room = Opened(f"kept:{place}", place, place.removeprefix("#"), self.now())
            self._append(room)
        return room

    def post(self, id: str, place: str, by: str, body: bytes) -> Message:  # noqa: A002 — it is the word for it
        """Put a message in a room or before a person; the one that is there already if the id was used."""
        if id not in self._messages:
            self._append(Posted(id, place, by, self.now(), msgspec.Raw(body)))
        return self._messages[id]

    def edit(self, id: str, message: str, body: bytes) -> Message:  # noqa: A002 — it is the word for it
        """Make a message read otherwise, once for each id. Raises `LookupError` when there is no such message."""
        if message not in self._messages:
            raise LookupError(message)
        if id not in self._edits:
            self._append(Edited(id, message, self.now(), msgspec.Raw(body)))
        return self._messages[message]

    @property
    def rooms(self) -> tuple[Opened, ...]:
        """Every room, in the order they were opened."""
        return tuple(self._rooms.values())

    def room(self, place: str) -> Opened | None:
        """The room addressed so."""
        return self._rooms.get(place)

    def history(self, place: str, limit: int = 20) -> tuple[Message, ...]:
        """The last messages of a room or to a person, oldest first, as they read now."""
        return tuple(message for message in self._messages.values() if message.place == place)[-limit:]

    @property
    def position(self) -> int:
        """Where `since` begins for what has not happened yet."""
        return len(self._changes)

    def since(self, position: int) -> tuple[Change, ...]:
        """What happened from a position on: each message once, as it reads now."""
        fresh: dict[str, bool] = {}
        for message, edit in self._changes[position:]:
            if not edit:
                fresh[message] = False
            elif fresh.get(message, True):
                fresh.pop(message, None)
                fresh[message] = True
        return tuple(Change(self._messages[message], edit) for message, edit in fresh.items())

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _append(self, entry: Entry) -> None:
        if self._file is not None:
            _write(self._file, msgspec.json.encode(entry) + b"\n")
        self._take(entry)
        self.changed()

    def _take(self, entry: Entry) -> None:
        match entry:
            case Opened():
                self._rooms.setdefault(entry.place, entry)
            case Posted():
                if entry.id not in self._messages:
                    body = bytes(entry.body)
                    self._messages[entry.id] = Message(entry.id, entry.place, entry.by, entry.at, body)
                    self._changes.append((entry.id, False))
            case Edited():
                before = self._messages.get(entry.message)
                if before is not None and entry.id not in self._edits:
                    self._edits.add(entry.id)
                    self._messages[entry.message] = Message(
                        before.id, before.place, before.by, before.at, bytes(entry.body), entry.at
                    )
                    self._changes.append((entry.message, True))
            case _:
                assert_never(entry)


def locked_entries(path: Path) -> tuple[FileIO, Iterator[Entry]]:
    """The file, held for this process alone until it is closed, and what it holds. Raises `RoomsInUse`, and `RoomsDamaged` as read."""
    file = _locked(path)
    return file, _kept(file)


@cache
def _decoder() -> msgspec.json.Decoder[Entry]:
    return msgspec.json.Decoder(Entry)


def _write(file: FileIO, line: bytes) -> None:
    """The line is on the disk, or (the disk is full) no part of it is in the file."""
    end = file.tell()
    left = memoryview(line)
    try:
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        file.seek(end)
        raise


def _locked(path: Path) -> FileIO:
    """The file, for this process alone: two writers would tear each other's lines. A kill lets go of the lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    file = FileIO(path, "a+")
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise RoomsInUse(str(path)) from None
    if new:  # the name of a new file is only as durable as its folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return file


def _kept(file: FileIO) -> Iterator[Entry]:
    """What the file holds. A last line that a kill or a power cut tore is dropped: it was never acknowledged."""
    file.seek(0)
    lines = file.readall().split(b"\n")
    entries = [_entry(line) for line in lines[:-1]]
    whole = len(entries)
    while whole and entries[whole - 1] is None:
        whole -= 1
    end = sum(len(line) + 1 for line in lines[:whole])
    for number, entry in enumerate(entries[:whole], 1):
        if entry is None:
            raise RoomsDamaged(f"{file.name}, line {number}")
        yield entry
    file.truncate(end)
    file.seek(end)


def _entry(line: bytes) -> Entry | None:
    try:
        return _decoder().decode(line)
    except msgspec.DecodeError:
        return None
