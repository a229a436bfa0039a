"""Whose invitations the bot accepts: of allowed servers, or of allowed people; others are declined with a word."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.matrix.arriving import Invitation


@dataclass(frozen=True, slots=True)
class Policy:
    """`servers`: whose people may invite ("*": anybody). `inviters`: people who may, whatever their server."""

    servers: tuple[str, ...]
    inviters: tuple[str, ...] = ()

    def refusal(self, invitation: Invitation) -> str | None:
        """What is told to whoever may not invite the bot; None for who may."""
        server = invitation.inviter.partition(":")[2]
        if "*" in self.servers or server in self.servers or invitation.inviter in self.inviters:
            return None
        return "wgbot accepts invitations of its own body's people only. Ask whoever runs it to allow your server."
