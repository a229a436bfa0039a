"""Where each page of the record lies. An address once given stays: it follows from names and numbers that do not change.

Everything is relative, so that the record works in any sub-folder of any website, and from a disk.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from bot.domain.community import Community
from bot.domain.cycles import Cycle
from bot.domain.groups import Group
from bot.domain.ids import GroupId
from bot.domain.records import Reads

FRONT: Final = "index.html"
ARCHIVE: Final = "archive.html"
SEARCH: Final = "search.html"
CARD: Final = "assets/card.png"
INDEX: Final = "search/index.js"
STYLE: Final = "assets/record.css"
ASSETS: Final = (STYLE, "assets/mark.svg", "assets/search.js", "assets/minisearch.js", "assets/minisearch-licence.txt")
"""Files that are the same in every record."""

SHARED: Final = ("assets/",)
"""Folders of what is the same in every language."""

UPDATES: Final = 10
"""Periodic updates in a part of their list."""

_NO_PATH: Final = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """A name as a part of an address: letters and digits, and a dash for all else."""
    return _NO_PATH.sub("-", text.lower()).strip("-") or "x"


def shared(path: str) -> bool:
    """Whether a file is the same in every language, and lies at the top of the record alone."""
    return path.startswith(SHARED) or path.endswith((".pdf", ".docx", ".md"))


def part(path: str, number: int) -> str:
    """The page of a part of a list, counted from 1."""
    return f"{path}-{number}.html"


def _to_nobody(group: GroupId) -> None:
    """None asked."""


def relative(to: str, page: str) -> str:
    """The address of `to` as a link on `page`; both are from the top of the record."""
    return _relative(to, posixpath.dirname(page))


@lru_cache(10_000)
def _relative(to: str, folder: str) -> str:
    return posixpath.relpath(to, folder or ".")


class Paths:
    """The addresses of a community's pages. A group's has its cycle in it: its successor may go by the same name."""

    def __init__(self, reads: Reads, community: Community) -> None:
        cycles = {each.number: each.name for each in reads.all(Cycle, community=community.id)}
        groups = sorted(reads.all(Group, community=community.id), key=lambda each: (each.proposed_at, each.id))
        self._groups: dict[GroupId, str] = {}
        taken: set[str] = set()
        for group in groups:
            name = base = slug(f"{group.short_name} {cycles.get(group.cycle, '')}")
            number = 1
            while name in taken:
                number += 1
                name = f"{base}-{number}"
            taken.add(name)
            self._groups[group.id] = name

        self._by_slug = {name: group for group, name in self._groups.items()}
        self.told: Callable[[GroupId], object] = _to_nobody
        """Whoever wants to know which groups' addresses are used."""

    def slug_of(self, group: GroupId) -> str:
        """A group's own part of its addresses."""
        self.told(group)
        return self._groups[group]

    def known(self, group: GroupId) -> str:
        """The same, with nobody told; "" for a group that is no more."""
        return self._groups.get(group, "")

    def by_slug(self, slug: str) -> GroupId | None:
        """The group with that part of its addresses."""
        return self._by_slug.get(slug)

    def group(self, group: GroupId) -> str:
        """A working group's page."""
        return f"groups/{self.slug_of(group)}.html"

    def update(self, group: GroupId, number: int) -> str:
        """Where a periodic update stands, among those of its group."""
        top = f"groups/{self.slug_of(group)}/updates"
        return f"{part(top, (number - 1) // UPDATES + 1)}#update-{number}"

    @staticmethod
    def document(number: int) -> str:
        """A document's page."""
        return f"documents/d{number}.html"

    @staticmethod
    def text(number: int) -> str:
        """A document's text, whole."""
        return f"documents/d{number}.md"

    @staticmethod
    def decision(number: int) -> str:
        """A consensus check's page."""
        return f"decisions/{number}.html"

    @staticmethod
    def consultation(number: int) -> str:
        """A consultation's page."""
        return f"consultations/{number}.html"

    @staticmethod
    def meeting(number: int) -> str:
        """A meeting's page."""
        return f"meetings/{number}.html"

    @staticmethod
    def recommendation(number: int) -> str:
        """A recommendation's page."""
        return f"recommendations/r{number}.html"

    @staticmethod
    def cycle(number: int) -> str:
        """A cycle's page."""
        return f"cycles/{number}.html"
