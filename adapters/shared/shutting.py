"""Workspaces that take nothing from us: which they are, and when one message may be tried there again.

Kept by one process: another finds out by itself. That people are told is not done here; this only says whether a
community has still to be (`news`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.ids import CommunityId
from bot.outgoing import Lane

PROBE_SECONDS = 2.0
"""How long the others wait for what becomes of the one message that is tried."""


@dataclass(slots=True)
class _Shut:
    """Why, when somebody may try again (monotonic), whether somebody tries now, and who has been told."""

    reason: str
    again_at: float
    trying: bool = False
    told: set[CommunityId] = field(default_factory=set)


class Workspaces:
    """Those of every platform; all are open at first."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self._shut: dict[tuple[str, str], _Shut] = {}

    def wait(self, lane: Lane) -> float:
        """0.0: the lane's workspace is open, or it is this lane's to try. Otherwise come back in so many seconds."""
        shut, now = self._shut.get((lane.platform, lane.team)), self._now()
        if shut is None:
            return 0.0
        if now < shut.again_at:
            return shut.again_at - now
        shut.again_at, shut.trying = now + PROBE_SECONDS, True
        return 0.0

    def shut(self, lane: Lane, reason: str, seconds: float) -> None:
        """It took nothing: try again after so long. Every community is told again after a try that failed."""
        workspace, again_at = (lane.platform, lane.team), self._now() + seconds
        before = self._shut.get(workspace)
        if before is None or before.trying or before.reason != reason:
            self._shut[workspace] = _Shut(reason, again_at)
        else:
            before.again_at = max(before.again_at, again_at)

    def open(self, lane: Lane) -> None:
        """It answered otherwise."""
        self._shut.pop((lane.platform, lane.team), None)

    def news(self, lane: Lane, community: CommunityId) -> str:
        """Why it is shut, if that is still to be told to a community, and it counts as told; "" otherwise."""
        shut = self._shut.get((lane.platform, lane.team))
        if shut is None or shut.trying or community in shut.told:
            return ""
        shut.told.add(community)
        return shut.reason
