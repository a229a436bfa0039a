"""A `Text` becomes words: for one reader, in that reader's language and time zone, safe on one platform.

It knows no platform: each gives its own way to escape what it shows and to set a command in type. Nothing in a `Text`
is markup, so all of it is escaped, what members typed and what we wrote alike, and each piece once.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from adapters.shared import dates
from adapters.shared.catalogs import catalog, direction
from bot.text import Day, Moment, Parameter, PersonName, Say, Span, T, Text, Tn, UserText, joined, term

log = logging.getLogger(__name__)

_PLACE: Final = re.compile(r"\{(\w+)\}")
_MARKUP: Final = re.compile(r"(?:</[a-z]+>)+$")
"""What HTML closes a name with."""
_SEPARATOR: Final = re.compile(r"(?<=\})([,;] )(?=\{p\d)")
_JOINED: Final = "{p0}"
"""How the pattern begins that `joined` makes: nobody's sentence, but its commas are the language's own."""

_FIRST_ISOLATE: Final = "\u2068"
_END_ISOLATE: Final = "\u2069"
_UTC: Final = frozenset({"UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu"})
_ETC: Final = re.compile(r"GMT([+-])([1-9]\d?)")
"""Their signs are the wrong way round: Etc/GMT+5 is five hours behind."""
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_HOURS_UNTIL: Final = 72 * _HOUR
"""Below this, hours that are not whole days stay hours: people say "36 hours"."""


def as_is(text: str) -> str:
    """The text itself, where a platform reads no markup."""
    return text


class Words:
    """One reader's words.

    `zone` is the reader's IANA zone ("": not known, so each time is shown in the zone it was meant in); `escape` makes
    text harmless on the platform; `code` sets a command to type, given raw, in type (and escapes it). With `now`, times
    also say how far away they are; leave it out for what will be read later. In a language read from the right, names
    and commands are set apart by invisible marks (UAX #9, FSI and PDI) where the platform is `isolating` by nothing else.
    """

    def __init__(
        self,
        language: str = "en",
        zone: str = "",
        prefix: str = "/wg",
        escape: Callable[[str], str] = as_is,
        now: datetime | None = None,
        code: Callable[[str], str] | None = None,
        *,
        isolating: bool = True,
    ) -> None:
        self.language = language
        self.zone = zone
        self.prefix = prefix
        self.escape = escape
        self.code = code or escape
        self.now = now
        self._catalog = catalog(language)
        self._tongue = language if self._catalog is not None else "en"
        self.from_right = direction(self._tongue) == "rtl"
        self._isolating = isolating and self.from_right

    def say(self, text: Text) -> str:
        """The sentence. A place without a parameter is our mistake: it is shown as it stands, and logged."""
        message = self._translated(text)
        if "{" not in message:
            return self.escape(message)
        first, others = _taken_apart(message)
        parts = [self.escape(first)] if first else []
        for name, after in others:
            ended = False
            if name in text.parameters:
                parts.append(self.shown(text.parameters[name]))
                ended = after.startswith(".") and _MARKUP.sub("", parts[-1]).rstrip(_END_ISOLATE).endswith(".")
            else:
                log.error("no parameter %s for the sentence %r", name, text.message[:200])
                parts.append(self.escape(f"{{{name}}}"))
            if after:
                parts.append(self.escape(after[1:] if ended else after))  # “… by Qiang R.” ends one sentence, not two
        return "".join(parts)

    def shown(self, parameter: Parameter) -> str:
        """One parameter, by what it is."""
        match parameter:
            case UserText(text):
                return self.apart(self.escape(text))
            case Text():
                return self.say(parameter)
            case Moment(at, zone):
                return self.moment(at, zone)
            case Day(on):
                return self.whole_day(on)
            case Span(seconds):
                return self.span(seconds)
            case PersonName(_, name):
                return self.apart(self.escape(name))
            case Say(command):
                return self.apart(self.code(f"{self.prefix} {command}".rstrip()))
            case int():
                return str(parameter)
            case str():
                return self._term(parameter)
            case _:
                assert_never(parameter)

    def apart(self, shown: str) -> str:
        """Something that may read the other way than the sentence around it."""
        return f"{_FIRST_ISOLATE}{shown}{_END_ISOLATE}" if self._isolating and shown else shown

    def _term(self, text: str) -> str:
        """The same in every language; but a title that a body was founded with is a word of ours."""
        if self._catalog is None:
            return self.escape(text)
        if text in _titles():
            return self.escape(self._catalog.gettext(text))
        return self.apart(self.escape(text))

    def moment(self, at: datetime, zone: str = "UTC") -> str:
        """`Fri 27 Nov 2026, 15:00 (Zurich time, 14:00 UTC)`: the wall clock of the reader's zone, else of `zone`."""
        instant = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        key = self.zone if self.zone and _zone(self.zone) is not None else zone
        local = instant.astimezone(_zone(key) or UTC)
        place = city(key, self._tongue)
        day, clock = Text(dates.day(local, self._tongue, year=True)), Text(f"{local:%H:%M}")
        notes: list[Text] = []
        if place and local.utcoffset() == instant.utcoffset():
            notes.append(T("{place} and UTC", place=place))
        elif place:
            elsewhere = "" if local.date() == instant.date() else f"{dates.day(instant, self._tongue)} "
            notes.append(T("{place}, {clock} UTC", place=place, clock=Text(f"{elsewhere}{instant:%H:%M}")))
        if self.now is not None:
            notes.append(_away(int((instant - self.now).total_seconds())))
        sentence = T("{day}, {clock}", day=day, clock=clock) if place else T("{day}, {clock} UTC", day=day, clock=clock)
        return self.say(T("{sentence} ({notes})", sentence=sentence, notes=joined(notes, "; ")) if notes else sentence)

    def whole_day(self, on: date) -> str:
        """`Fri 27 Nov 2026`: a day that is the same in every zone."""
        return dates.day(datetime.combine(on, time(0)), self._tongue, year=True)

    def day(self, at: datetime, zone: str) -> str:
        """`Fri 27 Nov 2026`: the day alone, in `zone`."""
        return dates.day(at.astimezone(_zone(zone) or UTC), self._tongue, year=True)

    def clock(self, at: datetime) -> str:
        """`Fri 27 Nov, 15:00`: the reader's wall clock alone, where there is no room for more."""
        local = at.astimezone(_zone(self.zone) or UTC)
        return self.say(T("{day}, {clock}", day=Text(dates.day(local, self._tongue)), clock=Text(f"{local:%H:%M}")))

    def span(self, seconds: int) -> str:
        """`7 days`, `36 hours`, `1 hour 30 minutes`: at most two units, and no smaller ones than matter."""
        left = abs(seconds)
        hours_only = _DAY < left < _HOURS_UNTIL and left % _DAY
        parts: list[Text] = []
        for size, counted in _UNITS:
            if size == _DAY and hours_only:
                continue
            count, left = divmod(left, size)
            if count:
                parts.append(counted(count))
        if not parts:
            parts.append(_minutes(0))
        return ("−" if seconds < 0 else "") + self.say(
            parts[0] if len(parts) == 1 else T("{longer} {shorter}", longer=parts[0], shorter=parts[1])
        )

    def _separator(self, found: re.Match[str]) -> str:
        return self._catalog.gettext(found[0]) if self._catalog is not None else found[0]

    def _translated(self, text: Text) -> str:
        if self._catalog is None or not text.message:  # the empty key is the catalog's own header
            return text.message if text.plural is None or text.count == 1 else text.plural
        if text.plural is None:
            if text.message.startswith(_JOINED):
                return _SEPARATOR.sub(self._separator, text.message)
            return self._catalog.gettext(text.message)
        return self._catalog.ngettext(text.message, text.plural, text.count)


@lru_cache(2048)
def _taken_apart(message: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What stands before the first place of a sentence, and each place's name with what stands after it."""
    first, *others = _PLACE.split(message)
    return first, tuple(zip(others[::2], others[1::2], strict=True))


@cache
def _titles() -> frozenset[str]:
    """What bodies are founded with."""
    from bot.domain.presets import PRESETS  # late: English needs none

    return frozenset(title for preset in PRESETS.values() for title in astuple(preset.titles))


def city(zone: str, language: str = "en") -> Text | None:
    """What people call a zone: `Buenos Aires time` for `America/Argentina/Buenos_Aires`. None: UTC, or unknown."""
    if zone in _UTC or _zone(zone) is None:
        return None
    area, _, name = zone.rpartition("/")
    if area != "Etc":
        return T("{city} time", city=Text(dates.city(zone, language)))
    behind = _ETC.fullmatch(name)
    return term(f"UTC{'−' if behind[1] == '+' else '+'}{behind[2]}") if behind else None


def _minutes(count: int) -> Text:
    return Tn("{count} minute", "{count} minutes", count)


_UNITS: Final[tuple[tuple[int, Callable[[int], Text]], ...]] = (
    (_DAY, lambda count: Tn("{count} day", "{count} days", count)),
    (_HOUR, lambda count: Tn("{count} hour", "{count} hours", count)),
    (_MINUTE, _minutes),
    (1, lambda count: Tn("{count} second", "{count} seconds", count)),
)
"""Units of time, the largest first: their seconds, and how many of them."""


def _away(seconds: int) -> Text:
    """How far away a time is, roughly."""
    size = next((size for size in (_DAY, _HOUR) if abs(seconds) >= 2 * size), _MINUTE)
    whole = round(abs(seconds) / size) * size
    if whole == 0:
        return T("now")
    return T("in {time}", time=Span(whole)) if seconds > 0 else T("{time} ago", time=Span(whole))


@lru_cache(1000)
def _zone(key: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):  # unknown; not a relative path; a folder of zones
        return None
