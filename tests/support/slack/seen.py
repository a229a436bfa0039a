"""What a person sees: messages, modals and home tabs, and what came of something they did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.support.slack.blocks import Json, elements
from tests.support.slack.delivery import Sent
from tests.support.slack.plain import Names, plain, unmarked, words
from tests.support.slack.replies import Reply


@dataclass(frozen=True)
class Message:
    """A message as somebody sees it at one time; it does not change when the message does. `to` is who sees it, if only one."""

    raw: Json
    channel: str
    to: str = ""
    names: Names = field(default=str, repr=False, compare=False)

    @property
    def ts(self) -> str:
        """Its id within the channel."""
        return str(self.raw["ts"])

    @property
    def user(self) -> str:
        """Who wrote it."""
        return str(self.raw.get("user", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks; none when it is only text."""
        return self.raw.get("blocks") or []

    @property
    def ephemeral(self) -> bool:
        """Only one person sees it."""
        return bool(self.to)

    @property
    def text(self) -> str:
        """What it says, to the eye."""
        return plain(self.blocks, self.names) if self.blocks else unmarked(str(self.raw.get("text", "")), self.names)

    @property
    def spoken(self) -> str:
        """What a notification and a screen reader say of it."""
        return unmarked(str(self.raw.get("text", "")), self.names)

    @property
    def buttons(self) -> list[str]:
        """What stands on its buttons."""
        return list(_buttons(self.blocks))

    @property
    def thread(self) -> str:
        """The ts of the message it answers, if any."""
        return str(self.raw.get("thread_ts", ""))


@dataclass(frozen=True)
class View:
    """A modal or a home tab as somebody sees it at one time."""

    raw: Json
    names: Names = field(default=str, repr=False, compare=False)

    @property
    def id(self) -> str:
        """Slack's id of it."""
        return str(self.raw["id"])

    @property
    def home(self) -> bool:
        """A home tab, not a modal."""
        return bool(self.raw["type"] == "home")

    @property
    def title(self) -> str:
        """What stands at its top."""
        return words(self.raw.get("title"))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return self.raw["blocks"]  # type: ignore[no-any-return]  # Slack's own JSON

    @property
    def text(self) -> str:
        """What it says, with the words on its own buttons."""
        ends = [f"[{words(self.raw[name])}]" for name in ("close", "submit") if self.raw.get(name)]
        return "\n".join(part for part in (self.title, plain(self.blocks, self.names), " ".join(ends)) if part)

    @property
    def buttons(self) -> list[str]:
        """What stands on the buttons within."""
        return list(_buttons(self.blocks))

    @property
    def labels(self) -> list[str]:
        """What its inputs are called."""
        return [words(block["label"]) for block in self.blocks if block["type"] == "input"]


@dataclass(frozen=True)
class Seen:
    """What came of something a person did, until the app acknowledged it.

    `acked` is False when the app did not answer within three seconds, or answered with an error: the person is told so, and
    nothing else the acknowledgement said. `messages` are those only this person sees, new or changed; `views` those opened,
    pushed or changed; `replies` what was posted to the `response_url`; `errors` what the modal says of a block.
    """

    sent: Sent
    acked: bool
    status: int
    seconds: float
    body: Json
    messages: tuple[Message, ...] = ()
    views: tuple[View, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def text(self) -> str:
        """What the messages say."""
        return "\n".join(message.text for message in self.messages)

    @property
    def action(self) -> str:
        """The `response_action`, if any."""
        return str(self.body.get("response_action", ""))

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by block id."""
        return self.body.get("errors") or {}

    @property
    def options(self) -> list[Json]:
        """What was suggested."""
        groups = self.body.get("option_groups") or []
        return [*(self.body.get("options") or []), *(option for group in groups for option in group["options"])]

    @property
    def view(self) -> View:
        """The view opened or changed last; AssertionError when none was."""
        assert self.views, f"no view; the person reads: {self.text!r}"
        return self.views[-1]


def _buttons(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        for element in elements(block):
            if element["type"] == "button":
                yield words(element["text"])
