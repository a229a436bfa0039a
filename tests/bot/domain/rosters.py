"""What tests of rosters are told with: lines of a file, rows, and a roster that is imported again and again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from adapters.shared.words import Words
from bot.domain.community import REGIONAL_GROUPS, STAKEHOLDER_GROUPS, Community, Settings, Titles
from bot.domain.events import Fact, apply
from bot.domain.ids import CommunityId
from bot.domain.people import Account, Person, Role, Seat
from bot.domain.records import Gone
from bot.domain.roster import Difference, changes, events
from bot.domain.roster_csv import COLUMNS, Problem, Reading, Row, read_roster
from bot.domain.roster_fields import AccountName
from storage.memory import MemoryUnitOfWork

SAMPLE = Path(__file__).parents[3] / "samples" / "roster.csv"
MAG = Community(
    CommunityId("mag"),
    "IGF MAG",
    "Europe/Zurich",
    "en",
    Titles(),
    STAKEHOLDER_GROUPS,
    REGIONAL_GROUPS,
    Settings(),
    sample=True,
    cycle=1,
)
HEADER = ",".join(COLUMNS)
BAO = "Bao B.,bao@mag.example,Government,GRULAC,member,,"
AMINA = "Amina A.,amina@mag.example,Civil Society,WEOG,chair,,"
DESK = "Desk,desk@mag.example,,,secretariat,,"


def read(*lines: str, header: str = HEADER) -> Reading:
    return read_roster("\n".join([header, *lines]), MAG)


def row(**values: str) -> str:
    """A good row, but for these values."""
    good = {"name": "Nia N.", "email": "nia@mag.example", "stakeholder_group": "Government", "role": "member"}
    return ",".join({**dict.fromkeys(COLUMNS, ""), **good, **values}.values())


def reasons(problems: Iterable[Problem]) -> list[tuple[int, str, str]]:
    """Line, column and reason of every problem."""
    return [(each.line, each.column, Words().say(each.reason)) for each in problems]


_WORDS = st.text("abcÅéŁЖя赵钱عمک", min_size=1, max_size=8).map(lambda text: f"N{text}")
_ROWS = st.builds(
    lambda number, name, place, accounts: Row(
        0, name, f"p{number}@mag.example", place[0], place[1], place[2], accounts
    ),
    st.integers(0, 12),
    _WORDS | st.builds('{}, "{}"; {}'.format, _WORDS, _WORDS, _WORDS),
    st.sampled_from(
        [(Role.MEMBER, group, region) for group in STAKEHOLDER_GROUPS[:2] for region in ("", "GRULAC")]
        + [(Role.CHAIR, "Civil Society", "WEOG"), (Role.OBSERVER, "", ""), (Role.SECRETARIAT, "", "")]
    ),
    st.sets(st.integers(0, 12), max_size=1).map(
        lambda users: tuple(AccountName("matrix", "mag.example", f"@u{user}:mag.example") for user in users)
    ),
)


def _without_contradictions(found: list[Row]) -> list[Row]:
    chosen: list[Row] = []
    for each in found:
        emails = {other.email for other in chosen}
        users = {account for other in chosen for account in other.accounts}
        second_chair = each.role is Role.CHAIR and any(other.role is Role.CHAIR for other in chosen)
        if each.email not in emails and not users & set(each.accounts) and not second_chair:
            chosen.append(each)
    return chosen


ROSTERS = st.lists(_ROWS, min_size=1, max_size=12).map(_without_contradictions)


class Roster:
    """A roster in memory, imported again and again."""

    def __init__(self, work: MemoryUnitOfWork) -> None:
        self.work = work
        self.ids = 0

    def difference(self, found: Iterable[Row], **options: Any) -> Difference:
        return changes(self.work, MAG, tuple(found), **options)

    def happen(self, happened: Iterable[Any]) -> list[Any]:
        done = list(happened)
        for event in done:
            for change in apply(self.work, Fact(MAG.id, datetime(2027, 1, 11, tzinfo=UTC), None, event)):
                if isinstance(change, Gone):
                    self.work.drop(change.record)
                else:
                    self.work.put(change)
        return done

    def new_id(self) -> str:
        self.ids += 1
        return f"person{self.ids}"

    def imports(self, *lines: str, header: str = HEADER, **options: Any) -> list[Any]:
        """Import these lines, all of them good; what happened."""
        reading = read(*lines, header=header)
        assert reading.problems == ()
        difference = self.difference(reading.rows, **options)
        assert difference.problems == ()
        return self.happen(events(difference, MAG.cycle, self.new_id))

    def refuses(self, *lines: str, **options: Any) -> list[tuple[int, str, str]]:
        """The rows among these that are at odds with the roster."""
        difference = self.difference(read(*lines).rows, **options)
        return reasons(difference.problems)

    def owner(self, platform: str, team: str, user: str) -> str:
        account = self.work.get(Account, MAG.id, platform, team, user)
        person = self.work.get(Person, MAG.id, account.person) if account else None
        return person.name if person else ""

    def role(self, email: str) -> Role | None:
        (person,) = self.work.all(Person, community=MAG.id, email=email)
        seat = self.work.get(Seat, MAG.id, MAG.cycle, person.id)
        return seat.role if seat else None
