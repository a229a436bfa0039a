"""The link that ends somebody's mail, in a real web server; and what `wgbot doctor` says of mail."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import html5lib
import pytest
from aiohttp import ClientSession

from adapters.mail.addresses import Addresses
from adapters.mail.health import checks
from adapters.mail.keys import Keys
from adapters.mail.sender import STOPPING
from adapters.mail.stopping import Stopping
from adapters.shared.config import Installation
from adapters.shared.health import Health, examined
from adapters.shared.http import Listening, application, server
from adapters.shared.words import Words
from bot.context import Request
from bot.domain.community import Settings
from bot.domain.preferences import Preferences
from bot.domain.records import Reads
from tests.adapters.mail.peer import peering
from tests.bot.test_letters import Post
from tests.builders import CIVIL, MAG, PRIVATE, SECRETARIAT

ADDRESSES = Addresses(Keys.of("only-for-the-tests-of-mail"), "wg.example.org")


class Desk:
    """The engine of a world, asked as the web application asks it."""

    def __init__(self, mag: Post) -> None:
        self._mag = mag

    async def ask(self, request: Request) -> Any:
        (answer,) = self._mag.engine.handle([request])
        self._mag.settle()
        return answer

    async def look(self, fn: Any) -> Any:
        with self._mag.store.reading() as reads:
            return fn(reads)


@pytest.fixture
def mag() -> Post:
    mag = Post()
    mag.leaves_chat(CIVIL)
    return mag


def visited(mag: Post, *asked: tuple[str, str]) -> list[tuple[int, Mapping[str, str], str]]:
    """(method, path): what a browser gets."""

    async def visit() -> list[tuple[int, Mapping[str, str], str]]:
        pages = Stopping(mag.store, ADDRESSES)
        pages.answer(Desk(mag))  # type: ignore[arg-type]  # what it needs of one
        web = server(application(pages.routes()), Listening(port=0))
        serving = asyncio.create_task(web.serve())
        await web.listening.wait()
        got: list[tuple[int, Mapping[str, str], str]] = []
        async with ClientSession(f"http://127.0.0.1:{web.port}") as browser:
            for method, path in asked:
                async with browser.request(method, path) as answer:
                    got.append((answer.status, dict(answer.headers), await answer.text()))
        web.should_exit = True
        await serving
        return got

    return asyncio.run(visit())


def link(mag: Post, who: str) -> str:
    return STOPPING + ADDRESSES.unsubscribe(MAG, mag.person(who).id).partition("@")[0]


def wants_mail(mag: Post, who: str) -> bool:
    def wants(reads: Reads) -> bool:
        found = reads.get(Preferences, MAG, mag.person(who).id)
        return found is None or found.wishes.mail

    with mag.store.reading() as reads:
        return wants(reads)


def test_one_button_and_nothing_by_looking(mag: Post) -> None:
    ((status, headers, page),) = visited(mag, ("GET", link(mag, CIVIL)))
    assert status == 200
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.count("<button") == 1
    assert "<script" not in page
    assert "nothing would reach you any more" in page
    assert CIVIL not in page
    assert "form-action 'self'" in headers["Content-Security-Policy"]
    assert wants_mail(mag, CIVIL)


def test_pressing_it_ends_the_mail_and_the_secretariat_hears_whom_nothing_reaches(mag: Post) -> None:
    (once, again) = visited(
        mag, ("POST", link(mag, CIVIL)), ("POST", link(mag, CIVIL).upper().replace("/MAIL/STOP", "/mail/stop"))
    )
    assert once[0] == again[0] == 200
    assert "preferences set --mail yes" in once[2]
    assert not wants_mail(mag, CIVIL)
    assert sum(f"{CIVIL} wants no more mail" in each for each in mag.told(SECRETARIAT)) == 1
    mag.proposed()
    assert not mag.to(CIVIL)
    mag.does(CIVIL, "preferences set --mail yes")  # as an answer to an earlier letter
    mag.does(PRIVATE, "propose withdraw WG-MWP")
    assert len(mag.to(CIVIL)) == 1


def test_a_link_that_is_not_ours_leads_nowhere(mag: Post) -> None:
    mine = link(mag, CIVIL)
    other = ADDRESSES.reply(MAG, mag.person(CIVIL).id).partition("@")[0]
    forged = mine[:-1] + ("a" if mine[-1] != "a" else "b")
    for answer in visited(mag, ("POST", forged), ("POST", STOPPING + other), ("GET", STOPPING + "x")):
        assert answer[0] == 404
    assert wants_mail(mag, CIVIL)


def found(mag: Post, **settings: Any) -> dict[Health, str]:
    words = Words()
    said: dict[Health, str] = {}
    for check in checks(Installation.model_validate(settings), mag.store):
        for each in examined(check):
            said[each.health] = said.get(each.health, "") + f"{check.name}: {words.say(each.what)}\n"
    return said


def test_the_doctor_looks_at_the_server_and_at_whom_nothing_reaches(mag: Post) -> None:
    with peering(password="right") as peer:
        given = {"mail_host": "127.0.0.1", "mail_port": peer.port, "mail_tls": "none", "mail_from": "wg@example.org"}
        given |= {"mail_user": "wg", "public_url": "https://wg.example.org"}
        well = found(mag, **given, mail_password="right")
        assert "lets wgbot in" in well[Health.OK]
        assert "1 person of those seated is written to by mail" in well[Health.OK]
        assert "in the clear" in well[Health.ATTENTION]
        assert "Nothing listens for answers" in well[Health.ATTENTION]
        bounced = {"place": f"@{mag.person(CIVIL).id}", "status": "5.1.1", "gone": "yes"}
        assert mag.engine.handle([mag.system("bounced", "returned:1", **bounced)])[0].done
        listens = found(mag, **given, mail_password="right", mail_listen="127.0.0.1:8024")
        assert "Answers come in at 127.0.0.1:8024." in listens[Health.OK]
        assert "WGBOT_MAIL_TRUSTED is not set" in listens[Health.ATTENTION]
        assert "IGF MAG: mail to 1 person comes back." in listens[Health.ATTENTION]
        assert "does not let wgbot in" in found(mag, **given, mail_password="wrong")[Health.BROKEN]
    assert "cannot be reached" in found(mag, **given, mail_password="right")[Health.BROKEN]
    mag.does(CIVIL, "preferences set --mail no")
    none = found(mag)
    assert f"Nothing reaches, in IGF MAG: {CIVIL}" in none[Health.ATTENTION]
    assert "no mail server is set" in none[Health.BROKEN]
    assert "no address" not in found(Post(settings=Settings())).get(Health.ATTENTION, "")
    assert "Set WGBOT_MAIL_FROM" in found(mag, mail_host="127.0.0.1")[Health.BROKEN]
