"""What comes over HTTP is read as Bolt itself would read it, and what cannot be read is refused without a trace of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt.request.internals import parse_body

from adapters.slack.incoming import Incoming, parsed

TRICKY = {"type": "block_actions", "text": '50 % of “a+b” & c=d; é 🙂 \ud800 "q"\n', "empty": "", "list": [1, None]}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(urlencode({"payload": json.dumps(TRICKY)}), id="click"),
        pytest.param(urlencode({"payload": json.dumps(TRICKY, ensure_ascii=False)}, errors="replace"), id="not ASCII"),
        pytest.param(urlencode({"command": "/wg", "text": "50 % a+b & é=🙂;", "enterprise_id": ""}), id="command"),
        pytest.param("ssl_check=1&token=", id="check"),
        pytest.param(json.dumps(TRICKY), id="event"),
    ],
)
def test_a_payload_is_read_as_bolt_reads_it(body: str) -> None:
    assert parsed(body.encode()) == parse_body(body, None) != {}


@pytest.mark.parametrize(
    "body", [b"\xff", b"payload=%7Bsecret", b"payload=[1]", b"{secret", b"payload=" + b"[" * 50_000]
)
def test_what_cannot_be_read_is_refused_and_not_logged(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    no_app: Any = None
    asyncio.run(Incoming(no_app)({"type": "http"}, receive, send))
    assert sent[0]["status"] == 400
    assert "could not be read" in caplog.text
    assert "secret" not in caplog.text
