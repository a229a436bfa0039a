"""Somebody with an Element: what they do in Matrix rooms, and what they see there.

`send` and the others return when the homeserver has it; `sees` waits until it is there. What Element or the homeserver would not
let them do raises `Impossible`.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Self

from tests.support.matrix.api import Account, Json
from tests.support.matrix.process import ElementProcess, Impossible
from tests.support.matrix.seen import Message
from tests.support.matrix.someone import Someone, id_of
from tests.support.matrix.synapse import PASSWORD, ROOM_VERSION, SERVER_NAME, Homeserver
from tests.support.matrix.verifying import Verification
from tests.support.matrix.watching import Watcher

_SPACE: Json = {
    "creation_content": {"type": "m.space"},
    "power_level_content_override": {"events_default": 100},
}


class Element(Watcher):
    """A device of somebody. `url` is where it finds the homeserver: by default, without anything between."""

    def __init__(
        self,
        process: ElementProcess,
        homeserver: Homeserver,
        account: Account,
        url: str = "",
        *,
        cross_signed: bool = True,
        trusted_by: Element | None = None,
    ) -> None:
        super().__init__(process, account)
        self._homeserver = homeserver
        self._url = url or homeserver.url
        process.open(
            account.device_id,
            url=self._url,
            userId=account.user_id,
            deviceId=account.device_id,
            token=account.token,
            password=PASSWORD,
            crossSigned=cross_signed,
            trustedBy=trusted_by.account.device_id if trusted_by else None,
        )

    def another_device(self, *, trusted: bool = True) -> Self:
        """Log in once more; a device that is not trusted is not signed by them, and nobody shows what it sends."""
        account = self._homeserver.login(self.id)
        by = self if trusted else None
        return type(self)(self._process, self._homeserver, account, self._url, cross_signed=False, trusted_by=by)

    def close(self) -> None:
        """Close Element; its keys are gone."""
        self._process.close(self.account.device_id)

    def reconnect(self) -> None:
        """Try again at once to reach the homeserver, as when a network comes back; by itself Element waits some seconds."""
        self.ask("reconnect")

    def rename(self, name: str) -> None:
        """Be called otherwise, in all rooms."""
        self.ask("rename", name=name)

    # Rooms

    def create(
        self,
        name: str = "",
        *,
        encrypted: bool = False,
        public: bool = False,
        invite: Sequence[Someone] = (),
        version: str = ROOM_VERSION,
        **options: Any,
    ) -> str:
        """Make a room; `options` are those of the homeserver's `createRoom`. Returns its id."""
        order = {
            "encrypted": encrypted,
            "preset": "public_chat" if public else "private_chat",
            "visibility": "public" if public else "private",
            "invite": [id_of(each) for each in invite],
            "room_version": version,
            **({"name": name} if name else {}),
            **options,
        }
        room: str = self.ask("create", **order)
        return room

    def create_space(self, name: str, rooms: Sequence[str] = (), **options: Any) -> str:
        """Make a space with some rooms in it, which say so, too."""
        space = self.create(name, **_SPACE, **options)
        for room in rooms:
            self.state(space, "m.space.child", {"via": [SERVER_NAME]}, room)
            self.state(room, "m.space.parent", {"via": [SERVER_NAME], "canonical": True}, space)
        return space

    def message_directly(self, other: Someone, *, encrypted: bool = True) -> str:
        """Begin direct messages with somebody, encrypted as Element's are."""
        preset = "trusted_private_chat"
        return self.create(encrypted=encrypted, invite=[other], direct=id_of(other), preset=preset)

    def join(self, room: str) -> str:
        """Join a room by its id or alias; its id."""
        joined: str = self.ask("join", room=room)
        return joined

    def leave(self, room: str) -> None:
        """Leave a room, or decline to join it."""
        self.ask("leave", room=room)

    def invite(self, room: str, other: Someone) -> None:
        """Invite somebody."""
        self.ask("invite", room=room, user=id_of(other))

    def kick(self, room: str, other: Someone, reason: str = "") -> None:
        """Remove somebody from a room."""
        self.ask("kick", room=room, user=id_of(other), reason=reason)

    def ban(self, room: str, other: Someone, reason: str = "") -> None:
        """The same, for good."""
        self.ask("ban", room=room, user=id_of(other), reason=reason)

    def upgrade(self, room: str, version: str = ROOM_VERSION) -> str:
        """Replace a room by one of another version; its id."""
        new: str = self.ask("upgrade", room=room, version=version)
        return new

    def state(self, room: str, type_: str, content: Json, key: str = "") -> str:
        """Set a state event."""
        event: str = self.ask("state", room=room, type=type_, content=content, key=key)
        return event

    def encrypt(self, room: str) -> None:
        """Turn encryption on."""
        self.state(room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
        self.until(lambda: self.room(room).encrypted or None, f"{room} encrypted")

    def set_power(self, room: str, other: Someone, level: int) -> None:
        """Give somebody a power level."""
        levels = self.room(room).content("m.room.power_levels")
        users = levels.get("users", {}) | {id_of(other): level}
        self.state(room, "m.room.power_levels", levels | {"users": users})

    # Messages

    def send(
        self,
        room: str,
        text: str,
        *,
        html: str = "",
        thread: str = "",
        answering: Message | None = None,
        mentions: Sequence[Someone] = (),
    ) -> str:
        """Write a message, in a thread or not, maybe as an answer to another; the event's id."""
        if text.startswith("/") and not text.startswith("//"):
            raise Impossible(f"Element takes {text!r} for a command of its own")
        named = dict.fromkeys([*(id_of(each) for each in mentions), *([answering.sender] if answering else ())])
        named.pop(self.id, None)
        content = _text(text.removeprefix("/") if text.startswith("//") else text, html)
        content["m.mentions"] = {"user_ids": list(named)} if named else {}
        if answering is not None:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": answering.id}}
            thread = thread or answering.thread
        return self.event(room, "m.room.message", content, thread)

    def edit(self, message: Message, text: str, html: str = "") -> str:
        """Change a message."""
        new = _text(text, html)
        old = {**new, "body": f"* {text}", **({"formatted_body": f"* {html}"} if html else {})}
        replaced = {"rel_type": "m.replace", "event_id": message.id}
        content = {**old, "m.new_content": {**new, "m.mentions": {}}, "m.relates_to": replaced, "m.mentions": {}}
        return self.event(message.room, "m.room.message", content)

    def react(self, message: Message, emoji: str) -> str:
        """Put an emoji under a message."""
        relation = {"rel_type": "m.annotation", "event_id": message.id, "key": emoji}
        return self.event(message.room, "m.reaction", {"m.relates_to": relation})

    def redact(self, room: str, event: str, reason: str = "") -> str:
        """Remove a message, a reaction or a vote."""
        redaction: str = self.ask("redact", room=room, event=event, reason=reason)
        return redaction

    def upload(
        self,
        room: str,
        name: str,
        data: bytes,
        mimetype: str = "application/octet-stream",
        *,
        caption: str = "",
        thread: str = "",
    ) -> str:
        """Send a file, encrypted where the room is."""
        encoded = base64.b64encode(data).decode()
        event: str = self.ask(
            "upload", room=room, name=name, data=encoded, mimetype=mimetype, caption=caption, thread=thread
        )
        return event

    def download(self, message: Message) -> bytes:
        """The bytes of the file in a message."""
        return base64.b64decode(self.ask("download", content=message.content))

    def event(self, room: str, type_: str, content: Json, thread: str = "") -> str:
        """Send an event of any kind, encrypted where the room is."""
        event: str = self.ask("send", room=room, type=type_, content=content, thread=thread)
        return event

    # Polls

    def start_poll(
        self,
        room: str,
        question: str,
        answers: Sequence[str],
        *,
        disclosed: bool = True,
        most: int = 1,
        thread: str = "",
    ) -> str:
        """Ask everybody; the event's id. `most` is how many answers one may give."""
        what = {"question": question, "answers": list(answers), "disclosed": disclosed, "most": most}
        event: str = self.ask("startPoll", room=room, thread=thread, **what)
        return event

    def vote(self, room: str, poll: str, *answers: str) -> str:
        """Vote in a poll, by the words of the answers; none takes the vote back."""
        ids = self.sees_poll(room, poll).ids
        if unknown := [each for each in answers if each not in ids]:
            raise Impossible(f"the poll has no {unknown}, but {list(ids)}")
        event: str = self.ask("vote", room=room, poll=poll, answers=[ids[each] for each in answers])
        return event

    def end_poll(self, room: str, poll: str) -> str:
        """Close a poll."""
        self.sees_poll(room, poll)
        event: str = self.ask("endPoll", room=room, poll=poll)
        return event

    # Whom they trust

    def ask_to_verify(self, other: Someone, room: str = "", device: str = "") -> Verification:
        """Ask somebody to compare emoji, in a direct room or with one device of theirs; or oneself, on any other device."""
        number = self.ask("askToVerify", user=id_of(other), room=room, device=device)
        return Verification(self, number)

    def reset_identity(self) -> None:
        """Make a new cross-signing identity, as after losing everything."""
        self.ask("resetIdentity")

    def accept_identity(self, other: Someone) -> None:
        """Say yes to somebody's new identity."""
        self.ask("acceptIdentity", user=id_of(other))


def _text(text: str, html: str) -> Json:
    formatted = {"format": "org.matrix.custom.html", "formatted_body": html} if html else {}
    return {"msgtype": "m.text", "body": text, **formatted}
