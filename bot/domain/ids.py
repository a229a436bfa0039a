"""Distinct types for what names things, so that one is never passed for another."""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from typing import NewType

CommunityId = NewType("CommunityId", str)
PersonId = NewType("PersonId", str)
GroupId = NewType("GroupId", str)

MAG = "mag"
"""The body that is the whole community (the MAG), where a body is named; a working group is named by its `GroupId`."""


def derived(origin: str, number: int, length: int = 10) -> str:
    """The `number`-th id a request makes: fixed by the request, so that deciding it again makes the same. `length` is 24 at most."""
    digest = blake2b(f"{origin}|{number}".encode(), digest_size=15).digest()
    return b32encode(digest).decode()[:length].lower()
