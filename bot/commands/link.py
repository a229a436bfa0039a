"""Linking accounts: one person, several accounts, by a one-time code."""

from __future__ import annotations

import secrets
from typing import Annotated

from bot.command import Arguments, Reply, ask, command
from bot.context import Context
from bot.domain.errors import Invalid, NotNow
from bot.domain.ids import PersonId
from bot.domain.linking import make_code, use_code
from bot.domain.people import MAIL, Account, AccountLinked, AccountUnlinked
from bot.lookup import find_person
from bot.policy import ANYONE, KNOWN, SECRETARIAT
from bot.text import Moment, Say, T, Text, joined, term
from bot.view import Bullets, Card, Named, Notice, Tone, View

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10


def new_code() -> str:
    """Ten letters and digits that are not mistaken for each other: 49 bits, good once and for two days."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _made(context: Context, person: PersonId, text: Text) -> Reply:
    code = new_code()
    event = make_code(code, person, context.now, context.community.settings.code_hours)
    context.happen(event)
    return Reply(
        Notice(
            joined([text, T("It works once, until {when}.", when=Moment(event.expires_at, context.zone))]),
            Tone.DONE,
            T("Type from the other account: {command}", command=Say(f"link {code}")),
        ),
        confidential=True,
    )


@command("link new", "Make a one-time code to link another account of yours", who=KNOWN, examples=("link new",))
def link_new(context: Context, arguments: object) -> Reply:
    """Shown to the speaker only, and not kept."""
    return _made(context, context.person, T("Your code."))


class Invite(Arguments):
    """For whom."""

    person: Annotated[
        str, ask("For whom?", "A name on the roster, or their e-mail address.", rest=True, named=Named.PERSON)
    ]


@command(
    "link invite",
    "Make a one-time code for a person on the roster, to be handed to them in private",
    who=SECRETARIAT,
    arguments=Invite,
    examples=('link invite "Rosa S."',),
)
def link_invite(context: Context, arguments: Invite) -> Reply:
    """How somebody whose account is not known yet becomes known."""
    person = find_person(context, arguments.person)
    return _made(
        context, person.id, T("A code for {name}. Hand it to them in private.", name=context.name_of(person.id))
    )


class Use(Arguments):
    """The code."""

    code: Annotated[str, ask("Which code?", "As it was given to you: ABCDE-FGHJK", limit=40)]


@command(
    "link account",
    "Link this account to you with a one-time code",
    who=ANYONE,
    arguments=Use,
    examples=("link ABCDE-FGHJK",),
    family_default=True,
)
def link_account(context: Context, arguments: Use) -> Reply:
    """From then on this account speaks for the person; whatever it holds stays one position a person."""
    code, used = use_code(context.reads, context.id, arguments.code, context.now, context.zone)
    request = context.request
    before = context.actor.account
    if before is not None and before.person != code.person:
        raise Invalid(
            T("This account is linked to {name} already.", name=context.name_of(before.person)),
            T("If that is wrong, unlink it first: {command}.", command=Say("link remove")),
        )
    context.happen(used)
    if before is None:
        context.actor.person = code.person
        context.happen(AccountLinked(request.space.platform, request.team, request.user, code.person, "code"))
    return Reply(
        Notice(
            T("Welcome, {name}. This account now speaks for you.", name=context.name_of(code.person)),
            Tone.DONE,
            T("See what needs you: {command}.", command=Say("todo")),
        ),
        confidential=True,
    )


@command("link remove", "Unlink this account from you", who=KNOWN, examples=("link remove",))
def link_remove(context: Context, arguments: object) -> View:
    """The account is a guest's again; positions taken from it stay yours."""
    request = context.request
    if request.space.platform == MAIL:
        raise NotNow(
            T("Your mail address is on the roster: it is yours without being linked."),
            T("To be written to no more: {command}.", command=Say("preferences set --mail no")),
        )
    context.happen(AccountUnlinked(request.space.platform, request.team, request.user, context.person))
    return Notice(T("This account no longer speaks for you. What you did with it stays yours."), Tone.DONE)


@command("link show", "Show the accounts linked to you", who=KNOWN, examples=("link show",), reads=True)
def link_show(context: Context, arguments: object) -> View:
    """Only one's own."""
    accounts = context.reads.all(Account, community=context.id, person=context.person)
    items = tuple(
        T(
            "{platform}: {user}, since {when}",
            platform=each.platform,
            user=term(each.user),
            when=Moment(each.since, context.zone),
        )
        for each in accounts
    )
    return Card(T("Your accounts"), (Bullets(items),), footer=T("Link one more: {command}.", command=Say("link new")))
