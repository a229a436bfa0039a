"""The roster: what importing one changes.

People are told apart by their e-mail address, in whatever case. A second import changes only what changed; whoever is
not in the file is listed, and loses the seat only where that is asked for. A person has one seat, and one Chair is
seated at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.community import Community
from bot.domain.ids import PersonId
from bot.domain.names import fold
from bot.domain.people import (
    Account,
    AccountLinked,
    AccountUnlinked,
    Person,
    PersonAdded,
    PersonChanged,
    Role,
    Seat,
    SeatEnded,
    seated,
)
from bot.domain.records import Reads
from bot.domain.roster_csv import Problem, Row
from bot.domain.roster_fields import AccountName
from bot.domain.roster_seats import KEEPERS, Place, given, nobody_left, place_of, typed_name
from bot.text import PersonName, Say, T, Text


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes. `person` is None for someone new, `before` for someone without a seat in this cycle."""

    row: Row
    person: Person | None
    before: Place | None
    place: Place
    linked: tuple[AccountName, ...] = ()
    unlinked: tuple[Account, ...] = ()

    @property
    def added(self) -> bool:
        """Whether a person becomes known."""
        return self.person is None

    @property
    def renamed(self) -> bool:
        """Whether a known person's name is written otherwise."""
        return self.person is not None and self.person.name != self.row.name

    @property
    def reseated(self) -> bool:
        """Whether a person is given a seat, or another one than before."""
        return self.before != self.place

    @property
    def changes(self) -> bool:
        """Whether anything changes at all."""
        return self.added or self.renamed or self.reseated or bool(self.linked or self.unlinked)


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import changes, in the order of the file.

    `missing` are the people seated who are not in the file; `ends` says whether they lose their seats. `problems` are
    rows at odds with what is on the roster; they change nothing.
    """

    changed: tuple[Change, ...]
    unchanged: int
    missing: tuple[tuple[Person, Seat], ...] = ()
    ends: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not self.changed and not (self.ends and self.missing)


@dataclass(slots=True)
class _Known:
    """The roster as it stands, read once."""

    people: dict[str, Person]
    by_id: dict[PersonId, Person]
    seats: dict[PersonId, Seat]
    accounts: dict[PersonId, list[Account]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[tuple[str, str], list[Account]] = field(default_factory=lambda: defaultdict(list))


def _known(reads: Reads, community: Community, *, accounts: bool) -> _Known:
    everyone = reads.all(Person, community=community.id)
    known = _Known(
        {person.email.lower(): person for person in everyone if person.email},
        {person.id: person for person in everyone},
        {seat.person: seat for seat in seated(reads, community)} if community.cycle else {},
    )
    for account in reads.all(Account, community=community.id) if accounts else ():
        known.accounts[account.person].append(account)
        known.holders[account.platform, account.user].append(account)
    return known


def changes(
    reads: Reads,
    community: Community,
    rows: Sequence[Row],
    *,
    skipped: frozenset[str] = frozenset(),
    remove_missing: bool = False,
) -> Difference:
    """What importing `rows` changes. `skipped` are addresses in rows that cannot be used: they are not missing.

    An account in a row is the person's from then on; where it is new, it takes the place of their others on that
    platform (a mistyped one must not go on speaking for them). A blank account changes nothing.
    """
    known = _known(reads, community, accounts=any(row.accounts for row in rows))
    named = {row.email for row in rows}
    missing = tuple(
        (known.by_id[person], seat)
        for person, seat in known.seats.items()
        if person in known.by_id
        and known.by_id[person].email.lower() not in named
        and known.by_id[person].email.lower() not in skipped
    )
    planned = [_planned(known, row) for row in rows]
    problems = _Conflicts(known, planned, missing, remove_missing=remove_missing).problems()
    good = [change for change in planned if change.row.line not in problems]
    changed = tuple(change for change in good if change.changes)
    return Difference(
        changed,
        len(good) - len(changed),
        missing,
        remove_missing,
        tuple(problems[line] for line in sorted(problems)),
    )


def _planned(known: _Known, row: Row) -> Change:
    person = known.people.get(row.email)
    seat = known.seats.get(person.id) if person else None
    region = row.regional_group
    if region is None:
        region = seat.regional_group if seat else ""
    place = Place(row.role, row.stakeholder_group, region)
    linked: list[AccountName] = []
    unlinked: list[Account] = []
    for account in row.accounts:
        theirs = known.accounts[person.id] if person else []
        mine = [each for each in theirs if each.platform == account.platform]
        if not any(account.names(each.platform, each.team, each.user) for each in mine):
            linked.append(account)
            unlinked += mine
    return Change(row, person, place_of(seat) if seat else None, place, tuple(linked), tuple(unlinked))


class _Conflicts:
    """Rows that want what another person has: an account, or the Chair's seat.

    They may have it where that person's own row gives it up, as long as that row is good itself.
    """

    def __init__(
        self,
        known: _Known,
        planned: Sequence[Change],
        missing: Sequence[tuple[Person, Seat]],
        *,
        remove_missing: bool,
    ) -> None:
        self._known = known
        self._planned = planned
        self._missing = {person.id: person for person, _ in missing}
        self._chair = next((seat for seat in known.seats.values() if seat.role is Role.CHAIR), None)
        if remove_missing and self._chair is not None and self._chair.person in self._missing:
            self._chair = None
        self._giving: dict[Account | Seat, int] = {}
        for number, change in enumerate(planned):
            self._giving.update(dict.fromkeys(change.unlinked, number))
            seat = known.seats.get(change.person.id) if change.person else None
            if seat is not None and seat.role is Role.CHAIR and change.place.role is not Role.CHAIR:
                self._giving[seat] = number

    def problems(self) -> dict[int, Problem]:
        """The rows that cannot be, by line. A row that falls takes with it those that waited for what it gave up."""
        found: dict[int, Problem] = {}
        waiting: dict[int, list[Problem]] = defaultdict(list)
        fallen: list[Problem] = []
        for change in self._planned:
            for wanted, problem in self._wants(change):
                giver = self._giving.get(wanted)
                if giver is None:
                    fallen.append(problem)
                else:
                    waiting[self._planned[giver].row.line].append(problem)
        fallen += self._namesakes()  # looked at first: it explains why an account is taken, too
        while fallen:
            problem = fallen.pop()
            if problem.line not in found:
                found[problem.line] = problem
                fallen += waiting[problem.line]
        return found

    def _wants(self, change: Change) -> Iterator[tuple[Account | Seat, Problem]]:
        line, own = change.row.line, change.person.id if change.person else None
        for account in change.linked:
            for held in self._known.holders.get((account.platform, account.user), ()):
                same = held.team == account.team or "" in (held.team, account.team)
                if same and held.person != own:
                    yield held, Problem(line, f"{account.platform}_id", self._account_held(held), str(account))
        chair = self._chair
        if change.place.role is Role.CHAIR and chair is not None and chair.person != own:
            yield chair, Problem(line, "role", self._chair_seated(chair), str(Role.CHAIR))

    def _namesakes(self) -> Iterator[Problem]:
        """Somebody new with the name of somebody seated who is not in the file: the same person, most likely."""
        names = {fold(person.name): person for person in self._missing.values()}
        for change in self._planned:
            person = names.get(fold(change.row.name)) if change.added else None
            if person is not None:
                reason = T(
                    "{name} is seated with another e-mail address, which is not in the file. If the address changed, "
                    "type {command} and import again; if this is somebody else, write the name so that the two can "
                    "be told apart.",
                    name=PersonName(str(person.id), person.name),
                    command=Say(f"roster email {typed_name(person)} {change.row.email}"),
                )
                yield Problem(change.row.line, "email", reason, change.row.email)

    def _account_held(self, held: Account) -> Text:
        return T(
            "This is the account of {name}. Correct one of the two; an account moves where the file gives {name} "
            "another one.",
            name=self._name(held.person),
        )

    def _chair_seated(self, chair: Seat) -> Text:
        return T(
            "{name} is the Chair, and the file does not say what becomes of {name}. Give {name} another role in it, "
            "or type {command} first.",
            name=self._name(chair.person),
            command=Say(f"roster role {typed_name(self._known.by_id.get(chair.person))} member"),
        )

    def _name(self, person: PersonId) -> PersonName:
        found = self._known.by_id.get(person)
        return PersonName(str(person), found.name if found else "—")


def must_leave_somebody(reads: Reads, community: Community, difference: Difference) -> None:
    """Raise `NotNow` when nobody would be left who may change the roster."""
    before = {seat.person for seat in seated(reads, community, *sorted(KEEPERS))}
    left = set(before)
    for change in difference.changed:
        if change.place.role in KEEPERS:
            return
        if change.person is not None:
            left.discard(change.person.id)
    if difference.ends:
        left -= {person.id for person, _ in difference.missing}
    if before and not left:
        raise nobody_left()


def events(difference: Difference, cycle: int, new_id: Callable[[], str]) -> Iterator[Any]:
    """What happens by an import, in an order in which each can: given up before taken. `new_id` makes persons' ids."""
    if difference.ends:
        yield from (SeatEnded(cycle, person.id) for person, _ in difference.missing)
    people: dict[int, PersonId] = {}
    for change in difference.changed:
        row, person = change.row, change.person
        people[row.line] = person.id if person else PersonId(new_id())
        if person is None:
            yield PersonAdded(people[row.line], row.name, row.email)
        elif change.renamed:
            yield PersonChanged(person.id, row.name, person.email)
    for chair in (False, True):
        for change in difference.changed:
            place = change.place
            if change.reseated and (place.role is Role.CHAIR) is chair:
                yield given(cycle, people[change.row.line], place)
    for change in difference.changed:
        for held in change.unlinked:
            yield AccountUnlinked(held.platform, held.team, held.user, held.person)
    for change in difference.changed:
        for account in change.linked:
            yield AccountLinked(account.platform, account.team, account.user, people[change.row.line], "roster")
