"""`response_url`: where an app answers what a person did, five times in thirty minutes, also where it is no member.

The emulator has nothing of the kind.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.slack.blocks import Json

USES = 5
SECONDS = 30 * 60


@dataclass(frozen=True)
class Reply:
    """A post to a `response_url`, as sent."""

    key: str
    user: str
    channel: str
    body: Json
    at: float

    @property
    def ephemeral(self) -> bool:
        """Only the person sees it."""
        return bool(self.body.get("response_type", "ephemeral") == "ephemeral")

    @property
    def replaces(self) -> bool:
        """It takes the place of the message the person used."""
        return bool(self.body.get("replace_original"))

    @property
    def deletes(self) -> bool:
        """It removes the message the person used."""
        return bool(self.body.get("delete_original"))


@dataclass
class Address:
    """One `response_url`. `source` is the message the person used: its ts, when there is one."""

    user: str
    channel: str
    made: float
    source: str = ""
    source_ephemeral: bool = False
    uses: int = 0


@dataclass
class Replies:
    """All of them."""

    now: Callable[[], float]
    posted: list[Reply] = field(default_factory=list)
    _addresses: dict[str, Address] = field(default_factory=dict)

    def open(self, user: str, channel: str, source: str = "", *, ephemeral: bool = False) -> str:
        """The key of a new one."""
        key = secrets.token_hex(12)
        self._addresses[key] = Address(user, channel, self.now(), source, ephemeral)
        return key

    def post(self, key: str, body: dict[str, Any]) -> tuple[Address, Reply] | str:
        """Use it; or the error Slack answers with."""
        address = self._addresses.get(key)
        if address is None or self.now() - address.made > SECONDS:
            return "expired_url"
        if address.uses >= USES:
            return "used_url"
        address.uses += 1
        reply = Reply(key, address.user, address.channel, body, self.now())
        self.posted.append(reply)
        return address, reply
