"""A roster as a CSV file (RFC 4180, and what spreadsheets make of it): every row that can be used, every reason why not.

It knows the community's words, not who is on its roster already; nothing is guessed, and where two rows contradict
each other neither is used. Lines are counted from 1, as an editor shows them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.domain.community import Community
from bot.domain.errors import Invalid
from bot.domain.names import fold, nearest
from bot.domain.people import Role
from bot.domain.roster_fields import (
    AccountName,
    read_email,
    read_matrix_id,
    read_name,
    read_regional_group,
    read_role,
    read_slack_id,
    read_stakeholder_group,
    shown,
)
from bot.text import T, Text, Tn, joined

V = TypeVar("V")

COLUMNS: Final = ("name", "email", "stakeholder_group", "regional_group", "role", "slack_id", "matrix_id")
"""The columns, as the header names them."""

REQUIRED: Final = ("name", "email", "stakeholder_group", "role")
"""The columns a file must have."""

ROWS_MOST: Final = 100_000
LINE_LONGEST: Final = 10_000

_ALIASES: Final = {
    "name": ("fullname",),
    "email": ("emailaddress", "mail"),
    "stakeholder_group": ("stakeholder", "sg"),
    "regional_group": ("region", "unregionalgroup"),
    "role": ("magrole",),
    "slack_id": ("slack", "slackmemberid", "slackuserid"),
    "matrix_id": ("matrix", "mxid", "matrixuserid"),
}
_COLUMN: Final = {fold(name): column for column, names in _ALIASES.items() for name in (column, *names)}
_DELIMITERS: Final = ",;\t"
_LINE: Final = re.compile(r"\r\n|\r|\n")
_SEPARATOR: Final = re.compile(r"sep=(.)", re.IGNORECASE)
_BETWEEN_ADDRESSES: Final = re.compile(r"[\s,;\"'<>]+")
_LINES_A_ROW: Final = 5
_SUGGESTED_MOST: Final = 500  # different misspellings; a file with more has another fault


@dataclass(frozen=True, slots=True)
class Row:
    """A person as the file has them. `regional_group` is None when the file has no such column: then it stays as it is."""

    line: int
    name: str
    email: str
    role: Role
    stakeholder_group: str
    regional_group: str | None
    accounts: tuple[AccountName, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be used. `column` is "" for the whole row; `typed` is what stands there."""

    line: int
    column: str
    reason: Text
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: good rows, and everything wrong with the others, both in the order of their lines.

    `unused` are headings that mean nothing here; `skipped` the addresses in rows that cannot be used.
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Header:
    """`columns` has one of `COLUMNS`, or "" for what is not used, for each field of a row."""

    delimiter: str
    columns: tuple[str, ...]
    unnamed: tuple[int, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    """One row, not yet understood: its first line, its text, and its fields or why it has none."""

    line: int
    text: str
    fields: list[str] | Text


def read_roster(text: str, community: Community) -> Reading:
    """Read a whole file. It never raises: what is wrong is said line by line."""
    lines = _LINE.split(text.removeprefix("\ufeff"))
    at = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    told = _SEPARATOR.fullmatch(lines[at].strip()) if at < len(lines) else None
    if told is not None:
        at += 1
    if at >= len(lines):
        return _unreadable(1, T("The file is empty."), "")
    if len(lines[at]) > LINE_LONGEST:
        return _unreadable(at + 1, _too_long(lines[at]), lines[at])
    header = _header(lines[at], told[1] if told else "")
    if isinstance(header, Text):
        return _unreadable(at + 1, header, lines[at])
    reading = _Reader(community, header).read(_rows(lines, at + 1, header))
    if not reading.rows and not reading.problems:
        return Reading((), (Problem(at + 1, "", T("There are no rows below this line.")),))
    return reading


def _unreadable(line: int, reason: Text, typed: str) -> Reading:
    example = T("Begin with a line of headings: {columns}.", columns=",".join(COLUMNS))
    return Reading((), (Problem(line, "", joined([reason, example]), shown(typed).text),))


def _too_long(line: str) -> Text:
    return T("The line has {count} characters; a row takes {most} at most.", count=len(line), most=LINE_LONGEST)


def _header(line: str, delimiter: str) -> _Header | Text:
    """What the first line says; with no `delimiter` told, the one under which it names most columns."""
    best, fields, columns = "", list[str](), list[str]()
    for each in delimiter or _DELIMITERS:
        split = _fields(line, each)
        if isinstance(split, list):
            named = [_COLUMN.get(fold(field), "") for field in split]
            if sum(map(bool, named)) > sum(map(bool, columns)):
                best, fields, columns = each, split, named
    if not best:
        return T("The first line does not name the columns.")
    twice = next((name for at, name in enumerate(columns) if name and name in columns[:at]), "")
    if twice:
        return T("The column {name} is there twice.", name=twice)
    unused = tuple(field.strip() for field, column in zip(fields, columns, strict=True) if not column and field.strip())
    missing = [name for name in REQUIRED if name not in columns]
    for heading in unused:
        near = nearest(heading, [name for name in COLUMNS if name not in columns], limit=1)
        if near:
            return T("There is no column {typed}. Did you mean {name}?", typed=shown(heading), name=near[0])
    if missing:
        return Tn(
            "The column {names} is missing.", "The columns {names} are missing.", len(missing), names=", ".join(missing)
        )
    unnamed = tuple(at for at, field in enumerate(fields) if not field.strip())
    return _Header(best, tuple(columns), unnamed, tuple(shown(heading).text for heading in unused))


def _fields(line: str, delimiter: str) -> list[str] | Text:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True), [])
    except csv.Error:
        return T(
            "A quotation mark opens here and does not close where the value ends; inside a value it is written twice."
        )


def _rows(lines: list[str], start: int, header: _Header) -> Iterator[_Raw]:
    at, width = start, len(header.columns)
    while at < len(lines):
        first, line = at + 1, lines[at]
        if at - start >= ROWS_MOST:
            yield _Raw(first, line, T("The file goes on after {count} rows; import it in parts.", count=ROWS_MOST))
            return
        at += 1
        if len(line) > LINE_LONGEST:
            yield _Raw(first, line, _too_long(line))
            continue
        fields = _fields(line, header.delimiter)
        if isinstance(fields, Text):
            # a line break inside quotes; taken for one only where a whole row comes of it
            for last in range(first + 1, min(first + _LINES_A_ROW, len(lines) + 1)):
                joint = "\n".join(lines[first - 1 : last])
                whole = _fields(joint, header.delimiter)
                if isinstance(whole, list) and len(whole) == width:
                    fields, line, at = whole, joint, last
                    break
        if isinstance(fields, Text) or any(field and not field.isspace() for field in fields):
            yield _Raw(first, line, fields)


def _reason(invalid: Invalid) -> Text:
    return joined([invalid.what, invalid.next_step]) if invalid.next_step else invalid.what


class _Reader:
    """Rows become persons, and what contradicts itself across them is found."""

    def __init__(self, community: Community, header: _Header) -> None:
        self._community = community
        self._header = header
        self._problems: list[Problem] = []
        self._known: dict[tuple[str, ...], str | Text] = {}
        self._emails: dict[str, list[int]] = {}
        self._accounts: dict[tuple[str, str], list[tuple[int, AccountName]]] = {}
        self._chairs: list[int] = []
        self._misread = 0

    def read(self, raws: Iterable[_Raw]) -> Reading:
        """Everything the rows say."""
        rows: list[Row] = []
        texts: dict[int, str] = {}
        for raw in raws:
            texts[raw.line] = raw.text
            row = self._row(raw)
            if row is not None:
                rows.append(row)
        self._contradictions()
        bad = {problem.line for problem in self._problems}
        pieces = (piece for line in bad for piece in _BETWEEN_ADDRESSES.split(texts[line][:LINE_LONGEST]))
        order = {name: number for number, name in enumerate(("", *COLUMNS))}
        return Reading(
            tuple(row for row in rows if row.line not in bad),
            tuple(sorted(self._problems, key=lambda each: (each.line, order[each.column]))),
            self._header.unused,
            frozenset(piece.lower() for piece in pieces if "@" in piece[1:]),
        )

    def _row(self, raw: _Raw) -> Row | None:
        values = self._values(raw)
        if values is None:
            return None
        before = len(self._problems)
        line = raw.line
        name = self._value(line, "name", values, read_name)
        email = self._value(line, "email", values, read_email)
        role = self._term(line, "role", values)
        group = self._term(line, "stakeholder_group", values, role or "")
        region = self._term(line, "regional_group", values)
        slack = self._value(line, "slack_id", values, read_slack_id)
        matrix = self._value(line, "matrix_id", values, read_matrix_id)
        accounts = tuple(account for account in (slack, matrix) if account is not None)
        if email:
            self._emails.setdefault(email, []).append(line)
        if role == Role.CHAIR:
            self._chairs.append(line)
        for account in accounts:
            self._accounts.setdefault((account.platform, account.user), []).append((line, account))
        if len(self._problems) > before or not name or not email or not role:
            return None
        return Row(line, name, email, Role(role), group or "", region if "regional_group" in values else None, accounts)

    def _values(self, raw: _Raw) -> dict[str, str] | None:
        fields, columns = raw.fields, self._header.columns
        if isinstance(fields, Text):
            self._problem(raw.line, "", fields, raw.text)
            return None
        if len(fields) != len(columns):
            count = Tn(
                "There is one value; the first line names {columns} columns.",
                "There are {count} values; the first line names {columns} columns.",
                len(fields),
                columns=len(columns),
            )
            quoting = T(
                "A value with {sign} in it stands in quotation marks.",
                sign=T("a tab") if self._header.delimiter == "\t" else T("“{sign}”", sign=self._header.delimiter),
            )
            self._problem(raw.line, "", joined([count, quoting]), raw.text)
            return None
        for at in self._header.unnamed:
            if fields[at].strip():
                self._problem(raw.line, "", T("Column {number} has a value but no heading.", number=at + 1), fields[at])
        return dict(zip(columns, fields, strict=True))

    def _value(self, line: int, column: str, values: dict[str, str], read: Callable[[str], V]) -> V | None:
        typed = values.get(column, "")
        if not typed and column not in REQUIRED:
            return None
        try:
            return read(typed)
        except Invalid as invalid:
            self._problem(line, column, _reason(invalid), typed)
            return None

    def _term(self, line: int, column: str, values: dict[str, str], role: str = "") -> str | None:
        """A value of which there are few: read once, however many rows have it."""
        typed = values.get(column, "")
        key = (column, typed, role)
        if key not in self._known:
            try:
                self._known[key] = self._read_term(column, typed, role)
            except Invalid as invalid:
                self._misread += 1
                self._known[key] = _reason(invalid)
        known = self._known[key]
        if isinstance(known, Text):
            self._problem(line, column, known, typed)
            return None
        return known

    def _read_term(self, column: str, typed: str, role: str) -> str:
        near = self._misread < _SUGGESTED_MOST
        if column == "role":
            return read_role(typed, self._community, near=near)
        if column == "regional_group":
            return read_regional_group(typed, self._community, near=near)
        return read_stakeholder_group(typed, self._community, Role(role) if role else None, near=near)

    def _contradictions(self) -> None:
        for email, lines in self._emails.items():
            self._all_of(lines, "email", T("this e-mail address"), email)
        self._all_of(self._chairs, "role", T("the role of Chair"), str(Role.CHAIR))
        for (platform, user), found in self._accounts.items():
            for team in sorted({account.team for _, account in found} - {""}) or [""]:
                same = [line for line, account in found if account.team in ("", team)]
                self._all_of(same, f"{platform}_id", T("this account"), user)

    def _all_of(self, lines: list[int], column: str, what: Text, typed: str) -> None:
        for line in lines if len(lines) > 1 else ():
            other = lines[0] if line != lines[0] else lines[1]
            reason = T(
                "Line {other} has {what} too, and wgbot does not choose between them. Keep one of the two.",
                what=what,
                other=other,
            )
            self._problem(line, column, reason, typed)

    def _problem(self, line: int, column: str, reason: Text, typed: str) -> None:
        self._problems.append(Problem(line, column, reason, shown(typed).text))
