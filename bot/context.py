"""What a handler is given: the state, who speaks, where, when; and where it says what happened. No way to send anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from bot.domain.community import Community
from bot.domain.events import Fact, apply
from bot.domain.ids import CommunityId, PersonId, derived
from bot.domain.people import Account, Person, Role, Seat, account_of, seat_of
from bot.domain.records import Gone, Reads
from bot.ports import UnitOfWork
from bot.text import PersonName


class Origin(StrEnum):
    """Whose request it is: a person's account, or the software's own (the clock, the relay, an operator)."""

    ACCOUNT = "account"
    SYSTEM = "system"


class Posting(StrEnum):
    """Whether an answer is posted where it was said, because nobody waits for it: all of them, or only what was not done.

    It goes out with everything else that was decided. What was done by a tap is seen on its card, and is not said again.
    """

    NO = ""
    ALL = "all"
    UNDONE = "undone"


class Space(msgspec.Struct, frozen=True):
    """Where something was said. `private`: only the speaker reads answers here (a direct message).

    `closed`: not every member can enter, so it can be nobody's home. `name` is what people call it, where that differs
    from how the platform addresses it. `window` tells forms apart where one place can hold several at once (a
    modal); such a form keeps what is typed itself, so that a draft is stored only when there is something to keep.
    `thread` is the message under which it was said, where a place has threads: each may hold a form.
    """

    platform: str
    team: str
    place: str
    private: bool = False
    closed: bool = False
    name: str = ""
    window: str = ""
    thread: str = ""

    @property
    def form(self) -> str:
        """What tells the forms of one place apart."""
        return self.window or self.thread


class Request(msgspec.Struct, frozen=True):
    """One thing asked of a community.

    `origin` identifies it for ever (a platform's event id; a deadline's id and time): the same origin is the same
    request. `at` is when the platform received it (UTC); `typed` what the person typed, to be given back if refused.
    `verified_email` is an address the platform vouches for. `posting`: whether
    its answer is posted. `user_team` is the account's own server, where people of several meet in one room.
    """

    community: CommunityId
    space: Space
    command: str
    origin: str
    at: datetime
    user: str = ""
    user_name: str = ""
    verified_email: str = ""
    arguments: dict[str, str] = {}
    typed: str = ""
    system: bool = False
    posting: Posting = Posting.NO
    user_team: str = ""

    @property
    def team(self) -> str:
        """The workspace or server the account is of."""
        return self.user_team or self.space.team


class Actor:
    """Who speaks: an account, and the person and seat behind it where they are known. Everything loads when asked for."""

    def __init__(self, reads: Reads, community: Community, request: Request) -> None:
        self.system = request.system
        self.account: Account | None = None
        self.person: PersonId | None = None
        self._reads = reads
        self._community = community
        if not request.system:
            space = request.space
            self.account = account_of(reads, community.id, space.platform, request.team, request.user)
            if self.account is not None:
                self.person = self.account.person

    @property
    def seat(self) -> Seat | None:
        """The speaker's seat in the current cycle."""
        return seat_of(self._reads, self._community, self.person)

    def has_role(self, *roles: Role) -> bool:
        """Whether the speaker is seated in one of the roles."""
        seat = self.seat
        return seat is not None and seat.role in roles


class Context:
    """One request being decided. Read from `reads`; say what happened with `happen`."""

    def __init__(self, reads: Reads, community: Community, request: Request, now: datetime) -> None:
        self.reads = reads
        self.community = community
        self.request = request
        self.now = now
        self.sent = now
        """When the platform has it that it was sent, however long ago; `now` is not further back than the engine allows."""
        self.actor = Actor(reads, community, request)
        self.facts: list[Fact] = []
        self.notes: list[Fact] = []
        self._ids = 0

    @property
    def id(self) -> CommunityId:
        """The community's id."""
        return self.community.id

    @property
    def person(self) -> PersonId:
        """The person who speaks; only for commands that ask for one."""
        if self.actor.person is None:
            raise LookupError("nobody speaks")
        return self.actor.person

    @property
    def zone(self) -> str:
        """The zone times are meant in: the speaker's own, else the community's."""
        person = self.reads.get(Person, self.id, self.actor.person) if self.actor.person else None
        return (person.zone if person else "") or self.community.zone

    def new_id(self) -> str:
        """An id that is the same if this request is decided again."""
        self._ids += 1
        return derived(self.request.origin, self._ids)

    def happen(self, *events: Any) -> None:
        """Record events, in order; the state read from here on has them."""
        for each in events:
            self.occur(each)

    def occur(self, event: Any) -> None:
        """Record one event."""
        raise NotImplementedError

    def all_happen(self, events: Iterable[Any]) -> None:
        """Record events as they are decided: each decision sees the state the ones before left."""
        for each in events:
            self.occur(each)

    def note(self, happening: Any) -> None:
        """Something people are to hear of that is no act of the body's: it has reactions, and is not logged."""
        self.notes.append(Fact(self.id, self.now, self.actor.person, happening))

    def keep(self, record: Any) -> None:
        """Keep a record that is not logged (a draft)."""
        raise NotImplementedError

    def discard(self, record: Any) -> None:
        """Drop a record that is not logged."""
        raise NotImplementedError

    def attempting(self) -> AbstractContextManager[None]:
        """What happens inside is undone when it raises; what was before stays."""
        raise NotImplementedError

    def rehearsing(self, _person: PersonId) -> AbstractContextManager[None]:
        """Try something out as another person; whatever happens inside is undone."""
        raise NotImplementedError

    def name_of(self, person: PersonId | None) -> PersonName:
        """A person's name, to be shown."""
        found = self.reads.get(Person, self.id, person) if person else None
        return PersonName(str(person or ""), found.name if found else "—")


def seen_by(
    reads: Reads, community: Community, person: PersonId, now: datetime, space: Space | None = None, user: str = ""
) -> Context:
    """What a person is shown without having asked (their start page, a reminder), as they would see it: to be read only.

    `space` and `user` are the page and the account it is shown to, where that matters.
    """
    request = Request(community.id, space or Space("system", "", ""), "", "", now, user=user, system=True)
    context = Context(reads, community, request, now)
    context.actor.person = person
    return context


class DecidingContext(Context):
    """A context that writes: its events change the unit of work at once."""

    def __init__(self, work: UnitOfWork, community: Community, request: Request, now: datetime) -> None:
        super().__init__(work, community, request, now)
        self._work = work

    def occur(self, event: Any) -> None:
        fact = Fact(self.id, self.now, self.actor.person, event)
        for change in apply(self._work, fact):
            if type(change) is Gone:
                self._work.drop(change.record)
            else:
                self._work.put(change)
                if type(change) is Community:
                    self.community = change
        self.facts.append(fact)

    def keep(self, record: Any) -> None:
        self._work.put(record)

    def discard(self, record: Any) -> None:
        self._work.drop(record)

    def _undo_to(self, mark: int, facts: int, notes: int, community: Community) -> None:
        self.community = community
        del self.facts[facts:]
        del self.notes[notes:]
        self._work.undo(mark)

    @contextmanager
    def attempting(self) -> Iterator[None]:
        mark, facts, notes, community = self._work.mark(), len(self.facts), len(self.notes), self.community
        try:
            yield
        except Exception:
            self._undo_to(mark, facts, notes, community)
            raise

    @contextmanager
    def rehearsing(self, _person: PersonId) -> Iterator[None]:
        mark, facts, notes, community = self._work.mark(), len(self.facts), len(self.notes), self.community
        speaker = self.actor.person
        self.actor.person = _person
        try:
            yield
        finally:
            self.actor.person = speaker
            self._undo_to(mark, facts, notes, community)
