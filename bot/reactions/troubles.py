"""Messages that do not arrive: the Secretariat hears what, where, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.domain.events import Fact
from bot.domain.groups import Group, Home
from bot.domain.ids import MAG, GroupId
from bot.domain.people import Role, account_of, seated
from bot.outgoing import SendKind
from bot.reactions import Effect, Tell, reacts
from bot.text import PersonName, Say, T, Text, term
from bot.troubles import TELLING, WHOLE_WORKSPACE, Reason, Trouble, Undelivered, troubles
from bot.view import Notice, Tone

WHY: dict[str, Text] = {
    Reason.ROOM_GONE: T("the room is no longer there"),
    Reason.ROOM_ARCHIVED: T("the room is archived"),
    Reason.NOT_IN_ROOM: T("wgbot is not in the room"),
    Reason.NOT_ALLOWED: T("wgbot is not allowed to"),
    Reason.PERSON_GONE: T("the account is no longer there"),
    Reason.PERSON_CLOSED: T("the account takes no direct messages from wgbot"),
    Reason.TOO_LONG: T("it is longer than the platform takes"),
    Reason.MALFORMED: T("the platform cannot read it"),
    Reason.NAME_TAKEN: T("another room has its name"),
    Reason.REVOKED: T("wgbot's access was revoked"),
    Reason.REMOVED: T("wgbot was removed"),
    Reason.LOCKED: T("wgbot's account is locked"),
    Reason.UNANSWERED: T("the platform gave no answer, however often it was tried"),
    Reason.BUG: T("there is a fault in wgbot"),
}
"""Each reason as it completes “… did not arrive: …”."""


@reacts(Undelivered)
def undelivered(context: Context, fact: Fact, event: Undelivered) -> Iterable[Effect]:
    """Told on whatever platform still reaches each of them."""
    shut = frozenset(
        (each.platform, each.team) for each in troubles(context.reads, context.id) if each.place == WHOLE_WORKSPACE
    )
    notice = Notice(what(context, event), Tone.ATTENTION, to_do(context, event))
    for seat in seated(context.reads, context.community, Role.SECRETARIAT):
        yield Tell(seat.person, notice, tag=TELLING, around=shut)


def why(reason: str) -> Text:
    """A reason in words; a platform's own code as it is."""
    return WHY.get(reason) or T("the platform says {reason}", reason=term(reason))


def what(context: Context, event: Undelivered) -> Text:
    """What did not arrive where, and why."""
    trouble = event.trouble
    reason, where = why(trouble.reason), term(trouble.platform.capitalize())
    if trouble.place == WHOLE_WORKSPACE:
        return T("wgbot reaches nobody on {platform}: {why}.", platform=where, why=reason)
    if event.kind is SendKind.PROVISION:
        return T(
            "{group} has no room of its own on {platform} yet: {why}.",
            group=_group(context, event.subject),
            platform=where,
            why=reason,
        )
    person = _person(context, trouble)
    room = _room(context, trouble)
    if event.kind is SendKind.REFRESH and person is not None:
        return T(
            "What {person} sees on {platform} is not up to date: {why}.", person=person, platform=where, why=reason
        )
    if event.kind is SendKind.REFRESH:
        return T("A card in {room} on {platform} is not up to date: {why}.", room=room, platform=where, why=reason)
    if person is not None:
        return T(
            "A direct message to {person} on {platform} did not arrive: {why}.",
            person=person,
            platform=where,
            why=reason,
        )
    return T("A message to {room} on {platform} did not arrive: {why}.", room=room, platform=where, why=reason)


def to_do(context: Context, event: Undelivered) -> Text:
    """What a person can do about it."""
    trouble = event.trouble
    person = _person(context, trouble)
    link = Say(f"home {_body(context, event)}")
    match trouble.reason:
        case Reason.ROOM_GONE:
            return T("Choose another room, and type {command} there.", command=link)
        case Reason.ROOM_ARCHIVED:
            return T("Unarchive it, or choose another room and type {command} there.", command=link)
        case Reason.NOT_IN_ROOM:
            return T("Invite wgbot to it, or choose another room and type {command} there.", command=link)
        case Reason.NAME_TAKEN:
            return T("Rename that room, or make it the home: type {command} there.", command=link)
        case Reason.PERSON_GONE if person is not None:
            return T(
                "If they have another account, they can link it with a one-time code: {command}.",
                command=Say(f'link invite "{person.name}"'),
            )
        case Reason.PERSON_CLOSED:
            return T("Ask them to allow direct messages from wgbot.")
        case Reason.REVOKED | Reason.REMOVED | Reason.LOCKED:
            return T("Ask whoever manages it to install wgbot again. Until then everything for it is kept.")
        case _:
            return T("Show this to whoever operates wgbot: {command}.", command=term("wgbot doctor"))


def _body(context: Context, event: Undelivered) -> str:
    """The body whose room it is, as `home` takes it."""
    trouble = event.trouble
    home = context.reads.get(Home, context.id, trouble.platform, trouble.team, trouble.place)
    body = event.subject if event.kind is SendKind.PROVISION else home.body if home else MAG
    return "all" if body == MAG else _group(context, body)


def _group(context: Context, group: str) -> str:
    found = context.reads.get(Group, context.id, GroupId(group))
    return found.short_name if found is not None else group


def _room(context: Context, trouble: Trouble) -> str:
    home = context.reads.get(Home, context.id, trouble.platform, trouble.team, trouble.place)
    return home.name if home is not None else trouble.place


def _person(context: Context, trouble: Trouble) -> PersonName | None:
    """Whose direct messages or start page it is."""
    if not trouble.place.startswith(("@", "~")):
        return None
    user = trouble.place[1:]
    account = account_of(context.reads, context.id, trouble.platform, trouble.team, user)
    return context.name_of(account.person) if account is not None else PersonName("", user)
