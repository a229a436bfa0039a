"""Which tokens the edge knows, what each may do, and how OAuth gives out new ones, with rotation when the app asks for it.

The emulator takes any token it does not know for an administrator's, never revokes one and lets none run out: hence these.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.support.slack.workspace import INSIDE, Workspace

ROTATION_SECONDS = 12 * 60 * 60


class Kind(StrEnum):
    """What a token stands for."""

    BOT = "bot"
    APP = "app"


@dataclass
class Token:
    """A token as the app sends it. `upstream` is what the emulator knows it by; `expires` is a time in seconds."""

    value: str
    kind: Kind
    scopes: set[str]
    upstream: str = INSIDE
    expires: float | None = None
    revoked: bool = False
    refresh: str = ""


@dataclass
class Tokens:
    """All tokens of the app."""

    workspace: Workspace
    now: Callable[[], float]
    _known: dict[str, Token] = field(default_factory=dict)
    _refresh: dict[str, Token] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app = self.workspace.app
        self._add(Token(app.token, Kind.BOT, set(app.scopes), app.token))
        self._add(Token(app.app_token, Kind.APP, {"connections:write"}))

    def __getitem__(self, value: str) -> Token:
        return self._known[value]

    def find(self, value: str) -> Token | str:
        """The token, or the error Slack answers."""
        if not value:
            return "not_authed"
        token = self._known.get(value)
        if token is None:
            return "invalid_auth"
        if token.revoked:
            return "token_revoked"
        if token.expires is not None and self.now() >= token.expires:
            return "token_expired"
        return token

    def revoke(self, value: str = "") -> None:
        """Make a token useless, by default the one the app began with."""
        self[value or self.workspace.app.token].revoked = True

    def grant(self, *scopes: str, token: str = "") -> None:
        """Give a token exactly these scopes, by default the one the app began with."""
        self[token or self.workspace.app.token].scopes = set(scopes)

    def installed(self, answer: dict[str, Any]) -> dict[str, Any]:
        """What `oauth.v2.access` gives the app for what the emulator gave the edge."""
        upstream = answer["access_token"]
        token = Token(upstream, Kind.BOT, set(answer["scope"].split(",")), upstream)
        if not self.workspace.app.rotates:
            self._add(token)
            return answer
        return {**answer, **self._rotated(token)}

    def refreshed(self, refresh: str) -> dict[str, Any]:
        """What `oauth.v2.access` answers to a refresh token; each serves once."""
        old = self._refresh.pop(refresh, None)
        if old is None or old.revoked:
            return {"ok": False, "error": "invalid_refresh_token"}
        return {"ok": True, "token_type": "bot", "scope": ",".join(sorted(old.scopes)), **self._rotated(old)}

    def _rotated(self, old: Token) -> dict[str, Any]:
        new = Token(
            f"xoxe.xoxb-1-{secrets.token_urlsafe(24)}",
            Kind.BOT,
            set(old.scopes),
            old.upstream,
            self.now() + ROTATION_SECONDS,
            refresh=f"xoxe-1-{secrets.token_urlsafe(24)}",
        )
        self._add(new)
        self._refresh[new.refresh] = new
        return {"access_token": new.value, "refresh_token": new.refresh, "expires_in": ROTATION_SECONDS}

    def _add(self, token: Token) -> None:
        self._known[token.value] = token
