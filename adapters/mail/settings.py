"""What an installation says of mail, and whether that is enough to send it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from adapters.mail.addresses import Addresses
from adapters.mail.keys import Keys, WeakKey
from adapters.shared.config import Installation
from adapters.shared.sealing import PLAIN, Sealing


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The server that sends, the address it comes from, and the domain that answers come back to.

    `tls` is `starttls`, `tls` (from the first byte) or `none`; `per_second` is how many messages the server is given at most.
    `public_url` is where this installation is reached from outside ("": nowhere). `listen` is where answers come in ("": nowhere),
    `largest` what one may have in bytes, `key` what their addresses are signed with, `trusted` whose findings on senders are believed.
    """

    host: str = ""
    port: int = 587
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    domain: str = ""
    per_second: float = 5.0
    public_url: str = ""
    listen: str = ""
    largest: int = 5_000_000
    key: str = field(default="", repr=False)
    trusted: str = ""
    sealing: Sealing = PLAIN

    @property
    def connected(self) -> bool:
        """Whether mail is to be sent at all."""
        return bool(self.host)

    def keys(self, folder: Path) -> Keys:
        """What addresses are signed with: as set, or kept in the data folder. Raises `OSError`."""
        return Keys.of(self.key) if self.key else Keys.kept(folder, self.sealing)

    def addresses(self, folder: Path) -> Addresses:
        """What makes and reads the addresses of answers. Raises `OSError`."""
        return Addresses(self.keys(folder), self.domain)

    def problem(self) -> str | None:
        """What is missing, in a sentence for whoever runs it; None when it can work."""
        if self.key:
            try:
                Keys.of(self.key)
            except WeakKey as error:
                return str(error)
        if self.listen and not self.connected:
            return "Answers would come in, and no mail goes out: set WGBOT_MAIL_HOST."
        if not self.connected:
            return None
        if not self.sender:
            return "Set WGBOT_MAIL_FROM: the address that mail comes from."
        if self.password and not self.user:
            return "There is a password, but no user: set WGBOT_MAIL_USER."
        return None

    @classmethod
    def of(cls, settings: Installation) -> Self:
        """What of an installation's settings is mail's."""
        return cls(
            settings.mail_host,
            settings.mail_port,
            settings.mail_tls,
            settings.mail_user,
            settings.mail_password,
            settings.mail_from,
            settings.mail_domain or settings.mail_from.rpartition("@")[2].lower(),
            settings.mail_per_second,
            settings.public_url.rstrip("/"),
            settings.mail_listen,
            settings.mail_largest,
            settings.mail_key,
            settings.mail_trusted,
            Sealing.of(settings),
        )
