"""The least a Slack app can be: Bolt at its best, with one listener that writes the position by `sqlite3`, one that helps.

It knows nobody, checks nothing, keeps no log, edits no card, and answers out of order. Started with the database, its
`synchronous`, and a file with the answer to `/wg help`; uvicorn says on which port it listens.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import sys
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
import uvloop
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.bench.slack_requests import PATH, SECRET

TAKE = 'INSERT INTO position VALUES (?, ?, ?) ON CONFLICT ("check", user) DO UPDATE SET position = excluded.position'
SAID = "✅ Check {}: your position is now *{}*; it was *{}*. You may change it until <!date^4070908800^{{date_short_pretty}}, {{time}}|Thu 1 Jan, 00:00> (Thu 1 Jan, 00:00 UTC)."


async def main(path: str, synchronous: str, help_answer: dict[str, Any]) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=wal")
    database.execute(f"PRAGMA synchronous={synchronous}")
    database.execute('CREATE TABLE IF NOT EXISTS position ("check", user, position, PRIMARY KEY ("check", user))')
    session, tasks = aiohttp.ClientSession(), set[asyncio.Task[None]]()

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench", bot_user_id="UBOT")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    @app.action(re.compile("tap:"))
    async def click(ack: AsyncAck, body: dict[str, Any]) -> None:
        _, command, arguments = json.loads(body["actions"][0]["value"])
        database.execute(TAKE, (arguments["check"], body["user"]["id"], command))
        text = SAID.format(arguments["check"], command, command)
        block = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
        task = asyncio.create_task(answer(body["response_url"], {"text": text, "blocks": [block]}))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await ack()

    @app.command("/wg")
    async def helping(ack: AsyncAck) -> None:
        await ack(help_answer)

    async def answer(url: str, message: dict[str, Any]) -> None:
        said = {"response_type": "ephemeral", "replace_original": False, **message}
        async with session.post(url, json=said) as answered:
            answered.raise_for_status()

    await uvicorn.Server(uvicorn.Config(AsyncSlackRequestHandler(app, PATH), port=0, access_log=False)).serve()
    await session.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], json.loads(Path(sys.argv[3]).read_text())))
