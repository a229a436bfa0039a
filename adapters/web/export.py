"""The record as files in a folder, for any web server to hand out: what changed is made anew, the rest is left alone.

A reader never sees half a file: each is written beside its place and moved there. What is going to be made anew is noted
before, so an export that is broken off is completed by the next.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from adapters.shared.documents import ProposalSheet, render
from adapters.web import manifest, paths
from adapters.web.held import Held, print_of
from adapters.web.inputs import FOREVER, Inputs, Noted, Question, Watched
from adapters.web.leaves import Leaf, Written
from adapters.web.manifest import Made, Manifest, Questions
from adapters.web.of_group import DOCUMENTS
from adapters.web.site import Site, source_of
from bot.domain.ids import CommunityId, GroupId
from bot.domain.records import SHAPES
from bot.ports import Snapshot

FOR_EVERYBODY: Final = 0o644
FOLDERS: Final = 0o755
MANY: Final = 4
"""So many documents or more are drawn by several processes: each takes tenths of a second."""

UNFINISHED: Final = ".part"
"""What the name of a file that is being written ends with."""

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
    record = _Record(snapshot, wanted, real_now, before or Manifest())
    with _Folder(folder) as there:
        return record.bring(there)


class _Record:
    """One export."""

    def __init__(self, snapshot: Snapshot, wanted: Wanted, real_now: datetime, before: Manifest) -> None:
        self._held = Held(snapshot, wanted.community)
        self._noted = Noted(self._held)
        source = source_of(self._held, wanted.community, real_now)
        self._now = source.now
        self._source = replace(source, reads=self._noted, now=Watched.of(source.now, self._noted))
        source.paths.told = self._slug
        self._site = Site(self._source, wanted.base, wanted.languages)
        self._by = f"{_made_by()} {wanted.base} {' '.join(wanted.languages)}"
        valid = before.by == self._by and not wanted.anew
        self._before = before
        self._made = before.leaves if valid else {}
        self._questions = Questions(before.questions if valid else ())
        self._answers: dict[Question, str] = {}
        self._whole: dict[str, str] = {}
        self._changed = self._asked_again(before) if valid else set()
        self._everywhere: Question = ("Community", (), (wanted.community,))
        self._leaves: dict[str, Made] = {}
        self._kept = paths.INDEX if wanted.keep_search else ""

    def bring(self, there: _Folder) -> Exported:
        lying = there.lying()
        stale: list[tuple[Leaf, str]] = []
        for leaf in self._site.leaves():
            given = "" if leaf.given is None or type(leaf.given) in SHAPES else print_of(leaf.given)
            made = self._made.get(leaf.name)
            stands = made is not None and (leaf.name == self._kept or self._holds(made, given))
            if made is not None and stands and lying.issuperset(made.files):
                self._leaves[leaf.name] = made
            else:
                stale.append((leaf, given))
        standing = {name for made in self._leaves.values() for name in made.files}
        gone = {name for made in self._before.leaves.values() for name in made.files}.union(
            self._before.files
        ) - standing
        if stale or gone:
            there.begin([*(leaf.name for leaf, _ in stale), *(self._before.leaves.keys() - self._leaves.keys())])
        for name in lying:
            if name.endswith(UNFINISHED):
                there.remove(name)
        self._noted.inputs = Inputs()
        written, made_anew = 0, 0
        with _drawing([leaf for leaf, _ in stale]) as documents:
            for leaf, given in stale:
                names = []
                for each in documents.get(leaf.name) or self._make(leaf):
                    names.append(each.path)
                    written += there.write(each)
                self._note(leaf, given, names)
                made_anew += len(names)
                gone.difference_update(names)
        for name in gone:
            there.remove(name)
        if stale or gone or self._before.by != self._by or there.begun:
            there.end(self._manifest())
        every = sum(len(made.files) for made in self._leaves.values())
        return Exported(every, made_anew, written, len(gone))

    def _make(self, leaf: Leaf) -> Iterable[Written]:
        self._noted.inputs = Inputs()
        return tuple(leaf.make())

    def _note(self, leaf: Leaf, given: str, names: list[str]) -> None:
        inputs = self._noted.inputs
        asked = {*inputs.asked, self._everywhere}
        if question := _question(leaf.given):
            asked.add(question)
        until = 0.0 if inputs.until == FOREVER else inputs.until.timestamp()
        numbers = sorted(self._questions.number(each) for each in asked)
        self._leaves[leaf.name] = Made(names, numbers, given, until)
        self._noted.inputs = Inputs()

    def _holds(self, made: Made, given: str) -> bool:
        if made.until and self._now.timestamp() >= made.until:
            return False
        return made.given == given and self._changed.isdisjoint(made.asked)

    def _asked_again(self, before: Manifest) -> set[int]:
        """The numbers of the questions that are answered otherwise than they were."""
        as_it_was = {kind for kind, print_ in before.whole.items() if print_ and self._print_of_all(kind) == print_}
        changed = set()
        for number, (question, answer) in enumerate(zip(before.questions, before.answers, strict=True)):
            if question[0] not in as_it_was and self._print(question) != answer:
                changed.add(number)
            else:
                self._answers[question] = answer
        return changed

    def _print_of_all(self, kind: str) -> str:
        found = self._whole.get(kind)
        if found is None:
            found = self._whole[kind] = self._held.print_of_all(kind)
        return found

    def _answer(self, question: Question) -> str:
        """A print of what a question is answered now: the same all through, because the snapshot is."""
        found = self._answers.get(question)
        if found is None:
            found = self._answers[question] = self._print(question)
        return found

    def _print(self, question: Question) -> str:
        return self._address(question[2][0]) if question[0] == SLUG else self._held.print_of(question)

    def _slug(self, group: GroupId) -> None:
        self._noted.inputs.asked.add((SLUG, (), (group,)))

    def _address(self, group: GroupId) -> str:
        return self._source.paths.known(group)

    def _manifest(self) -> Manifest:
        used = {each for made in self._leaves.values() for each in made.asked}
        questions, numbers = self._questions.kept(used)
        leaves = self._leaves
        if numbers is not None:
            leaves = {
                name: Made(made.files, [numbers[each] for each in made.asked], made.given, made.until)
                for name, made in leaves.items()
            }
        whole = {kind: self._print_of_all(kind) for kind in {each[0] for each in questions}}
        return Manifest(self._by, questions, [self._answer(each) for each in questions], whole, leaves)


def _question(given: Any) -> Question | None:
    """What a leaf is given is a record: then this asks for it, and its answer is among those that are looked at."""
    shape = SHAPES.get(type(given))
    if shape is None:
        return None
    return type(given).__name__, (), tuple(getattr(given, name) for name in shape.key)


class _Folder:
    """Where the record lies. `begun`: an export was begun there, and is not done."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._folders: set[Path] = set()
        self._lying: set[str] | None = None
        self.begun = bool(manifest.begun(top))

    def __enter__(self) -> _Folder:
        self._prepare(self._top)
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left open."""

    def lying(self) -> set[str]:
        """The files that are there."""
        self._lying = set(_files(str(self._top), ""))
        return self._lying

    def write(self, each: Written) -> bool:
        """Write a file, at once or not at all. False: it was there as it is."""
        path = self._inside(each.path)
        if self._lying is None or each.path in self._lying:
            with suppress(FileNotFoundError):
                if path.read_bytes() == each.content:
                    return False
        self._prepare(path.parent)
        part = path.with_name(f"{path.name}{UNFINISHED}")
        part.write_bytes(each.content)
        part.chmod(FOR_EVERYBODY)
        part.replace(path)
        return True

    def remove(self, name: str) -> None:
        """Take a file away."""
        self._inside(name).unlink(missing_ok=True)

    def begin(self, leaves: list[str]) -> None:
        """Note what is going to be made anew, or taken away: it does not stand any more, whenever it is broken off."""
        self.write(Written(manifest.BEGUN, msgspec.json.encode(sorted({*manifest.begun(self._top), *leaves}))))
        self.begun = True

    def end(self, found: Manifest) -> None:
        """Everything in the manifest stands."""
        self.write(Written(manifest.NAME, msgspec.json.encode(found)))
        self.remove(manifest.BEGUN)
        self.begun = False

    def _inside(self, name: str) -> Path:
        """Where a file lies. A name that would lead out of the folder is a bug, or somebody meddled with the list."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(name)
        return self._top / path

    def _prepare(self, folder: Path) -> None:
        if folder in self._folders:
            return
        if folder != self._top:
            self._prepare(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(FOLDERS)
        self._folders.add(folder)


def _files(folder: str, path: str) -> Iterator[str]:
    """The paths of the files in a folder: there are as many as pages."""
    with os.scandir(folder) as entries:
        for each in entries:
            if each.is_dir(follow_symlinks=False):
                yield from _files(each.path, f"{path}{each.name}/")
            else:
                yield path + each.name


@contextmanager
def _drawing(stale: list[Leaf]) -> Iterator[dict[str, Iterable[Written]]]:
    """The documents among what is made anew, drawn by other processes meanwhile where they are many."""
    found = {leaf.name: leaf.given for leaf in stale if isinstance(leaf.given, ProposalSheet)}
    if len(found) < MANY:
        yield {}
        return
    from concurrent.futures import ProcessPoolExecutor  # late: few exports need it
    from multiprocessing import get_context

    with ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn")) as pool:
        drawn = {name: pool.submit(_draw, name, sheet) for name, sheet in found.items()}
        yield {name: _Waited(each.result) for name, each in drawn.items()}


class _Waited:
    """What another process makes, waited for when it is looked at."""

    def __init__(self, result: Callable[[], list[Written]]) -> None:
        self._result = result

    def __iter__(self) -> Iterator[Written]:
        return iter(self._result())


def _draw(name: str, sheet: ProposalSheet) -> list[Written]:
    stem = name.rpartition(".")[0]
    return [Written(f"{stem}.{form}", render(sheet, form)) for form, _ in DOCUMENTS]


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
