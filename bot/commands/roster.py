"""The roster: importing it from a CSV file, showing it, and seating one person by hand."""

from __future__ import annotations

from typing import Annotated

from bot.bouncing import all_failing, person_at
from bot.command import Arguments, Reply, ask, command
from bot.commands.homes import place_accounts
from bot.context import Context
from bot.domain.cycles import current_cycle
from bot.domain.errors import Invalid, NotFound, NotNow
from bot.domain.ids import PersonId
from bot.domain.names import fold
from bot.domain.people import Account, AccountLinked, Person, PersonAdded, Role, seat_of, seated
from bot.domain.roster import changes, events, must_leave_somebody
from bot.domain.roster_csv import COLUMNS, read_roster
from bot.domain.roster_fields import (
    read_email,
    read_name,
    read_regional_group,
    read_stakeholder_group,
)
from bot.domain.roster_seats import (
    Place,
    Seated,
    change_email,
    chosen,
    end_seat,
    give_seat,
    in_order,
    namesakes,
    place_of,
    typed_name,
)
from bot.lookup import find_person
from bot.policy import ANYONE, CHAIR, SECRETARIAT
from bot.present.roster import PAGE, imported, refused_import, roster_card, seat_text
from bot.stages import must_be_in_cycle
from bot.text import PersonName, Say, T, Text, UserText, joined
from bot.view import File, Named, Notice, PictureFormat, Tone, View

FILE = 5_000_000
"""Characters of a file; ten thousand people take about a million."""

PersonArgument = Annotated[str, ask("Who?", "The name as on the roster, or the e-mail address.", named=Named.PERSON)]


def _must_have_cycle(context: Context) -> str:
    """The current cycle's name. Seats belong to a cycle, also to one that is over."""
    cycle = current_cycle(context.reads, context.community)
    if cycle is None:
        raise NotNow(
            T("No cycle has been opened yet, so nobody can be seated."),
            T("Open one first: {command}.", command=Say('cycle open "IGF 2027" 2026-12-01 2027-11-30')),
        )
    return cycle.name


def _name(person: Person) -> PersonName:
    return PersonName(str(person.id), person.name)


class Import(Arguments):
    """A file, and what to do where it is not whole."""

    csv: Annotated[
        str,
        ask(
            "The roster as CSV",
            "Attach the file, or paste it. Its first line: name,email,stakeholder_group,regional_group,role,slack_id,matrix_id",
            rest=True,
            multiline=True,
            limit=FILE,
            file=True,
            raw=True,
        ),
    ]
    partial: Annotated[
        bool, ask("Import the good rows where others are bad?", "Otherwise nothing is imported.", option=True)
    ] = False
    remove_missing: Annotated[
        bool, ask("End the seats of people who are not in the file?", "Otherwise they are only listed.", option=True)
    ] = False


@command(
    "roster import",
    "Import the roster of the current cycle from a CSV file; a second import changes only what changed",
    who=CHAIR | SECRETARIAT,
    arguments=Import,
    examples=("roster import samples/roster.csv", "roster import --partial samples/roster.csv"),
)
def import_(context: Context, arguments: Import) -> Reply:
    """All or nothing, unless asked otherwise; every bad row is named with its line and reason."""
    must_be_in_cycle(context)
    reading = read_roster(arguments.csv, context.community)
    difference = changes(
        context.reads,
        context.community,
        reading.rows,
        skipped=reading.skipped,
        remove_missing=arguments.remove_missing,
    )
    columns = {name: number for number, name in enumerate(("", *COLUMNS))}
    problems = sorted((*reading.problems, *difference.problems), key=lambda each: (each.line, columns[each.column]))
    good = len(difference.changed) + difference.unchanged
    if problems and (not arguments.partial or not good):
        return Reply(refused_import(problems, good), confidential=True)
    if problems and arguments.remove_missing:
        raise Invalid(
            T("Bad rows and --remove-missing do not go together: people in bad rows would look like missing ones."),
            T("Import the good rows first, or correct the file: {command}.", command=Say("roster import --partial")),
            field="remove_missing",
        )
    must_leave_somebody(context.reads, context.community, difference)
    context.happen(*events(difference, context.community.cycle, context.new_id))
    at_the_terminal(context)
    for platform in sorted({fact.event.platform for fact in context.facts if isinstance(fact.event, AccountLinked)}):
        place_accounts(context, platform)
    return Reply(imported(difference, problems, reading.unused), confidential=bool(problems))


def at_the_terminal(context: Context) -> None:
    """In a sample community everybody on the roster can be spoken as at the terminal: those added just now too."""
    if not context.community.sample:
        return
    added = [fact.event for fact in context.facts if isinstance(fact.event, PersonAdded)]
    for person in added:
        if context.reads.get(Account, context.id, "terminal", "", person.name) is None:
            context.happen(AccountLinked("terminal", "", person.name, person.person, "sample"))


class Show(Arguments):
    """Of whom."""

    filter: Annotated[str, ask("Whom?", "A role, a stakeholder or regional group, or part of a name.", rest=True)] = ""
    page: Annotated[int, ask("Which page?", option=True, advanced=True)] = 1


@command(
    "roster show",
    "Show who is seated in the current cycle, with the balance of groups",
    who=ANYONE,
    arguments=Show,
    examples=("roster show", "roster show Civil Society", "roster show --page 2"),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: Show) -> Reply:
    """E-mail addresses only to the Chair and the Secretariat, for their eyes."""
    cycle = _must_have_cycle(context)
    addresses = context.actor.system or context.actor.has_role(Role.CHAIR, Role.SECRETARIAT)
    people = {person.id: person for person in context.reads.all(Person, community=context.id)}
    everyone = [
        Seated(people[seat.person], seat) for seat in seated(context.reads, context.community) if seat.person in people
    ]
    found = in_order(context.community, chosen(context.community, everyone, arguments.filter, addresses=addresses))
    pages = max(1, -(-len(found) // PAGE))
    if not 1 <= arguments.page <= pages:
        raise Invalid(
            T("There is no page {page}; there are {pages}.", page=arguments.page, pages=pages),
            T("Give one from 1 to {pages}.", pages=pages),
            field="page",
        )
    fails = frozenset(filter(None, (person_at(each.place) for each in all_failing(context.reads, context.id))))
    card = roster_card(
        context.community, cycle, found, arguments.page, filtered=arguments.filter, addresses=addresses, failing=fails
    )
    return Reply(card, confidential=addresses)


class Chart(Arguments):
    """As what."""

    format: Annotated[
        PictureFormat, ask("As what kind of picture?", "PNG is seen everywhere; SVG can be enlarged.", option=True)
    ] = PictureFormat.PNG


@command(
    "roster chart",
    "Draw the balance of those seated, by stakeholder and by regional group, as a picture",
    who=ANYONE,
    arguments=Chart,
    examples=("roster chart", "roster chart --format svg"),
    reads=True,
)
def chart(context: Context, arguments: Chart) -> View:
    """The seats that take positions in the current cycle; the others are counted beside."""
    from bot.present.charts import balance_chart

    cycle, key = _must_have_cycle(context), str(context.community.cycle)
    return File(
        f"roster-{key}.{arguments.format.value}",
        f"roster:{key}",
        "balance",
        arguments.format.value,
        T("Who is seated in {cycle}, by group.", cycle=cycle),
        balance_chart(context.reads, context.community, key, context.now).alt,
    )


class SeatPerson(Arguments):
    """Who, and as what."""

    name: PersonArgument
    role: Annotated[Role, ask("In which role?")]
    stakeholder_group: Annotated[
        str, ask("Which stakeholder group?", "Members and the Chair have one. For a person seated it may be left out.")
    ] = ""
    regional_group: Annotated[str, ask("Which regional group?", "May be left out.")] = ""
    email: Annotated[str, ask("Which e-mail address?", "For somebody who is not on the roster yet.", option=True)] = ""


@command(
    "roster seat",
    "Seat one person in the current cycle, or change a seat; with an e-mail address, somebody new",
    who=CHAIR | SECRETARIAT,
    arguments=SeatPerson,
    examples=(
        'roster seat "Nia N." member "Civil Society" GRULAC',
        'roster seat "Ada L." member "Technical Community" --email ada@example.org',
    ),
)
def seat_person(context: Context, arguments: SeatPerson) -> View:
    """What is left out of a seat there is stays as it was."""
    _must_have_cycle(context)
    community = context.community
    known = _known_person(context, arguments)
    seat = seat_of(context.reads, community, known.id) if known else None
    before = place_of(seat) if seat else None
    group = arguments.stakeholder_group or (before.stakeholder_group if before else "")
    region = arguments.regional_group or (before.regional_group if before else "")
    place = Place(
        arguments.role,
        read_stakeholder_group(group, community, arguments.role),
        read_regional_group(region, community),
    )
    if known is not None:
        return _seated(context, known, before, place)
    name = read_name(arguments.name)
    person = Person(context.id, PersonId(context.new_id()), name, read_email(arguments.email), fold(name))
    context.happen(PersonAdded(person.id, person.name, person.email))
    return _seated(context, person, None, place)


def _seated(context: Context, person: Person, before: Place | None, place: Place) -> Notice:
    if place == before:
        return Notice(T("No change: {name} is {seat}.", name=_name(person), seat=seat_text(place)), Tone.DONE)
    context.happen(give_seat(context.reads, context.community, person, place))
    at_the_terminal(context)
    if before is not None:
        text = T(
            "{name} is now {seat}; before: {before}.",
            name=_name(person),
            seat=seat_text(place),
            before=seat_text(before),
        )
        return Notice(text, Tone.DONE)
    return Notice(
        T("{name} is seated: {seat}.", name=_name(person), seat=seat_text(place)),
        Tone.DONE,
        T("A code to link their account: {command}.", command=Say(f"link invite {typed_name(person)}")),
    )


def _known_person(context: Context, arguments: SeatPerson) -> Person | None:
    """The person meant; None for somebody new. Where name and address are at odds, nothing is guessed."""
    if not arguments.email:
        try:
            return find_person(context, arguments.name, field="name")
        except NotFound as miss:
            command_ = Say('roster seat "NAME" ROLE "GROUP" --email name@example.org')
            new = T("For somebody new, give the e-mail address too: {command}.", command=command_)
            raise NotFound(miss.what, joined([miss.next_step, new]) if miss.next_step else new, field="name") from None
    email, name = read_email(arguments.email), read_name(arguments.name)
    for person in context.reads.all(Person, community=context.id, email=email):
        if person.folded == fold(name):
            return person
        raise Invalid(
            T("{email} is the address of {name}.", email=UserText(email), name=_name(person)),
            T("Give that name, or another address."),
            field="email",
        )
    for person in namesakes(context.reads, context.community, name):
        raise Invalid(
            T("{name} is on the roster with another e-mail address.", name=_name(person)),
            T(
                "If the address changed: {command}. If this is somebody else, write the name so that the two can be told "
                "apart.",
                command=Say(f"roster email {typed_name(person)} {email}"),
            ),
            field="email",
        )
    return None


class ChangeRole(Arguments):
    """Whose, and to what."""

    name: PersonArgument
    role: Annotated[Role, ask("Which role?")]


@command(
    "roster role",
    "Change the role of a person who is seated",
    who=CHAIR | SECRETARIAT,
    arguments=ChangeRole,
    examples=('roster role "Amina A." member', 'roster role "Bao B." chair'),
)
def change_role(context: Context, arguments: ChangeRole) -> View:
    """The groups of the seat stay."""
    _must_have_cycle(context)
    person = find_person(context, arguments.name, field="name")
    seat = seat_of(context.reads, context.community, person.id)
    example = Say(f'roster seat {typed_name(person)} {arguments.role.replace(" ", "-")} "{_some_group(context)}"')
    if seat is None:
        raise NotNow(
            T("{name} has no seat in the current cycle.", name=_name(person)),
            T("Seat them: {command}.", command=example),
            field="name",
        )
    try:
        group = read_stakeholder_group(seat.stakeholder_group, context.community, arguments.role)
    except Invalid as unfit:
        raise Invalid(unfit.what, T("Give it with the role: {command}.", command=example), field="role") from None
    return _seated(context, person, place_of(seat), Place(arguments.role, group, seat.regional_group))


def _some_group(context: Context) -> str:
    return next(iter(context.community.stakeholder_groups), "GROUP")


class Unseat(Arguments):
    """Whose seat ends."""

    name: Annotated[
        str, ask("Whose seat ends?", "The name as on the roster, or the e-mail address.", rest=True, named=Named.PERSON)
    ]


@command(
    "roster unseat",
    "End a person's seat in the current cycle; what they said and did stays on record",
    who=CHAIR | SECRETARIAT,
    arguments=Unseat,
    examples=('roster unseat "Bao B."',),
)
def unseat(context: Context, arguments: Unseat) -> View:
    """The person stays known, so that their accounts and positions keep their name."""
    _must_have_cycle(context)
    person = find_person(context, arguments.name, field="name")
    seat = seat_of(context.reads, context.community, person.id)
    context.happen(end_seat(context.reads, context.community, person))
    following: Text | None = None
    if seat is not None and seat.role is Role.CHAIR:
        following = T(
            "No {chair} is seated now; acts of the {chair} wait until one is: {command}.",
            chair=context.community.titles.chair,
            command=Say("roster role NAME chair"),
        )
    return Notice(T("{name} is no longer seated.", name=_name(person)), Tone.DONE, following)


class ChangeEmail(Arguments):
    """Whose, and the new one."""

    name: PersonArgument
    email: Annotated[str, ask("Which e-mail address?", "name@example.org")]


@command(
    "roster email",
    "Change a person's e-mail address, by which imports know them again",
    who=CHAIR | SECRETARIAT,
    arguments=ChangeEmail,
    examples=('roster email "Bao B." bao@example.org',),
)
def email(context: Context, arguments: ChangeEmail) -> Reply:
    """Seat, accounts and everything else stay with the person."""
    person = find_person(context, arguments.name, field="name")
    changed = change_email(context.reads, context.community, person, read_email(arguments.email))
    context.happen(changed)
    text = T("The e-mail address of {name} is now {email}.", name=_name(person), email=UserText(changed.email))
    return Reply(Notice(text, Tone.DONE), confidential=True)
