"""Every event comes back from its text as it went; private values show only as commitments, and only while they are there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.community import ClockMoved
from bot.domain.consensus.checks import CloseMoved, PositionTaken
from bot.domain.consensus.positions import Position
from bot.domain.events import EVENTS
from bot.domain.ids import PersonId
from bot.domain.people import PersonAdded, Role
from storage import tables
from storage.audit import codec
from tests.storage.strategies import records

assert tables.TABLES  # importing them declares every event

ANA = PersonId("ana")


@pytest.mark.parametrize("name", sorted(EVENTS))
@given(data=st.data())
@settings(max_examples=20)
def test_events_come_back(name: str, data: st.DataObject) -> None:
    kind = EVENTS[name]
    event = data.draw(records(kind.cls))
    encoded = codec.encode(event)
    assert encoded.name == name
    assert codec.decode(encoded.name, encoded.body, encoded.private) == event
    if encoded.private is not None:
        assert codec.broken_commitments(encoded.body, encoded.private) == {}
        assert codec.decode(encoded.name, encoded.body, None) is None
    body = msgspec.json.decode(encoded.body)
    assert encoded.body == codec.canonical(body)
    for field in kind.private:
        value = getattr(event, field)
        expected = {"sha256": body[field]["sha256"]} if value else msgspec.json.decode(codec.canonical(value))
        assert body[field] == expected


def test_the_text_of_an_event_is_fixed() -> None:
    taken = PositionTaken(3, ANA, "Government", Position.SUPPORT, None, "")
    assert codec.encode(taken) == codec.Encoded(
        "position.taken",
        b'{"before":null,"check":3,"person":"ana","position":"support","reason":"","sent_at":null,'
        b'"stakeholder_group":"Government","stated_by":null}',
        None,
    )
    moved = CloseMoved(3, datetime(2027, 1, 11, 12, 0, 0, 5, tzinfo=UTC), "by-hand")
    assert codec.encode(moved).body == b'{"check":3,"closes_at":"2027-01-11T12:00:00.000005Z","why":"by-hand"}'


def test_a_commitment_is_salted_and_says_which_field() -> None:
    first, second = (codec.encode(PersonAdded(ANA, "Ana", "Ana")) for _ in range(2))
    assert first.body != second.body
    body = msgspec.json.decode(first.body)
    assert body["name"] != body["email"]
    assert first.private is not None
    salt, value = msgspec.json.decode(first.private)["name"]
    assert len(bytes.fromhex(salt)) == codec.SALT_BYTES
    assert value == "Ana"
    assert body["name"] == {"sha256": sha256(f'{salt} name "Ana"'.encode()).hexdigest()}


def test_a_changed_value_is_found() -> None:
    encoded = codec.encode(PersonAdded(ANA, "Ana", "ana@example.org"))
    assert encoded.private is not None
    changed = encoded.private.replace(b"ana@", b"eva@")
    assert codec.broken_commitments(encoded.body, changed).keys() == {"email"}


def test_an_event_half_erased_is_erased() -> None:
    encoded = codec.encode(PersonAdded(ANA, "Ana", "ana@example.org"))
    assert encoded.private is not None
    kept = {"name": msgspec.json.decode(encoded.private)["name"]}
    assert codec.decode(encoded.name, encoded.body, codec.canonical(kept)) is None


def test_what_looks_like_a_commitment_is_none() -> None:
    strange = PersonAdded(ANA, '{"sha256":"', "")
    encoded = codec.encode(strange)
    assert codec.decode(encoded.name, encoded.body, encoded.private) == strange


def test_fields_that_came_later_have_their_defaults() -> None:
    body = b'{"before":null,"check":3,"person":"ana","position":"support","reason":"","stakeholder_group":""}'
    assert codec.decode("position.taken", body, None).stated_by is None  # type: ignore[union-attr] # it is an event


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("position.lost", b"{}"),
        ("position.taken", b"{}"),
        ("position.taken", b"no JSON"),
        ("seat.given", b'{"cycle":"one"}'),
    ],
)
def test_what_cannot_be_read_says_so(name: str, body: bytes) -> None:
    with pytest.raises((LookupError, ValueError)):
        codec.decode(name, body, None)


@pytest.mark.parametrize("value", [Role.CHAIR, "text", ClockMoved])
def test_only_events_are_encoded(value: Any) -> None:
    with pytest.raises(LookupError):
        codec.encode(value)


def test_times_in_other_zones_are_the_same_instants() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    moved = CloseMoved(3, datetime(2027, 1, 11, 17, 30, tzinfo=zone), "by-hand")
    encoded = codec.encode(moved)
    assert codec.decode(encoded.name, encoded.body, None) == moved
