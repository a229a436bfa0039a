"""Distinct types for what names things, so that one is never passed for another."""

from __future__ import annotations

from hashlib import blake2b
from typing import NewType

CommunityId = NewType("CommunityId", str)
PersonId = NewType("PersonId", str)
GroupId = NewType("GroupId", str)

MAG = "mag"
"""The body that is the whole community (the MAG), where a body is named; a working group is named by its `GroupId`."""


def derived(origin: str, number: int, length: int = 12) -> str:
    """The `number`-th id a request makes: fixed by the request, so that deciding it again makes the same. `length` is 32 at most."""
    return blake2b(f"{origin}|{number}".encode(), digest_size=16).hexdigest()[:length]
