from __future__ import annotations

import aiohttp
import pytest

from adapters.matrix.errors import MatrixError, meaning, translated
from adapters.shared.sending import RateLimited, Rejected, SendError, Shut, Unreachable
from bot.troubles import Reason


def error(status: int, code: str = "", words: str = "", after: float = 0.0) -> MatrixError:
    return MatrixError(status, code, words, after, {})


@pytest.mark.parametrize(
    ("answered", "kind", "reason"),
    [
        (error(403, "M_FORBIDDEN", "User @wg:one not in room !r"), Rejected, Reason.NOT_IN_ROOM),
        (error(403, "M_FORBIDDEN", "You don't have permission to post that"), Rejected, Reason.NOT_ALLOWED),
        (error(404, "M_NOT_FOUND", "Unknown room"), Rejected, Reason.ROOM_GONE),
        (error(413, "M_TOO_LARGE", "event too large"), Rejected, Reason.TOO_LONG),
        (error(400, "M_ROOM_IN_USE", "Room alias already taken"), Rejected, Reason.NAME_TAKEN),
        (error(400, "M_BAD_JSON", "no"), Rejected, Reason.MALFORMED),
        (error(400, "M_SOMETHING", "new"), Rejected, "M_SOMETHING"),
        (error(401, "M_UNKNOWN_TOKEN", "no"), Shut, Reason.REVOKED),
        (error(403, "M_USER_SUSPENDED", "no"), Shut, Reason.LOCKED),
        (error(401, "M_USER_LOCKED", "no"), Shut, Reason.LOCKED),
        (error(500, "M_UNKNOWN", "Internal server error"), Unreachable, "M_UNKNOWN"),
        (error(502), Unreachable, "http-502"),
        (error(404), Unreachable, "http-404"),
        (error(200), Unreachable, "http-200"),
        (TimeoutError(), Unreachable, "the homeserver cannot be reached: TimeoutError"),
        (aiohttp.ServerDisconnectedError(), Unreachable, "the homeserver cannot be reached: ServerDisconnectedError"),
    ],
)
def test_what_an_answer_means(answered: Exception, kind: type[SendError], reason: str) -> None:
    meant = meaning(answered)
    assert type(meant) is kind
    assert getattr(meant, "reason", None) == reason


def test_too_much_is_waited_out_in_every_room() -> None:
    meant = meaning(error(429, "M_LIMIT_EXCEEDED", "slow", 3.5))
    assert isinstance(meant, RateLimited)
    assert (meant.retry_after_seconds, meant.workspace) == (3.5, True)


def test_errors_are_turned_where_they_are_met() -> None:
    with pytest.raises(Shut), translated():
        raise error(401, "M_UNKNOWN_TOKEN")
    with pytest.raises(LookupError), translated():
        raise LookupError("a bug of ours stays one")
