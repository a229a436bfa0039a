"""What Slack knows of its users: the address their workspace verified, their time zone and language.

Asked for once an hour at most, and only of people who speak; an answer that does not come in time is done without.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

KEPT_SECONDS: Final = 3_600.0
PATIENCE_SECONDS: Final = 1.5
"""How long a person's first command waits to learn who they are; Slack itself waits three seconds for the answer."""

REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Profile:
    """`email` only where the workspace confirmed it and the account is a full member's; `zone` is an IANA zone."""

    email: str = ""
    zone: str = ""
    language: str = ""


class Profiles:
    """Profiles by workspace and user."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._kept: OrderedDict[tuple[str, str], tuple[float, Profile]] = OrderedDict()

    async def of(self, client: AsyncWebClient, team: str, user: str) -> Profile | None:
        """The profile; None where Slack did not say in time."""
        kept = self._kept.get((team, user))
        if kept is not None and self._now() - kept[0] < KEPT_SECONDS:
            return kept[1]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                said = await client.users_info(user=user, include_locale=True)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack did not tell who a user is: %s", type(error).__name__)
            return None
        profile = profile_of(said["user"])
        self._kept[team, user] = (self._now(), profile)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return profile

    def changed(self, team: str, user: dict[str, object]) -> Profile:
        """What Slack tells of its own accord."""
        profile = profile_of(user)
        self._kept[team, str(user["id"])] = (self._now(), profile)
        return profile


def profile_of(user: dict[str, object]) -> Profile:
    """A user as Slack shows them. Guests, bots and people of other workspaces have no address we would trust."""
    shown = user.get("profile")
    email = str(shown.get("email") or "") if isinstance(shown, dict) else ""
    outside = ("is_bot", "deleted", "is_restricted", "is_ultra_restricted", "is_stranger", "is_app_user")
    trusted = user.get("is_email_confirmed") is True and not any(user.get(each) for each in outside)
    language = str(user.get("locale") or "").replace("_", "-")
    return Profile(email if trusted else "", str(user.get("tz") or ""), language)
