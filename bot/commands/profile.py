"""What a platform knows of a person that wgbot would otherwise have to ask: their time zone and their language."""

from __future__ import annotations

import re
from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.errors import Invalid
from bot.domain.people import Person, ProfileNoted
from bot.domain.when import known_zone
from bot.policy import KNOWN
from bot.text import T
from bot.view import Notice, Tone, View

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
"""A language as BCP 47 writes it; platforms write `en_GB` too."""


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
    """Times are shown in that zone from now on, and reminders come in its working hours. Nothing happens if it is known."""
    person = context.reads.get(Person, context.id, context.person)
    if person is None:
        raise LookupError(context.person)
    noted = ProfileNoted(
        person.id,
        _zone(arguments.zone) or person.zone,
        _language(arguments.language) or person.language,
    )
    if (noted.zone, noted.language) != (person.zone, person.language):
        context.happen(noted)
    return Notice(T("Noted."), Tone.DONE)


def _zone(typed: str) -> str:
    try:
        return known_zone(typed) if typed else ""
    except Invalid:
        return ""  # a platform's zone that is not known here is no reason to bother anybody


def _language(typed: str) -> str:
    return typed.replace("_", "-") if LANGUAGE.fullmatch(typed) else ""
