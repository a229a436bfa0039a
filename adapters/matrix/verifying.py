"""Verification by comparing emoji, when somebody asks for it: between devices, or in a room as Element does with people.

The bot answers and never begins. It cannot look: whoever runs it compares what is shown to them (`Comparison`) with what
the other side sees, and says whether they match. Until then nothing is vouched for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from nio.events import (
    KeyVerificationEvent,
    KeyVerificationKey,
    KeyVerificationMac,
    KeyVerificationStart,
)

from adapters.matrix.fixes import MendedSas
from adapters.matrix.machine import Machine
from adapters.matrix.wire import Json
from adapters.shared.sending import SendError

log = logging.getLogger(__name__)

VERIFICATION: Final = "m.key.verification."
REQUEST: Final = f"{VERIFICATION}request"
METHOD: Final = "m.sas.v1"
MOST: Final = 50
"""Verifications at once; the oldest give way, since anybody can ask."""

LIFE_SECONDS: Final = 600.0
_EVENTS: Final[dict[str, type[KeyVerificationEvent]]] = {
    "start": KeyVerificationStart,
    "key": KeyVerificationKey,
    "mac": KeyVerificationMac,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the other side sees, too, if nobody is in between: seven emoji with their names. `id` is for the answer."""

    id: str
    user: str
    device: str
    emoji: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Run:
    """One verification: with whom, where (`room`, or between devices), and how far it is."""

    user: str
    device: str
    room: str
    at: float
    sas: MendedSas | None = None


class Verifying:
    """Those of one account. `show` is given what is to be compared; `send` sends an event to a room, encrypted.

    `vouched`: the public keys the bot vouches for beside its device's: its master key, when that is the account's.
    """

    def __init__(
        self,
        machine: Machine,
        show: Callable[[Comparison], None],
        send: Callable[[str, str, Json], Awaitable[object]],
        vouched: Callable[[], tuple[str, ...]] = tuple,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._machine = machine
        self._show = show
        self._send = send
        self._vouched = vouched
        self._now = monotonic
        self._runs: dict[str, _Run] = {}
        self._replies: list[tuple[str, str, Json]] = []

    def to_device(self, message: Json) -> None:
        """Take a message to the device, if it is of a verification. Never raises."""
        kind, content = message["type"], message["content"]
        name = content.get("transaction_id")
        if kind.startswith(VERIFICATION) and isinstance(name, str) and isinstance(message.get("sender"), str):
            self._guarded(kind, name, message["sender"], content, "")

    def in_room(self, room: str, event: Json) -> bool:
        """Take a room's event in the clear; whether it was of a verification. Never raises."""
        kind, content = event.get("type"), event.get("content")
        if not isinstance(kind, str) or not isinstance(content, dict):
            return False
        if kind == "m.room.message" and content.get("msgtype") == REQUEST:
            if content.get("to") == self._machine.user:
                self._guarded(REQUEST, event["event_id"], event["sender"], content, room)
            return True
        if not kind.startswith(VERIFICATION):
            return False
        relation = content.get("m.relates_to")
        name = relation.get("event_id") if isinstance(relation, dict) else None
        if isinstance(name, str):
            self._guarded(kind, name, event["sender"], content, room)
        return True

    async def answer(self) -> None:
        """Send what is to be said in rooms; what is between devices goes with the keys. What cannot be sent is dropped."""
        while self._replies:
            try:
                await self._send(*self._replies.pop(0))
            except SendError as error:  # they can ask again
                log.warning("an answer to a verification was not taken: %s", error)

    def confirm(self, name: str) -> bool:
        """They match: vouch for our keys. False when the verification is over. `answer` and the keys are to go then."""
        run = self._runs.get(name)
        if run is None or run.sas is None or run.sas.canceled or run.sas.established_sas is None:
            return False
        run.sas.accept_sas()
        own = {f"ed25519:{self._machine.device}": self._machine.fingerprint}
        message = run.sas.vouching(own | {f"ed25519:{key}": key for key in self._vouched()})
        self._say(name, run, "mac", message.content)
        self._concluded(name, run)
        return True

    def mismatch(self, name: str) -> bool:
        """They do not match. False when the verification is over."""
        run = self._runs.get(name)
        if run is None:
            return False
        self._cancel(name, run, "m.mismatched_sas", "The short authentication strings did not match.")
        return True

    def _guarded(self, kind: str, name: str, sender: str, content: Json, room: str) -> None:
        try:
            self._take(kind.removeprefix(VERIFICATION), name, sender, content, room)
        except Exception as error:  # whatever a stranger's message makes nio or vodozemac raise
            log.warning("a verification was dropped: %s", type(error).__name__)
            self._runs.pop(name, None)

    def _take(self, step: str, name: str, sender: str, content: Json, room: str) -> None:
        if step == "request":
            self._requested(name, sender, content, room)
            return
        run = self._runs.get(name)
        if run is None and step == "start" and not room:
            # between devices, one may begin without asking
            run = self._begun(name, sender, content, room)
        if run is None or run.user != sender or run.room != room:
            return
        match step:
            case "start":
                self._started(name, run, content)
            case "key" | "mac" if run.sas is not None:
                self._went_on(step, name, run, run.sas, content)
            case "cancel" | "done":
                self._runs.pop(name, None)
            case _:
                pass

    def _begun(self, name: str, sender: str, content: Json, room: str) -> _Run | None:
        device = content.get("from_device")
        if not isinstance(device, str):
            return None
        now = self._now()
        self._runs = {each: run for each, run in self._runs.items() if now - run.at < LIFE_SECONDS}
        while len(self._runs) >= MOST:
            del self._runs[next(iter(self._runs))]
        self._machine.ask_again(sender)
        self._runs[name] = _Run(sender, device, room, now)
        return self._runs[name]

    def _requested(self, name: str, sender: str, content: Json, room: str) -> None:
        methods = content.get("methods")
        if not isinstance(methods, list) or METHOD not in methods:
            return
        run = self._begun(name, sender, content, room)
        if run is not None:
            self._say(name, run, "ready", {"from_device": self._machine.device, "methods": [METHOD]})

    def _started(self, name: str, run: _Run, content: Json) -> None:
        device = self._machine.device_of(run.user, run.device)
        event = _event("start", name, run.user, content)
        if device is None or event is None or content.get("from_device") != run.device:
            self._cancel(name, run, "m.key_mismatch", "The device is not known.")
            return
        machine = self._machine
        sas = MendedSas.from_key_verification_start(machine.user, machine.device, machine.fingerprint, device, event)
        if sas.canceled:
            self._cancel(name, run, sas.cancel_code, sas.cancel_reason)
            return
        sas.commit(content)
        run.sas = sas
        self._say(name, run, "accept", sas.accept_verification().content)

    def _went_on(self, step: str, name: str, run: _Run, sas: MendedSas, content: Json) -> None:
        event = _event(step, name, run.user, content)
        if event is None:
            self._cancel(name, run, "m.invalid_message", "The message is not as it should be.")
            return
        if step == "key":
            sas.receive_key_event(event)
        else:
            sas.receive_mac_event(event)
        if sas.canceled:
            self._cancel(name, run, sas.cancel_code, sas.cancel_reason)
        elif step == "key":
            self._say(name, run, "key", sas.share_key().content)
            self._show(Comparison(name, run.user, run.device, tuple(sas.get_emoji())))
        else:
            self._concluded(name, run)

    def _concluded(self, name: str, run: _Run) -> None:
        """Both vouched: say so, and trust the device."""
        if run.sas is not None and run.sas.verified:
            self._machine.trust(run.user, run.device)
            self._say(name, run, "done", {})
            del self._runs[name]

    def _cancel(self, name: str, run: _Run, code: str, reason: str) -> None:
        self._say(name, run, "cancel", {"code": code, "reason": reason})
        self._runs.pop(name, None)

    def _say(self, name: str, run: _Run, step: str, content: Json) -> None:
        bare = {key: value for key, value in content.items() if key != "transaction_id"}
        if run.room:
            relation = {"rel_type": "m.reference", "event_id": name}
            self._replies.append((run.room, VERIFICATION + step, {**bare, "m.relates_to": relation}))
        else:
            self._machine.say(run.user, run.device, VERIFICATION + step, {**bare, "transaction_id": name})


def _event(step: str, name: str, sender: str, content: Json) -> Any:
    """The event as nio has it; None for one that is not as it should be."""
    kind = _EVENTS[step]
    whole = {**content, "transaction_id": name}
    made = kind.from_dict({"type": VERIFICATION + step, "sender": sender, "content": whole})
    return made if isinstance(made, kind) else None
