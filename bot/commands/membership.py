"""Membership of working groups: join, leave, invite, and see who is in one."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, Reply, ask, command
from bot.commands.link import new_code
from bot.context import Context
from bot.domain.conduct import acknowledging
from bot.domain.errors import Invalid, NotAllowed, NotFound
from bot.domain.groups import Group, find_group, homes_of
from bot.domain.ids import PersonId
from bot.domain.linking import make_code
from bot.domain.membership import MemberJoined, invite, join, leave, participants_are_welcome, takes_members, takes_part
from bot.domain.names import fold
from bot.domain.people import Person, PersonAdded, Role
from bot.domain.roster_fields import read_email, read_name
from bot.domain.roster_seats import namesakes
from bot.lookup import find_person
from bot.policy import ANYONE, KNOWN
from bot.present.conduct import code_text
from bot.present.membership import members_card
from bot.standing import facilitates
from bot.text import Moment, Say, T, Text, joined, term
from bot.view import Button, Named, Notice, Tone, View

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]


class Join(Arguments):
    """Which one."""

    group: Annotated[
        str,
        ask(
            "Which working group?",
            "Its short name: WG-MWP. By joining you acknowledge the Code of Conduct; “conduct” shows it.",
            named=Named.GROUP,
        ),
    ]


@command(
    "join",
    "Join a working group; joining acknowledges the Code of Conduct",
    who=KNOWN,
    arguments=Join,
    examples=("join WG-MWP",),
)
def join_group(context: Context, arguments: Join) -> View:
    """Without approval by anybody seated; others upon an invitation."""
    group = find_group(context.reads, context.id, arguments.group)
    joined_ = join(context.reads, context.community, group, context.person)
    context.happen(joined_)
    context.all_happen(acknowledging(context.reads, context.community, context.person))
    welcome = (
        T("You are a member of {group}.", group=group.short_name)
        if isinstance(joined_, MemberJoined)
        else T(
            "You participate in {group}: you comment and take part; positions are for seated members.",
            group=group.short_name,
        )
    )
    return Notice(
        joined([welcome, *_where(context, group)]),
        Tone.DONE,
        T("By joining you acknowledge the Code of Conduct: {code}", code=code_text(context.community)),
        (
            Button(T("The group"), "show", {"group": group.short_name}),
            Button(T("Who is in it"), "members", {"group": group.short_name}),
        ),
    )


def _where(context: Context, group: Group) -> list[Text]:
    """Where a group meets, for whoever joined."""
    homes = homes_of(context.reads, context.id, group.id)
    if not homes:
        return []
    return [T("It meets in {rooms}.", rooms=joined([term(home.name) for home in homes], " · "))]


class Leave(Arguments):
    """Which one."""

    group: GroupArgument


@command("leave", "Leave a working group", who=KNOWN, arguments=Leave, examples=("leave WG-MWP",))
def leave_group(context: Context, arguments: Leave) -> View:
    """One becomes a former member; what one said and did stays. A check that runs still counts one's position."""
    group = find_group(context.reads, context.id, arguments.group)
    context.happen(leave(context.reads, group, context.person))
    return Notice(
        T("You left {group}. It stays open to you, as to every member.", group=group.short_name)
        if context.actor.seat is not None
        else T("You left {group}.", group=group.short_name),
        Tone.DONE,
    )


class Members(Arguments):
    """Of which one."""

    group: GroupArgument


@command(
    "members",
    "Show who is in a working group, and who was",
    who=ANYONE,
    arguments=Members,
    examples=("members WG-MWP",),
    reads=True,
)
def members(context: Context, arguments: Members) -> View:
    """Members, participants, the Secretariat, and former members with their dates."""
    group = find_group(context.reads, context.id, arguments.group)
    return members_card(context.reads, context.community, group)


class Invite(Arguments):
    """To which one, whom."""

    group: GroupArgument
    person: Annotated[
        str, ask("Whom?", "A name on the roster; for somebody new, the name and an e-mail address.", named=Named.PERSON)
    ]
    email: Annotated[str, ask("Which e-mail address?", "Only for somebody wgbot does not know yet.", option=True)] = ""


@command(
    "invite",
    "Invite a member, or a participant without a seat, to a working group",
    who=KNOWN,
    arguments=Invite,
    examples=('invite WG-MWP "Rosa S."', 'invite WG-MWP "Dana D." --email dana@example.org'),
)
def invite_person(context: Context, arguments: Invite) -> Reply:
    """Members by anybody in the group; participants by its co-facilitators, where the group is open to them."""
    group = find_group(context.reads, context.id, arguments.group)
    facilitating = facilitates(context, group.id)
    _may_invite(context, group, facilitating=facilitating)
    person, new = _person(context, group, arguments, facilitating=facilitating)
    context.happen(invite(context.reads, context.community, group, person.id, context.person, facilitates=facilitating))
    name = context.name_of(person.id)
    if not new:
        return Reply(Notice(T("{name} is invited to {group}.", name=name, group=group.short_name), Tone.DONE))
    code = new_code()
    made = make_code(code, person.id, context.now, context.community.settings.code_hours)
    context.happen(made)
    return Reply(
        Notice(
            T(
                "{name} is invited to {group}. Hand them this code in private; it works once, until {when}.",
                name=name,
                group=group.short_name,
                when=Moment(made.expires_at, context.zone),
            ),
            Tone.DONE,
            T(
                "They type {link}, then {join}.",
                link=Say(f"link {code}"),
                join=Say(f"join {group.short_name}"),
            ),
        ),
        confidential=True,
    )


def _may_invite(context: Context, group: Group, *, facilitating: bool) -> None:
    if facilitating or takes_part(context.reads, group, context.person) or context.actor.has_role(Role.SECRETARIAT):
        return
    raise NotAllowed(
        T("Inviting to {group} is for those who are in it.", group=group.short_name),
        T("Join it: {command}.", command=Say(f"join {group.short_name}")),
    )


def _person(context: Context, group: Group, arguments: Invite, *, facilitating: bool) -> tuple[Person, bool]:
    """Who is meant, and whether wgbot knows them only from now on."""
    if not arguments.email:
        try:
            return find_person(context, arguments.person), False
        except NotFound as miss:
            new = T(
                "For somebody new, give an e-mail address too: {command}.",
                command=Say(f'invite {group.short_name} "NAME" --email name@example.org'),
            )
            raise NotFound(
                miss.what, joined([miss.next_step, new]) if miss.next_step else new, field="person"
            ) from None
    takes_members(group)
    participants_are_welcome(context.reads, group)
    if not facilitating:
        raise NotAllowed(
            T("Participants without a seat are invited by the co-facilitators of {group}.", group=group.short_name),
            T("Ask one of them; {command} names them.", command=Say(f"members {group.short_name}")),
        )
    name, email = read_name(arguments.person), read_email(arguments.email)
    known = (
        *context.reads.all(Person, community=context.id, email=email),
        *namesakes(context.reads, context.community, name),
    )
    if known:
        raise Invalid(
            T("wgbot knows somebody of that name or address already."),
            T("Leave the address out: {command}.", command=Say(f'invite {group.short_name} "{name}"')),
            field="email",
        )
    person = Person(context.id, PersonId(context.new_id()), name, email, fold(name))
    context.happen(PersonAdded(person.id, person.name, person.email))
    return person, True
