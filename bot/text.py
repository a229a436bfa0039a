"""Every sentence a person sees, before it has a language.

A `Text` is an English sentence (also its gettext key) and typed parameters; it becomes words only when it is rendered,
for one reader, in that reader's language and time zone, with what members typed escaped by the platform's own rules.
It is not a template engine: no markup, no logic.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class UserText(msgspec.Struct, frozen=True, tag="user"):
    """Words somebody typed: always escaped, never translated, able to mention no one."""

    text: str


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """An instant (UTC). Shown in the reader's own zone where it is known, else in `zone`, and always in UTC too."""

    at: datetime
    zone: str = "UTC"


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A day that belongs to no zone, such as a cycle's first: shown as the reader's language writes days."""

    on: date


class Span(msgspec.Struct, frozen=True, tag="span"):
    """A length of time in seconds, shown in words (`7 days`)."""

    seconds: int


class PersonName(msgspec.Struct, frozen=True, tag="person"):
    """A person by name; a platform may turn it into a mention only where the message says it mentions them."""

    person: str
    name: str


class Say(msgspec.Struct, frozen=True, tag="say"):
    """A command to type, without its prefix: `show WG-MWP` reads `/wg show WG-MWP` in Slack and `!wg …` in Matrix."""

    command: str


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A sentence: English `message` with `{name}` places, `parameters`, and for counted things `plural` and `count`."""

    message: str
    parameters: dict[str, Parameter] = {}
    plural: str | None = None
    count: int = 0


Parameter = UserText | Moment | Day | Span | PersonName | Say | Text | int | str
"""A plain `str` is a term that is not translated and was not typed by a member: a group's short name, a date to type, an id."""


def T(message: str, /, **parameters: Parameter) -> Text:
    """A sentence. `message` is literal English (xgettext reads it here)."""
    return Text(message, parameters)


def Tn(singular: str, plural: str, count: int, /, **parameters: Parameter) -> Text:
    """A counted sentence: `{count}` may stand in either form."""
    return Text(singular, {"count": count, **parameters}, plural, count)


def said(text: str) -> Text:
    """A member's own words as a whole sentence."""
    return Text("{text}", {"text": UserText(text)})


def term(text: str) -> Text:
    """A name or value that is the same in every language."""
    return Text("{text}", {"text": text})


def day(on: date) -> Text:
    """A day as a whole sentence."""
    return Text("{day}", {"day": Day(on)})


def joined(texts: tuple[Text, ...] | list[Text], separator: str = " ") -> Text:
    """Several sentences as one."""
    places = separator.join(f"{{p{number}}}" for number in range(len(texts)))
    return Text(places, {f"p{number}": text for number, text in enumerate(texts)})
