"""Completing a working group: its final report, and what became of each output its charter expected.

Source: "Active → Completed: co-facilitators ask, the Chair confirms". Outputs that are not accounted for, and a final report
that is missing, are shown to everybody and hold nothing up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.errors import Invalid, NotNow
from bot.domain.events import Fact, applies, event
from bot.domain.groups import PHRASES, Group, Stage
from bot.domain.ids import CommunityId, GroupId, PersonId
from bot.domain.records import Reads, record
from bot.text import Say, T, Text, Tn, joined, term

_LISTED = re.compile(r"\s*(?:[-*•–]|\d+[.)]) +(\S.*)")
_ACCOUNT = re.compile(r"\s*(\d{1,4})\s*[.:)]?\s*(.*)", re.DOTALL)
_NOT = re.compile(r"not delivered\b[\s:,.–-]*(.*)", re.IGNORECASE | re.DOTALL)
_DELIVERED = re.compile(r"delivered\b[\s:,.–-]*(.*)", re.IGNORECASE | re.DOTALL)
_NEXT = re.compile(r"\n|;\s*(?=\d{1,4}\s*[.:)])")


@dataclass(frozen=True, slots=True)
class Account:
    """What became of an expected output: delivered, with where it is, or not delivered, with why not."""

    output: int
    delivered: bool
    text: str


@record(key="community group")
class Completion:
    """That a group's co-facilitators hold its work to be done. `returned`: the Chair does not confirm it, and why."""

    community: CommunityId
    group: GroupId
    asked_by: PersonId
    asked_at: datetime
    report: str
    accounts: tuple[Account, ...]
    returned: bool = False
    why: str = ""


@event("completion.asked", private="report accounts")
class CompletionAsked:
    """The co-facilitators handed in the final report, and ask the Chair to confirm the completion of a group at work."""

    group: GroupId
    asked_by: PersonId
    report: str
    accounts: tuple[tuple[int, bool, str], ...]


@event("completion.returned", private="why")
class CompletionReturned:
    """The Chair does not confirm it, and said why."""

    group: GroupId
    why: str


@applies(CompletionAsked)
def _asked(reads: Reads, fact: Fact, event: CompletionAsked) -> Iterable[Any]:
    accounts = tuple(Account(*each) for each in event.accounts)
    yield Completion(fact.community, event.group, event.asked_by, fact.at, event.report, accounts)


@applies(CompletionReturned)
def _returned(reads: Reads, fact: Fact, event: CompletionReturned) -> Iterable[Any]:
    found = reads.get(Completion, fact.community, event.group)
    if found is not None:
        yield replace(found, returned=True, why=event.why)


def expected_outputs(text: str) -> tuple[str, ...]:
    """The outputs a charter's section names: the entries of its list, else its lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    listed = [found[1].strip() for line in lines if (found := _LISTED.match(line))]
    return tuple(listed or lines)


def accounts_in(text: str, expected: int) -> tuple[Account, ...]:
    """Accounts as they are typed, one a line: `1: https://…`, `2: not delivered: …`. Raises `Invalid`."""
    found: dict[int, Account] = {}
    for line in filter(str.strip, _NEXT.split(text)):
        matched = _ACCOUNT.fullmatch(line)
        if matched is None or not 0 < int(matched[1]) <= expected:
            raise Invalid(
                Tn(
                    "“{line}” does not begin with the number of an output; the charter expects {count}.",
                    "“{line}” does not begin with the number of an output; the charter expects {count}, 1 to {count}.",
                    expected,
                    line=line.strip()[:80],
                ),
                T("One a line: “1: https://…”, “2: not delivered: why”."),
                field="outputs",
            )
        number, said = int(matched[1]), matched[2].strip()
        undone = _NOT.fullmatch(said)
        marked = undone or _DELIVERED.fullmatch(said)
        words = marked[1].strip() if marked else said
        if not words:
            raise Invalid(
                T("Output {number} is not delivered, and why is not said.", number=number)
                if undone
                else T("Output {number} is delivered, and where it is is not said.", number=number),
                T("One a line: “1: https://…”, “2: not delivered: why”."),
                field="outputs",
            )
        found[number] = Account(number, undone is None, words)
    return tuple(found[number] for number in sorted(found))


def ask_completion(group: Group, person: PersonId, report: str, accounts: tuple[Account, ...]) -> CompletionAsked:
    """Hand in the final report; of a group at work, ask for its completion. An expired one has only the report left."""
    if group.stage not in (Stage.ACTIVE, Stage.EXPIRED):
        raise NotNow(
            T(
                "{group} is {stage}: only an active group is completed.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("See where it stands: {command}.", command=Say(f"show {group.short_name}")),
        )
    return CompletionAsked(
        group.id, person, report, tuple((each.output, each.delivered, each.text) for each in accounts)
    )


def waiting_completion(reads: Reads, group: Group) -> Completion | None:
    """The completion that waits for the Chair, if one does."""
    found = reads.get(Completion, group.community, group.id)
    return found if found is not None and not found.returned and group.stage is Stage.ACTIVE else None


def to_confirm(reads: Reads, group: Group) -> Completion:
    """The same, to be confirmed or returned. Raises `NotNow`."""
    found = waiting_completion(reads, group)
    if found is None:
        raise NotNow(
            T(
                "Nobody asks for the completion of {group}; it is {stage}.",
                group=group.short_name,
                stage=PHRASES[group.stage],
            ),
            T("Its co-facilitators do, when its work is done: {command}.", command=Say(f"complete {group.short_name}")),
        )
    return found


def lacking(completion: Completion, outputs: tuple[str, ...]) -> tuple[Text, ...]:
    """What is missing from a completion: said to everybody, and nothing is held up by it."""
    found: list[Text] = []
    if not completion.report:
        found.append(T("There is no final report."))
    accounted = {each.output for each in completion.accounts}
    missing = [term(str(number)) for number in range(1, len(outputs) + 1) if number not in accounted]
    if missing:
        found.append(
            Tn(
                "Expected output {numbers} is not accounted for.",
                "Expected outputs {numbers} are not accounted for.",
                len(missing),
                numbers=joined(missing, ", "),
            )
        )
    return tuple(found)
