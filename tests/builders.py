"""A community at work, in memory and in simulated time: what tests of commands and scenarios are told with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from adapters.cli.sample import sample_people
from adapters.shared.words import Words
from bot.command import COMMANDS
from bot.context import Request, Space
from bot.domain.community import Settings, Titles
from bot.domain.errors import Refusal
from bot.domain.ids import CommunityId
from bot.domain.people import Role
from bot.domain.spans import parse_span
from bot.engine import Answer, Engine
from bot.founding import Foundation, Founder, found, open_terminal
from bot.outgoing import START_PAGE, Claimed, SendKind, page_of
from bot.ports import Store
from bot.present import present
from bot.present.digests import in_chat
from bot.reply import refused
from bot.slash import parse
from bot.text import Text
from bot.view import Button, Card, Form, Letter, Tally, View, opened
from storage.memory import MemoryStore

MAG = CommunityId("mag")
MONDAY = datetime(2027, 1, 11, 9, tzinfo=UTC)
"""When every story begins: a Monday, five weeks into the cycle."""

CHAIR = "Amina A."
SECRETARIAT = "Secretariat Desk"
GOVERNMENT = "Bao B."
PRIVATE = "Qiang R."
PRIVATE_TOO = "Rosa S."
CIVIL = "Yusuf A."
TECHNICAL = "Gift I."
OBSERVER = "Observer Desk"
STRANGER = "nobody-knows-me"

ROUNDS = 2_000
"""More than follows from anything that is said."""

GOOD = (
    '--purpose "The IGF needs a longer horizon." --objectives "- Collect the work areas by May" '
    '--outputs "A report to the MAG" --timeframe "October 2027"'
)
"""The sections of a proposal that is complete."""


def spoken(shown: Any, words: Words | None = None) -> str:
    """All the words of a view, one sentence a line."""
    return "\n".join(_sentences(shown, words or Words()))


def buttons(shown: Any) -> Iterator[Button]:
    """Every button of a view."""
    if isinstance(shown, Button):
        yield shown
    elif isinstance(shown, msgspec.Struct):
        for name in shown.__struct_fields__:
            yield from buttons(getattr(shown, name))
    elif isinstance(shown, tuple):
        for each in shown:
            yield from buttons(each)


def checked_view(view: View) -> View:
    """A view whose every button gives a command there is, with arguments it has."""
    for button in buttons(view):
        declared = COMMANDS[button.command]
        assert set(button.arguments) <= set(declared.by_name), button
    return view


def _sentences(shown: Any, words: Words) -> Iterator[str]:
    if isinstance(shown, Text):
        yield words.say(shown)
    elif isinstance(shown, msgspec.Struct):
        for name in shown.__struct_fields__:
            yield from _sentences(getattr(shown, name), words)
    elif isinstance(shown, Mapping):
        for each in shown.values():
            yield from _sentences(each, words)
    elif isinstance(shown, tuple | list):
        for each in shown:
            yield from _sentences(each, words)
    elif isinstance(shown, str) and not hasattr(shown, "value"):
        yield shown


@dataclass
class Posted:
    """A message in a room, as it was last shown."""

    place: str
    view: View
    subject: str
    edits: int = 0

    @property
    def words(self) -> str:
        return spoken(self.view)


@dataclass
class World:
    """The MAG of the sample roster. `world("Qiang R.", "list")` says something; the rest of the world follows at once.

    Another community in the same store is another world, whose full membership meets in the room called as its `id`.
    """

    store: Store = field(default_factory=MemoryStore)
    id: CommunityId = MAG
    name: str = "IGF MAG"
    titles: Titles = field(default_factory=Titles)
    settings: Settings = field(default_factory=Settings)
    founders: tuple[Founder, ...] = field(default_factory=sample_people)
    start: datetime = MONDAY
    last_day: date = date(2027, 11, 30)
    delivering: bool = True
    clock_runs: bool = True
    posts: dict[str, Posted] = field(default_factory=dict)
    pages: dict[str, Posted] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)
    """What people said."""
    _lines: int = 0

    def __post_init__(self) -> None:
        self.engine = Engine(self.store, lambda: datetime.now(UTC))
        plan = Foundation(
            self.id,
            self.name,
            self.founders,
            "IGF 2027",
            date(2026, 12, 7),
            self.last_day,
            zone="Europe/Zurich",
            titles=self.titles,
            settings=self.settings,
            sample=True,
            clock_frozen=self.start,
        )
        with self.store.writing([self.id]) as work:
            community = found(work, plan, self.start)
        with self.store.writing([self.id]) as work:
            open_terminal(work, community, self.start, f"#{self.id}")

    def __call__(self, who: str, typed: str, room: str = "#mag", **given: str) -> Answer:
        """Say something; everything that follows from it happens."""
        self._lines += 1
        answer = self.ask(who, typed, room, f"line:{self._lines}", **given)
        self.answers.append(answer)
        checked_view(answer.view)
        self.settle()
        return answer

    def ask(self, who: str, typed: str, room: str, origin: str, **given: str) -> Answer:
        """One request, with nothing following yet."""
        self.typed |= {typed, *given.values()}
        try:
            meant = parse(typed)
        except Refusal as refusal:
            return Answer(refused(refusal, typed), done=False)
        request = Request(
            self.id,
            Space("terminal", "", room, private=room.startswith("@")),
            meant.command.name,
            origin,
            datetime.now(UTC),
            user=who,
            arguments={**meant.arguments, **given},
            typed=typed,
        )
        return self.engine.read(request) or self.engine.handle([request])[0]

    def does(self, who: str, typed: str, room: str = "#mag", **given: str) -> str:
        """Say something that must be done; its answer in words."""
        answer = self(who, typed, room, **given)
        words = spoken(answer.view)
        assert answer.done, words
        return words

    def refuses(self, who: str, typed: str, room: str = "#mag", **given: str) -> str:
        """Say something that must be refused, changing nothing; the refusal in words."""
        before = self.snapshot()
        answer = self(who, typed, room, **given)
        words = spoken(answer.view)
        assert not answer.done, words
        assert self.snapshot() == before
        return words

    def asks(self, who: str, typed: str, room: str = "#mag", **given: str) -> Form:
        """Say something that is answered by a form: the question that is asked next is its `current`."""
        answer = self(who, typed, room, **given)
        assert isinstance(answer.view, Form), spoken(answer.view)
        return answer.view

    def snapshot(self) -> object:
        """What is logged so far, for saying that nothing happened."""
        with self.store.reading() as reads:
            return list(reads.facts(self.id))  # type: ignore[attr-defined]  # stores read their log too

    def later(self, span: str) -> None:
        """Time passes."""
        self.does(CHAIR, f"clock +{span}")

    def settle(self) -> None:
        """Deadlines are met and messages delivered, until nothing is left to do."""
        for _ in range(ROUNDS):
            if not ((self.clock_runs and self._meet_deadlines()) or (self.delivering and self._deliver())):
                return
        raise AssertionError("something follows from itself, for ever")

    def _meet_deadlines(self) -> int:
        due = [row for row, _ in self.store.due(datetime.now(UTC), 100) if row.community == self.id]
        for row in due:
            request = self.system(
                "due", f"due:{row.kind}:{row.subject}:{row.due_at}", kind=row.kind.value, subject=row.subject
            )
            (answer,) = self.engine.handle([request])
            assert answer.done, spoken(answer.view)
        return len(due)

    def system(self, command: str, origin: str, **arguments: str) -> Request:
        """A request of the software's own."""
        return Request(
            self.id, Space("system", "", ""), command, origin, datetime.now(UTC), arguments=arguments, system=True
        )

    def _deliver(self) -> int:
        now = datetime.now(UTC)
        with self.store.writing([self.id]) as work:
            claimed = work.outbox.claim(now, "test", 60, 100, ["terminal"])
            for each in claimed:
                work.outbox.attempt(each, "test", b"{}")
        for each in claimed:
            self._arrive(each, now)
        return len(claimed)

    def _arrive(self, claimed: Claimed, now: datetime) -> None:
        row = claimed.row
        if row.kind is not SendKind.PROVISION:
            with self.store.reading() as reads:
                view = row.view or present(reads, row.community, row.subject, now)
                if isinstance(view, Letter):
                    letter = opened(view, lambda subject: present(reads, row.community, subject, now))
                    view = in_chat(letter)[0] if letter is not None else None
            assert view is not None
            checked_view(view)
            if row.kind is SendKind.POST:
                self.posts[row.id] = Posted(row.lane.place, view, row.subject)
            elif claimed.remote == START_PAGE:
                before = self.pages.get(row.lane.place)
                edits = before.edits + 1 if before is not None else 1
                self.pages[row.lane.place] = Posted(row.lane.place, view, row.subject, edits)
            else:
                posted = self.posts[claimed.remote]
                self.posts[claimed.remote] = replace(posted, view=view, edits=posted.edits + 1)
        with self.store.writing([self.id]) as work:
            work.outbox.delivered(claimed, "test", claimed.remote or row.id, now, 0)
            if row.kind is SendKind.PROVISION:
                place = f"#{self.group(row.subject)}" if self.id == MAG else f"#{self.id}-{self.group(row.subject)}"
                given = {"group": row.subject, "platform": "terminal", "place": place, "name": place}
                assert self.engine.decide(work, self.system("room opened", f"room:{row.id}", **given)).done
            elif row.tag:
                answer = self.engine.decide(work, self.system("delivered", f"delivered:{row.id}", tag=row.tag))
                assert answer.done, spoken(answer.view)

    def group(self, group_id: str) -> str:
        """A room's name for a group."""
        from bot.domain.groups import Group
        from bot.domain.names import channel_name

        with self.store.reading() as reads:
            found_ = reads.get(Group, self.id, group_id)
        assert found_ is not None
        return channel_name(found_.short_name)

    def in_room(self, place: str) -> list[str]:
        """The words of every message in a room, as last shown."""
        return [each.words for each in self.posts.values() if each.place == place]

    def told(self, person: str) -> list[str]:
        """The words of every direct message to a person."""
        return self.in_room(f"@{person}")

    def page(self, person: str) -> str:
        """The words of a person's start page, as it was last brought up to date since it was opened."""
        return self.pages[page_of(person)].words

    def tally(self, subject: str) -> Tally:
        """The tally on a live card."""
        view = next(each.view for each in self.posts.values() if each.subject == subject)
        assert isinstance(view, Card)
        return next(block for block in view.blocks if isinstance(block, Tally))

    def card(self, subject: str) -> str:
        """The words of a live card as it stands in its room."""
        return next(each.words for each in self.posts.values() if each.subject == subject)

    def seconds(self, span: str) -> float:
        """A span in seconds."""
        return parse_span(span).total_seconds()

    # What most stories begin with.

    def proposed(self, name: str = "WG-MWP", by: str = PRIVATE, more: str = "") -> None:
        """A proposal is posted, and its consultation open."""
        self.does(by, f'propose new "Work of {name}" {name} {GOOD} {more}')

    def consulted(self, name: str = "WG-MWP", by: str = PRIVATE) -> None:
        """Feedback came, the consultation is over, the consensus check is open."""
        self.proposed(name, by)
        self.does(CIVIL, f"consult comment {name} Good idea.")
        self.later("7d")

    def checked(self, name: str = "WG-MWP", by: str = PRIVATE) -> None:
        """Enough members of every stakeholder group support it, and the check is over."""
        self.consulted(name, by)
        for person in self.supporters():
            self.does(person, "consensus support")
        self.later("7d")

    def supporters(self) -> list[str]:
        """Four members of every stakeholder group."""
        groups: dict[str, list[str]] = defaultdict(list)
        for founder in self.founders:
            if founder.role in (Role.CHAIR, Role.MEMBER):
                groups[founder.stakeholder_group].append(founder.name)
        return [name for names in groups.values() for name in names[:4]]

    def approved(self, name: str = "WG-MWP", by: str = PRIVATE) -> None:
        """The Chair approved it and appointed two co-facilitators; it is active."""
        self.checked(name, by)
        self.does(CHAIR, f"approve {name} {PRIVATE}, {TECHNICAL}")
