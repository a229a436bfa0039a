"""Mailing lists: the full membership's and each working group's own, linked here, with somebody's word that it is open.

Source: "mailing lists … should be open to all MAG members". wgbot does not run lists and cannot look inside one, so whoever
links it attests that every member can subscribe and read it without approval. A list alone can be a group's home.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.domain.errors import Invalid, NotFound
from bot.domain.events import Fact, applies, event
from bot.domain.ids import CommunityId, PersonId
from bot.domain.records import Gone, Reads, record
from bot.text import Say, T, UserText

_ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+")


@record(key="community body")
class MailingList:
    """The list of a body. `subscribe` says how: a link, or a sentence. `attested_by` gave their word that it is open."""

    community: CommunityId
    body: str
    address: str
    subscribe: str
    attested_by: PersonId | None
    linked_at: datetime


@event("list.linked", private="subscribe")
class ListLinked:
    """A mailing list was linked to a body, and attested to be open to every member."""

    body: str
    address: str
    subscribe: str


@event("list.unlinked")
class ListUnlinked:
    """A body has no mailing list any more."""

    body: str


@applies(ListLinked)
def _linked(reads: Reads, fact: Fact, event: ListLinked) -> Iterable[Any]:
    yield MailingList(fact.community, event.body, event.address, event.subscribe, fact.by, fact.at)


@applies(ListUnlinked)
def _unlinked(reads: Reads, fact: Fact, event: ListUnlinked) -> Iterable[Any]:
    found = list_of(reads, fact.community, event.body)
    if found is not None:
        yield Gone(found)


def list_of(reads: Reads, community: CommunityId, body: str) -> MailingList | None:
    """The mailing list of the full membership (`MAG`) or of a group (its id)."""
    return reads.get(MailingList, community, body)


def link_list(body: str, address: str, subscribe: str, *, is_open: bool) -> ListLinked:
    """Link a list. Raises `Invalid` for one that is closed to members, and for what is no address."""
    if not is_open:
        raise Invalid(
            T("A list that members cannot subscribe to and read without approval is no list of a working group."),
            T("Open it to every member first, then link it."),
            field="is_open",
        )
    if not _ADDRESS.fullmatch(address):
        raise Invalid(
            T("{typed} is not the address of a list.", typed=UserText(address)),
            T("Give the address one writes to: wg-mwp@lists.example.org."),
            field="address",
        )
    return ListLinked(body, address.lower(), subscribe)


def unlink_list(reads: Reads, community: CommunityId, body: str) -> ListUnlinked:
    """Unlink it. Raises `NotFound` where there is none."""
    if list_of(reads, community, body) is None:
        raise NotFound(
            T("No mailing list is linked there."),
            T("Link one: {command}.", command=Say("mailing link")),
            field="group",
        )
    return ListUnlinked(body)
