"""`wgbot run` with a mail server: killed while nobody knows whether a letter was taken, and asked by its link to write no more."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from bot.domain.preferences import Preferences
from storage.schema import prepare
from storage.store import SqlStore
from tests.adapters.mail.peer import Peer, peering
from tests.bot.test_letters import Post
from tests.builders import CIVIL, MAG
from tests.e2e.running import Running, opened, waiting
from tests.support.processes import free_port

pytestmark = pytest.mark.slow


def until(happened: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def a_member_by_mail(folder: Path) -> str:
    """A community whose letters wait to be sent; the id of the member they are to."""
    address = f"sqlite:///{folder / 'wgbot.db'}"
    prepare(address)
    with closing(SqlStore.open(address)) as store:
        mag = Post(store=store, posting=False)
        mag.leaves_chat(CIVIL)
        mag.proposed()
        return mag.person(CIVIL).id


def test_a_letter_in_doubt_is_sent_again_as_the_same_and_a_link_ends_them(tmp_path: Path) -> None:
    member, port = a_member_by_mail(tmp_path), free_port()
    with peering(breaks="silent") as peer:
        service = Running(tmp_path, settings(peer, port))
        service.start()
        try:
            until(lambda: bool(peer.mails))
            service.kill()  # the server took it, and could not say so
            service.start()
            until(lambda: waiting(tmp_path) == 0)
            ids = [str(taken.message["Message-ID"]) for taken in peer.mails]
            assert len(ids) == 3
            assert ids[0] == ids[1] != ids[2]
            link = re.findall(r"<(http[^>]+)>", str(peer.mails[-1].message["List-Unsubscribe"]))[0]
            press = Request(link, data=b"List-Unsubscribe=One-Click", method="POST")  # noqa: S310 — ours, over HTTP
            with urlopen(press, timeout=10) as answer:  # noqa: S310 — as above
                assert answer.status == 200
            with opened(tmp_path) as store, store.reading() as reads:
                said = reads.get(Preferences, MAG, member)
            assert said is not None
            assert not said.wishes.mail
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as ready:
                assert ready.read() == b"ok"
        finally:
            service.kill()


def settings(peer: Peer, port: int) -> dict[str, str]:
    return {
        "WGBOT_MAIL_HOST": "127.0.0.1",
        "WGBOT_MAIL_PORT": str(peer.port),
        "WGBOT_MAIL_TLS": "none",
        "WGBOT_MAIL_FROM": "wg@example.org",
        "WGBOT_HTTP_PORT": str(port),
        "WGBOT_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
