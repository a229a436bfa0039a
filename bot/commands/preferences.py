"""When and where one wants to be written to, by command. What follows from it: `bot.preferring` and `bot.reminding`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated

from bot.command import Arguments, Reply, YesNo, ask, command
from bot.context import Context
from bot.domain.errors import Invalid
from bot.domain.ids import PersonId
from bot.domain.languages import language_named, read_language
from bot.domain.names import fold
from bot.domain.people import MAIL, Account, Person, ProfileNoted
from bot.domain.preferences import (
    MIDNIGHT,
    Digest,
    MessagesReleased,
    PreferencesChanged,
    Wishes,
    with_mail,
    without_mail,
)
from bot.letters import Unreached, left_alone, lives, reads_mail
from bot.policy import KNOWN, SYSTEM
from bot.preferring import held_back, hours_of, wishes_of
from bot.text import Say, T, Text, UserText, joined, term
from bot.view import Card, Fact, Facts, Notice, Tone, View

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_NAMES = (T("Mon"), T("Tue"), T("Wed"), T("Thu"), T("Fri"), T("Sat"), T("Sun"))
"""As `date.weekday` numbers them."""

TIME = r"(\d{1,2})(?:[:.h]?(\d\d))?"
QUIET = re.compile(rf"{TIME}\s*(?:-|–|—|to|until)\s*{TIME}")
"""`20:00-07:30`, `20–7`, `22 to 6`."""

HOUR = 60
AS_USUAL = {"none", "usual", "default", "off"}
DIGESTS = {Digest.AT_ONCE: T("at once"), Digest.DAILY: T("daily"), Digest.WEEKLY: T("weekly")}


@command(
    "preferences show",
    "Show when and where you are written to",
    who=KNOWN,
    examples=("preferences",),
    reads=True,
    family_default=True,
)
def show(context: Context, arguments: object) -> Reply:
    """Only one's own."""
    wishes = wishes_of(context, context.person)
    hours = hours_of(context, context.person)
    waiting = len(held_back(context, context.person))
    days = joined([DAY_NAMES[day] for day in sorted(hours.days)], ", ")
    rows = [
        Fact(
            T("Hours"),
            T(
                "{begins}–{ends}, {days} ({zone})",
                begins=_clock(hours.begins),
                ends=_clock(hours.ends),
                days=days,
                zone=hours.zone,
            ),
        ),
        Fact(T("Quiet hours"), _quiet(wishes)),
        Fact(T("Digest"), DIGESTS[wishes.digest]),
        Fact(T("Language"), _language(context, wishes)),
        Fact(T("Where"), term(wishes.platform) if wishes.platform else T("where this body meets")),
        Fact(T("Mail"), _mail(context, wishes)),
        Fact(T("Waiting for you"), term(str(waiting))),
    ]
    if not context.community.settings.mail:
        rows = [row for row in rows if row.label != T("Mail")]
    footer = T("Change them: {command}.", command=Say("preferences set --quiet 20:00-07:00 --digest daily"))
    return Reply(Card(T("How you are written to"), (Facts(tuple(rows)),), footer=footer), confidential=True)


def _mail(context: Context, wishes: Wishes) -> Text:
    person = context.reads.get(Person, context.id, context.person)
    if person is None or not person.email:
        return T("none: the roster has no address of yours")
    if not wishes.mail:
        return T("none: you turned it off")
    if reads_mail(context.reads, context.community, context.person, lives(context.reads, context.community)):
        return T("everything that is for you, and what is announced to your groups")
    return T("none: you are reached in chat")


def _quiet(wishes: Wishes) -> Text:
    if wishes.quiet_from is None or wishes.quiet_until is None:
        if wishes.bounded:
            return T("outside these hours, messages wait")
        return T("not said: reminders come in these hours, messages as things happen")
    return T("{begins}–{ends}", begins=_clock(wishes.quiet_from), ends=_clock(wishes.quiet_until))


def _language(context: Context, wishes: Wishes) -> Text:
    if wishes.language:
        return term(language_named(wishes.language))
    person = context.reads.get(Person, context.id, context.person)
    if person is not None and person.language:
        return T("{language}, as your platform says", language=language_named(person.language))
    return T("{language}, as this body's rooms", language=language_named(context.community.language))


def _clock(minutes: int) -> str:
    return f"{minutes // HOUR:02}:{minutes % HOUR:02}"


class Set(Arguments):
    """What is left out stays as it is."""

    quiet: Annotated[str, ask("Quiet hours?", "In your own time: 20:00-07:00. none: as usual", option=True)] = ""
    days: Annotated[str, ask("On which days do you work?", "Mon-Thu; Sun, Mon, Tue. none: Mon-Fri", option=True)] = ""
    digest: Annotated[
        str, ask("How often may you be written to?", "at once, daily (in the morning), weekly", option=True)
    ] = ""
    language: Annotated[
        str,
        ask("In which language do you read?", "English, français, العربية; any: as your platform says", option=True),
    ] = ""
    channel: Annotated[str, ask("On which platform?", "One you have an account on; any: as usual", option=True)] = ""
    mail: Annotated[
        YesNo | None, ask("May you be written to by mail, where no chat reaches you or you choose it?", option=True)
    ] = None


@command(
    "preferences set",
    "Say when and where you want to be written to",
    who=KNOWN,
    arguments=Set,
    examples=(
        "preferences set --quiet 20:00-07:00",
        "preferences set --days Mon-Thu --digest daily",
        "preferences set --language fr",
        "preferences set --channel any",
        "preferences set --mail no",
    ),
)
def set_(context: Context, arguments: Set) -> View:
    """What waited until now is sent: whoever says this is there."""
    before = wishes_of(context, context.person)
    wishes = before
    if arguments.quiet:
        begins, ends = _parsed_quiet(arguments.quiet)
        wishes = replace(wishes, quiet_from=begins, quiet_until=ends)
    if arguments.days:
        wishes = replace(wishes, days=_parsed_days(arguments.days))
    if arguments.digest:
        wishes = replace(wishes, digest=_parsed_digest(arguments.digest))
    if arguments.channel:
        wishes = replace(wishes, platform=_parsed_platform(context, arguments.channel))
        wishes = with_mail(wishes) if wishes.platform == MAIL else wishes
    if arguments.mail is not None:
        wishes = with_mail(wishes) if arguments.mail is YesNo.YES else without_mail(wishes)
    if arguments.language:
        wishes = replace(wishes, language=_parsed_language(arguments.language))
    see = T("See them: {command}.", command=Say("preferences show"))
    if wishes == before:
        return Notice(T("Your preferences are as they were."), Tone.DONE, see)
    _changed(context, context.person, before, wishes)
    if held_back(context, context.person):
        context.happen(MessagesReleased(context.person))
    return Notice(
        T("Noted. Answers to what you type, and what is said in rooms, come at once as before."), Tone.DONE, see
    )


def _changed(context: Context, person: PersonId, before: Wishes, wishes: Wishes) -> None:
    context.happen(PreferencesChanged(person, wishes))
    if before.language != wishes.language:
        _reads(context, person, wishes.language)
    if before.mail and not wishes.mail and left_alone(context, person):
        context.note(Unreached(person))


def _reads(context: Context, person: PersonId, language: str) -> None:
    """A language that is not chosen any more is their platform's again, which tells it when they next speak."""
    found = context.reads.get(Person, context.id, person)
    if found is not None and found.language != language:
        context.happen(ProfileNoted(person, found.zone, language))


def _parsed_language(typed: str) -> str:
    return "" if typed.strip().lower() in {*AS_USUAL, "any"} else read_language(typed, "language")


def _parsed_quiet(typed: str) -> tuple[int | None, int | None]:
    if fold(typed) in AS_USUAL:
        return None, None
    found = QUIET.fullmatch(typed.strip().lower())
    times = [int(found[at]) * HOUR + int(found[at + 1] or 0) for at in (1, 3)] if found else [MIDNIGHT + 1]
    minutes = [int(found[at] or 0) for at in (2, 4)] if found else []
    if max(times) > MIDNIGHT or max(minutes, default=0) >= HOUR:
        raise Invalid(
            T("{typed} are no hours.", typed=UserText(typed)),
            T("From one time to another, in your own time: 20:00-07:00."),
            field="quiet",
        )
    begins, ends = times[0] or MIDNIGHT, times[1] % MIDNIGHT
    if begins <= ends:
        raise Invalid(
            T("Quiet hours go over midnight: from the evening to the morning."),
            T("For days you do not work, name those you do: {command}.", command=Say("preferences set --days Mon-Thu")),
            field="quiet",
        )
    return begins, ends


def _parsed_days(typed: str) -> tuple[int, ...]:
    if fold(typed) in AS_USUAL:
        return ()
    days: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–—]\s*", "-", typed.strip())):
        first, _, last = part.partition("-")
        begins, ends = _day(first, typed), _day(last or first, typed)
        days |= {(begins + each) % len(DAYS) for each in range((ends - begins) % len(DAYS) + 1)}
    return tuple(sorted(days))


def _day(name: str, typed: str) -> int:
    short = [each.lower() for each in DAYS]
    if name[:3].lower() in short and len(name) >= len(DAYS[0]):
        return short.index(name[:3].lower())
    raise Invalid(
        T("{typed} are no days.", typed=UserText(typed)), T("For example: Mon-Thu, or Sun, Mon, Tue."), field="days"
    )


def _parsed_digest(typed: str) -> Digest:
    folded = " ".join(typed.lower().replace("-", " ").split())
    words = {"at once": Digest.AT_ONCE, "once": Digest.AT_ONCE, "now": Digest.AT_ONCE, "none": Digest.AT_ONCE}
    found = words.get(folded) or next((each for each in Digest if each.value == folded), None)
    if found is None:
        raise Invalid(
            T("{typed} is not how often.", typed=UserText(typed)), T("At once, daily, or weekly."), field="digest"
        )
    return found


def _parsed_platform(context: Context, typed: str) -> str:
    wanted = typed.strip().lower()
    if wanted in AS_USUAL or wanted == "any":
        return ""
    accounts = context.reads.all(Account, community=context.id, person=context.person)
    platforms = sorted({each.platform for each in accounts} | _by_mail(context))
    if wanted not in platforms:
        raise Invalid(
            T("You have no account linked on {platform}.", platform=UserText(typed)),
            T(
                "Yours are on {platforms}. Link another: {command}.",
                platforms=joined([term(each) for each in platforms], ", "),
                command=Say("link new"),
            ),
            field="channel",
        )
    return wanted


def _by_mail(context: Context) -> set[str]:
    """Mail, where it may be chosen: it is sent here, and there is an address to send it to."""
    person = context.reads.get(Person, context.id, context.person)
    return {MAIL} if context.community.settings.mail and person is not None and person.email else set()


class Stop(Arguments):
    """Whose."""

    person: Annotated[str, ask("Who?")]


@command(
    "mail stop",
    "Write somebody no more mail, as they asked by a link in one",
    who=SYSTEM,
    arguments=Stop,
    examples=(),
    hidden=True,
)
def stop(context: Context, arguments: Stop) -> View:
    """It is logged as their preference. What they ask by mail is still answered."""
    person = context.reads.get(Person, context.id, PersonId(arguments.person))
    if person is not None:
        wishes = wishes_of(context, person.id)
        if wishes.mail:
            _changed(context, person.id, wishes, without_mail(wishes))
    return Notice(T("Done."))
