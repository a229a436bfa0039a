"""What Slack would send: clicks on the card of an open check and `/wg help`, each whole, signed and ready to be written."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlencode

from adapters.shared.taps import Tap
from adapters.slack.carried import decoded
from adapters.slack.speech import Block

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PATH = "/slack/events"
REMOTE = "C1/1700000000.000100"
"""The card's place: channel and time."""

AT_ONCE = ("consensus support", "consensus live-with", "consensus stand-aside", "consensus abstain")

_TRIGGERS = count(1)


Turn = tuple[str, int]
"""A user, and a number that is another one each time it is their turn."""


def clicks(card: Block, sink: str, round_: str, turns: Iterator[Turn], number: int) -> list[bytes]:
    """So many clicks on the card's buttons, each for another position than the user's last. Answers go to the sink's round."""
    buttons = [
        element
        for block in card["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if _takes_at_once(element)
    ]
    signed = []
    for each, (user, turn) in zip(range(number), turns, strict=False):
        button = buttons[turn % len(buttons)]
        payload: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": "T", "domain": "bench"},
            "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T"},
            "api_app_id": "A1",
            "token": "deprecated",
            "container": {
                "type": "message",
                "message_ts": REMOTE.partition("/")[2],
                "channel_id": "C1",
                "is_ephemeral": False,
            },
            "trigger_id": f"{next(_TRIGGERS)}.1.bench",
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": "C1", "name": "mag"},
            "message": {"user": "UBOT", "type": "message", "ts": REMOTE.partition("/")[2], "bot_id": "BBOT", **card},
            "state": {"values": {}},
            "response_url": f"{sink}/respond/{round_}/{each}",
            "actions": [{**button, "block_id": "at:1", "action_ts": f"{time.time():.6f}"}],
        }
        signed.append(_signed({"payload": json.dumps(payload)}))
    return signed


def helps(sink: str, turns: Iterator[Turn], number: int) -> list[bytes]:
    """`/wg help`, so many times."""
    return [
        _signed(
            {
                "token": "deprecated",
                "team_id": "T",
                "team_domain": "bench",
                "channel_id": "C1",
                "channel_name": "mag",
                "user_id": user,
                "user_name": user.lower(),
                "command": "/wg",
                "text": "help",
                "api_app_id": "A1",
                "is_enterprise_install": "false",
                "response_url": f"{sink}/respond/help/{next(_TRIGGERS)}",
                "trigger_id": f"{next(_TRIGGERS)}.1.bench",
            }
        )
        for _, (user, _) in zip(range(number), turns, strict=False)
    ]


def in_turn(members: int, seed: int = 1) -> Iterator[Turn]:
    """Users, in an order of chance, each again only after all the others."""
    order = list(range(members))
    Random(seed).shuffle(order)
    for lap in count():
        for number in order:
            yield f"U{number:07d}", number + lap


def _takes_at_once(element: Block) -> bool:
    """Whether a button takes a position without asking anything."""
    tap = decoded(Tap, str(element.get("value") or ""))
    return tap is not None and tap.command in AT_ONCE


def _signed(fields: dict[str, str]) -> bytes:
    body, stamp = urlencode(fields).encode(), b"%d" % time.time()
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest().encode()
    lines = [
        b"POST %b HTTP/1.1" % PATH.encode(),
        b"Host: 127.0.0.1",
        b"User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        b"Accept-Encoding: gzip,deflate",
        b"Accept: application/json,*/*",
        b"Content-Type: application/x-www-form-urlencoded",
        b"X-Slack-Request-Timestamp: " + stamp,
        b"X-Slack-Signature: v0=" + signature,
        b"Content-Length: %d" % len(body),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
