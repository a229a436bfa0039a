"""Who may give a command. Each rule has words, from which refusals, help and the authorization table are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.context import Context
from bot.domain.consensus.checks import Check
from bot.domain.errors import NotAllowed
from bot.domain.facilitators import facilitators
from bot.domain.groups import find_group, group_of
from bot.domain.ids import MAG, GroupId
from bot.domain.people import ASKED, Role
from bot.domain.proposals import proposers
from bot.text import Say, T, Text


@dataclass(frozen=True, slots=True)
class Who:
    """A rule: whose it is to do (`text` completes *“This is for …”*), and the test. `key` names it in the table."""

    key: str
    text: Text
    allows: Callable[[Context, Any], bool]

    def __or__(self, other: Who) -> Who:
        return Who(
            f"{self.key} or {other.key}",
            T("{one} or {other}", one=self.text, other=other.text),
            lambda context, arguments: self.allows(context, arguments) or other.allows(context, arguments),
        )


def _group(context: Context, arguments: Any) -> Any:
    return find_group(context.reads, context.id, arguments.group)


def _is_proposer(context: Context, arguments: Any) -> bool:
    return context.actor.person in proposers(context.reads, _group(context, arguments))


def facilitates(context: Context, body: str) -> bool:
    """Whether the speaker is a co-facilitator of the group that `body` names."""
    if body == MAG:
        return False
    group = group_of(context.reads, context.id, GroupId(body))
    return context.actor.person in {each.person for each in facilitators(context.reads, group)}


def concludes(context: Context, body: str) -> bool:
    """Whether the speaker concludes for a body: the Chair for the MAG, the co-facilitators for a working group."""
    if body == MAG:
        return context.actor.has_role(Role.CHAIR)
    return facilitates(context, body)


def _concludes_check(context: Context, arguments: Any) -> bool:
    check = context.reads.get(Check, context.id, arguments.check)
    return check is not None and concludes(context, check.body)


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
PROPOSER = Who("its proposers", T("its proposers"), _is_proposer)
CONCLUDER = Who(
    "who concludes the check",
    T("who concludes it (the Chair for the full membership, the co-facilitators for a working group)"),
    _concludes_check,
)
FACILITATOR = Who(
    "its co-facilitators",
    T("its co-facilitators"),
    lambda context, arguments: facilitates(context, _group(context, arguments).id),
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
