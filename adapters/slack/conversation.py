"""One thing said in Slack, to the core and back: who says it, where, for which community, and how it is answered.

Commands, clicks, windows and shortcuts all go this way; each of their modules only reads its own kind of payload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.asking import Desk
from adapters.shared.communities import community_of
from adapters.shared.rates import Bucket, Rate
from adapters.slack.background import Background
from adapters.slack.channels import seen
from adapters.slack.origins import digest
from adapters.slack.people import Profiles
from bot.context import Request, Space
from bot.domain.community import Community
from bot.domain.groups import Home
from bot.domain.ids import CommunityId
from bot.domain.languages import spoken
from bot.domain.people import Account, Person
from bot.domain.preferences import Preferences
from bot.domain.records import Reads
from bot.engine import Answer, utc_now
from bot.suggesting import Suggestion, suggestions
from bot.text import Say, T
from bot.view import Named, Notice, Tone

PLATFORM: Final = "slack"

LEARNING: Final = Rate(1.0, 20)
"""How often a person's zone is asked for, which Slack answers a hundred times a minute: where many speak at once, their
answers come first, and whose turn it was not is asked about when they speak next."""

UNCONNECTED: Final = Notice(
    T("wgbot does not know which body this workspace belongs to."),
    Tone.REFUSED,
    T(
        "With a one-time code from whoever runs wgbot, type {link}; then, in the body's channel, {home}.",
        link=Say("link CODE"),
        home=Say("home all"),
    ),
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """An account, and the workspace the bot is spoken to in."""

    team: str
    user: str
    name: str
    client: AsyncWebClient


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, or the person's own direct messages with the bot (`@U123`)."""

    place: str
    name: str = ""
    private: bool = False


def place_of(channel: str, name: str, user: str) -> Place:
    """A channel as Slack names it in payloads. Home tabs and windows have none: there, one is by oneself."""
    if not channel or channel.startswith("D"):
        return Place(f"@{user}", private=True)
    return Place(channel, f"#{name}" if name and name not in ("privategroup", "directmessage") else "")


def window_name(command: str, arguments: Mapping[str, str]) -> str:
    """The same for a form that is begun again in the same way, so that what was kept of it is found."""
    return f"{command} {digest(*(part for item in sorted(arguments.items()) for part in item))}"


class Conversation:
    """Asks the core on behalf of people in Slack."""

    def __init__(
        self,
        desk: Desk,
        communities: Callable[[], Sequence[CommunityId]],
        profiles: Profiles,
        background: Background,
    ) -> None:
        self.background = background
        self.profiles = profiles
        self._desk = desk
        self._communities = communities
        self._known: set[tuple[CommunityId, str, str]] = set()
        self._new: set[tuple[CommunityId, str, str]] = set()
        self._learning = Bucket(LEARNING, monotonic())

    async def community(self, speaker: Speaker, place: Place, telling: str = "") -> CommunityId | None:
        """Which community something is meant for. `telling`: what of it tells that."""
        return await self._desk.look(
            lambda reads: community_of(
                reads, self._communities(), PLATFORM, speaker.team, place.place, speaker.user, telling
            )
        )

    async def ask(
        self,
        community: CommunityId,
        speaker: Speaker,
        place: Place,
        command: str,
        arguments: dict[str, str],
        origin: str,
        *,
        typed: str = "",
        window: str = "",
        at: datetime | None = None,
    ) -> Answer:
        """What a person is answered, once it is committed. `at`: when they asked (UTC), where Slack says it; else it is now."""
        key = (community, speaker.team, speaker.user)
        email = "" if key in self._known else await self._introduced(community, speaker)
        if key in self._new and not self._learning.wait(monotonic()):
            self._learning.take(monotonic())
            self._new.remove(key)
            self.background.spawn(self.tell_zone(community, speaker), "learning a person's zone")
        if command == "home":
            space = await self._looked_at(speaker, place)
        else:
            space = Space(PLATFORM, speaker.team, place.place, place.private, False, place.name, window)
        request = Request(
            community, space, command, origin, at or utc_now(), speaker.user, speaker.name, email, arguments, typed
        )
        answer = await self._desk.ask(request)
        if command == "home" and answer.done:
            self.background.spawn(speaker.client.conversations_join(channel=place.place), "joining a home")
        return answer

    async def suggestions(self, community: CommunityId, named: Named, begun: str) -> tuple[Suggestion, ...]:
        """What may be meant by what somebody begins to type."""

        def look(reads: Reads) -> tuple[Suggestion, ...]:
            found = reads.get(Community, community)
            return suggestions(reads, found, named, begun) if found is not None else ()

        return await self._desk.look(look)

    async def noted(self, community: CommunityId, command: str, arguments: dict[str, str], origin: str) -> None:
        """Let the core know of something that no person said."""
        space = Space(PLATFORM, arguments.get("team", ""), arguments.get("place", ""))
        request = Request(community, space, command, origin, utc_now(), arguments=arguments, system=True)
        await self._desk.ask(request)

    async def communities_at(self, team: str, place: str) -> tuple[CommunityId, ...]:
        """Those for which a channel is a home."""
        homes = await self._desk.look(lambda reads: reads.all(Home, platform=PLATFORM, team=team, place=place))
        return tuple(home.community for home in homes)

    async def communities_of(self, speaker: Speaker) -> tuple[CommunityId, ...]:
        """Those that know an account."""
        user = speaker.user
        found = await self._desk.look(lambda reads: reads.all(Account, platform=PLATFORM, team=speaker.team, user=user))
        return tuple(account.community for account in found)

    async def tell_zone(self, community: CommunityId, speaker: Speaker) -> None:
        """Let the core know the person's zone and language as Slack knows them, where it knows others."""
        profile = await self.profiles.of(speaker.client, speaker.team, speaker.user)
        if profile is None or not profile.zone:
            return
        person, chosen = await self._desk.look(lambda reads: _reader(reads, community, speaker))
        language = chosen or spoken(profile.language) or (person.language if person is not None else "")
        if person is not None and (person.zone, person.language) != (profile.zone, language):
            arguments = {"zone": profile.zone, "language": profile.language}
            origin = f"slack:{speaker.team}:profile:{digest(speaker.user, *arguments.values(), utc_now().isoformat())}"
            await self.ask(community, speaker, Place(f"@{speaker.user}", private=True), "profile", arguments, origin)

    async def _introduced(self, community: CommunityId, speaker: Speaker) -> str:
        """The verified address of an account that is not known yet, where the community trusts those; else ""."""
        known, trusting = await self._desk.look(lambda reads: _standing(reads, community, speaker))
        if known:
            key = (community, speaker.team, speaker.user)
            self._known.add(key)
            self._new.add(key)
            return ""
        if not trusting:
            return ""
        profile = await self.profiles.of(speaker.client, speaker.team, speaker.user)
        return profile.email if profile is not None else ""

    async def _looked_at(self, speaker: Speaker, place: Place) -> Space:
        """A place that is to become a home: open to every member, or not."""
        if place.private:
            return Space(PLATFORM, speaker.team, place.place, True)
        found = await seen(speaker.client, place.place)
        name = f"#{found.name}" if found.name else place.name
        return Space(PLATFORM, speaker.team, place.place, False, found.closed or found.archived, name)


def _standing(reads: Reads, community_id: CommunityId, speaker: Speaker) -> tuple[bool, bool]:
    """Whether the account is a person's, and whether the community trusts addresses its workspaces verified."""
    account = reads.get(Account, community_id, PLATFORM, speaker.team, speaker.user)
    community = reads.get(Community, community_id)
    return account is not None, community is not None and community.settings.trust_verified_email


def _person(reads: Reads, community: CommunityId, speaker: Speaker) -> Person | None:
    account = reads.get(Account, community, PLATFORM, speaker.team, speaker.user)
    return reads.get(Person, community, account.person) if account is not None else None


def _reader(reads: Reads, community: CommunityId, speaker: Speaker) -> tuple[Person | None, str]:
    """The person who speaks, and the language they chose themselves ("": none)."""
    person = _person(reads, community, speaker)
    wished = reads.get(Preferences, community, person.id) if person is not None else None
    return person, wished.wishes.language if wished is not None else ""


def speaker_in(body: Mapping[str, Any], client: AsyncWebClient) -> Speaker:
    """Who speaks, in a payload with a user and a team."""
    user = body["user"]
    team = (body.get("team") or {}).get("id") or user.get("team_id") or (body.get("enterprise") or {}).get("id") or ""
    return Speaker(team, user["id"], str(user.get("name") or user.get("username") or ""), client)
