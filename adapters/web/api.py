"""The record for programs: lists of all there is, in parts that stay as they are, and the description of the whole (OpenAPI 3.1).

A page's content lies under the page's own name (`feeds.data`). Nothing here is asked for by parameters, so a folder on any
web server answers as wgbot does: `next` leads on from the newest part of a list to the oldest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, get_args

from adapters.web.entries import (
    check_entry,
    consultation_entry,
    group_entry,
    meeting_entry,
    published,
    recommendation_entry,
)
from adapters.web.feeds import LOOKS, plain, written
from adapters.web.model import Entry, Page, Source
from adapters.web.of_list import cycle_entry, paper
from adapters.web.prose import Prose
from adapters.web.schema import Schemas
from bot.domain.consensus.checks import Check
from bot.domain.consultations import Consultation
from bot.domain.cycles import Cycle
from bot.domain.documents import Document
from bot.domain.groups import Group
from bot.domain.meetings import Meeting
from bot.domain.recommendations import Recommendation
from bot.text import Text, said

TOP: Final = "api/v1/"
PART: Final = 100
"""Things in a part of a list. Parts are counted from the oldest."""

File = tuple[str, Callable[[Prose], Iterable[tuple[str, bytes]]]]
"""A part of a list: where it lies, and what makes it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing in a list. `id` names it for good; `path` is its page, from the record's top; `data` all that is said of it."""

    id: str
    title: Text
    state: Text
    at: datetime
    about: Text | None
    path: str
    data: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list, the newest first. `next` leads to older ones, `prev` to newer; beside the newest part stands `total`."""

    items: tuple[Listed, ...]
    part: int
    total: int | None
    next: str | None
    prev: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything of a kind: its name in the API, and the line that each is in a list.

    `records` gives them, the oldest first, where those are not just all of the kind in key order.
    """

    name: str
    kind: type[Any]
    entry: Callable[[Source, Any], Entry]
    records: Callable[[Source], Sequence[Any]] | None = None

    def count(self, source: Source) -> int:
        """How many there are."""
        if self.records is not None:
            return len(self.records(source))
        return source.reads.count(self.kind, source.community.id)

    def part(self, source: Source, number: int, size: int) -> Sequence[Any]:
        """The records of a part of so many, counted from 1."""
        if self.records is not None:
            return self.records(source)[(number - 1) * size : number * size]
        return source.reads.part(self.kind, source.community.id, number, size)

    def goes_on(self, source: Source, number: int) -> bool:
        """Whether there is more behind a part: asked by its first record alone, since that stays as it is."""
        return bool(self.part(source, number * PART + 1, 1))


def _paper_entry(source: Source, document: Document) -> Entry:
    found = paper(source, document)
    return Entry(found.path, said(found.title), found.withdrawn or found.version, found.at)


def _groups(source: Source) -> Sequence[Group]:
    return sorted(source.reads.all(Group, community=source.community.id), key=lambda each: (each.proposed_at, each.id))


def _recommendations(source: Source) -> Sequence[Recommendation]:
    every = source.reads.all(Recommendation, community=source.community.id)
    return [each for each in every if published(each)]


COLLECTIONS: Final = (
    Collection("groups", Group, group_entry, _groups),
    Collection("decisions", Check, check_entry),
    Collection("consultations", Consultation, consultation_entry),
    Collection("meetings", Meeting, meeting_entry),
    Collection("recommendations", Recommendation, recommendation_entry, _recommendations),
    Collection("cycles", Cycle, cycle_entry),
    Collection("documents", Document, _paper_entry),
)
"""Every list there is."""


class Catalogue:
    """The lists of one community."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def files(self, of: Collection) -> Iterator[File]:
        """The newest part of a list, then each by its number from the oldest on."""
        yield self.newest(of)
        for number in range(1, _parts(of.count(self._source)) + 1):
            yield self.part(of, number)

    def at(self, name: str) -> File | None:
        """What lies under a name below `TOP`; None where no part of a list does."""
        listed, _, number = name.partition("-")
        of = next((each for each in COLLECTIONS if each.name == listed), None)
        if of is None or f"{listed}-{number}" != name != listed:
            return None
        if not number:
            return self.newest(of)
        known = _NUMBER.fullmatch(number) is not None and int(number) <= _parts(of.count(self._source))
        return self.part(of, int(number)) if known else None

    def part(self, of: Collection, number: int) -> File:
        """A part by its number."""
        path = f"{TOP}{of.name}-{number}.json"

        def made(prose: Prose) -> Iterator[tuple[str, bytes]]:
            newer = f"{of.name}-{number + 1}.json" if of.goes_on(self._source, number) else None
            yield path, self._written(prose, of, number, None, newer)

        return path, made

    def newest(self, of: Collection) -> File:
        """The newest part, with how many there are in all."""
        path = f"{TOP}{of.name}.json"

        def made(prose: Prose) -> Iterator[tuple[str, bytes]]:
            total = of.count(self._source)
            yield path, self._written(prose, of, max(_parts(total), 1), total, None)

        return path, made

    def _written(self, prose: Prose, of: Collection, number: int, total: int | None, newer: str | None) -> bytes:
        items = tuple(_listed(of.entry(self._source, each)) for each in reversed(of.part(self._source, number, PART)))
        older = f"{of.name}-{number - 1}.json" if number > 1 else None
        return written(plain(Part(items, number, total, older, newer), prose))


def _parts(total: int) -> int:
    """How many parts so many things are in."""
    return -(-total // PART)


def _listed(entry: Entry) -> Listed:
    name = entry.path.removesuffix(".html")
    return Listed(name, entry.title, entry.state, entry.at, entry.about, entry.path, f"{name}.json")


_NUMBER: Final = re.compile("[1-9][0-9]{0,8}")

Links = tuple[tuple[str, str], ...]
"""Where one goes on from a part of a list: relations and addresses (RFC 8288)."""


def links_of(path: str, content: bytes) -> Links:
    """Those of a part of a list; of anything else, none."""
    if not _PART_OF_A_LIST.fullmatch(path):
        return ()
    part = json.loads(content)
    return tuple((rel, part[rel]) for rel in ("next", "prev") if part[rel])


def problem(title: str, status: int) -> bytes:
    """An error as JSON. Its type says no more than its status (RFC 9457 §4.2.1)."""
    return written({"type": "about:blank", "title": title, "status": status})


_PART_OF_A_LIST: Final = re.compile(
    rf"(?:[a-z-]+/)?api/v1/(?:{'|'.join(each.name for each in COLLECTIONS)})(?:-[0-9]+)?\.json"
)

_ITEMS: Final = {
    "groups": ("slug", "string", "^[a-z0-9-]+$", "GroupPage"),
    "decisions": ("number", "integer", "", "DecisionPage"),
    "consultations": ("number", "integer", "", "ConsultationPage"),
    "meetings": ("number", "integer", "", "MeetingPage"),
    "recommendations": ("label", "string", "^r[1-9][0-9]*$", "RecommendationPage"),
    "cycles": ("number", "integer", "", "CyclePage"),
    "documents": ("label", "string", "^d[1-9][0-9]*$", "DocumentPage"),
}
"""Of each list: what names one thing of it, and what is said of it."""


@cache
def openapi() -> bytes:
    """The description, from the types that pages are filled with."""
    schemas = Schemas(skipped=LOOKS)
    pages = {each.__name__: schemas.of(each) for each in get_args(Page)}
    part, problem_ = schemas.of(Part), schemas.of(Problem)
    found: dict[str, Any] = {
        "/index.json": _get("front", "What is open now, coming and late, and the groups by state", pages["FrontPage"]),
        "/search.json": _get("search", "The groups by name", pages["SearchPage"]),
        "/archive.json": _get("archive", "The cycles, each with its groups that have ended", pages["ArchivePage"]),
    }
    number = _parameter("part", {"type": "integer", "minimum": 1})
    for each in COLLECTIONS:
        name, _, _, page = _ITEMS[each.name]
        key = _key(each.name)
        for path, operation, title, given in (
            (f"/{each.name}.json", each.name, f"The newest {each.name}", ()),
            (f"/{each.name}-{{part}}.json", f"{each.name}Part", f"A part of the {each.name}", (number,)),
        ):
            found[path] = _get(operation, title, part, *given)
            found[path]["get"]["responses"]["200"]["headers"]["Link"] = _LINK
        found[f"/{each.name}/{{{name}}}.json"] = _get(f"{each.name}One", f"One of the {each.name}", pages[page], key)
    lists = _parameter("list", {"type": "string", "pattern": "^[a-z]+$"})
    for of, title in (("groups", "a group's"), ("cycles", "a cycle's"), ("consultations", "a consultation's")):
        owner = _key(of)
        path = f"/{of}/{{{owner['name']}}}/{{list}}-{{part}}.json"
        found[path] = _get(f"{of}List", f"A part of one of {title} lists", pages["ListPage"], owner, lists, number)
    for described in found.values():
        operation = described["get"]
        if operation.get("parameters"):
            content = {"application/problem+json": {"schema": problem_}}
            operation["responses"]["404"] = {"description": "There is no such thing", "content": content}
    return written(
        {
            "openapi": "3.1.0",
            "info": {"title": "The public record", "version": "1", "description": _ABOUT},
            "servers": [{"url": "."}],
            "paths": found,
            "components": {"schemas": schemas.named},
        }
    )


_ABOUT: Final = (
    "What the working groups of a body did, read-only. Lists come in parts counted from the oldest, so a part that is full "
    "stays as it is; without a number, the newest. `next` and `data` are relative to the document they stand in, `path` to "
    "the record's top. Times are in UTC; sentences are in the record's language."
)


_TAG: Final = {"ETag": {"schema": {"type": "string"}}}
_LINK: Final = {
    "description": "`next` and `prev`, as in the content (RFC 8288); not where there is neither",
    "schema": {"type": "string"},
}


def _key(collection: str) -> dict[str, Any]:
    """What names one thing of a list."""
    name, kind, pattern, _ = _ITEMS[collection]
    return _parameter(name, {"type": kind, "minimum": 1} if kind == "integer" else {"type": kind, "pattern": pattern})


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _get(name: str, summary: str, schema: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    answer = {"description": summary, "content": content, "headers": dict(_TAG)}
    unchanged = {"description": "It is as it was (If-None-Match)", "headers": dict(_TAG)}
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {"200": answer, "304": unchanged},
    }
    if parameters:
        operation["parameters"] = list(parameters)
    return {"get": operation}
