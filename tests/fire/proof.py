"""What must be so when the fire is out: nothing acknowledged is lost, nothing is there or was said twice, and the log is whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg

from adapters.matrix.client import TXN
from bot.domain.consensus.checks import Check, Held
from bot.domain.dues import Due
from bot.domain.ids import CommunityId
from bot.domain.people import Person
from storage.store import SqlStore
from storage.verify import verify
from tests.fire.crowd import POLL, TEXT, Told
from tests.support.matrix.plain import Plain
from tests.support.slack.people import People

LATE_SECONDS = 60.0
"""How late a deadline may be met under fire: a restart of the database, and the next look."""

QUESTION = re.compile(r"Question [a-z]+\d+ of the day\?")
CLOSED = "SELECT body, at FROM audit WHERE community = %s AND name = 'check.closed'"
TAKEN = "SELECT origin, count(*) FROM audit WHERE community = %s AND name = 'position.taken' GROUP BY origin"


def waiting(url: str) -> tuple[int, int]:
    """Rows of the outbox that are still to be sent, and those that were given up."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT count(*) FILTER (WHERE state < 2), count(*) FILTER (WHERE state = 3) FROM outbox"
        )
        ((waits, dead),) = rows.fetchall()
    return waits, dead


STATE = {
    "waiting": "SELECT kind, platform, place, subject, state, attempts, error FROM outbox WHERE state < 2 OR state = 3 LIMIT 40",
    "lanes": "SELECT platform, place, owner, next_at - now() FROM lane WHERE waiting = 1",
    "leases": "SELECT name, owner, fence, until - now() FROM lease",
    "due": "SELECT kind, subject, due_at FROM due ORDER BY due_at LIMIT 12",
    "logged": "SELECT sequence, at, name, origin FROM audit WHERE name NOT LIKE 'position%' ORDER BY sequence DESC LIMIT 25",
}


def state(url: str) -> str:
    """What lies in the database, for whoever looks for what went wrong."""
    with psycopg.connect(url) as connection:
        found = {name: connection.execute(query.encode()).fetchall() for name, query in STATE.items()}
    return "\n".join(
        f"{name}\n" + "\n".join(f"  {' | '.join(map(str, row))}" for row in rows) for name, rows in found.items()
    )


REQUESTED = "SELECT origin, at FROM inbox WHERE origin LIKE %s"
POSTED = "SELECT id, kind, subject, state, attempts, error, settled_at FROM outbox WHERE under = %s OR subject LIKE %s"


def asked_of(url: str, event: str) -> str:
    """What the database knows of an event in Matrix: requests it was, and rows of the outbox that answer it."""
    with psycopg.connect(url) as connection:
        asked = connection.execute(REQUESTED, [f"%{event}%"]).fetchall()
        posted = connection.execute(POSTED, [event, f"%{event}%"]).fetchall()
    return f"requests {asked}, rows {posted}"


class Proof:
    """Looks at the database, and at what people see."""

    def __init__(self, url: str, store: SqlStore, community: CommunityId, told: Told) -> None:
        self._url = url
        self._store = store
        self._community = community
        self._told = told
        self.findings: list[str] = []

    def ledger(self) -> str:
        """The log, the tallies, the positions, the questions, the deadlines."""
        for problem in verify(self._store, self._community):
            self._found(f"audit: {problem}")
        with self._store.reading() as reads:
            checks = reads.all(Check, community=self._community)
            held = reads.all(Held, community=self._community, check=self._told.formation)
            dues = list(reads.scan(Due, self._community))
        for each in self.disagreeing():
            self._found(each)
        asked = Counter(each.question for each in checks)
        for question in self._told.opened:
            if asked[question] != 1:
                self._found(f"{question!r} was acknowledged and is there {asked[question]} times")
        for question, times in asked.items():
            if QUESTION.fullmatch(question) and (times != 1 or question not in (*self._told.opened, *self._told.maybe)):
                self._found(f"{question!r} is there {times} times")
        late = self._deadlines(checks)
        overdue = [due for due, _ in self._store.due(datetime.now(UTC), 100)]
        if overdue:
            self._found(f"deadlines that have come and are not met: {overdue}")
        self._origins()
        return f"{len(checks)} checks, {len(held)} positions, {len(dues)} deadlines to come, the latest met {late:.1f} s late"

    def disagreeing(self) -> list[str]:
        """Who holds another position than they were told, in the formation's check."""
        with self._store.reading() as reads:
            people = {each.id: each.name for each in reads.all(Person, community=self._community)}
            found = reads.all(Held, community=self._community, check=self._told.formation)
        held = {people[each.person]: each.position.value for each in found}
        return [
            f"{who} holds {held.get(who)}, and was told {sorted(positions)}"
            for (who, _), positions in self._told.held.items()
            if held.get(who) not in positions
        ]

    def _deadlines(self, checks: Sequence[Check]) -> float:
        """Each check closed once, never early; how late at most."""
        with psycopg.connect(self._url) as connection:
            rows = connection.execute(CLOSED, [self._community]).fetchall()
        closed = Counter(int(re.findall(r'"check":\s*(\d+)', body)[0]) for body, _ in rows)
        at = {int(re.findall(r'"check":\s*(\d+)', body)[0]): when for body, when in rows}
        latest = 0.0
        for check in checks:
            over = check.closed_at is not None
            if closed[check.number] != int(over):
                self._found(f"check {check.number} closed {closed[check.number]} times")
            if over and check.number in at:
                late = (at[check.number] - check.closes_at).total_seconds()
                if late < 0:
                    self._found(f"check {check.number} closed {-late:.1f} s early")
                elif not self._jumped(late):
                    latest = max(latest, late)
        if latest > LATE_SECONDS:
            self._found(f"a deadline was met {latest:.1f} s late")
        return latest

    def _jumped(self, late: float) -> bool:
        """Whether the clock was moved past it: days go by in a moment."""
        return late > 24 * 3600

    def _origins(self) -> None:
        """A click is one position, however often it came."""
        with psycopg.connect(self._url) as connection:
            for origin, times in connection.execute(TAKEN, [self._community]).fetchall():
                if times > 1:
                    self._found(f"{origin} took {times} positions")

    def slack(self, people: People, user: str, channel: str) -> str:
        """Each announcement stands in the channel once."""
        with self._store.reading() as reads:
            checks = reads.all(Check, community=self._community)
        shown = [each for each in people.messages(user, channel) if each.raw.get("metadata")]
        rows = Counter(each.raw["metadata"]["event_payload"]["row"] for each in shown if not each.thread)
        for row, times in rows.items():
            parts = {each.raw["metadata"]["event_payload"].get("part") for each in shown
                     if each.raw["metadata"]["event_payload"]["row"] == row}  # fmt: skip
            if times > len(parts):
                self._found(f"row {row} stands {times} times in Slack")
        titles = Counter(
            found[0] for each in shown if ((found := QUESTION.findall(each.text)) and each.buttons) or found
        )
        for check in checks:
            if QUESTION.fullmatch(check.question) and titles[check.question] == 0:
                self._found(f"{check.question!r} was not announced in Slack")
        return f"{len(shown)} messages in Slack"

    def matrix(self, person: Plain, room: str, bot: str) -> str:
        """Each announcement stands in the room once, with one poll; each thing asked has one answer."""
        events = [each for each in person.history(room) if each["sender"] == bot and each["content"]]
        first = [each for each in events if not _edit(each)]
        under = Counter(thread_of(each) for each in first if thread_of(each))
        for event in self._told.asked[room]:
            if under[event] != 1:
                self._found(f"{event} was answered {under[event]} times in Matrix")
        with self._store.reading() as reads:
            checks = [each.question for each in reads.all(Check, community=self._community)]
        for txn, times in Counter(str(each["content"].get(TXN)) for each in events if TXN in each["content"]).items():
            if times > 1:
                self._found(f"transaction {txn} is {times} events in Matrix")
        cards = Counter(
            question
            for each in first
            if each["type"] == "m.room.message" and not thread_of(each)
            for question in QUESTION.findall(str(each["content"].get("body")))
        )
        polls = Counter(
            question
            for each in first
            if each["type"] == f"{POLL}start"
            for question in QUESTION.findall(str(each["content"][f"{POLL}start"]["question"].get(TEXT)))
        )
        for question in checks:
            if QUESTION.fullmatch(question) and (cards[question] == 0 or polls[question] > 1):
                self._found(f"{question!r} stands {cards[question]} times in Matrix, with {polls[question]} polls")
        return f"{len(first)} messages and {len(events) - len(first)} edits in Matrix, {len(self._told.asked[room])} answers"

    def answered(self, room: str, under: Counter[str]) -> str:
        """Each thing asked in an encrypted room has one answer."""
        asked = self._told.asked[room]
        for number, event in enumerate(asked, 1):
            if under[event] != 1:
                self._found(
                    f"{event}, {number} of {len(asked)}, was answered {under[event]} times where it is encrypted"
                )
        return f"{len(asked)} answers encrypted"

    def _found(self, what: str) -> None:
        self.findings.append(what)


def _edit(event: dict[str, object]) -> bool:
    return (event["content"].get("m.relates_to") or {}).get("rel_type") == "m.replace"  # type: ignore[attr-defined]  # JSON


def thread_of(event: dict[str, object]) -> str:
    """The event that a thread an event is in began with; "" for one in none."""
    relation = event["content"].get("m.relates_to") or {}  # type: ignore[attr-defined]  # JSON
    return str(relation.get("event_id") or "") if relation.get("rel_type") == "m.thread" else ""
