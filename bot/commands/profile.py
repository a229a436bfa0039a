"""What a platform knows of a person that wgbot would otherwise have to ask: their time zone and their language."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.errors import Invalid
from bot.domain.languages import spoken
from bot.domain.people import Person, ProfileNoted
from bot.domain.zones import known_zone
from bot.policy import KNOWN
from bot.preferring import wishes_of
from bot.text import T
from bot.view import Notice, Tone, View


class Profile(Arguments):
    """As the platform tells it; what is left out, or is not known here, stays as it is."""

    zone: Annotated[str, ask("In which time zone?", "Its IANA name: Europe/Zurich", option=True)] = ""
    language: Annotated[str, ask("In which language?", "en, fr-CH", option=True)] = ""


@command(
    "profile",
    "Note the time zone and language a person chose on their platform",
    who=KNOWN,
    arguments=Profile,
    examples=("profile --zone Africa/Nairobi --language en",),
    hidden=True,
)
def profile(context: Context, arguments: Profile) -> View:
    """Times are shown in that zone from now on, and reminders come in its working hours. Nothing happens if it is known.

    A language that the person chose themselves stays, and so does the known one where wgbot does not speak the other.
    """
    person = context.reads.get(Person, context.id, context.person)
    if person is None:
        raise LookupError(context.person)
    noted = ProfileNoted(
        person.id,
        _zone(arguments.zone) or person.zone,
        wishes_of(context, person.id).language or spoken(arguments.language) or person.language,
    )
    if (noted.zone, noted.language) != (person.zone, person.language):
        context.happen(noted)
    return Notice(T("Noted."), Tone.DONE)


def _zone(typed: str) -> str:
    try:
        return known_zone(typed) if typed else ""
    except Invalid:
        return ""  # a platform's zone that is not known here is no reason to bother anybody
