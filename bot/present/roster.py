"""Cards of the roster: what an import changed, why it did not, and who is seated with the balance of groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from itertools import pairwise
from typing import Final

from bot.domain.community import Community
from bot.domain.ids import PersonId
from bot.domain.people import ASKED, Person, Role
from bot.domain.roster import Change, Difference
from bot.domain.roster_csv import Problem
from bot.domain.roster_seats import Place, Seated, place_of
from bot.present.names import ROLES, group_label
from bot.text import PersonName, Say, T, Text, Tn, UserText, joined, term
from bot.view import Block, Button, Card, Fact, Facts, Notice, Paragraph, Table, Tone, View

ROWS_SHOWN: Final = 50
"""Rows of one table of an import; the rest are counted."""

PAGE: Final = 50
"""People on one page of the roster."""

_RANGES_SHOWN: Final = 30

_PLATFORMS: Final = {"slack": "Slack", "matrix": "Matrix"}


# --- an import -----------------------------------------------------------------------------------------------------


def refused_import(problems: Sequence[Problem], good: int) -> Card:
    """Why nothing was imported, line by line."""
    count = len({problem.line for problem in problems})
    blocks: list[Block] = [
        Paragraph(T("Correct the file and import it again; nothing of it was kept.")),
        *_problems(problems),
    ]
    if good:
        blocks.append(
            Paragraph(
                Tn(
                    "The other row can be imported without these: {command}.",
                    "The other {count} rows can be imported without these: {command}.",
                    good,
                    command=Say("roster import --partial"),
                )
            )
        )
    title = Tn(
        "Nothing was imported: one line of the file cannot be used.",
        "Nothing was imported: {count} lines of the file cannot be used.",
        count,
    )
    return Card(title, tuple(blocks), tone=Tone.REFUSED)


def imported(difference: Difference, problems: Sequence[Problem], unused: Sequence[str]) -> View:
    """The difference an import made."""
    notes = _notes(difference, unused)
    changed = len(difference.changed) + (len(difference.missing) if difference.ends else 0)
    unchanged = Tn("one row is as it was", "{count} rows are as they were", difference.unchanged)
    if not changed and not problems and not notes:
        return Notice(T("No change: {unchanged}.", unchanged=unchanged), Tone.DONE)
    blocks: list[Block] = []
    if changed:
        title = Tn("The roster is imported: one change.", "The roster is imported: {count} changes.", changed)
        blocks.append(_counts(difference))
        blocks += _changes(difference)
    else:
        title = T("No change: {unchanged}.", unchanged=unchanged)
    if problems:
        left_out = len({problem.line for problem in problems})
        blocks.append(
            Paragraph(
                Tn(
                    "One line of the file cannot be used and was left out.",
                    "{count} lines of the file cannot be used and were left out.",
                    left_out,
                )
            )
        )
        blocks += _problems(problems)
    return Card(title, (*blocks, *notes), tone=Tone.ATTENTION if problems else Tone.DONE)


def _problems(problems: Sequence[Problem]) -> list[Block]:
    rows = tuple(
        (term(str(each.line)), term(each.column or "—"), each.reason, _typed(each.typed))
        for each in problems[:ROWS_SHOWN]
    )
    table = Table((T("Line"), T("Column"), T("What is wrong"), T("What stands there")), rows, numeric=(0,))
    more = problems[ROWS_SHOWN:]
    if not more:
        return [table]
    lines = sorted({each.line for each in more})
    return [
        table,
        Paragraph(
            Tn(
                "… and one more, on line {lines}.",
                "… and {count} more, on lines {lines}.",
                len(more),
                lines=_ranges(lines),
            )
        ),
    ]


def _typed(typed: str) -> Text:
    return T("{typed}", typed=UserText(typed)) if typed else term("—")


def _ranges(numbers: Sequence[int]) -> str:
    """`52–60, 71, 80–99`: sorted numbers, shortened."""
    starts = [numbers[0], *(after for before, after in pairwise(numbers) if after != before + 1)]
    ends = [*(before for before, after in pairwise(numbers) if after != before + 1), numbers[-1]]
    parts = [str(one) if one == last else f"{one}–{last}" for one, last in zip(starts, ends, strict=True)]
    return ", ".join(parts[:_RANGES_SHOWN]) + (", …" if len(parts) > _RANGES_SHOWN else "")


def _counts(difference: Difference) -> Facts:
    changed = difference.changed
    counts = (
        (T("Added"), sum(1 for each in changed if each.added)),
        (T("Seated"), sum(1 for each in changed if not each.added and each.before is None)),
        (T("Seats changed"), sum(1 for each in changed if each.before is not None and each.reseated)),
        (T("Names changed"), sum(1 for each in changed if each.renamed)),
        (T("Accounts linked"), sum(len(each.linked) for each in changed)),
        (T("Accounts unlinked"), sum(len(each.unlinked) for each in changed)),
        (T("Seats ended"), len(difference.missing) if difference.ends else 0),
        (T("Unchanged"), difference.unchanged),
    )
    return Facts(tuple(Fact(label, term(str(count))) for label, count in counts if count))


def _changes(difference: Difference) -> list[Block]:
    rows = [(_typed(each.row.name), joined(_what(each), "; ")) for each in difference.changed[:ROWS_SHOWN]]
    if difference.ends:
        rows += [
            (T("{name}", name=_name(person)), T("seat ended: {seat}", seat=seat_text(place_of(seat))))
            for person, seat in difference.missing[: ROWS_SHOWN - len(rows)]
        ]
    total = len(difference.changed) + (len(difference.missing) if difference.ends else 0)
    return [Table((T("Name"), T("What changes")), tuple(rows)), *_and_more(total - len(rows))]


def _and_more(count: int) -> list[Block]:
    return [Paragraph(Tn("… and one more.", "… and {count} more.", count))] if count else []


def _what(change: Change) -> list[Text]:
    said: list[Text] = []
    if change.person is not None and change.renamed:
        said.append(T("name, which was {before}", before=UserText(change.person.name)))
    if change.added:
        said.append(T("added: {seat}", seat=seat_text(change.place)))
    elif change.before is None:
        said.append(T("seated: {seat}", seat=seat_text(change.place)))
    else:
        said += _moves(change.before, change.place)
    said += [
        T("unlinked: {account}", account=account_text(each.platform, _id(each.team, each.user)))
        for each in change.unlinked
    ]
    said += [T("linked: {account}", account=account_text(each.platform, str(each))) for each in change.linked]
    return said


def _id(team: str, user: str) -> str:
    return user if user.startswith("@") or not team else f"{team}/{user}"


def _moves(before: Place, after: Place) -> list[Text]:
    pairs = (
        (ROLES[before.role], ROLES[after.role], before.role != after.role),
        (
            group_label(before.stakeholder_group),
            group_label(after.stakeholder_group),
            before.stakeholder_group != after.stakeholder_group,
        ),
        (
            region_label(before.regional_group),
            region_label(after.regional_group),
            before.regional_group != after.regional_group,
        ),
    )
    return [T("{before} → {after}", before=one, after=other) for one, other, moved in pairs if moved]


def _notes(difference: Difference, unused: Sequence[str]) -> list[Block]:
    notes: list[Block] = []
    if difference.missing and not difference.ends:
        rows = tuple(
            (T("{name}", name=_name(person)), seat_text(place_of(seat)))
            for person, seat in difference.missing[:ROWS_SHOWN]
        )
        notes += [
            Table((T("Name"), T("Seat")), rows, T("Seated, but not in the file")),
            *_and_more(len(difference.missing) - len(rows)),
            Paragraph(
                T(
                    "They keep their seats. To end one: {one}; to end them all, import with {all}.",
                    one=Say("roster unseat NAME"),
                    all="--remove-missing",
                )
            ),
        ]
    if unused:
        columns = joined([_typed(each) for each in unused], " · ")
        notes.append(Paragraph(T("Columns that mean nothing here, and were not read: {columns}.", columns=columns)))
    return notes


# --- labels --------------------------------------------------------------------------------------------------------


def seat_text(place: Place) -> Text:
    """`Member · Civil Society · GRULAC`."""
    parts = [ROLES[place.role], *(T(name) for name in (place.stakeholder_group, place.regional_group) if name)]
    return joined(parts, " · ")


def region_label(name: str) -> Text:
    """A regional group's name, or that there is none."""
    return T(name) if name else T("No regional group")


def account_text(platform: str, user: str) -> Text:
    """`Matrix @nia:example.org`."""
    return T("{platform} {user}", platform=_PLATFORMS.get(platform, platform), user=UserText(user))


def _name(person: Person) -> PersonName:
    return PersonName(str(person.id), person.name)


# --- who is seated -------------------------------------------------------------------------------------------------


def roster_card(
    community: Community,
    cycle: str,
    everyone: Sequence[Seated],
    page: int,
    *,
    filtered: str = "",
    addresses: bool = False,
    failing: Set[PersonId] = frozenset(),
) -> Card:
    """People with their seats, a page at a time; of all, on the first page, the balance of those who take positions."""
    pages = max(1, -(-len(everyone) // PAGE))
    shown = everyone[(page - 1) * PAGE : page * PAGE]
    columns = [T("Name"), T("Role"), T("Stakeholder group"), T("Regional group"), *([T("E-mail")] if addresses else [])]
    people = Table(tuple(columns), tuple(_row(each, failing, addresses=addresses) for each in shown))
    title = T("Roster of {body}, {cycle}", body=community.titles.body, cycle=cycle)
    if filtered:
        title = T(
            "Roster of {body}, {cycle}: {filter}", body=community.titles.body, cycle=cycle, filter=UserText(filtered)
        )
    whole = page == 1 and not filtered
    buttons = (Button(T("Chart"), "roster chart"),) if whole else ()
    footer = Tn("One person.", "{count} people.", len(everyone))
    if pages > 1:
        footer = joined([footer, T("Page {page} of {pages}.", page=page, pages=pages)])
    if page < pages:
        following = {**({"filter": filtered} if filtered else {}), "page": str(page + 1)}
        buttons = (Button(T("Next page"), "roster show", following), *buttons)
        command = " ".join(["roster show", *([filtered] if filtered else []), f"--page {page + 1}"])
        footer = joined([footer, T("The next: {command}.", command=Say(command))])
    blocks: list[Block] = [*(_balance(community, everyone) if whole else ()), people]
    return Card(title, tuple(blocks), buttons, footer=footer)


def _row(each: Seated, failing: Set[PersonId], *, addresses: bool) -> tuple[Text, ...]:
    seat = each.seat
    cells = (
        T("{name}", name=_name(each.person)),
        ROLES[seat.role],
        T(seat.stakeholder_group) if seat.stakeholder_group else term("—"),
        T(seat.regional_group) if seat.regional_group else term("—"),
    )
    if not addresses:
        return cells
    email = each.person.email or "—"
    return (*cells, T("{email} (mail comes back)", email=email) if each.person.id in failing else term(email))


def _balance(community: Community, everyone: Sequence[Seated]) -> Iterable[Block]:
    """Counts by group of those who take positions, and of everybody else by role."""
    asked = [each.seat for each in everyone if each.seat.role in ASKED]
    if asked:
        groups = Counter(seat.stakeholder_group for seat in asked)
        regions = Counter(seat.regional_group for seat in asked)
        yield _shares(T("Members asked, by stakeholder group"), community.stakeholder_groups, groups, group_label)
        if set(regions) != {""}:
            title = T("By regional group (our addition; the document speaks of stakeholder groups)")
            yield _shares(title, community.regional_groups, regions, region_label)
    others = Counter(each.seat.role for each in everyone if each.seat.role not in ASKED)
    if others:
        rows = tuple((ROLES[role], term(str(others[role]))) for role in Role if others[role])
        yield Table((T("Role"), T("People")), rows, T("Others, who comment only"), (1,))


def _shares(title: Text, names: tuple[str, ...], counts: Counter[str], label: Callable[[str], Text]) -> Table:
    total = sum(counts.values())
    rows = tuple(
        (label(name), term(str(counts[name])), term(f"{round(100 * counts[name] / total)} %"))
        for name in in_order(names, counts)
    )
    return Table((T("Group"), T("People"), T("Share")), rows, title, (1, 2))


def in_order(names: tuple[str, ...], counts: Counter[str]) -> list[str]:
    """The names of groups as the community has them, then others that occur, then none at all where that occurs."""
    return [*names, *sorted(name for name in counts if name and name not in names), *([""] if counts[""] else [])]
