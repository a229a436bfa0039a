"""The door, spoken to by the standard library: for its own addresses, one at a time, and taken only when it is written."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.mail.listener import Door
from tests.support.background import Background

OURS = "reply+check.1.token@wg.example.org"
MAIL = b"From: a@b.example\r\nTo: reply\r\n\r\nSupport\r\n.. two dots and a long line " + b"x" * 5_000 + b"\r\n"


class Counter:
    """Takes mails, or fails to."""

    def __init__(self) -> None:
        self.mails: list[tuple[bytes, str, str]] = []
        self.away = False

    async def take(self, raw: bytes, recipient: str, sender: str) -> None:
        if self.away:
            raise OSError("the database is away")
        self.mails.append((raw, recipient, sender))


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def opened(counter: Counter) -> Iterator[Callable[[str], Door]]:
    doors: list[Door] = []
    with Background("door") as loop:

        def open_(where: str) -> Door:
            door = Door(where, counter.take, lambda address: address == OURS, 20_000)
            loop.run(door.open())
            doors.append(door)
            return door

        yield open_
        for door in doors:
            loop.run(door.close())
            assert not door.listening


def test_mail_is_taken_by_smtp(opened: Callable[[str], Door], counter: Counter) -> None:
    host, _, port = opened("127.0.0.1:0").address.rpartition(":")
    with smtplib.SMTP(host, int(port), "peer") as peer:
        assert peer.sendmail("me@b.example", [OURS], MAIL) == {}
        assert counter.mails == [(MAIL, OURS, "me@b.example")]
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            peer.sendmail("me@b.example", ["someone@else.example"], MAIL)
        assert refused.value.recipients["someone@else.example"][0] == 550
        assert peer.sendmail("", [OURS], MAIL) == {}  # a bounce
        assert counter.mails[-1][2] == ""


def test_mail_is_taken_by_lmtp_one_recipient_at_a_time(
    opened: Callable[[str], Door], counter: Counter, tmp_path: Path
) -> None:
    path = str(tmp_path / "lmtp.sock")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)  # left behind by a process that was killed
    opened(path)
    with smtplib.LMTP(path, local_hostname="peer") as peer:
        peer.ehlo()
        peer.mail("me@b.example")
        assert peer.rcpt(OURS)[0] == 250
        assert peer.rcpt(OURS)[0] == 452
        assert peer.data(MAIL)[0] == 250
    assert len(counter.mails) == 1


def test_what_cannot_be_written_is_to_be_tried_later(opened: Callable[[str], Door], counter: Counter) -> None:
    host, _, port = opened("127.0.0.1:0").address.rpartition(":")
    with smtplib.SMTP(host, int(port), "peer") as peer:
        counter.away = True
        with pytest.raises(smtplib.SMTPDataError) as failed:
            peer.sendmail("me@b.example", [OURS], MAIL)
        assert failed.value.smtp_code == 451
        counter.away = False
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:  # it says so before it is sent
            peer.sendmail("me@b.example", [OURS], MAIL + b"x" * 20_000)
        assert refused.value.smtp_code == 552
        peer.rset()
        assert peer.sendmail("me@b.example", [OURS], MAIL) == {}
    assert len(counter.mails) == 1
