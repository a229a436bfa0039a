"""The least a Matrix bot can be: stock nio, which answers each command with the same message, in a thread under it.

It knows nobody, decides nothing and keeps nothing: killed, it has forgotten what it read. Started with the homeserver's
address, a user, their device and access token, and a file with the answer's content.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from nio import AsyncClient, MatrixRoom, RoomMessageText


async def main(url: str, user: str, device: str, token: str, answer: dict[str, Any]) -> None:
    client = AsyncClient(url, user, device)
    client.restore_login(user, device, token)

    async def said(room: MatrixRoom, event: RoomMessageText) -> None:
        if event.sender != user and event.body.startswith("!wg"):
            thread = {"rel_type": "m.thread", "event_id": event.event_id, "is_falling_back": True}
            relation = {**thread, "m.in_reply_to": {"event_id": event.event_id}}
            await client.room_send(room.room_id, "m.room.message", {**answer, "m.relates_to": relation})

    await client.sync(full_state=True)
    client.add_event_callback(said, RoomMessageText)
    sys.stderr.write(f"syncs at {url}\n")
    sys.stderr.flush()
    await client.sync_forever(timeout=30_000)


if __name__ == "__main__":
    url, user, device, token, answer = sys.argv[1:]
    asyncio.run(main(url, user, device, token, json.loads(Path(answer).read_text())))
