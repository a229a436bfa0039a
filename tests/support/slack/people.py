"""The people's side: does what people do in Slack, lets the app know as Slack would, and returns what they see of it.

The same over HTTP and over sockets. Whoever is meant is called by name, as channels are. What Slack would not let a person do
raises `Impossible`; what an app does that Slack would not understand is one of the edge's `faults`. A `Message` and a `View` are
as they were when looked at: acting on an old one is what a person does who has not seen the newer.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Self

from tests.support.slack.blocks import Json
from tests.support.slack.delivery import ONCE, Answer, Delivery, How, OverHttp, OverSockets, Sent, What
from tests.support.slack.edge import Edge
from tests.support.slack.forms import Impossible, find, holding, missing, put
from tests.support.slack.modals import MOST_MODALS, Values
from tests.support.slack.payloads import Payloads, action_of
from tests.support.slack.replies import Address
from tests.support.slack.seen import Message, Seen, View
from tests.support.slack.validators import PayloadKind
from tests.support.slack.web_api import as_slack_has_it
from tests.support.slack.workspace import BOT_USER, Person

_VIEW_CALLS = {"views.open", "views.push", "views.update", "views.publish"}


class People:
    """Everybody in a workspace."""

    def __init__(self, edge: Edge, delivery: Delivery) -> None:
        self.edge = edge
        self.delivery = delivery
        self.payloads = Payloads(edge)
        self._chosen: dict[tuple[str, str], Values] = defaultdict(dict)

    @classmethod
    def over_http(cls, edge: Edge, url: str | Mapping[What, str]) -> Self:
        """What they do reaches the app at its request URL, or at one for each kind of delivery."""
        return cls(edge, OverHttp(url, edge.workspace.app.signing_secret))

    @classmethod
    def over_sockets(cls, edge: Edge) -> Self:
        """What they do reaches the app over the sockets it has open."""
        return cls(edge, OverSockets(edge.sockets))

    # What they do

    def slash(self, user: str, channel: str, text: str, *, command: str = "", how: How = ONCE) -> Seen:
        """Type a slash command; `channel` may be "@" for the direct messages with the app."""
        who, here = self.edge.user(user), self._channel(user, channel)
        payload = self.payloads.command(who, here, command or self.edge.workspace.app.command, text)
        return self._do(who, What.COMMAND, payload, how)

    def click(self, user: str, where: Message | View, button: str, *, how: How = ONCE) -> Seen:
        """Press a button: its text, its action id, or its block id."""
        where = self._current(user, where) if isinstance(where, View) else where
        block, element = find(where.blocks, button)
        if element["type"] != "button":
            raise Impossible(f"{button!r} is a {element['type']}")
        return self._act(user, where, block, element, {}, how)

    def select(self, user: str, where: Message | View, field: str, value: Any, *, how: How = ONCE) -> Seen:
        """Choose in a select, checkboxes, radio buttons, a date picker or an overflow menu, so that the app hears of it at once.

        Within a form that is an input with `dispatch_action`. Several choices are a list; see `put`.
        """
        where = self._current(user, where) if isinstance(where, View) else where
        block, element = find(where.blocks, field)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise Impossible(f"the app does not hear of {field!r} before the form is sent: use fill")
        held = put(element, value, self.edge.user)
        if element["type"] != "overflow":
            self._typed(user, where).setdefault(block["block_id"], {})[element["action_id"]] = held
        return self._act(user, where, block, element, held, how)

    def fill(self, user: str, view: View, values: Mapping[str, Any]) -> None:
        """Put values into a modal's inputs, by label, action id or block id. The app hears of it with the next act."""
        view = self._current(user, view)
        for field, value in values.items():
            block, element = find(view.blocks, field)
            held = put(element, value, self.edge.user)
            self._typed(user, view).setdefault(block["block_id"], {})[element["action_id"]] = held

    def dispatch(self, user: str, view: View, values: Mapping[str, Any], *, how: How = ONCE) -> Seen:
        """Fill in a modal; the last of the values is in an input with `dispatch_action`, of which the app hears at once."""
        *before, (field, value) = values.items()
        self.fill(user, view, dict(before))
        return self.select(user, self._current(user, view), field, value, how=how)

    def submit(self, user: str, view: View, values: Mapping[str, Any] | None = None, *, how: How = ONCE) -> Seen:
        """Fill in a modal and send it off."""
        self.fill(user, view, values or {})
        view = self._current(user, view)
        if not view.raw.get("submit"):
            raise Impossible(f"{view.title!r} has no button to send it off")
        state = holding(view.blocks, self._typed(user, view))
        if lacking := missing(view.blocks, state):
            raise Impossible(f"these must be filled in: {lacking}")
        who = self.edge.user(user)
        return self._do(who, What.INTERACTION, self.payloads.submission(who, view, state), how)

    def close(self, user: str, view: View, *, how: How = ONCE) -> Seen | None:
        """Give up a modal; None when the app does not want to hear of it."""
        view = self._current(user, view)
        who, state = self.edge.user(user), holding(view.blocks, self._typed(user, view))
        everything = bool(view.raw.get("clear_on_close"))
        self.edge.views.pop(who, everything=everything)
        if not view.raw.get("notify_on_close"):
            return None
        return self._do(who, What.INTERACTION, self.payloads.closing(who, view, state, everything=everything), how)

    def shortcut(self, user: str, callback_id: str, *, how: How = ONCE) -> Seen:
        """Use a global shortcut."""
        who = self.edge.user(user)
        return self._do(who, What.INTERACTION, self.payloads.shortcut(who, callback_id), how)

    def message_shortcut(self, user: str, callback_id: str, message: Message, *, how: How = ONCE) -> Seen:
        """Use a shortcut on a message."""
        who, here = self.edge.user(user), self._channel(user, message.channel)
        payload = self.payloads.message_shortcut(who, callback_id, here, message)
        return self._do(who, What.INTERACTION, payload, how)

    def open_home(self, user: str, *, how: How = ONCE) -> Seen:
        """Look at the app's home tab."""
        who = self.edge.user(user)
        opened = self.payloads.home_opened(who, self._channel(user, "@")["id"], self.edge.views.homes.get(who))
        return self._do(who, What.EVENT, self.payloads.event(opened), how)

    def event(self, event: Json, *, event_id: str = "", how: How = ONCE) -> Seen:
        """Let an event reach the app: its `type` and what else belongs to it."""
        return self._do("", What.EVENT, self.payloads.event(event, event_id), how)

    def challenge(self, words: str, *, how: How = ONCE) -> Seen:
        """Let Slack ask whether a request URL is the app's; over HTTP only."""
        return self._do("", What.EVENT, self.payloads.challenge(words), how)

    def suggest(self, user: str, where: Message | View, field: str, typed: str, *, how: How = ONCE) -> Seen:
        """Type into a select whose options the app knows."""
        block, element = find(where.blocks, field)
        if len(typed) < element.get("min_query_length", 3):
            raise Impossible(f"{typed!r} is too short for Slack to ask")
        who = self.edge.user(user)
        action = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
        channel = None if isinstance(where, View) else self._channel(user, where.channel)
        state = holding(where.blocks, self._typed(user, where))
        return self._do(who, What.INTERACTION, self.payloads.suggestion(who, where, channel, state, action), how)

    def again(self, seen: Seen) -> Seen:
        """Let a delivery arrive once more, the same to the byte."""
        user = seen.sent.payload.get("user_id") or (seen.sent.payload.get("user") or {}).get("id", "")
        return self._deliver(user, seen.sent)

    def say(self, user: str, channel: str, text: str, *, thread: str = "") -> Message:
        """Write a message; the app hears of it only by an `event`."""
        here = self._channel(user, channel)
        more = {"thread_ts": thread} if thread else {}
        person = self._person(user)
        sent = self.edge.api("chat.postMessage", person.token, channel=here["id"], text=text, **more)
        return Message(sent["message"], here["id"], names=self.edge.directory.name)

    def invite(self, user: str, channel: str, other: str = "") -> None:
        """Bring somebody into a channel, by default the app."""
        here = self.edge.channel(channel)
        whom = self.edge.user(other) if other else BOT_USER
        self.edge.api("conversations.invite", self._person(user).token, channel=here, users=whom)

    def remove(self, user: str, channel: str, other: str = "") -> None:
        """Take somebody out of a channel, by default the app."""
        here = self.edge.channel(channel)
        whom = self.edge.user(other) if other else BOT_USER
        self.edge.api("conversations.kick", self._person(user).token, channel=here, user=whom)

    def archive(self, user: str, channel: str) -> None:
        """Archive a channel."""
        self.edge.api("conversations.archive", self._person(user).token, channel=self.edge.channel(channel))

    # What they see

    def messages(self, user: str, channel: str) -> list[Message]:
        """What somebody sees in a channel, oldest first; "@" is their direct messages with the app. Threads: see `thread`."""
        here, who = self._channel(user, channel)["id"], self.edge.user(user)
        found = self.edge.api("conversations.history", self._person(user).token, channel=here, limit=1000)["messages"]
        for message in found:
            as_slack_has_it(message)
        shown = [Message(raw, here, names=self.edge.directory.name) for raw in found]
        return sorted([*shown, *self._whispers(who, here)], key=lambda message: message.ts)

    def message(self, user: str, channel: str, containing: str = "") -> Message:
        """The newest message that contains something; AssertionError when there is none."""
        messages = self.messages(user, channel)
        for message in reversed(messages):
            if containing in message.text:
                return message
        raise AssertionError(
            f"{user} sees no {containing!r} in {channel}, but {[message.text for message in messages]}"
        )

    def thread(self, user: str, message: Message) -> list[Message]:
        """The answers to a message, without itself."""
        token = self._person(user).token
        found = self.edge.api("conversations.replies", token, channel=message.channel, ts=message.ts)["messages"]
        for each in found:
            as_slack_has_it(each)
        return [
            Message(raw, message.channel, names=self.edge.directory.name) for raw in found if raw["ts"] != message.ts
        ]

    def pinned(self, user: str, channel: str) -> list[Message]:
        """The messages pinned in a channel."""
        here = self.edge.channel(channel)
        items = self.edge.api("pins.list", self._person(user).token, channel=here)["items"]
        return [Message(item["message"], here, names=self.edge.directory.name) for item in items]

    def home(self, user: str) -> View | None:
        """Somebody's home tab."""
        raw = self.edge.views.homes.get(self.edge.user(user))
        return None if raw is None else self._view(raw)

    def modals(self, user: str) -> list[View]:
        """The modals somebody has open, the one on top last."""
        return [self._view(raw) for raw in self.edge.views.stacks[self.edge.user(user)]]

    def modal(self, user: str) -> View:
        """The modal somebody sees; AssertionError when there is none."""
        stack = self.modals(user)
        assert stack, f"{user} has no modal open"
        return stack[-1]

    # How it is done

    def _act(self, user: str, where: Message | View, block: Json, element: Json, held: Json, how: How) -> Seen:
        who = self.edge.user(user)
        channel = None if isinstance(where, View) else self._channel(user, where.channel)
        state = holding(where.blocks, self._typed(user, where))
        payload = self.payloads.actions(who, where, channel, state, action_of(block, element, held))
        return self._do(who, What.INTERACTION, payload, how)

    def _do(self, user: str, what: What, payload: Json, how: How) -> Seen:
        return self._deliver(user, self.delivery.prepare(what, payload, how))

    def _deliver(self, user: str, sent: Sent) -> Seen:
        before = {message.ts: message for message in self._whispers(user)}
        calls, replies = len(self.edge.calls), len(self.edge.replies.posted)
        answer = self.edge.run(self.delivery.send(sent))
        body = answer.body if answer.acked else {}
        pushed = self._acknowledged(user, sent, answer) if answer.acked else []
        views = [
            call.answer["view"]
            for call in self.edge.calls[calls:]
            if call.method in _VIEW_CALLS and call.ok and call.answer
        ]
        mine = {raw["id"] for raw in self._open(user)}
        shown = [raw for raw in views if raw["id"] in mine or not user]
        return Seen(
            sent,
            answer.acked,
            answer.status,
            answer.seconds,
            body,
            tuple(message for message in self._whispers(user) if before.get(message.ts) != message),
            tuple(self._view(raw) for raw in (*shown, *pushed)),
            tuple(reply for reply in self.edge.replies.posted[replies:] if user in {reply.user, ""}),
        )

    def _acknowledged(self, user: str, sent: Sent, answer: Answer) -> list[Json]:
        """What an acknowledgement brings about; the views it shows."""
        kind = sent.payload.get("type") if sent.what is What.INTERACTION else sent.what
        match kind:
            case What.COMMAND:
                self._answered(user, sent, answer.body)
            case "view_submission":
                return self._submitted(user, sent.payload["view"], answer.body)
            case "block_suggestion":
                self.edge.check(PayloadKind.OPTIONS, answer.body, "acknowledgement of a suggestion")
            case _ if answer.body and "challenge" not in answer.body and sent.what is not What.EVENT:
                self.edge.fault(f"acknowledgement of {kind}: Slack shows nothing of {answer.body}")
        return []

    def _answered(self, user: str, sent: Sent, body: Json) -> None:
        if not body.get("text") and not body.get("blocks"):
            return
        if self.edge.check(PayloadKind.MESSAGE, body, "acknowledgement of a slash command"):
            address = Address(user, sent.payload["channel_id"], self.edge.now())
            ephemeral = body.get("response_type", "ephemeral") == "ephemeral"
            self.edge.run(self.edge.show(address, body, ephemeral=ephemeral))

    def _submitted(self, user: str, view: Json, body: Json) -> list[Json]:
        views = self.edge.views
        what = "acknowledgement of a view_submission"
        match body.get("response_action"):
            case None if not body:
                views.pop(user)
            case "clear":
                views.pop(user, everything=True)
            case "errors":
                inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                if unknown := set(body.get("errors") or {"": ""}) - inputs:
                    self.edge.fault(f"{what}: errors at {unknown}, which are no inputs of it")
            case "update" | "push" as action if self.edge.check(PayloadKind.VIEW, body.get("view"), what):
                if action == "push" and len(views.stacks[user]) >= MOST_MODALS:
                    self.edge.fault(f"{what}: more than {MOST_MODALS} modals")
                    return []
                work = views.push(user, body["view"]) if action == "push" else views.replace(view["id"], body["view"])
                shown = self.edge.run(work)
                if not shown["ok"]:
                    self.edge.fault(f"{what}: {shown['error']}")
                    return []
                return [shown["view"]]
            case "update" | "push":
                pass  # the fault is noted
            case _:
                self.edge.fault(f"{what}: Slack does not understand {body}")
        return []

    def _current(self, user: str, view: View) -> View:
        """A view as it is now, if it is still before this person's eyes."""
        for raw in self._open(self.edge.user(user)):
            if raw["id"] == view.id:
                return self._view(raw)
        raise Impossible(f"{user} does not have {view.title!r} open")

    def _open(self, user: str) -> list[Json]:
        views = self.edge.views
        return [*views.stacks[user], *([views.homes[user]] if user in views.homes else ())]

    def _typed(self, user: str, where: Message | View) -> Values:
        if isinstance(where, View):
            return self.edge.views.typed[where.id]
        return self._chosen[self.edge.user(user), where.ts]

    def _whispers(self, user: str, channel: str = "") -> list[Message]:
        found = self.edge.ephemerals.seen(user, channel)
        return [Message(copy.deepcopy(raw), raw["channel"], user, self.edge.directory.name) for raw in found]

    def _view(self, raw: Json) -> View:
        return View(copy.deepcopy(raw), self.edge.directory.name)

    def _person(self, user: str) -> Person:
        return self.edge.directory.person(self.edge.user(user))

    def _channel(self, user: str, channel: str) -> Json:
        """A channel as the person sees it."""
        token = self._person(user).token
        if channel == "@":
            opened = self.edge.api("conversations.open", token, users=BOT_USER)
            channel = opened["channel"]["id"]
        found: Json = self.edge.api("conversations.info", token, channel=self.edge.channel(channel))["channel"]
        return found
