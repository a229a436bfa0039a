"""What the community is called, and where and how it lives: its name, titles, groups, zone and language, by command.

What it chose of its rules is `bot.commands.community`'s; its cycle `bot.commands.cycle`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from bot.command import Arguments, Reply, ask, command
from bot.context import Context
from bot.domain.community import INTERGOVERNMENTAL, Community, CommunityChanged, named_so
from bot.domain.cycles import current_cycle
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.hygiene import one_line
from bot.domain.languages import read_language
from bot.domain.linking import TurnedTo
from bot.domain.names import fold, nearest
from bot.domain.people import Account, Seat, seated
from bot.domain.zones import known_zone
from bot.policy import ANYONE, CHAIR, KNOWN, SECRETARIAT
from bot.text import Say, T, Text, UserText, joined, term
from bot.view import Card, Fact, Facts, Notice, Tone, View

LONGEST = 120
"""Characters of a name or a title."""

FEWEST = 2
"""Stakeholder groups: two co-facilitators are from different ones."""

MOST = 12
"""Groups of a kind: more could not be told apart in a chart."""


@dataclass(frozen=True, slots=True)
class Trait:
    """Something of a community that can be changed: what it means, what it is, and how a typed value changes it."""

    meaning: Text
    shown: Callable[[Community], str]
    changed: Callable[[Context, str], Community]


def _titled(field: str) -> Trait:
    meanings = {
        "body": T("What the body is called for short"),
        "chair": T("What its Chair is called"),
        "member": T("What its members are called"),
        "secretariat": T("What its Secretariat is called"),
        "co_facilitator": T("What its co-facilitators are called"),
    }

    def change(context: Context, typed: str) -> Community:
        titles = replace(context.community.titles, **{field: _name(typed)})
        return replace(context.community, titles=titles)

    return Trait(meanings[field], lambda community: getattr(community.titles, field), change)


def _name(typed: str) -> str:
    name = one_line(typed, LONGEST + 1)
    if not name or len(name) > LONGEST:
        raise Invalid(T("A name has 1 to {most} characters.", most=LONGEST), T("Choose a shorter one."), field="value")
    return name


def _language(context: Context, typed: str) -> Community:
    return replace(context.community, language=read_language(typed, "value"))


def _groups(typed: str, fewest: int) -> tuple[str, ...]:
    """Names by commas: none twice, however it is spelled."""
    names = [_name(each) for each in typed.split(",") if each.strip() and fold(each) != "none"]
    if len({fold(each) for each in names}) < len(names):
        raise Invalid(T("One of them is named twice."), T("Name each once, by commas."), field="value")
    if not fewest <= len(names) <= MOST:
        raise Invalid(
            T(
                "There are to be {fewest} to {most} groups; these are {count}.",
                fewest=fewest,
                most=MOST,
                count=len(names),
            ),
            T("Name them all, by commas."),
            field="value",
        )
    return tuple(names)


def _stakeholders(context: Context, typed: str) -> Community:
    names = _groups(typed, FEWEST)
    _nobody_left_out(context, names, lambda seat: seat.stakeholder_group)
    return replace(context.community, stakeholder_groups=names)


def _regions(context: Context, typed: str) -> Community:
    names = _groups(typed, 0)
    _nobody_left_out(context, names, lambda seat: seat.regional_group)
    return replace(context.community, regional_groups=names)


def _nobody_left_out(context: Context, names: tuple[str, ...], group_of: Callable[[Seat], str]) -> None:
    """Refuse to do away with a group that somebody seated belongs to: they would belong to none."""
    belonged = {group_of(seat) for seat in seated(context.reads, context.community)} - {"", INTERGOVERNMENTAL}
    left = sorted(belonged - set(names))
    if left:
        raise NotNow(
            T("Members are seated for {groups}, which would be no group any more.", groups=", ".join(left)),
            T("Seat them for other groups first: {command}.", command=Say("roster seat")),
        )


TRAITS: dict[str, Trait] = {
    "name": Trait(
        T("The body's full name"),
        lambda community: community.name,
        lambda context, typed: replace(context.community, name=_name(typed)),
    ),
    "body": _titled("body"),
    "chair": _titled("chair"),
    "member": _titled("member"),
    "secretariat": _titled("secretariat"),
    "co-facilitator": _titled("co_facilitator"),
    "groups": Trait(T("Stakeholder groups"), lambda community: ", ".join(community.stakeholder_groups), _stakeholders),
    "regions": Trait(T("Regional groups"), lambda community: ", ".join(community.regional_groups) or "none", _regions),
    "zone": Trait(
        T("The time zone its times are meant in"),
        lambda community: community.zone,
        lambda context, typed: replace(context.community, zone=known_zone(typed, field="value")),
    ),
    "language": Trait(T("The language of its rooms"), lambda community: community.language, _language),
}
"""Everything that can be changed, by name."""


@command(
    "community show",
    "Show what this body is called, its groups, its zone and its cycle",
    who=ANYONE,
    examples=("community",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: object) -> View:
    """Its own settings are a card of their own."""
    community = context.community
    cycle = current_cycle(context.reads, community)
    rows = [
        Fact(term(name), T("{value} — {meaning}", value=UserText(trait.shown(community)), meaning=trait.meaning))
        for name, trait in TRAITS.items()
    ]
    rows.append(Fact(T("Cycle"), term(cycle.name) if cycle is not None else T("none")))
    return Card(
        term(community.name),
        (Facts(tuple(rows)),),
        footer=T(
            "Change one: {command}. Its rules: {settings}.",
            command=Say("community set zone Europe/Zurich"),
            settings=Say("settings show"),
        ),
    )


class Set(Arguments):
    """Which of them, and its value."""

    name: Annotated[str, ask("Change what?", "As `community show` names it.")]
    value: Annotated[str, ask("To what?", "A name, a zone, a language, or groups by commas.", rest=True, limit=2000)]


@command(
    "community set",
    "Change what this body is called, its groups, its zone or its language",
    who=CHAIR | SECRETARIAT,
    arguments=Set,
    examples=(
        "community set zone America/Sao_Paulo",
        "community set member committee member",
        "community set groups Government, Private Sector, Civil Society, Technical Community, Academia",
    ),
)
def set_(context: Context, arguments: Set) -> View:
    """What is under way keeps the times and the groups it began with."""
    name = arguments.name.replace("_", "-").lower()
    trait = TRAITS.get(name)
    if trait is None:
        near = nearest(name, list(TRAITS))
        raise NotFound(
            T("A community has no {name}.", name=UserText(arguments.name)),
            T("Did you mean {names}?", names=joined([term(each) for each in near], " · "))
            if near
            else T("See what it has: {command}.", command=Say("community show")),
            field="name",
        )
    before = trait.shown(context.community)
    made = trait.changed(context, arguments.value)
    if made == context.community:
        return Notice(T("{name} is {value} already.", name=name, value=UserText(before)), Tone.DONE)
    context.happen(
        CommunityChanged(
            made.name,
            made.zone,
            made.language,
            made.titles,
            made.stakeholder_groups,
            made.regional_groups,
            (name,),
        )
    )
    return Notice(
        T(
            "{name} is now {value}; it was {before}.",
            name=name,
            value=UserText(trait.shown(made)),
            before=UserText(before),
        ),
        Tone.DONE,
    )


class Use(Arguments):
    """Which one."""

    community: Annotated[str, ask("Which community?", "Its name, or its short name.", rest=True)]


@command(
    "community use",
    "Say which of your communities you mean from now on, where no room says it",
    who=KNOWN,
    arguments=Use,
    examples=("community use mag",),
)
def use(context: Context, arguments: Use) -> Reply:
    """Whoever asks was taken to the community they named; where they are in none that is called so, to one of theirs."""
    request = context.request
    if not named_so(context.community, arguments.community):
        account = {"platform": request.space.platform, "team": request.team, "user": request.user}
        found = [context.reads.get(Community, each.community) for each in context.reads.all(Account, **account)]
        yours: list[Any] = [term(each.name) for each in found if each is not None]
        raise NotFound(
            T("{name} is no community of yours.", name=UserText(arguments.community)),
            T("Yours: {names}.", names=joined(yours, " · ")),
            field="community",
        )
    context.keep(TurnedTo(context.id, request.space.platform, request.team, request.user, context.now))
    return Reply(
        Notice(
            T(
                "From now on {name} is meant, where no room of another community's says otherwise.",
                name=UserText(context.community.name),
            ),
            Tone.DONE,
        ),
        confidential=True,
    )
