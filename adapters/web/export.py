"""The record as files in a folder, for any web server to hand out: what changed is made anew, the rest is left alone.

A reader never sees half a file: each is written beside its place and moved there. What is going to be made anew is noted
before, so an export that is broken off is completed by the next.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import structs

from adapters.web import manifest, paths
from adapters.web.changes import Changes, told_by
from adapters.web.divided import divided, processors
from adapters.web.folder import UNFINISHED, Folder
from adapters.web.held import UNTOLD, Held
from adapters.web.inputs import FOREVER, Inputs, Noted, Question, Watched
from adapters.web.leaves import SITEMAPS, Leaf, Section, Written
from adapters.web.manifest import OVER, Details, Kind, Made, Manifest, Questions, Standing
from adapters.web.site import Site, source_of
from bot.domain.ids import CommunityId, GroupId
from bot.domain.records import SHAPES
from bot.ports import Snapshot

MANY: Final = 200
"""So many leaves or more are made by several processes."""

SLUG: Final = "slug"


class NotOurs(Exception):
    """The folder has something in it, and no export was made there: nothing of somebody else's is written over."""


@dataclass(frozen=True, slots=True)
class Exported:
    """How many files there are, were made anew, were written because they differ, and were taken away."""

    files: int
    made: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported: a community, in languages beside its own, for an address ("": not known).

    `anew`: all of it. `keep_search`: the index of search stays as it was, if there is one.
    """

    community: CommunityId
    base: str = ""
    languages: tuple[str, ...] = ()
    anew: bool = False
    keep_search: bool = False


def export(snapshot: Snapshot, wanted: Wanted, real_now: datetime, folder: Path) -> Exported:
    """Bring a folder up to date. Raises `NotOurs` for one with other things in it, `LookupError` for an unknown community."""
    before = manifest.read(folder)
    if before is None and folder.exists() and any(folder.iterdir()):
        raise NotOurs(folder)
    return _Record(snapshot, wanted, real_now, before or Manifest()).bring(Folder(folder))


class _Listed:
    """A section whose leaves are listed anew: some of them stand as they are."""

    def __init__(self, section: Section, before: Standing) -> None:
        self.section = section
        self.before = before
        self.details = before.read()
        self.questions = Questions(self.details.questions)
        self.asked: list[int] = []
        self.until: float = 0
        self.made: dict[str, Made] = {}
        self.leaves: dict[str, list[str]] = {}
        self.stale: list[tuple[Leaf, str]] = []


class _Done(msgspec.Struct, array_like=True):
    """A section that was brought up to date: by which fields of which types it asked, files written anew, and made anew."""

    name: str
    standing: Standing
    asked_by: set[tuple[str, tuple[str, ...]]]
    written: int
    made: int


class _Record:
    """One export."""

    def __init__(self, snapshot: Snapshot, wanted: Wanted, real_now: datetime, before: Manifest) -> None:
        self._held = Held(snapshot, wanted.community)
        self._noted = Noted(self._held)
        source = source_of(self._held, wanted.community, real_now)
        self._now = source.now.timestamp()
        self._source = replace(source, reads=self._noted, now=Watched.of(source.now, self._noted))
        source.paths.told = self._slug
        self._site = Site(self._source, wanted.base, wanted.languages)
        self._by = f"{_made_by()} {wanted.base} {' '.join(wanted.languages)}"
        self._before = before
        known = before.by == self._by and not wanted.anew
        self._known = before.sections if known else {}
        self._kept = paths.INDEX if wanted.keep_search else ""
        self._everywhere: Question = ("Community", (), (wanted.community,))
        self._prints: dict[Question, str] = {}
        kinds = before.kinds if known else {}
        self._changes = Changes(self._held, kinds, self._print)
        self._asked_by = defaultdict(set, {name: set(kind.asked_by) for name, kind in kinds.items()})
        self._standing: dict[str, Standing] = {}

    def bring(self, there: Folder) -> Exported:
        lying = there.lying()
        listed = list(filter(None, (self._listed(each, lying) for each in self._site.sections())))
        names = [name for each in self._standing.values() for name in each.leaves]
        names += [name for each in listed for name in (*each.leaves, *(leaf.name for leaf, _ in each.stale))]
        index = Section(SITEMAPS, lambda: self._site.sitemap_index(names), always=True)
        listed += filter(None, [self._listed(index, lying)])
        every: list[Standing | _Listed] = [*self._standing.values(), *listed]
        standing = {name for each in every for name in _files_of(each)}
        before = {name for each in self._before.sections.values() for name in _files_of(each)}
        gone = before.union(self._before.files) - standing
        undone = self._undone(listed)
        if undone:
            there.begin(undone)
        for name in lying:
            if name.endswith(UNFINISHED):
                there.remove(name)
        written, made_anew = 0, 0
        for done in self._all_made(listed, there):
            self._standing[done.name] = done.standing
            for kind, fields in done.asked_by:
                self._asked_by[kind].add(fields)
            gone.difference_update(_files_of(done.standing))
            written += done.written
            made_anew += done.made
        for name in gone:
            there.remove(name)
        relisted = any(not each.section.always for each in listed)
        if undone or gone or relisted or self._before.by != self._by or there.begun:
            there.end(self._manifest())
        lie = sum(len(files) for each in self._standing.values() for files in each.leaves.values())
        return Exported(lie, made_anew, written, len(gone))

    def _listed(self, section: Section, lying: set[str]) -> _Listed | None:
        """A section with those of its leaves that stand, and those that do not; None where all of it stands."""
        before = self._known.get(section.name)
        if before is not None and not section.always and lying.issuperset(_files_of(before)):
            stands = not self._over(before.until) and not self._changes.touch(before)
            if stands or section.name == self._kept:
                self._standing[section.name] = before if stands else _left(before)
                return None
        found = _Listed(section, before or Standing())
        changed = self._changed(found.details)
        self._noted.inputs = Inputs()
        for leaf in section.leaves():
            given = "" if leaf.given is None or type(leaf.given) in SHAPES else self._held.prints.of(leaf.given)
            files, made = found.before.leaves.get(leaf.name), found.details.leaves.get(leaf.name)
            if (
                files is not None
                and made is not None
                and made.given == given
                and not self._over(made.until)
                and changed.isdisjoint(made.asked)
                and lying.issuperset(files)
            ):
                found.leaves[leaf.name], found.made[leaf.name] = files, made
            else:
                found.stale.append((leaf, given))
        found.asked, found.until = self._numbers(found), self._until()
        return found

    def _undone(self, listed: list[_Listed]) -> dict[str, set[str]]:
        """The leaves that are to be made, and those that are no more, by section."""
        undone = {each.section.name: {leaf.name for leaf, _ in each.stale} for each in listed}
        standing = {name: set(each.leaves) for name, each in self._standing.items()}
        standing |= {each.section.name: set(each.leaves) for each in listed}
        for name, each in self._before.sections.items():
            undone.setdefault(name, set()).update(each.leaves.keys() - standing.get(name, set()))
        return {name: leaves for name, leaves in undone.items() if leaves}

    def _all_made(self, listed: list[_Listed], there: Folder) -> Iterator[_Done]:
        """Each section with all its leaves made, by several processes where those are many. What takes longest comes first."""
        processes = 1
        if sum(len(each.stale) for each in listed) >= MANY:
            self._held.read_all()  # a process that is copied reads from no database
            processes = processors()
        listed = sorted(listed, key=lambda each: not each.section.coarse)
        for content in divided(lambda number: self._made(listed[number], there), len(listed), processes):
            yield msgspec.json.decode(content, type=_Done)

    def _made(self, found: _Listed, there: Folder) -> bytes:
        """A section, all of whose leaves are made and written: a `_Done`."""
        written, made = 0, 0
        for leaf, given in found.stale:
            files = self._make(leaf)
            for each in files:
                written += there.write(each)
            found.leaves[leaf.name] = [each.path for each in files]
            found.made[leaf.name] = Made(self._numbers(found, leaf.given), given, self._until())
            made += len(files)
        standing, asked_by = self._settled(found)
        return msgspec.json.encode(_Done(found.section.name, standing, asked_by, written, made))

    def _make(self, leaf: Leaf) -> tuple[Written, ...]:
        self._noted.inputs = Inputs()
        return tuple(leaf.make())

    def _numbers(self, found: _Listed, given: Any = None) -> list[int]:
        """The questions that were asked since they were last noted, by number."""
        asked = {*self._noted.inputs.asked, self._everywhere}
        if question := _question(given):
            asked.add(question)
        if found.section.coarse:
            asked = {each if each[0] in (SLUG, self._everywhere[0]) else (each[0], (), ()) for each in asked}
        return sorted(found.questions.number(self._held.question(*each)) for each in asked)

    def _until(self) -> float:
        """The first time at which the clock may change what was made since it was last noted. What was noted is forgotten."""
        until = self._noted.inputs.until
        self._noted.inputs = Inputs()
        return 0 if until == FOREVER else until.timestamp()

    def _settled(self, found: _Listed) -> tuple[Standing, set[tuple[str, tuple[str, ...]]]]:
        """A section, all of whose leaves stand; and by which fields of which types it asked."""
        used = {each for made in found.made.values() for each in made.asked}.union(found.asked)
        questions, numbers = found.questions.kept(used)
        made = {
            name: Made([numbers[each] for each in made.asked], made.given, made.until)
            for name, made in found.made.items()
        }
        answers = [self._print(each) for each in questions]
        details = Details(questions, answers, [numbers[each] for each in found.asked], made)
        until = min((each for each in (found.until, *(each.until for each in made.values())) if each), default=0)
        kept = msgspec.Raw(msgspec.json.encode(details))
        standing = Standing(found.leaves, until, *told_by(self._held, questions, answers), kept)
        return standing, {each[:2] for each in questions if self._held.by_rows(each)}

    def _over(self, until: float) -> bool:
        return bool(until) and self._now >= until

    def _changed(self, before: Details) -> set[int]:
        """The numbers of the questions of a section that are answered otherwise than they were."""
        changed = set()
        for number, (question, answer) in enumerate(zip(before.questions, before.answers, strict=True)):
            if self._changes.same(question[0]):
                continue
            if answer == UNTOLD or self._print(question) != answer:
                changed.add(number)
        return changed

    def _print(self, question: Question) -> str:
        """A print of what a question is answered now: the same all through, because the snapshot is."""
        found = self._prints.get(question)
        if found is None:
            kind, _, values = question
            if kind == SLUG:
                found = self._source.paths.known(*values)
            else:
                found = self._held.print_of(question) if values else self._held.print_of_all(kind)
            self._prints[question] = found
        return found

    def _slug(self, group: GroupId) -> None:
        self._noted.inputs.asked.add((SLUG, (), (group,)))

    def _manifest(self) -> Manifest:
        kinds = {name: Kind(self._held.row_prints(name), sorted(asked_by)) for name, asked_by in self._asked_by.items()}
        return Manifest(self._by, kinds, self._standing)


def _left(section: Standing) -> Standing:
    """A section that is left as it is for now, although it does not hold any more: the next export will see that."""
    details = section.read()
    for made in details.leaves.values():
        made.until = OVER
    return structs.replace(section, until=OVER, details=msgspec.Raw(msgspec.json.encode(details)))


def _files_of(section: Standing | _Listed) -> Iterator[str]:
    return (name for files in section.leaves.values() for name in files)


def _question(given: Any) -> Question | None:
    """What a leaf is given is a record: then this asks for it, and its answer is among those that are looked at."""
    shape = SHAPES.get(type(given))
    if shape is None:
        return None
    return type(given).__name__, (), tuple(getattr(given, name) for name in shape.key)


@cache
def _made_by() -> str:
    """A print of the program: pages follow from it too."""
    whole = hashlib.blake2b(digest_size=12)
    for package in ("adapters.web", "adapters.shared", "bot"):
        for each in _sources(files(package)):
            whole.update(each)
    return whole.hexdigest()


def _sources(folder: Traversable) -> Iterator[bytes]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir() and each.name not in ("__pycache__", "fonts"):
            yield from _sources(each)
        elif each.name.endswith((".py", ".html", ".po", ".mo")):
            yield each.read_bytes()
