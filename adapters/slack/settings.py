"""What an installation says of Slack, and whether that is enough to connect it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from adapters.shared.config import Installation
from adapters.shared.sealing import PLAIN, Sealing
from adapters.slack.workspaces import API


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to reach Slack: a bot token, or OAuth (client id and secret, with a public address); sockets, or HTTP."""

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""
    public_url: str = ""
    sockets: int = 2
    api: str = API
    sealing: Sealing = PLAIN

    @property
    def oauth(self) -> bool:
        """Whether workspaces install the app themselves."""
        return bool(self.client_id and self.client_secret)

    @property
    def connected(self) -> bool:
        """Whether Slack is to be connected at all."""
        return bool(self.bot_token or self.oauth)

    def problem(self) -> str | None:
        """What is missing, in a sentence for whoever runs it; None when it can work."""
        if not self.connected:
            return None
        if self.bot_token and self.oauth:
            return "Set either a bot token for one workspace, or a client id and secret for many; not both."
        if not self.app_token and not self.signing_secret:
            return "Set an app token (xapp-…) for Socket Mode, or the signing secret for HTTP."
        if self.oauth and not (self.public_url and self.signing_secret):
            return "Installing by OAuth needs the public address and the signing secret."
        return None

    @classmethod
    def of(cls, settings: Installation) -> Self:
        """What of an installation's settings is Slack's."""
        return cls(
            bot_token=settings.slack_bot_token,
            app_token=settings.slack_app_token,
            signing_secret=settings.slack_signing_secret,
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
            public_url=settings.public_url,
            sockets=settings.slack_sockets,
            api=settings.slack_api,
            sealing=Sealing.of(settings),
        )
