"""Time zones as people type them: the IANA name of a large city, or how far it is from UTC."""

from __future__ import annotations

import functools
import re
from datetime import timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import Invalid
from bot.domain.hygiene import one_line
from bot.domain.names import nearest
from bot.domain.typed import as_typed, plainly
from bot.text import T

_OFFSET: Final = re.compile(r"(?:(?:utc|gmt)\s*)?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_LARGEST_OFFSET: Final = timedelta(hours=14)
_NOT_PLACES: Final = frozenset({"localtime", "Factory", "posixrules"})
_ABBREVIATION: Final = re.compile(r"[A-Z]{2,5}")


@functools.cache
def _zones() -> dict[str, str]:
    """Every IANA name by how it may be typed."""
    return {name.casefold(): name for name in sorted(available_timezones() - _NOT_PLACES)}


def known_zone(name: str, *, field: str | None = None) -> str:
    """The IANA name of a time zone, whatever its case and with spaces for underscores: `america/sao paulo`.

    Raises `Invalid` for one that is not known, with the nearest. The names are read from the machine's zone data (or
    the tzdata package) once, when first needed.
    """
    zones = _zones()
    typed = plainly(name)
    found = zones.get(typed.casefold().replace(" ", "_"))
    if found is not None:
        return found
    what = T("“{zone}” is not a time zone known here.", zone=as_typed(name))
    near: tuple[str, ...] = ()
    if _OFFSET.fullmatch(typed):
        what = T("“{zone}” is not a time zone: it does not say when clocks change for the summer.", zone=as_typed(name))
    elif _ABBREVIATION.fullmatch(typed):
        what = T("“{zone}” is not a time zone known here: most abbreviations stand for several.", zone=as_typed(name))
    else:
        near = nearest(one_line(typed), [zone for zone in zones.values() if not zone.startswith("Etc/")], 1)
    if near:
        step = T("Did you mean {zone}? Zones have the name of a large city.", zone=near[0])
    else:
        step = T("Type the zone of a large city, for example Europe/Zurich or America/Sao_Paulo, or UTC.")
    raise Invalid(what, step, field=field)


def read_zone(typed: str, field: str | None) -> tuple[tzinfo, str]:
    """The zone, and the name under which a moment in it may be shown."""
    offset = _OFFSET.fullmatch(typed)
    if offset is None:
        name = "UTC" if typed in {"z", "Z"} else known_zone(typed, field=field)
        return ZoneInfo(name), name
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    if ahead > _LARGEST_OFFSET:
        raise Invalid(
            T("No place on earth is “{typed}” away from UTC.", typed=as_typed(typed)),
            T("Type the offset like +02:00, or the zone of a large city, for example Europe/Zurich."),
            field=field,
        )
    return timezone(ahead if offset[1] == "+" else -ahead), "UTC"


def may_be_zone(rest: str) -> bool:
    """Whether the rest is meant as a zone: then it is worth saying which zone it may be."""
    name = rest.casefold().replace(" ", "_")
    return (
        name in _zones()
        or any(zone.endswith(f"/{name}") for zone in _zones())
        or _OFFSET.fullmatch(rest) is not None
        or "/" in rest
        or _ABBREVIATION.fullmatch(rest) is not None
        or rest in {"z", "Z"}
    )
