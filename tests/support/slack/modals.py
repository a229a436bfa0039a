"""What people see of an app besides messages: the stack of modals each has open, and their home tab.

The emulator keeps each view, with its hash and external id; it does not know that one was closed, nor what somebody typed, and
its trigger ids live between two and three seconds: stacks, typed values and triggers are therefore kept here.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.support.slack.blocks import Json, elements, in_full, kept

TRIGGER_SECONDS = 3.0
MOST_MODALS = 3

Values = dict[str, dict[str, Json]]
"""What stands in a view's inputs: by block id, by action id."""

Upstream = Callable[[str, dict[str, Any]], Awaitable[Json]]
"""Call a method of the emulator, as the bot."""


@dataclass
class Trigger:
    """Leave to open one modal, to whoever did something; `view` is the modal they did it in."""

    user: str
    view: str
    made: float
    used: bool = False


class Views:
    """Every person's views."""

    def __init__(self, upstream: Upstream, now: Callable[[], float]) -> None:
        self._upstream = upstream
        self._now = now
        self._triggers: dict[str, Trigger] = {}
        self.stacks: dict[str, list[Json]] = defaultdict(list)
        self.homes: dict[str, Json] = {}
        self.typed: dict[str, Values] = defaultdict(dict)

    def trigger(self, user: str, view: str = "") -> str:
        """A new trigger id."""
        made = f"{int(self._now())}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self._triggers[made] = Trigger(user, view, self._now())
        return made

    async def call(self, method: str, arguments: dict[str, Any]) -> Json:
        """The answer to one of the methods `views.*`, its arguments already checked for shape."""
        match method:
            case "views.publish":
                return await self._publish(arguments)
            case "views.open" | "views.push":
                return await self._add(method, arguments)
            case "views.update":
                return await self._update(arguments)
        raise LookupError(method)

    def find(self, view_id: str) -> Json:
        """A modal or home tab as it is now."""
        for view in (*(view for stack in self.stacks.values() for view in stack), *self.homes.values()):
            if view["id"] == view_id:
                return view
        raise LookupError(f"{view_id} is closed")

    def pop(self, user: str, *, everything: bool = False) -> None:
        """Close the topmost modal of a person, or all."""
        stack = self.stacks[user]
        for _ in range(len(stack) if everything else 1):
            self.typed.pop(stack.pop()["id"], None)

    async def push(self, user: str, view: Json) -> Json:
        """Put a modal on top (`response_action: push`), or as the first; the answer."""
        stack = self.stacks[user]
        if len(stack) >= MOST_MODALS:
            return _error("push_limit_reached")
        minted = await self._upstream("views.generateTriggerId", {"user_id": user})
        answer = await self._upstream("views.open", {"trigger_id": minted["trigger_id"], "view": _kept(view)})
        if answer["ok"]:
            made = answer["view"]
            if stack:
                made |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
            stack.append(made)
        return answer

    async def replace(self, view_id: str, view: Json, **more: str) -> Json:
        """Put other content in a modal (`response_action: update`); the answer."""
        before = self.find(view_id)
        answer = await self._upstream("views.update", {"view_id": view_id, "view": _kept(view), **more})
        if answer["ok"]:
            before.update({key: it for key, it in answer["view"].items() if not key.endswith("view_id")})
            answer["view"] = before
            self._keep_typed(before)
        return answer

    async def _publish(self, arguments: dict[str, Any]) -> Json:
        answer = await self._upstream("views.publish", {**arguments, "view": _kept(arguments["view"])})
        if answer["ok"]:
            self.homes[arguments["user_id"]] = answer["view"]
        return answer

    async def _add(self, method: str, arguments: dict[str, Any]) -> Json:
        trigger = self._triggers.get(arguments.get("trigger_id") or arguments.get("interactivity_pointer") or "")
        if trigger is None:
            return _error("invalid_trigger_id")
        if trigger.used:
            return _error("exchanged_trigger_id")
        if self._now() - trigger.made > TRIGGER_SECONDS:
            return _error("expired_trigger_id")
        trigger.used = True
        if method == "views.open":
            self.pop(trigger.user, everything=True)
        elif not any(view["id"] == trigger.view for view in self.stacks[trigger.user]):
            return _error("view_not_found")
        return await self.push(trigger.user, arguments["view"])

    async def _update(self, arguments: dict[str, Any]) -> Json:
        external = arguments.get("external_id")
        open_ = [view for stack in self.stacks.values() for view in stack]
        for view in open_:
            if view["id"] == arguments.get("view_id") or (external and view["external_id"] == external):
                more = {"hash": arguments["hash"]} if arguments.get("hash") else {}
                return await self.replace(view["id"], arguments["view"], **more)
        return _error("not_found")

    def _keep_typed(self, view: Json) -> None:
        """What was typed stays where block and action are still there."""
        there = {(block["block_id"], it.get("action_id")) for block in view["blocks"] for it in elements(block)}
        self.typed[view["id"]] = {
            block: {action: value for action, value in actions.items() if (block, action) in there}
            for block, actions in self.typed[view["id"]].items()
        }


def _kept(view: Json) -> Json:
    return {**in_full(view), "blocks": kept(view["blocks"])}


def _error(name: str) -> Json:
    return {"ok": False, "error": name}
