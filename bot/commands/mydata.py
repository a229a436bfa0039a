"""What is kept of oneself, and asking to be erased. It is an operator who exports and erases: `wgbot person`."""

from __future__ import annotations

from bot.command import Reply, command
from bot.context import Context
from bot.domain.erasure import ErasureAsked
from bot.domain.people import Account, Person, Role, Seat, seated
from bot.policy import KNOWN
from bot.present.names import ROLES, group_label
from bot.text import Say, T, Text, joined, term
from bot.view import Bullets, Card, Fact, Facts, Notice, Tone


@command(
    "mydata",
    "Show what is kept of you, and how to have it all",
    who=KNOWN,
    examples=("mydata",),
    reads=True,
    family_default=True,
    confidential=True,
)
def mydata(context: Context, arguments: object) -> Reply:
    """Only one's own, and shown to nobody else in the room."""
    reads, community = context.reads, context.community
    person = reads.get(Person, context.id, context.person)
    if person is None:
        raise LookupError(context.person)
    nothing = term("—")
    facts = (
        Fact(T("Name"), term(person.name)),
        Fact(T("E-mail address"), term(person.email) if person.email else nothing),
        Fact(T("Time zone"), term(person.zone) if person.zone else nothing),
        Fact(T("Language"), term(person.language) if person.language else nothing),
    )
    accounts = reads.all(Account, community=context.id, person=person.id)
    items: list[Text] = [
        T("Account: {platform}, {user}", platform=each.platform, user=term(each.user)) for each in accounts
    ]
    seat = reads.get(Seat, context.id, community.cycle, person.id)
    if seat is not None:
        items.append(T("Seat: {role}, {group}", role=ROLES[seat.role], group=group_label(seat.stakeholder_group)))
    more = T(
        "What you said and did here is kept as well. The {secretariat} can have all of it exported for you.",
        secretariat=community.titles.secretariat,
    )
    erase = T("Ask to be erased: {command}.", command=Say("mydata erase"))
    return Reply(
        Card(T("What is kept of you"), (Facts(facts), Bullets(tuple(items))), footer=joined([more, erase])),
        confidential=True,
    )


@command(
    "mydata erase",
    "Ask the Secretariat to have you erased",
    who=KNOWN,
    examples=("mydata erase",),
    confidential=True,
)
def erase(context: Context, arguments: object) -> Reply:
    """Nothing is erased by it: somebody looks first whether a seat or an appointment is to end. Asking again tells them again."""
    readers = tuple(seat.person for seat in seated(context.reads, context.community, Role.SECRETARIAT))
    context.note(ErasureAsked(context.person, readers))
    return Reply(
        Notice(
            T("The {secretariat} is told that you ask to be erased.", secretariat=context.community.titles.secretariat),
            Tone.DONE,
            T(
                "They end your seat, if you have one. Then your name, addresses and accounts go; what was decided stays, without you."
            ),
        ),
        confidential=True,
    )
