"""Mail in a process that runs: what sends it, and the pages that end it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.routing import BaseRoute

from adapters.mail.sender import MailSender, Pages, nowhere
from adapters.mail.settings import MailSettings
from adapters.mail.smtp import Server
from adapters.mail.stopping import Stopping
from adapters.shared.asking import Desk
from adapters.shared.sending import SendError
from bot.ports import Store


class Mail:
    """Everything of mail's that goes out, in one process. `folder` keeps the key that addresses are signed with."""

    def __init__(self, settings: MailSettings, store: Store, folder: Path, pages: Pages = nowhere) -> None:
        self.settings = settings
        self._server = Server(settings)
        addresses = settings.addresses(folder)
        self._stopping = Stopping(store, addresses)
        self.sender = MailSender(self._server, settings, addresses, store, pages)

    def routes(self) -> Sequence[BaseRoute]:
        """What is mounted in the web application: only where people can reach it."""
        return self._stopping.routes() if self.settings.public_url else ()

    def answer(self, desk: Desk) -> None:
        """Do what people ask by its pages through `desk` from now on."""
        self._stopping.answer(desk)

    async def connected(self) -> bool:
        """Whether the server takes mail from us."""
        try:
            await self._server.reached()
        except SendError:
            return False
        return True

    async def close(self) -> None:
        """Let go of its connections."""
        await self._server.close()
