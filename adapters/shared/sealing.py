"""Secrets that are kept on disk, sealed: encrypted and authenticated (Fernet) with a key that lies elsewhere.

Several keys may stand in the setting, by spaces or lines. The first seals; all of them open: a new one is put in front, what is
kept is sealed anew with it at the next start, and then the old one can go. Without a key everything is kept as it is. What was
kept before there was a key is taken over when it is read first. It is not for what people say: that is the database's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.shared.config import Installation
from adapters.shared.environment import BY_FILE, SettingsError, variable
from adapters.shared.health import Check, Finding, attention, ok
from bot.ports import Store
from bot.text import T

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet

MARK: Final = "sealed:"
"""Before what is sealed, so that it is told apart from what is not."""

NAME: Final = variable("sealing_key")
MAKE: Final = "openssl rand -base64 32"


class Sealing:
    """Seals with the first of the `keys`. Raises `SettingsError` for one that is none."""

    def __init__(self, keys: str = "") -> None:
        self._newest: Fernet | None = None
        self._all: MultiFernet | None = None
        if keys.split():
            from cryptography.fernet import Fernet, MultiFernet  # late: most installations start without

            try:
                each = [Fernet(_url_safe(key)) for key in keys.split()]
            except ValueError:
                raise SettingsError(f"{NAME} cannot be used: a key is 32 bytes in base64. Make one: {MAKE}.") from None
            self._newest, self._all = each[0], MultiFernet(each)

    @classmethod
    def of(cls, settings: Installation) -> Sealing:
        """With the keys of an installation."""
        return cls(settings.sealing_key)

    @property
    def active(self) -> bool:
        """Whether there is a key."""
        return self._newest is not None

    def seal(self, text: str) -> str:
        """What is to be kept of a secret."""
        return text if self._newest is None else MARK + self._newest.encrypt(text.encode()).decode()

    def open(self, kept: str) -> str:
        """The secret; one that was kept without a key is as it is. Raises `SettingsError` where the key is not there."""
        if not kept.startswith(MARK):
            return kept
        if self._all is None:
            raise SettingsError(f"What is kept was sealed, and there is no key: set {NAME} or {NAME}{BY_FILE}.")
        from cryptography.fernet import InvalidToken

        try:
            return self._all.decrypt(kept.removeprefix(MARK)).decode()
        except InvalidToken:
            raise SettingsError(
                f"What is kept was sealed with a key that is not in {NAME}. Add that one behind."
            ) from None

    def anew(self, kept: str) -> str:
        """As it is to be kept from now on: the same, unless it was kept without a key or with an older one. Raises as `open`."""
        if self._newest is not None and kept.startswith(MARK):
            from cryptography.fernet import InvalidToken

            try:
                self._newest.decrypt(kept.removeprefix(MARK))
            except InvalidToken:
                pass
            else:
                return kept
        return self.seal(self.open(kept))


PLAIN: Final = Sealing()
"""Without a key."""


@dataclass(frozen=True, slots=True)
class AtRest:
    """Whether what is kept of secrets on the disk is sealed."""

    sealing: Sealing
    name: str = "secrets on the disk"

    def findings(self) -> Iterable[Finding]:
        """See `Check`."""
        if self.sealing.active:
            yield ok(T("They are sealed, with the key that {name} has.", name=NAME))
        else:
            yield attention(
                T("Tokens and keys in the data folder are in plain text: whoever has a copy of it has them."),
                T("Set {name}: {page}.", name=NAME + BY_FILE, page="docs/how-to/found-a-community.md"),
            )


def checks(settings: Installation, store: Store) -> Iterable[Check]:
    """One, where a platform is connected of which something secret is kept."""
    if settings.matrix_homeserver or settings.slack_client_id or (settings.mail_host and not settings.mail_key):
        yield AtRest(Sealing.of(settings))


def _url_safe(key: str) -> str:
    """A key as `openssl` writes it, or as Fernet does."""
    return key.replace("+", "-").replace("/", "_")
