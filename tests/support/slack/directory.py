"""Who and what there is: names to ids, and what the emulator cannot be told of people and channels.

It gives random ids, knows neither time zones nor languages nor guests, and never lets anybody leave or a channel be deleted.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.support.slack.blocks import Json
from tests.support.slack.upstream import Upstream
from tests.support.slack.workspace import BOT_USER, Channel, Person, Workspace

_INVITED_AT_ONCE = 100


class Directory:
    """People and channels of a workspace."""

    def __init__(self, workspace: Workspace, upstream: Upstream) -> None:
        self._upstream = upstream
        self._people = {person.name: person for person in workspace.people}
        self._by_id: dict[str, Person] = {}
        self._ids: dict[str, str] = {}
        self.deleted_channels: set[str] = set()
        self.gone = {person.name for person in workspace.people if person.deleted}

    async def fill(self, channels: tuple[Channel, ...]) -> None:
        """Learn people's ids, and make the channels."""
        for user in await self._upstream.whole("users.list", "members"):
            if user["name"] in self._people:
                self._ids[user["name"]] = user["id"]
                self._by_id[user["id"]] = self._people[user["name"]]
        for channel in channels:
            await self._make(channel)

    def user(self, name: str) -> str:
        """The id of a person, by name or id."""
        return name if name in self._by_id else self._ids[name]

    def person(self, user: str) -> Person:
        """The person of an id; LookupError for a stranger or a bot."""
        return self._by_id[user]

    def name(self, user: str) -> str:
        """What an id is called."""
        return "wgbot" if user == BOT_USER else self._by_id[user].name if user in self._by_id else user

    async def channel(self, name: str) -> str:
        """The id of a channel, by name or id. LookupError when there is none that the app or the test made."""
        if f"#{name}" in self._ids:
            return self._ids[f"#{name}"]
        types = "public_channel,private_channel"
        for channel in await self._upstream.whole("conversations.list", "channels", types=types):
            self._ids[f"#{channel['name']}"] = channel["id"]
        if f"#{name}" not in self._ids and name not in self._ids.values() and not name.startswith(("C", "D", "G")):
            raise LookupError(f"there is no channel {name}")
        return self._ids.get(f"#{name}", name)

    def described(self, user: Json, *, locale: bool) -> Json:
        """A user as Slack describes them."""
        person = self._by_id.get(user["id"])
        zone = ZoneInfo(person.timezone if person else "America/Los_Angeles")
        offset = datetime.now(UTC).astimezone(zone).utcoffset()
        told = {
            **user,
            "tz": str(zone),
            "tz_label": str(zone),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_restricted": bool(person and person.guest),
            "is_ultra_restricted": False,
            "is_app_user": False,
            "is_email_confirmed": bool(person and person.email_confirmed),
            "deleted": bool(person and person.name in self.gone),
            "updated": 0,
        }
        if locale:
            told["locale"] = person.locale if person else "en-US"
        return told

    def deactivated(self, user: str) -> bool:
        """They left the workspace."""
        return user in self._by_id and self._by_id[user].name in self.gone

    async def _make(self, channel: Channel) -> None:
        everybody = [name for name in self._people if name not in self.gone]
        members = list(channel.members) if channel.members is not None else everybody
        token = self._people[members[0]].token
        made = await self._upstream.call(
            "conversations.create", {"name": channel.name, "is_private": channel.private}, token
        )
        if not made["ok"]:
            raise ValueError(f"{channel.name}: {made['error']}")
        here = self._ids[f"#{channel.name}"] = made["channel"]["id"]
        invited = [*(self.user(name) for name in members[1:]), *((BOT_USER,) if channel.with_app else ())]
        for start in range(0, len(invited), _INVITED_AT_ONCE):
            some = ",".join(invited[start : start + _INVITED_AT_ONCE])
            await self._upstream.call("conversations.invite", {"channel": here, "users": some}, token)
        if channel.topic:
            await self._upstream.call("conversations.setTopic", {"channel": here, "topic": channel.topic}, token)
