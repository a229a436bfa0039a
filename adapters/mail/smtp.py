"""The mail server, spoken to by SMTP: connections that are kept while they are used, and what its answers mean.

A message is taken when the server said 250 after its text, and not before. Where the connection breaks between the two, nobody
knows: that is told apart (`Unreachable`) from what certainly was not taken (`RateLimited`, `Rejected`, `Shut`).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from adapters.mail.settings import MailSettings
from adapters.shared.sending import RateLimited, Rejected, SendError, Shut, Unreachable
from bot.troubles import Reason

log = logging.getLogger(__name__)

CONNECTIONS: Final = 4
"""Connections at the same time."""

IDLE_SECONDS: Final = 20.0
"""How long a connection is kept that nobody uses: servers close them after some minutes, without a word."""

PATIENCE_SECONDS: Final = 20.0
AWAY_SECONDS: Final = 30.0
"""How long to wait before a server that is not there is tried again."""

BUSY_SECONDS: Final = 60.0
SHUT_SECONDS: Final = 300.0

TOO_LARGE: Final = 552
NO_MAILBOX: Final = frozenset({550, 551, 553})
BUSY: Final = 421
_TEMPORARY: Final = range(400, 500)


@dataclass(slots=True)
class _Idle:
    connection: SMTP
    since: float


class Server:
    """Gives messages to the server the settings name. Use it on one event loop."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._idle: list[_Idle] = []
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def send(self, sender: str, recipient: str, data: bytes) -> None:
        """Have one message taken for one recipient. Raises a `SendError`."""
        async with self._free:
            connection = await self._connection()
            kept = False
            try:
                await self._envelope(connection, sender, recipient)
                await self._text(connection, data)
                kept = True
            finally:
                await self._let_go(connection, kept=kept)

    async def reached(self) -> None:
        """Log in and do nothing. Raises a `SendError`."""
        await self._let_go(await self._connection(), kept=True)

    async def close(self) -> None:
        """Say good-bye on every connection."""
        while self._idle:
            await self._quit(self._idle.pop().connection)

    async def _connection(self) -> SMTP:
        """One that answers: kept, or new."""
        loop = asyncio.get_running_loop()
        while self._idle:
            idle = self._idle.pop()
            if loop.time() - idle.since < IDLE_SECONDS and await _answers(idle.connection):
                return idle.connection
            idle.connection.close()
        return await self._connected()

    async def _connected(self) -> SMTP:
        given = self._settings
        connection = SMTP(
            hostname=given.host,
            port=given.port,
            use_tls=given.tls == "tls",
            start_tls=given.tls == "starttls",
            timeout=PATIENCE_SECONDS,
        )
        try:
            await connection.connect()
            if given.user:
                await connection.login(given.user, given.password)
        except SMTPAuthenticationError as error:
            connection.close()
            if error.code in _TEMPORARY:
                raise RateLimited(BUSY_SECONDS, all_pools=True) from error
            raise Shut(Reason.REVOKED, SHUT_SECONDS) from error
        except SMTPResponseException as error:
            connection.close()
            if error.code in _TEMPORARY:
                raise RateLimited(BUSY_SECONDS, all_pools=True) from error
            raise Shut(Reason.NOT_ALLOWED, SHUT_SECONDS) from error
        except (SMTPException, OSError) as error:
            connection.close()
            log.warning("the mail server cannot be reached: %s", type(error).__name__)
            raise RateLimited(AWAY_SECONDS, all_pools=True) from error
        except asyncio.CancelledError:
            connection.close()
            raise
        return connection

    async def _envelope(self, connection: SMTP, sender: str, recipient: str) -> None:
        """From whom and to whom: what is refused here is certainly not taken."""
        plain = sender.isascii() and recipient.isascii()
        if not plain and not connection.supports_extension("smtputf8"):
            raise Rejected(Reason.MALFORMED)
        try:
            if plain:
                await connection.mail(sender)
            else:
                await connection.mail(sender, options=["SMTPUTF8"], encoding="utf-8")
            await connection.rcpt(recipient, encoding="utf-8")
        except SMTPRecipientRefused as error:
            raise _refused(error, Reason.PERSON_GONE if error.code in NO_MAILBOX else f"{error.code}") from error
        except SMTPSenderRefused as error:
            if error.code not in _TEMPORARY:
                raise Shut(Reason.NOT_ALLOWED, SHUT_SECONDS) from error
            raise _refused(error, Reason.NOT_ALLOWED) from error
        except SMTPResponseException as error:
            raise _refused(error, f"{error.code}") from error
        except (SMTPException, OSError) as error:
            raise RateLimited(AWAY_SECONDS) from error

    async def _text(self, connection: SMTP, data: bytes) -> None:
        """The message. Whatever happens without an answer, it may have been taken."""
        try:
            await connection.data(data)
        except SMTPResponseException as error:
            raise _refused(error, Reason.NOT_ALLOWED) from error
        except (SMTPException, OSError) as error:
            raise Unreachable(f"the mail server did not say whether it took it ({type(error).__name__})") from error

    async def _let_go(self, connection: SMTP, *, kept: bool) -> None:
        if kept and connection.is_connected:
            self._idle.append(_Idle(connection, asyncio.get_running_loop().time()))
        else:
            connection.close()

    async def _quit(self, connection: SMTP) -> None:
        try:
            await connection.quit(timeout=2.0)
        except (SMTPException, OSError):
            connection.close()


async def _answers(connection: SMTP) -> bool:
    try:
        return connection.is_connected and (await connection.rset()).code == 250  # noqa: PLR2004 — RFC 5321's “done”
    except (SMTPException, OSError):
        return False


def _refused(error: SMTPResponseException, reason: str) -> SendError:
    """A refusal, by its code: of all that comes now, of this for now, or of this for good."""
    if error.code == BUSY:
        return RateLimited(BUSY_SECONDS, workspace=True)
    if error.code in _TEMPORARY:
        return Unreachable(f"the mail server says {error.code}: later")
    return Rejected(Reason.TOO_LONG if error.code == TOO_LARGE else reason)
