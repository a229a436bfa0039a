"""The Slack a test begins with: a workspace, its people and channels, and the app under test.

Not what happens in it afterwards: that is kept by the emulator and the edge.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TEAM = "T000000001"
"""The emulator's one team: it gives it no other id."""

APP = "A0LAB"
BOT = "B0LAB"
BOT_USER = "U0WGBOT"
BOT_NAME = "wgbot"

SCOPES = (
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
    "users:read.email",
)
"""Enough for all that a test may want; an app asks for fewer."""

INSIDE = "xoxb-inside"
"""The edge's own token of the bot, with every scope: it looks where the app may not."""

EVERY_SCOPE = (*SCOPES, "bookmarks:read", "bookmarks:write", "channels:write", "mpim:history", "users.profile:read")
"""Every scope the emulator knows and the edge uses."""


@dataclass(frozen=True)
class Person:
    """A member of the workspace, or a guest. `timezone` is a name of the tz database."""

    name: str
    real_name: str = ""
    email: str = ""
    timezone: str = "Europe/Paris"
    locale: str = "en-US"
    admin: bool = False
    guest: bool = False
    deleted: bool = False
    email_confirmed: bool = True

    @property
    def token(self) -> str:
        """With this the driver acts as the person."""
        return f"xoxp-{self.name}"

    @property
    def address(self) -> str:
        """The e-mail address."""
        return self.email or f"{self.name}@lab.example"


@dataclass(frozen=True)
class Channel:
    """A channel; `members` None is everybody. The app is in it when `with_app`."""

    name: str
    private: bool = False
    members: tuple[str, ...] | None = None
    with_app: bool = True
    topic: str = ""


@dataclass(frozen=True)
class App:
    """The app under test, installed. `rotates`: tokens given out by OAuth run out and are refreshed."""

    scopes: tuple[str, ...] = SCOPES
    token: str = "xoxb-lab"
    app_token: str = "xapp-lab"
    signing_secret: str = "s3cr3t"
    client_id: str = "1.2"
    client_secret: str = "sekret"
    redirect_uri: str = "http://127.0.0.1:3000/slack/oauth_redirect"
    command: str = "/wg"
    rotates: bool = False


PEOPLE = (
    Person("alice", "Alice Émile", admin=True, locale="fr-FR"),
    Person("bob", "Bob", timezone="America/New_York"),
    Person("carol", "Carol", timezone="Asia/Kolkata"),
    Person("dave", "Dave", timezone="UTC"),
)
CHANNELS = (
    Channel("governance"),
    Channel("secret", private=True, members=("alice", "bob")),
    Channel("elsewhere", with_app=False),
    Channel("hidden", private=True, members=("alice", "bob"), with_app=False),
)


@dataclass(frozen=True)
class Workspace:
    """All of it."""

    name: str = "Lab"
    domain: str = "lab"
    people: tuple[Person, ...] = PEOPLE
    channels: tuple[Channel, ...] = CHANNELS
    app: App = field(default_factory=App)

    @property
    def url(self) -> str:
        """Where people would see it."""
        return f"https://{self.domain}.slack.com"

    def person(self, name: str) -> Person:
        """The person of a name; LookupError when there is none."""
        for person in self.people:
            if person.name == name:
                return person
        raise LookupError(f"nobody is called {name}")

    def seed(self) -> dict[str, Any]:
        """What the emulator is filled with. Channels are made afterwards: it would put everybody into each."""
        app = self.app
        bot = {
            "user_id": BOT_USER,
            "app_id": APP,
            "client_id": app.client_id,
            "bot_id": BOT,
            "bot_user_id": BOT_USER,
            "type": "bot",
        }
        return {
            "team": {"name": self.name, "domain": self.domain},
            "strict_scopes": True,
            "users": [
                {"name": it.name, "real_name": it.real_name or it.name, "email": it.address, "is_admin": it.admin}
                for it in self.people
            ],
            "oauth_apps": [
                {
                    "client_id": app.client_id,
                    "client_secret": app.client_secret,
                    "app_id": APP,
                    "name": "Working groups",
                    "bot_name": BOT_NAME,
                    "bot_id": BOT,
                    "bot_user_id": BOT_USER,
                    "redirect_uris": [app.redirect_uri],
                    "scopes": list(app.scopes),
                },
            ],
            "tokens": [
                {"token": app.token, "scopes": widened(app.scopes), **bot},
                {"token": INSIDE, "scopes": list(EVERY_SCOPE), **bot},
                *(
                    {"token": it.token, "type": "user", "user": it.name, "scopes": list(EVERY_SCOPE)}
                    for it in self.people
                ),
            ],
        }


def widened(scopes: tuple[str, ...]) -> list[str]:
    """Scopes as the emulator knows them: it has not heard of those that grant a part of another (the edge checks those)."""
    parts = {"channels:write.invites", "channels:write.topic", "groups:write.invites", "groups:write.topic"}
    return sorted({scope.split(".")[0] if scope in parts else scope for scope in scopes})
