"""A real mail server on a free port, which takes, refuses, or breaks off as it is told."""

# ruff: noqa: ARG002, N802 — what aiosmtpd calls is named, and given, as it says

from __future__ import annotations

from asyncio import Event, Transport
from asyncio.base_events import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from adapters.mail.settings import MailSettings


@dataclass
class Taken:
    """A mail as it was taken."""

    sender: str
    recipient: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        read = message_from_bytes(self.data, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read

    def says(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class Peer:
    """`answers`: what it says instead of yes, by verb; `breaks` off at "RCPT", or once the message's text is "taken"; or falls "silent" then."""

    port: int = 0
    mails: list[Taken] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    breaks: str = ""
    password: str = ""
    sessions: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        if self.password and not session.authenticated:
            return "530 5.7.0 Authentication required"
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.breaks == "RCPT":
            self._break_off(server)
        said = self.answers.get("RCPT", "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.answers.get("DATA", "250 OK")
        if said.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(Taken(envelope.mail_from or "", envelope.rcpt_tos[0], envelope.content))
        if self.breaks == "taken":
            self._break_off(server)
        if self.breaks == "silent":
            self.breaks = ""
            await Event().wait()
        return said

    def authenticated(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """Whether the password is the one."""
        return AuthResult(success=data.password == self.password.encode(), handled=False)

    def _break_off(self, server: SMTP) -> None:
        self.breaks = ""
        assert isinstance(server.transport, Transport)
        server.transport.abort()

    def settings(self, **more: Any) -> MailSettings:
        """What an installation says of it."""
        given = {
            "host": "127.0.0.1",
            "port": self.port,
            "tls": "none",
            "sender": "wg@example.org",
            "domain": "wg.example.org",
        }
        return MailSettings(**{**given, "public_url": "https://wg.example.org", "per_second": 1000.0, **more})


class _Anywhere(Controller):
    """On a free port, which is known once it listens."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # so it is over there


@contextmanager
def peering(port: int = 0, **given: Any) -> Iterator[Peer]:
    """It listens until the end of the block, on a free port unless one is given."""
    peer = Peer(**given)
    asks: dict[str, Any] = {}
    if peer.password:
        asks = {"authenticator": peer.authenticated, "auth_require_tls": False}
    controller = _Anywhere(peer, hostname="127.0.0.1", port=port, **asks)
    controller.start()
    try:
        peer.port = controller.port
        yield peer
    finally:
        controller.stop()
