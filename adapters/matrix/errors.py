"""What a homeserver's answers mean for a message on its way: taken or not, now or never.

Codes are those of the client-server API. A server in trouble, or a proxy before it, often answers without one: then it
is not the homeserver that spoke, and nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp

from adapters.shared.sending import RateLimited, Rejected, SendError, Shut, Unreachable
from bot.troubles import Reason

SHUT: Final = {
    "M_CONSENT_NOT_GIVEN": Reason.NOT_ALLOWED,
    "M_EXPIRED_ACCOUNT": Reason.LOCKED,
    "M_MISSING_TOKEN": Reason.REVOKED,
    "M_RESOURCE_LIMIT_EXCEEDED": Reason.NOT_ALLOWED,
    "M_UNKNOWN_TOKEN": Reason.REVOKED,
    "M_USER_DEACTIVATED": Reason.LOCKED,
    "M_USER_LOCKED": Reason.LOCKED,
    "M_USER_SUSPENDED": Reason.LOCKED,
}
"""The homeserver takes nothing at all from the bot's account, until somebody sees to it."""

REASONS: Final = {
    "M_BAD_JSON": Reason.MALFORMED,
    "M_BAD_STATE": Reason.NOT_ALLOWED,
    "M_FORBIDDEN": Reason.NOT_ALLOWED,
    "M_INVALID_PARAM": Reason.MALFORMED,
    "M_NOT_FOUND": Reason.ROOM_GONE,
    "M_NOT_JSON": Reason.MALFORMED,
    "M_ROOM_IN_USE": Reason.NAME_TAKEN,
    "M_TOO_LARGE": Reason.TOO_LONG,
    "M_UNKNOWN_ROOM": Reason.ROOM_GONE,
}
"""A homeserver's codes in words of no platform's; others are shown as they are."""

ABSENT: Final = ("not in room", "not joined", "not a member", "is not in the room", "have been banned", "unknown room")
"""What homeservers say in words only, under `M_FORBIDDEN`: the bot is not in the room (any more)."""

LOGGED_OUT: Final = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})
SHUT_SECONDS: Final = 120.0
"""How long a homeserver that does not let the bot in is left alone."""

PATIENCE_SECONDS: Final = 5.0
"""How long to wait after being limited by a homeserver that does not say."""

RATE_LIMITED: Final = 429
SERVER_ERROR: Final = 500


class MatrixError(Exception):
    """A homeserver's answer that is no success: its status, its code ("" from what is no homeserver) and words.

    `retry_after_seconds`: when it was too much at once. `body`: the answer, whatever it was.
    """

    def __init__(self, status: int, code: str, words: str, retry_after_seconds: float, body: dict[str, object]) -> None:
        super().__init__(f"{status} {code or 'no Matrix answer'}: {words}")
        self.status = status
        self.code = code
        self.words = words
        self.retry_after_seconds = retry_after_seconds
        self.body = body

    @property
    def logged_out(self) -> bool:
        """Whether the access token is no longer good."""
        return self.code in LOGGED_OUT


def meaning(error: Exception) -> SendError:
    """What an error of a homeserver's, or of the network, means for the message that was to be sent."""
    if not isinstance(error, MatrixError):
        return Unreachable(f"the homeserver cannot be reached: {type(error).__name__}")
    if error.status == RATE_LIMITED or error.code == "M_LIMIT_EXCEEDED":
        return RateLimited(error.retry_after_seconds, workspace=True)
    if error.status >= SERVER_ERROR or not error.code:
        return Unreachable(error.code or f"http-{error.status}")
    if error.code in SHUT:
        return Shut(SHUT[error.code], SHUT_SECONDS)
    if error.code == "M_FORBIDDEN" and any(words in error.words.lower() for words in ABSENT):
        return Rejected(Reason.NOT_IN_ROOM)
    return Rejected(REASONS.get(error.code, error.code))


@contextmanager
def translated() -> Iterator[None]:
    """Turns a homeserver's errors and the network's into those a sender raises."""
    try:
        yield
    except (MatrixError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise meaning(error) from error
