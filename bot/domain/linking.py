"""Linking: how an account comes to speak for a person. By a one-time code, or by an e-mail address the workspace verified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.domain.errors import NotFound, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Reads, record
from bot.text import Moment, Say, T


@record(key="community platform team user", lists=("platform team user",), logged=False)
class TurnedTo:
    """The community an account of several communities last turned to: what it says in direct messages is meant for that one."""

    community: CommunityId
    platform: str
    team: str
    user: str
    at: datetime


@record(key="community digest", lists=("community person",))
class LinkCode:
    """A one-time code, kept only as its SHA-256: whoever gives it links the account they give it from."""

    community: CommunityId
    digest: str
    person: PersonId
    expires_at: datetime
    used: bool


@event("link.code-made")
class LinkCodeMade:
    """A code was made for a person (by themselves or by the Secretariat)."""

    digest: str
    person: PersonId
    expires_at: datetime


@event("link.code-used")
class LinkCodeUsed:
    """A code was used; it works no more."""

    digest: str


@applies(LinkCodeMade)
def _made(reads: Reads, fact: Fact, event: LinkCodeMade) -> Iterable[Any]:
    yield LinkCode(fact.community, event.digest, event.person, event.expires_at, False)


@applies(LinkCodeUsed)
def _used(reads: Reads, fact: Fact, event: LinkCodeUsed) -> Iterable[Any]:
    code = reads.get(LinkCode, fact.community, event.digest)
    if code is not None:
        yield replace(code, used=True)


def digest_of(code: str) -> str:
    """What is stored of a code; spaces, hyphens and case do not matter when it is typed."""
    return sha256("".join(code.split()).replace("-", "").lower().encode()).hexdigest()


def make_code(code: str, person: PersonId, now: datetime, hours: int) -> LinkCodeMade:
    """A code for `person`, good once and for `hours`."""
    return LinkCodeMade(digest_of(code), person, now + timedelta(hours=hours))


def use_code(
    reads: Reads, community: CommunityId, code: str, now: datetime, zone: str
) -> tuple[LinkCode, LinkCodeUsed]:
    """Use a code. Raises `NotFound` for an unknown one and `NotNow` for one that was used or has run out."""
    again = T(
        "Ask the Secretariat for a new one, or make one from an account of yours that is linked: {command}.",
        command=Say("link new"),
    )
    found = reads.get(LinkCode, community, digest_of(code))
    if found is None:
        raise NotFound(
            T("That code is not known here."), T("Check it letter by letter. {again}", again=again), field="code"
        )
    if found.used:
        raise NotNow(T("That code was used already; each works once."), again, field="code")
    if now >= found.expires_at:
        raise NotNow(T("That code ran out on {when}.", when=Moment(found.expires_at, zone)), again, field="code")
    return found, LinkCodeUsed(found.digest)
