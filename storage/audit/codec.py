"""Events as canonical JSON, and back.

Canonical: sorted keys, no spaces, times as ISO 8601 in UTC; one event has one text, which is what the chain hashes. In
place of a private value stands a salted commitment, `{"sha256": …}`; value and salt lie beside the chain and can be
erased without breaking it. An empty private value ("", (), {} or None) says nothing about anybody and stands as it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from bot.domain.events import EVENTS, NAMES

SALT_BYTES = 16
COMMITMENT = b'{"sha256":"'

canonical = msgspec.json.Encoder(order="sorted").encode
"""A value as canonical JSON."""

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_private = msgspec.json.Decoder(dict[str, tuple[str, msgspec.Raw]]).decode


@dataclass(frozen=True, slots=True)
class Encoded:
    """An event as it is kept: `private` is {field: [salt, value]}, None when the event has no private value."""

    name: str
    body: bytes
    private: bytes | None


def encode(event: Any) -> Encoded:
    """The canonical text of an event, with new salts. Raises `LookupError` for what was not declared as an event."""
    cls = type(event)
    try:
        kind = NAMES[cls]
    except KeyError:
        raise LookupError(f"{cls.__name__} is not declared as an event") from None
    held = {field: value for field in kind.private if not _empty(value := getattr(event, field))}
    if not held:
        return Encoded(kind.name, canonical(event), None)
    body = {field: getattr(event, field) for field in cls.__slots__}
    private: dict[str, tuple[str, msgspec.Raw]] = {}
    for field, value in held.items():
        text = canonical(value)
        salt = os.urandom(SALT_BYTES).hex()
        body[field] = {"sha256": commitment(field, salt, text)}
        private[field] = (salt, msgspec.Raw(text))
    return Encoded(kind.name, canonical(body), canonical(private))


def decode(name: str, body: bytes, private: bytes | None) -> Any | None:
    """The event, or None when private values of it were erased. Raises `LookupError` for a name this code has not."""
    kind = EVENTS.get(name)
    if kind is None:
        raise LookupError(f"no event is called {name}")
    if not kind.private or COMMITMENT not in body:
        return _decoder(kind.cls).decode(body)
    found = _fields(body)
    for field, (_, value) in (_private(private) if private else {}).items():
        found[field] = value
    if any(bytes(found.get(field, b"")).startswith(COMMITMENT) for field in kind.private):
        return None
    return _decoder(kind.cls).decode(canonical(found))


def commitment(field: str, salt: str, text: bytes) -> str:
    """The commitment to a private value: SHA-256 (hex) over salt, field and the value's canonical text."""
    return sha256(f"{salt} {field} ".encode() + text).hexdigest()


def broken_commitments(body: bytes, private: bytes) -> dict[str, str]:
    """The private fields whose values are not those committed to, with the commitments that would be theirs."""
    found = _fields(body)
    made = {field: commitment(field, salt, bytes(value)) for field, (salt, value) in _private(private).items()}
    return {field: each for field, each in made.items() if bytes(found.get(field, b"")) != canonical({"sha256": each})}


def private_in(private: bytes) -> dict[str, bytes]:
    """The private values of an event as canonical JSON, by field."""
    return {field: bytes(value) for field, (_, value) in _private(private).items()}


def replaced(private: bytes, values: Mapping[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """Private values with others in the place of some, under new salts: what is kept, and the commitments to the new ones."""
    kept: dict[str, tuple[str, msgspec.Raw]] = dict(_private(private))
    commitments: dict[str, str] = {}
    for field, text in values.items():
        salt = os.urandom(SALT_BYTES).hex()
        kept[field] = (salt, msgspec.Raw(text))
        commitments[field] = commitment(field, salt, text)
    return canonical(kept), commitments


def name_of(cls: type[Any]) -> str:
    """What an event of a type is called."""
    return NAMES[cls].name


def value_in(body: bytes, field: str) -> Any:
    """One field of an encoded event, as plain JSON gives it; None when it is not there."""
    raw = _fields(body).get(field)
    return None if raw is None else msgspec.json.decode(raw)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | tuple | dict) and not value)


def _decoder(cls: type[Any]) -> msgspec.json.Decoder[Any]:
    made = _DECODERS.get(cls)
    if made is None:
        made = _DECODERS[cls] = msgspec.json.Decoder(cls)
    return made


_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {}
