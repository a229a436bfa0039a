"""What an installation says of Matrix, and whether that is enough to connect it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from adapters.matrix.account import Credentials
from adapters.matrix.policy import Policy
from adapters.shared.config import Installation
from adapters.shared.sealing import Sealing


@dataclass(frozen=True, slots=True)
class MatrixSettings:
    """How to reach a homeserver, as whom, and whose invitations to accept ("": those of the bot's own server)."""

    credentials: Credentials
    servers: tuple[str, ...] = ()
    inviters: tuple[str, ...] = ()

    @property
    def connected(self) -> bool:
        """Whether Matrix is to be connected at all."""
        return bool(self.credentials.homeserver)

    def problem(self) -> str | None:
        """What is missing, in a sentence for whoever runs it; None when it can work."""
        return self.credentials.problem() if self.connected else None

    def policy(self, server: str) -> Policy:
        """Whose invitations are accepted; `server` is the bot's own."""
        return Policy(self.servers or (server,), self.inviters)

    @classmethod
    def of(cls, settings: Installation) -> Self:
        """What of an installation's settings is Matrix's."""
        return cls(
            Credentials(
                settings.matrix_homeserver,
                settings.matrix_user,
                settings.matrix_password,
                settings.matrix_token,
                sealing=Sealing.of(settings),
            ),
            _listed(settings.matrix_servers),
            _listed(settings.matrix_inviters),
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
