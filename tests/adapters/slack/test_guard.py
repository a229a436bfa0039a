"""The guard: only what Slack signed, just now, gets in; nothing else is read, and nothing is logged of anybody."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import io
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from adapters.slack import incoming
from adapters.slack.guard import LARGEST, WINDOW_SECONDS, Guard
from bot.domain.groups import GroupName
from bot.domain.polls import Poll
from tests.adapters.slack.office import Office, handle
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE
from tests.support.slack.delivery import How

SECRET = "s3cr3t"
NOW = 1_800_000_000.0
BODY = b"payload=%7B%7D"

Headers = list[tuple[bytes, bytes]]


def signature(body: bytes, stamp: str, secret: str = SECRET) -> bytes:
    return b"v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest().encode()


def signed(body: bytes = BODY, stamp: str = str(int(NOW)), secret: str = SECRET) -> Headers:
    return [
        (b"x-slack-request-timestamp", stamp.encode()),
        (b"x-slack-signature", signature(body, stamp, secret)),
        (b"content-length", str(len(body)).encode()),
    ]


class Through:
    """What came through the guard, and what it answered."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks) or [BODY]
        self.read = 0
        self.body: bytes | None = None
        self.status = 0

    async def inner(self, _scope: Any, receive: Any, send: Any) -> None:
        self.body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive(self) -> dict[str, Any]:
        if self.read == len(self.chunks):
            return {"type": "http.disconnect"}
        self.read += 1
        return {"type": "http.request", "body": self.chunks[self.read - 1], "more_body": self.read < len(self.chunks)}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)

    def given(self, headers: Headers, method: str = "POST") -> int:
        scope = {"type": "http", "method": method, "path": "/slack/events", "headers": headers}
        asyncio.run(Guard(self.inner, SECRET, lambda: NOW)(scope, self.receive, self.send))
        return self.status


def without(headers: Headers, name: bytes) -> Headers:
    return [each for each in headers if each[0] != name]


def replaced(name: bytes, value: bytes) -> Headers:
    return [*without(signed(), name), (name, value)]


def test_what_slack_signed_just_now_gets_in_whole() -> None:
    through = Through(b"pay", b"load=", b"%7B%7D")
    assert through.given(signed()) == 200
    assert through.body == BODY


STAMP, SIGNATURE = b"x-slack-request-timestamp", b"x-slack-signature"


@pytest.mark.parametrize(
    "headers",
    {
        "no timestamp": without(signed(), STAMP),
        "two timestamps": [*signed(), (STAMP, str(int(NOW)).encode())],
        "an empty timestamp": replaced(STAMP, b""),
        "words": replaced(STAMP, b"now"),
        "a sign": replaced(STAMP, f"+{int(NOW)}".encode()),
        "a fraction": replaced(STAMP, f"{NOW}".encode()),
        "foreign digits": replaced(STAMP, "١٨٠٠٠٠٠٠٠٠".encode()),
        "very many digits": replaced(STAMP, b"9" * 5_000),
        "too old": signed(stamp=str(int(NOW) - WINDOW_SECONDS - 1)),
        "from the future": signed(stamp=str(int(NOW) + WINDOW_SECONDS + 1)),
        "no signature": without(signed(), SIGNATURE),
        "two signatures": [*signed(), (SIGNATURE, signature(BODY, str(int(NOW))))],
        "another secret": signed(secret="other"),
        "another body": signed(b"payload=%7B%22a%22%3A1%7D"),
        "another time's": [*without(signed(), SIGNATURE), (SIGNATURE, signature(BODY, str(int(NOW) - 1)))],
        "another version": replaced(SIGNATURE, b"v1" + signature(BODY, str(int(NOW)))[2:]),
        "no letters": replaced(SIGNATURE, "ü".encode()),
    }.items(),
    ids=lambda each: each[0],
)  # fmt: skip
def test_anything_else_is_refused_without_a_word(headers: tuple[str, Headers]) -> None:
    through = Through()
    assert through.given(headers[1]) == 401
    assert through.body is None


@pytest.mark.parametrize("seconds", [-WINDOW_SECONDS, WINDOW_SECONDS])
def test_five_minutes_either_way_are_believed(seconds: int) -> None:
    assert Through().given(signed(stamp=str(int(NOW) + seconds))) == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_posts_are_answered(method: str) -> None:
    assert Through().given(signed(), method) == 405


def test_a_body_of_the_largest_size_gets_in_and_one_byte_more_does_not() -> None:
    body = b"x" * LARGEST
    assert Through(body).given(signed(body)) == 200
    through = Through(body + b"x")
    assert through.given(signed(body + b"x")) == 413
    assert through.read == 0  # by what it says of itself


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"", b"9" * 400])
def test_a_length_that_is_none_is_refused(length: bytes) -> None:
    assert Through().given(replaced(b"content-length", length)) == 413


def test_a_body_in_chunks_is_read_no_further_than_the_limit() -> None:
    through = Through(*[b"x" * 100_000] * 50)
    assert through.given(without(signed(), b"content-length")) == 413
    assert through.read == LARGEST // 100_000 + 1


def test_one_that_says_less_than_it_sends_too() -> None:
    assert Through(*[b"x" * 100_000] * 50).given(signed()) == 413


def test_what_is_cut_off_is_not_acted_upon() -> None:
    through = Through(b"payload=", b"")
    through.chunks.pop()
    scope_headers = signed(b"payload=")

    async def half() -> dict[str, Any]:
        through.read += 1
        more = {"type": "http.request", "body": b"payload=", "more_body": True}
        return more if through.read == 1 else {"type": "http.disconnect"}

    through.receive = half  # type: ignore[method-assign]  # the connection is lost in the middle
    assert through.given(scope_headers) == 400
    assert through.body is None


# Before the service


def post(
    office: Office, body: bytes, headers: Mapping[str, str], method: str = "POST", *, chunked: bool = False
) -> int:
    """What the service answers to a request."""
    connection = http.client.HTTPConnection(urlsplit(office.address).netloc, timeout=10)
    try:
        data: Any = io.BytesIO(body) if chunked else body
        connection.request(method, "/slack/events", data, dict(headers), encode_chunked=chunked)
        return connection.getresponse().status
    finally:
        connection.close()


def slacks(body: bytes, secret: str = SECRET, age: float = 0.0) -> dict[str, str]:
    stamp = str(int(time.time() - age))
    kind = "application/x-www-form-urlencoded"
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(body, stamp, secret).decode(),
    }


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Which bodies were parsed."""
    bodies: list[bytes] = []
    original = incoming.parsed

    def parse(body: bytes) -> dict[str, Any]:
        bodies.append(body)
        return original(body)

    monkeypatch.setattr(incoming, "parsed", parse)
    return bodies


def test_a_body_is_parsed_only_once_its_signature_is_right(office: Office, parsed: list[bytes]) -> None:
    nested = b"payload=" + quote("[" * 50_000).encode()  # would cost a parser dear
    assert post(office, nested, slacks(nested, secret="other")) == 401
    assert post(office, nested, slacks(nested, age=WINDOW_SECONDS + 2)) == 401
    assert post(office, nested, {}) == 401
    assert post(office, b"", slacks(b""), "GET") == 405
    assert not parsed
    office.says(CHAIR, "help")
    assert len(parsed) == 1


def test_a_chunked_body_over_the_limit_is_refused(office: Office, parsed: list[bytes]) -> None:
    body = b"x" * (LARGEST + 1)
    headers = {**slacks(body), "Transfer-Encoding": "chunked"}
    assert post(office, body, headers, chunked=True) == 413
    assert not parsed


def test_what_is_signed_but_makes_no_sense_brings_nothing_down(office: Office) -> None:
    for body in (b"", b"payload=", b"payload=%7B", b"payload=[]", b"payload=null", b"payload=7", b"\xff\xfe", b"a=b",
                 b"payload=" + quote("[" * 50_000).encode(), b"payload=%7B%22type%22%3A%22block_actions%22%7D"):  # fmt: skip
        assert post(office, body, slacks(body)) in range(200, 600), body
        assert post(office, body, {**slacks(body), "Content-Type": "application/json"}) in range(200, 600), body
    assert office.says(CHAIR, "help")


def polls(office: Office) -> int:
    with office.store.reading() as reads:
        return len(reads.all(Poll, community=MAG))


def test_the_same_request_again_is_done_once_and_answered_the_same(office: Office) -> None:
    first = office.slash(CIVIL, 'poll "Where?" Geneva, Lyon')
    again = office.people.again(first)
    office.settle()
    assert again.acked
    assert again.body == first.body
    assert polls(office) == 1


def test_after_five_minutes_it_is_a_replay_and_refused(office: Office) -> None:
    seen = office.people.slash(handle(CIVIL), "mag", 'poll "Where?" Geneva, Lyon', how=How(age=WINDOW_SECONDS + 2))
    office.settle()
    assert seen.status == 401
    assert polls(office) == 0


# What is logged


PLANTED = "zebra-7731"
"""Stands in everything that people type."""


def test_nothing_that_people_write_and_no_token_is_logged_at_any_level(office: Office, logged: list[str]) -> None:
    people, app = office.people, office.edge.workspace.app
    office.slash(PRIVATE, f"propose text {PLANTED}")
    office.slash(CIVIL, f'poll "{PLANTED}?" {PLANTED} one, {PLANTED} two')
    office.click(CIVIL, office.sees(CIVIL, f"{PLANTED}?"), f"{PLANTED} one")
    office.slash(PRIVATE, "propose")
    form = people.modal(handle(PRIVATE))
    office.submit(PRIVATE, form, {
        "What is the working group called?": PLANTED, "Its short name?": "WG-Z", "Purpose of the WG": PLANTED,
        "Objectives/Goals of the WG": PLANTED, "Expected Output(s)": PLANTED, "Timeframe for the work": PLANTED,
    })  # fmt: skip
    office.slash(CIVIL, f"nonsense {PLANTED}")
    office.slash(CIVIL, f"consult comment WG-Z {PLANTED}")
    people.open_home(handle(PRIVATE))
    office.slash(CHAIR, "link new")
    # and where something goes wrong
    office.edge.trouble("views.open", body={"ok": False, "error": "internal_error"})
    office.slash(CIVIL, f"consult comment WG-Z --kind concern {PLANTED}")
    office.slash(CIVIL, "propose")
    office.edge.trouble("response_url", status=500, times=5)
    office.click(CIVIL, office.sees(CIVIL, f"{PLANTED}?"), f"{PLANTED} two")
    for trouble in ({"status": 500}, {"before": True}, {"body": {"ok": False, "error": "invalid_blocks"}}):
        office.edge.trouble("chat.postMessage", **trouble)
        office.slash(CIVIL, f'poll "{PLANTED} again?" {PLANTED} one, {PLANTED} two')
    body = urlencode({"payload": json.dumps({"type": "block_actions", "text": PLANTED})}).encode()
    assert post(office, body, slacks(body, secret="other")) == 401
    post(office, body, slacks(body))
    with office.store.reading() as reads:
        assert reads.get(GroupName, MAG, "wg z") or reads.all(GroupName, community=MAG)

    assert logged, "nothing is logged at all"
    for secret in (PLANTED, app.token, app.signing_secret, "hooks.slack.com", "/response/"):
        assert [line[:300] for line in logged if secret in line] == [], secret
