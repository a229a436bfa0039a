"""Is a payload one that Slack would take? Asked of three who do not know each other, none of them written here.

Slack's Python SDK (`models`), the shapes of `@slack/types` (`shapes`), and the numbers of the package slackblocks, to which what
none of them knows is added (`limits`). They agree with Slack's documents; only Slack itself agrees with Slack.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, assert_never

from tests.support.slack import limits, models, shapes
from tests.support.slack.blocks import Json


class PayloadKind(StrEnum):
    """What a payload is. OPTIONS answer a `block_suggestion`."""

    MESSAGE = "message"
    VIEW = "view"
    OPTIONS = "options"


def check(kind: PayloadKind, payload: Any) -> None:
    """Raise AssertionError, which says where and who found it, when Slack would refuse the payload."""
    assert isinstance(payload, dict), f"{kind} is an object, not {payload!r}"
    checks: dict[str, Callable[[Json], None]]
    match kind:
        case PayloadKind.MESSAGE:
            checks = {"slack_sdk": models.message, "@slack/types": shapes.message, "limits": limits.message}
        case PayloadKind.VIEW:
            checks = {"slack_sdk": models.view, "@slack/types": shapes.view, "limits": limits.view}
        case PayloadKind.OPTIONS:
            checks = {"slack_sdk": models.options, "@slack/types": shapes.options, "limits": limits.options}
        case _:
            assert_never(kind)
    for name, each in checks.items():
        try:
            each(payload)
        except AssertionError as wrong:
            raise AssertionError(f"{kind} ({name}): {wrong}") from None
