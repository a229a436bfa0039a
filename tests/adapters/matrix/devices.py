"""Devices without a homeserver: their messages are carried from hand to hand."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

from adapters.matrix.machine import Machine

ROOM = "!room"
Json = dict[str, Any]

_numbers = itertools.count(1)
_taken: set[str] = set()
"""One-time keys that were given to somebody."""


def device(folder: Path, user: str = "@wg:one", name: str = "BOT") -> Machine:
    """A device with a key store of its own."""
    home = folder / f"{user[1:].replace(':', '_')}_{name}"
    home.mkdir(parents=True, exist_ok=True)
    return Machine(user, name, home, "secret")


def acquainted(*devices: Machine) -> None:
    """Have them know each other's keys, and have sessions."""
    keys: Json = {}
    for each in devices:
        keys.setdefault(each.user, {})[each.device] = each.device_keys()
    for each in devices:
        each.queried(list(keys), {"device_keys": keys})


def claimed(by: Machine, *others: Machine) -> None:
    """Have a device claim a key of others, as a homeserver would give it."""
    given: Json = {}
    for other in others:
        offered = other.olm.share_keys()
        name, key = next(each for each in offered["one_time_keys"].items() if each[1]["key"] not in _taken)
        _taken.add(key["key"])
        given.setdefault(other.user, {})[other.device] = {name: key}
    by.claimed({"one_time_keys": given})


def shared(sender: Machine, *receivers: Machine) -> None:
    """Give receivers the sender's key for the room."""
    users = frozenset(each.user for each in (*receivers, sender))
    sender.room_keys.lacking(ROOM, users)
    for _, body in sender.room_keys.sharing(ROOM, users):
        for receiver in receivers:
            content = body["messages"].get(receiver.user, {}).get(receiver.device)
            if content is not None:
                receiver.receive([to_device(sender.user, "m.room.encrypted", content)])


def to_device(sender: str, kind: str, content: Json) -> Json:
    """A message to a device."""
    return {"type": kind, "sender": sender, "content": content}


def said(sender: Machine, text: str = "hello", *, by: str = "") -> Json:
    """An encrypted event of the sender's in the room; `by` is whom the homeserver names as its sender."""
    encrypted = sender.room_keys.encrypt(ROOM, "m.room.message", {"msgtype": "m.text", "body": text})
    assert encrypted is not None
    return {
        "type": encrypted[0],
        "content": encrypted[1],
        "event_id": f"$event{next(_numbers)}",
        "sender": by or sender.user,
        "origin_server_ts": int(time.time() * 1000),
        "room_id": ROOM,
    }
