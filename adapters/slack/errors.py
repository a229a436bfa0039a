"""What Slack's answers mean for a message on its way: taken or not, now or never.

Codes are those of Slack's documentation of `chat.postMessage`, `chat.update`, `views.publish` and `conversations.*`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError

from adapters.shared.sending import RateLimited, Rejected, SendError, Shut, Unreachable
from bot.troubles import Reason

SHUT: Final = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "invalid_refresh_token",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""The workspace does not let the bot in: mended by whoever installed it, and then everything goes on."""

ESSENTIAL: Final = ("chat.postMessage", "chat.update", "views.publish")
"""Without the scope for one of these nothing can be said at all; without another, only what needs it is not done."""

PASSING: Final = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Slack's own trouble, after which it is not known whether the message was taken."""

REASONS: Final = {
    "account_inactive": Reason.REVOKED,
    "app_uninstalled": Reason.REMOVED,
    "cannot_dm_bot": Reason.PERSON_CLOSED,
    "cant_update_message": Reason.MESSAGE_GONE,
    "channel_not_found": Reason.ROOM_GONE,
    "edit_window_closed": Reason.MESSAGE_GONE,
    "invalid_auth": Reason.REVOKED,
    "invalid_blocks": Reason.MALFORMED,
    "invalid_blocks_format": Reason.MALFORMED,
    "invalid_refresh_token": Reason.REVOKED,
    "is_archived": Reason.ROOM_ARCHIVED,
    "is_inactive": Reason.ROOM_ARCHIVED,
    "message_not_found": Reason.MESSAGE_GONE,
    "messages_tab_disabled": Reason.PERSON_CLOSED,
    "missing_scope": Reason.NOT_ALLOWED,
    "msg_blocks_too_long": Reason.TOO_LONG,
    "msg_too_long": Reason.TOO_LONG,
    "name_taken": Reason.NAME_TAKEN,
    "not_authed": Reason.REVOKED,
    "not_in_channel": Reason.NOT_IN_ROOM,
    "restricted_action": Reason.NOT_ALLOWED,
    "restricted_action_read_only_channel": Reason.NOT_ALLOWED,
    "token_expired": Reason.REVOKED,
    "token_revoked": Reason.REVOKED,
    "user_disabled": Reason.PERSON_GONE,
    "user_not_found": Reason.PERSON_GONE,
    "users_not_found": Reason.PERSON_GONE,
}
"""Slack's codes in words of no platform's; others are shown as they are."""

SHUT_SECONDS: Final = 120.0
"""How long a workspace that does not let the bot in is left alone."""

NO_CODE: Final = "http_"
RATE_LIMITED: Final = 429
SERVER_ERROR: Final = 500


def code_of(error: SlackApiError) -> str:
    """Slack's code: `channel_not_found`. Where it was not Slack who answered, or not to the end: `http_502`."""
    data = getattr(error.response, "data", None)
    return str((data.get("error") if isinstance(data, dict) else None) or f"{NO_CODE}{_status(error)}")


def meaning(error: Exception) -> SendError:
    """What an error of the SDK's, or of the network, means for the message that was to be sent."""
    if isinstance(error, SlackTokenRotationError):
        return meaning(error.api_error)
    if not isinstance(error, SlackApiError):
        return Unreachable(f"Slack cannot be reached: {type(error).__name__}")
    status, code = _status(error), code_of(error)
    if status == RATE_LIMITED or code in ("ratelimited", "rate_limited"):
        headers = {name.lower(): value for name, value in error.response.headers.items()}
        return RateLimited(float(headers.get("retry-after", 30)), workspace=True)
    if status >= SERVER_ERROR or code in PASSING or code.startswith(NO_CODE):
        return Unreachable(code)
    if code in SHUT or (code == "missing_scope" and _essential(error)):
        return Shut(REASONS.get(code, code), SHUT_SECONDS)
    return Rejected(REASONS.get(code, code))


def _status(error: SlackApiError) -> int:
    """The HTTP status; the SDK gives its own kind of response, or aiohttp's where it could not be read."""
    response = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 200)


def _essential(error: SlackApiError) -> bool:
    return str(getattr(error.response, "api_url", "")).endswith(ESSENTIAL)


@contextmanager
def translated() -> Iterator[None]:
    """Turns errors of the SDK and the network into those a sender raises."""
    try:
        yield
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise meaning(error) from error
