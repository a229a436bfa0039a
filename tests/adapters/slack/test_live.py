"""What is drawn, asked of Slack itself: runs only where `SLACK_BOT_TOKEN` is set, since no Slack is reachable otherwise.

`blocks.validate` posts nothing. With a token of a workspace for trying things out:
`SLACK_BOT_TOKEN=xoxb-… .venv/bin/pytest tests/adapters/slack/test_live.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from adapters.slack.home import home_tab
from adapters.slack.messages import messages
from adapters.slack.modals import modal, result
from adapters.slack.speech import Block
from bot.command import COMMANDS
from bot.drafting import next_asked
from bot.view import Form
from tests.adapters.slack.test_render import COMMUNITY, DRAWING, WINDOW
from tests.contracts.renderers import HOSTILE, plain_views, views_of, views_with

TOKEN = os.environ.get("SLACK_BOT_TOKEN", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TOKEN, reason="SLACK_BOT_TOKEN is not set: there is no Slack to ask"),
]


@pytest.fixture(scope="module")
def slack_itself() -> WebClient:
    client = WebClient(TOKEN)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=5))
    return client


def drawn() -> Iterator[tuple[str, list[Block]]]:
    """Every message, window and home tab of the renderers' contract, and every command's form."""
    views = [*plain_views(), *views_of(10), *(each for text in ("x", *HOSTILE.values()) for each in views_with(text))]
    for name, view in views:
        if isinstance(view, Form):
            yield name, modal(view, WINDOW, DRAWING)["blocks"]
            continue
        for message in messages(view, DRAWING):
            yield name, message["blocks"]
        yield f"{name} in a window", result(view, DRAWING)["blocks"]
        yield f"{name} on the home tab", home_tab(view, COMMUNITY)["blocks"]
    for declared in COMMANDS.values():
        form = Form(declared.name, declared.summary, declared.questions(), {}, next_asked(declared, {}))
        yield f"form of {declared.name}", modal(form, WINDOW, DRAWING)["blocks"]


def test_slack_takes_what_is_drawn(slack_itself: WebClient) -> None:
    refused = []
    for name, blocks in drawn():
        answer = slack_itself.api_call("blocks.validate", json={"blocks": json.dumps(blocks)})
        if not answer["ok"]:
            refused.append(f"{name}: {answer}")
    assert refused == []
