"""The door that mail comes in by: SMTP and LMTP on one address, for the mail server that delivers to it.

A mail is taken (`250`) when what it asks is committed, and not before: if this process dies in between, the mail server has no
answer and delivers again. What cannot be written now is to be tried later (`451`). It takes mail for its own addresses only, and
one at a time: LMTP answers for each recipient, and here each has another meaning. It logs no address.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

log = logging.getLogger(__name__)

LONGEST_LINE: Final = 100_000
"""Octets. RFC 5321 allows 1,000; what some programs send in HTML is longer, and would be lost."""

PATIENCE_SECONDS: Final = 300.0
"""How long a peer may be silent."""

ANSWER_SECONDS: Final = 120.0
"""How long a mail may take to be written. RFC 5321 has peers wait for ten minutes."""

AT_ONCE: Final = 16
"""Mails that are worked on; others wait."""

CLOSING_SECONDS: Final = 5.0

Take = Callable[[bytes, str, str], Awaitable[object]]
"""Takes a mail: as it came, for whom, and from what envelope sender. Returns when it is committed."""


class NotYet(Exception):
    """More came from somebody than may at once: it is to be brought again later."""


for _name in ("mail.log", "mail.debug"):
    logging.getLogger(_name).setLevel(logging.ERROR)  # aiosmtpd's: it logs addresses


class Door:
    """Listens where it is told: `host:port`, or the path of a socket. `ours` says for which addresses mail is taken."""

    def __init__(self, where: str, take: Take, ours: Callable[[str], bool], largest: int) -> None:
        self._where = where
        self._take = take
        self._ours = ours
        self._largest = largest
        self._server: asyncio.Server | None = None
        self._sessions: set[_Session] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._working: set[asyncio.Task[str]] = set()

    @property
    def address(self) -> str:
        """Where it listens, the port it was given with it."""
        if self._server is None or "/" in self._where:
            return self._where
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    @property
    def listening(self) -> bool:
        """Whether mail can come."""
        return self._server is not None and self._server.is_serving()

    async def open(self) -> None:
        """Listen from now on. Raises `OSError`."""
        loop = asyncio.get_running_loop()
        if "/" in self._where:
            await asyncio.to_thread(_free, Path(self._where))
            self._server = await loop.create_unix_server(self._session, self._where)
            await asyncio.to_thread(Path(self._where).chmod, 0o660)
        else:
            host, _, port = self._where.rpartition(":")
            self._server = await loop.create_server(self._session, host.strip("[]") or "127.0.0.1", int(port))

    async def close(self) -> None:
        """Take nothing new; finish what is being written, then hang up."""
        if self._server is None:
            return
        self._server.close()
        if self._working:
            await asyncio.wait(self._working, timeout=CLOSING_SECONDS)
        for each in tuple(self._sessions):
            each.hang_up()
        if "/" in self._where:
            await asyncio.to_thread(_free, Path(self._where))

    def _session(self) -> _Session:
        made = _Session(self, self._sessions, self._largest)
        self._sessions.add(made)
        return made

    # What aiosmtpd calls

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd gives it
        session: Session,  # noqa: ARG002 - the same
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Only our own addresses, one for each mail."""
        if not self._ours(address):
            return "550 5.1.1 There is no such address here; reply to a letter of wgbot's"
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time, please"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - as above
        """Taken when it is committed."""
        task = asyncio.create_task(self._taken(envelope))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return await asyncio.shield(task)

    async def _taken(self, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        try:
            async with self._turns, asyncio.timeout(ANSWER_SECONDS):
                await self._take(raw, envelope.rcpt_tos[0], (envelope.mail_from or "").strip("<>"))
        except NotYet:
            return "451 4.7.0 Too much at once; please try again later"
        except Exception:  # whatever it was: the mail is kept where it is, and comes again
            log.exception("a mail could not be taken; its server keeps it, and tries again")
            return "451 4.3.0 Not now; please try again later"
        return "250 2.0.0 Taken"


def _free(path: Path) -> None:
    """Take away a socket: our own, or that of a process that was killed. Never anything else."""
    if path.is_socket():
        path.unlink()


class _Session(SMTP):
    """One connection. It speaks SMTP and LMTP, which differ in their greeting where there is one recipient."""

    line_length_limit = LONGEST_LINE

    def __init__(self, door: Door, sessions: set[_Session], largest: int) -> None:
        super().__init__(
            door,
            data_size_limit=largest,
            enable_SMTPUTF8=True,
            hostname="wgbot",
            ident="wgbot",
            timeout=PATIENCE_SECONDS,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )
        self._all = sessions

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """LMTP's greeting (RFC 2033)."""
        await self.smtp_EHLO(arg)

    def connection_lost(self, error: Exception | None) -> None:
        """Gone."""
        self._all.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        """End it."""
        if self.transport is not None:
            self.transport.close()
