"""What a community chose: settings by command; and the clock of a sample community."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Annotated, Any

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import ClockMoved, Settings, SettingsChanged
from bot.domain.consensus.rules import Rule, read_share
from bot.domain.days import parse_day
from bot.domain.errors import Invalid, NotAllowed, NotFound
from bot.domain.names import nearest
from bot.domain.spans import parse_span
from bot.policy import ANYONE, CHAIR, SECRETARIAT
from bot.text import Moment, Say, Span, T, Text, UserText, joined, term
from bot.view import Card, Fact, Facts, Notice, Tone, View

MEANINGS: dict[str, Text] = {
    "consultation_hours": T("Hours a consultation is open"),
    "consultation_minimum_hours": T("Hours a consultation is open at least, save by exception"),
    "check_hours": T("Hours a formal consensus check is open"),
    "check_minimum_hours": T("Hours a formal check is open at least"),
    "quick_check_hours": T("Hours a quick check or poll is open, where nothing is said"),
    "stages_by_clock": T("Whether stages follow each other by the clock"),
    "rule": T("The rule of consensus: rough, full, consent, lazy, minus-1"),
    "participation_floor": T("The share of members asked below which participation is low"),
    "trust_verified_email": T("Whether an e-mail address the workspace verified makes an account known"),
    "mail": T(
        "Whether mailing lists, and members whom no chat account reaches or who choose it, are written to by mail"
    ),
    "code_hours": T("Hours a one-time code works"),
    "remind_hours": T("Hours before a close at which those who have not answered are reminded; 0: never"),
    "participants": T("Whether working groups take participants without a seat, where their modalities say nothing"),
    "code_of_conduct": T("The Code of Conduct: a link to it, or its text"),
    "holidays": T("Days no closing time falls on"),
}
"""Every setting, in words."""


@command(
    "settings show",
    "Show what this community chose",
    who=ANYONE,
    examples=("settings show",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: object) -> View:
    """Every setting with its value."""
    settings = context.community.settings
    rows = tuple(
        Fact(
            term(each.name),
            T("{value} — {meaning}", value=_shown(getattr(settings, each.name)), meaning=MEANINGS[each.name]),
        )
        for each in fields(Settings)
    )
    return Card(
        T("Settings of {name}", name=context.community.name),
        (Facts(rows),),
        footer=T("Change one: {command}.", command=Say("settings set check_hours 96")),
    )


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


class Set(Arguments):
    """Which setting, and its value."""

    name: Annotated[str, ask("Which setting?", "As `settings show` names it.")]
    value: Annotated[str, ask("Its value?", "A number of hours, yes or no, a rule, or days.", rest=True, limit=2000)]


@command(
    "settings set",
    "Change a setting of this community",
    who=CHAIR | SECRETARIAT,
    arguments=Set,
    examples=("settings set check_hours 96", "settings set rule lazy", "settings set holidays 2026-12-25, 2027-01-01"),
)
def set_(context: Context, arguments: Set) -> View:
    """A check that runs keeps the rule and the times it began with."""
    name = arguments.name.replace("-", "_").lower()
    if name not in MEANINGS:
        near = nearest(name, list(MEANINGS))
        raise NotFound(
            T("There is no setting {name}.", name=UserText(arguments.name)),
            T("Did you mean {names}?", names=joined([term(each) for each in near], " · "))
            if near
            else T("See them: {command}.", command=Say("settings show")),
            field="name",
        )
    before = getattr(context.community.settings, name)
    value = _parsed(name, before, arguments.value)
    if value == before:
        return Notice(T("{name} is {value} already.", name=name, value=_shown(value)), Tone.DONE)
    changed = replace(context.community.settings, **{name: value})
    if (
        changed.consultation_hours < changed.consultation_minimum_hours
        or changed.check_hours < changed.check_minimum_hours
    ):
        raise Invalid(
            T(
                "{value} hours would be shorter than the shortest allowed: {consultation} for consultations, {check} for checks.",
                value=_shown(value),
                consultation=changed.consultation_minimum_hours,
                check=changed.check_minimum_hours,
            ),
            T("See both: {command}.", command=Say("settings show")),
            field="value",
        )
    context.happen(SettingsChanged(changed, (name,)))
    return Notice(
        T(
            "{name} is now {value}; it was {before}. Checks under way keep their rule and their times.",
            name=name,
            value=_shown(value),
            before=_shown(before),
        ),
        Tone.DONE,
    )


def _parsed(name: str, before: Any, typed: str) -> Any:
    text = typed.strip()
    if name == "rule":
        return str(_mag_rule(text))
    if name == "code_of_conduct":
        return text
    if name == "participation_floor":
        return read_share(text, field="value")
    if isinstance(before, bool):
        if text.lower() not in ("yes", "no"):
            raise Invalid(
                T("{typed} is neither yes nor no.", typed=UserText(text)), T("Type yes or no."), field="value"
            )
        return text.lower() == "yes"
    if isinstance(before, int):
        return 0 if name == "remind_hours" and text == "0" else _hours(text)
    return tuple(
        sorted(
            {parse_day(part.strip()) for part in text.split(",") if part.strip() and part.strip() != "none"},
            key=date.toordinal,
        )
    )


def _mag_rule(text: str) -> Rule:
    rule = Rule.parse(text)
    if rule.kind.value == "supermajority":
        raise Invalid(
            T(
                "The full membership decides by consensus; a supermajority is only for working groups whose modalities chose it."
            ),
            T("Choose one of: {rules}.", rules="rough, full, consent, lazy, minus-1"),
            field="value",
        )
    return rule


def _hours(text: str) -> int:
    span = parse_span(f"{text}h" if text.isascii() and text.isdigit() else text, field="value")
    hours, rest = divmod(int(span.total_seconds()), 3600)
    if not hours or rest:
        raise Invalid(
            T("{typed} is not a whole number of hours.", typed=UserText(text)),
            T("Give hours, or days: 96, 4d."),
            field="value",
        )
    return hours


class MoveClock(Arguments):
    """How far."""

    by: Annotated[str, ask("How far?", "+7d, +12h")]


@command(
    "clock",
    "Move the clock of a sample community forward",
    who=ANYONE,
    arguments=MoveClock,
    examples=("clock +7d",),
    hidden=True,
)
def clock(context: Context, arguments: MoveClock) -> View:
    """A row, so it survives a kill. Refused everywhere but in a sample."""
    if not context.community.sample:
        raise NotAllowed(
            T("Only a sample community's clock can be moved; this one keeps real time."),
            T("Try things out in a sample: wgbot terminal."),
        )
    span = parse_span(arguments.by)
    context.happen(ClockMoved(int(span.total_seconds())))
    now = context.now + span
    return Notice(
        T(
            "The clock is moved by {span}: it is {when}.",
            span=Span(int(span.total_seconds())),
            when=Moment(now, context.community.zone),
        ),
        Tone.DONE,
    )
