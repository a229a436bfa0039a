"""Who may give a command. Each rule has words, from which refusals, help and the authorization table are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.context import Context
from bot.domain.errors import NotAllowed
from bot.domain.people import ASKED, Role
from bot.text import Say, T, Text


@dataclass(frozen=True, slots=True)
class Who:
    """A rule: whose it is to do (`text` completes *“This is for …”*), and the test. `key` names it in the table.

    `by_speaker`: the test looks at who speaks alone, not at the arguments (which are then None before they are asked for).
    """

    key: str
    text: Text
    allows: Callable[[Context, Any], bool]
    by_speaker: bool = True

    def __or__(self, other: Who) -> Who:
        return Who(
            f"{self.key} or {other.key}",
            T("{one} or {other}", one=self.text, other=other.text),
            lambda context, arguments: self.allows(context, arguments) or other.allows(context, arguments),
            self.by_speaker and other.by_speaker,
        )


ANYONE = Who("anyone", T("anyone"), lambda context, arguments: True)
SYSTEM = Who("the software", T("the software itself"), lambda context, arguments: context.actor.system)
KNOWN = Who(
    "a known person",
    T("people on the roster"),
    lambda context, arguments: context.actor.person is not None,
)
SEATED = Who(
    "anyone seated",
    T("people seated in the current cycle"),
    lambda context, arguments: context.actor.seat is not None,
)
MEMBER = Who(
    "a seated member",
    T("members seated in the current cycle"),
    lambda context, arguments: context.actor.has_role(*ASKED),
)
CHAIR = Who("the Chair", T("the Chair"), lambda context, arguments: context.actor.has_role(Role.CHAIR))
SECRETARIAT = Who(
    "the Secretariat",
    T("the Secretariat"),
    lambda context, arguments: context.actor.has_role(Role.SECRETARIAT),
)


def demand(who: Who, context: Context, arguments: Any) -> None:
    """Raise `NotAllowed` unless the rule allows it. A stranger is told how to become known."""
    if context.actor.system or who.allows(context, arguments):
        return
    if context.actor.person is None:
        raise NotAllowed(
            T("This is for {who}, and wgbot does not know this account yet.", who=who.text),
            T(
                "Ask the Secretariat for a one-time code, then type {command}. Until then you can read everything public: {list}.",
                command=Say("link CODE"),
                list=Say("list"),
            ),
        )
    raise NotAllowed(
        T("This is for {who}.", who=who.text), T("See what you can do now: {command}.", command=Say("todo"))
    )
