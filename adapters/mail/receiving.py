"""The way in, in a process that runs: the door, and who answers behind it."""

from __future__ import annotations

from pathlib import Path

from adapters.mail.answering import Answering
from adapters.mail.listener import Door
from adapters.mail.settings import MailSettings
from adapters.shared.asking import Desk
from adapters.shared.environment import SettingsError, variable
from bot.ports import Store


class Receiving:
    """Answers by mail. It takes them when it is told to answer, until it is closed."""

    def __init__(self, settings: MailSettings, store: Store, folder: Path) -> None:
        self._settings = settings
        self._store = store
        self._addresses = settings.addresses(folder)
        self.door: Door | None = None

    async def answer(self, desk: Desk) -> None:
        """Take mail from now on, and answer through `desk`. Raises `SettingsError` where nothing can listen."""
        answering = Answering(desk, self._store.communities, self._addresses, self._settings.trusted)
        self.door = Door(self._settings.listen, answering.take, answering.ours, self._settings.largest)
        try:
            await self.door.open()
        except OSError as error:
            where = f"{variable('mail_listen')}={self._settings.listen}"
            raise SettingsError(f"Nothing can listen there: {where} ({error.strerror or error}).") from error

    async def listening(self) -> bool:
        """Whether mail can come in."""
        return self.door is not None and self.door.listening

    async def close(self) -> None:
        """Take nothing more."""
        if self.door is not None:
            await self.door.close()
