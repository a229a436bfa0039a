"""A little Slack app that does each thing once, to try the test support on. It talks as the tutorial does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.background import Background
from tests.support.slack.edge import Edge
from tests.support.slack.people import People

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def proposal(text: str, votes: int = 0) -> Json:
    blocks = [
        {"type": "section", "block_id": "what", "text": {"type": "mrkdwn", "text": text}},
        {
            "type": "actions",
            "block_id": "say",
            "elements": [button("Agree", "agree", value="v1"), button("More…", "more")],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"{votes} agree"}]},
    ]
    return {"text": text, "blocks": blocks}


def form(title: str = "Propose", **more: Any) -> Json:
    options = [{"text": plain(each), "value": each.lower()} for each in ("Week", "Month")]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "blocks": [
            {
                "type": "input",
                "block_id": "title",
                "label": plain("Title"),
                "element": {"type": "plain_text_input", "action_id": "it", "max_length": 20},
            },
            {
                "type": "input",
                "block_id": "term",
                "label": plain("Term"),
                "dispatch_action": True,
                "optional": True,
                "element": {
                    "type": "static_select",
                    "action_id": "it",
                    "options": options,
                    "initial_option": options[0],
                },
            },
            {
                "type": "input",
                "block_id": "group",
                "label": plain("Group"),
                "optional": True,
                "element": {"type": "external_select", "action_id": "groups", "min_query_length": 1},
            },
            {"type": "actions", "block_id": "acts", "elements": [button("Deeper", "deeper")]},
        ],
        **more,
    }


def made(edge: Edge) -> AsyncApp:
    """The app, talking to an edge."""
    app = AsyncApp(
        process_before_response=True,  # acknowledge when done, not in the middle
        signing_secret=edge.workspace.app.signing_secret,
        client=AsyncWebClient(edge.workspace.app.token, base_url=f"{edge.url}/api/"),
    )

    @app.command("/wg")
    async def command(ack: Any, body: Json, client: Any, respond: Any) -> None:
        match body["text"]:
            case "form":
                await ack()
                await client.views_open(trigger_id=body["trigger_id"], view=form())
            case "post":
                await ack()
                await client.chat_postMessage(channel=body["channel_id"], **proposal("Buy *chairs* &amp; tables"))
            case "whisper":
                await ack()
                await respond(**proposal("Only you"))
            case "public":
                await ack(text="for all", response_type="in_channel")
            case "slow":
                await asyncio.sleep(4)
                await ack("too late")
            case other:
                await ack(f"Hello <@{body['user_id']}>: {other}")

    @app.action("agree")
    async def agree(ack: Any, body: Json, client: Any, respond: Any) -> None:
        await ack()
        if body["container"]["is_ephemeral"]:
            await respond(replace_original=True, **proposal("Only you, replaced", 1))
        else:
            await client.chat_update(
                channel=body["channel"]["id"], ts=body["message"]["ts"], **proposal("Buy chairs", 1)
            )
            await respond(text="Noted", response_type="ephemeral", replace_original=False)

    @app.action("more")
    async def more(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form("More"))

    @app.action("deeper")
    async def deeper(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=form("Deeper"))

    @app.action("it")
    async def chosen(ack: Any, body: Json, client: Any) -> None:
        await ack()
        chosen = body["view"]["state"]["values"]["term"]["it"]["selected_option"]["value"]
        view = form("Propose", private_metadata=chosen)
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    @app.view("form")
    async def submitted(ack: Any, body: Json) -> None:
        values = body["view"]["state"]["values"]
        match values["title"]["it"]["value"]:
            case "bad":
                await ack(response_action="errors", errors={"title": "That is taken"})
            case "again":
                await ack(response_action="update", view=form("Again"))
            case "deeper":
                await ack(response_action="push", view=form("Deeper"))
            case "all":
                await ack(response_action="clear")
            case _:
                await ack()

    @app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()

    @app.options("groups")
    async def groups(ack: Any, body: Json) -> None:
        await ack(options=[{"text": plain(f"{body['value']} group"), "value": "g1"}])

    @app.shortcut("start")
    async def start(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.shortcut("quote")
    async def quote(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(f"You quote: {body['message']['text']}")

    @app.event("app_home_opened")
    async def home(event: Json, client: Any) -> None:
        blocks = [
            {"type": "section", "text": {"type": "mrkdwn", "text": "Nothing needs you"}},
            {"type": "actions", "elements": [button("More…", "more")]},
        ]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    return app


@contextmanager
def over_http(edge: Edge) -> Iterator[People]:
    """The app with a request URL."""
    with Background("app") as background:
        app = made(edge)
        runner = web.AppRunner(app.web_app("/slack/events"), shutdown_timeout=0.1)
        with socket.create_server(("127.0.0.1", 0)) as listening:

            async def start() -> None:
                await runner.setup()
                await web.SockSite(runner, listening).start()

            background.run(start())
            yield People.over_http(edge, f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events")
            background.run(runner.cleanup())


@contextmanager
def over_sockets(edge: Edge) -> Iterator[People]:
    """The app in Socket Mode."""
    with Background("app") as background:
        handler: Any = None

        async def start() -> None:
            nonlocal handler
            handler = AsyncSocketModeHandler(made(edge), edge.workspace.app.app_token, ping_interval=0.5)
            handler.client.web_client.base_url = f"{edge.url}/api/"
            await handler.connect_async()

        background.run(start())
        edge.until(lambda: edge.sockets.count, "a socket")
        yield People.over_sockets(edge)
        background.run(handler.close_async())
