"""Messages that only one person sees. The emulator checks them and shows them to nobody, so that they are kept here."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tests.support.slack.blocks import Json, kept


@dataclass
class Ephemerals:
    """All of them, oldest first."""

    _all: list[Json] = field(default_factory=list)
    _made: int = 0

    def add(self, user: str, channel: str, body: Json, ts: str = "") -> Json:
        """Show one; as kept."""
        self._made += 1
        message = {
            "type": "message",
            "ts": ts or f"{int(time.time())}.{900000 + self._made}",
            "channel": channel,
            "to": user,
            "text": body.get("text", ""),
            "blocks": kept(body.get("blocks") or []),
            **({"thread_ts": body["thread_ts"]} if body.get("thread_ts") else {}),
        }
        self._all.append(message)
        return message

    def replace(self, ts: str, body: Json) -> Json:
        """Put another in its place, which keeps its ts."""
        for message in self._all:
            if message["ts"] == ts:
                message |= {"text": body.get("text", ""), "blocks": kept(body.get("blocks") or [])}
                return message
        raise LookupError(f"no ephemeral message {ts}")

    def remove(self, ts: str) -> None:
        """Let it vanish."""
        self._all = [message for message in self._all if message["ts"] != ts]

    def seen(self, user: str, channel: str = "") -> list[Json]:
        """Those a person sees, in a channel or anywhere."""
        return [it for it in self._all if it["to"] == user and channel in {it["channel"], ""}]
