"""What a button, a menu and a window carry with them: enough to act on after a restart, on any replica.

Slack gives it back as it was sent, signed; nobody but the bot can write it. It names no person: whoever taps, speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec

from adapters.shared.taps import Tap
from bot.domain.ids import CommunityId
from bot.view import Button

BUTTON_VALUE: Final = 2_000
ACTION_ID: Final = 255
OPTION_VALUE: Final = 150
METADATA: Final = 3_000


class Menu(msgspec.Struct, frozen=True, array_like=True):
    """A menu of several choices: each option's value is one of those joined into the argument `chosen`."""

    community: CommunityId
    command: str
    arguments: dict[str, str]
    chosen: str


class Window(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a modal fills in, and from where: a command, its place, and answers it does not ask for (`fixed`).

    `window` is the draft's (see `bot.context.Space`). `room` holds, by field, how many inputs a long answer has.
    """

    community: CommunityId
    command: str
    place: str
    window: str
    name: str = ""
    private: bool = False
    closed: bool = False
    fixed: dict[str, str] = {}
    room: dict[str, int] = {}


C = TypeVar("C", Tap, Menu, Window)


def encoded(carried: Tap | Menu | Window) -> str:
    """As JSON text."""
    return msgspec.json.encode(carried).decode()


def decoded(kind: type[C], text: str) -> C | None:
    """What was carried; None for what an earlier version, or something else, wrote."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def whole(arguments: Mapping[str, str]) -> dict[str, str]:
    """Arguments that can be written: halves of characters, which nothing can keep, become question marks."""
    return {name: text.encode(errors="replace").decode() for name, text in arguments.items()}


def tap(community: CommunityId, button: Button) -> str:
    """A button's value. Arguments too long to be carried are left out: the tap asks for them."""
    arguments = whole(button.arguments)
    while True:
        value = encoded(Tap(community, button.command, arguments))
        if len(value) <= BUTTON_VALUE or not arguments:
            return value
        del arguments[max(arguments, key=lambda name: len(arguments[name]))]
