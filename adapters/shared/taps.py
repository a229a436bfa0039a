"""What a tap says: a button's or an option's command with its arguments, and the community it was shown in.

It travels through the platform and comes back: it works after a restart, on any replica. It names no person: whoever taps,
speaks, and may do only what they may do by typing it.
"""

from __future__ import annotations

import msgspec

from bot.domain.ids import CommunityId


class Tap(msgspec.Struct, frozen=True, array_like=True):
    """A command and arguments, and the community."""

    community: CommunityId
    command: str
    arguments: dict[str, str] = {}
