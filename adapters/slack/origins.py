"""Which request a delivery of Slack's is: the same thing sent twice is one request, two acts are two.

Slack gives every invocation a trigger, every event an id. A double click has two triggers, and a window that is
submitted again after no answer came has another; those are told by what they do.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

DOUBLE_CLICK_SECONDS: Final = 1.5
REMEMBERED: Final = 4_096


def clicked_at(body: Mapping[str, Any]) -> datetime | None:
    """When somebody clicked, by Slack's clock (UTC): it may have been on its way for a while. None: Slack does not say."""
    try:
        return datetime.fromtimestamp(float(body["actions"][0]["action_ts"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


class Clicks:
    """Recent clicks, so that the second of a double click is the first again.

    Kept by this process only, which does not see what was clicked between the two where another replica heard of it: what
    may be repeated is never taken for a double click.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[str, str, str], tuple[str, float, str]] = OrderedDict()

    def origin(self, team: str, body: Mapping[str, Any], what: str, *, repeatable: bool = False) -> str:
        """The origin of a click on `what`. `action_ts` is Slack's own time of it, in seconds."""
        user, action = body["user"]["id"], body["actions"][0]
        container = body.get("container") or {}
        where = str(container.get("message_ts") or container.get("view_id") or "")
        at = float(action.get("action_ts") or 0)
        key = (team, user, where)
        last = self._last.get(key)
        if not repeatable and last is not None and last[0] == what and 0 <= at - last[1] <= DOUBLE_CLICK_SECONDS:
            return last[2]
        origin = f"slack:{team}:{body.get('trigger_id') or digest(user, where, what, str(at))}"
        self._last[key] = (what, at, origin)
        self._last.move_to_end(key)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        return origin


class Refusals:
    """How often a window was refused: submitted again unchanged, it is looked at anew, not answered as before."""

    def __init__(self) -> None:
        self._count: OrderedDict[str, int] = OrderedDict()

    def origin(self, team: str, view: str, answers: Mapping[str, str]) -> str:
        """The origin of a submission: the same window with the same answers, since it was last refused."""
        said = digest(*(part for item in sorted(answers.items()) for part in item))
        return f"slack:{team}:view:{view}:{said}:{self._count.get(view, 0)}"

    def refused(self, view: str) -> None:
        """It was."""
        self._count[view] = self._count.pop(view, 0) + 1
        if len(self._count) > REMEMBERED:
            self._count.popitem(last=False)


def digest(*parts: str) -> str:
    """A short name for a sequence of texts."""
    hashed = blake2b(digest_size=10)
    for part in parts:
        encoded = part.encode(errors="replace")
        hashed.update(len(encoded).to_bytes(4, "big") + encoded)
    return hashed.hexdigest()
