"""How people are called: by their user id, or as they are."""

from __future__ import annotations

from typing import Protocol


class Named(Protocol):
    """Somebody with a user id."""

    @property
    def id(self) -> str:
        """Their user id."""


Someone = str | Named


def id_of(someone: Someone) -> str:
    """Their user id."""
    return someone if isinstance(someone, str) else someone.id
