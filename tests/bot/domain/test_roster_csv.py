"""A roster is read line by line, as spreadsheets write it; every row that cannot be used says why."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.community import STAKEHOLDER_GROUPS, Titles
from bot.domain.people import Role
from bot.domain.roster_csv import COLUMNS, Reading, Row, read_roster
from bot.domain.roster_fields import AccountName
from tests.bot.domain import rosters
from tests.bot.domain.rosters import AMINA, BAO, DESK, HEADER, MAG, SAMPLE, read, row


def reasons(reading: Reading) -> list[tuple[int, str, str]]:
    return rosters.reasons(reading.problems)


def reason(**values: str) -> str:
    """Why the one row with these values is bad, and that it is line 2."""
    reading = read(row(**values))
    ((line, column, words),) = reasons(reading)
    assert (line, column, reading.rows) == (2, next(iter(values)), ())
    return words


# --- a file as spreadsheets write it ---------------------------------------------------------------------------------


def test_the_sample_roster_is_read_whole() -> None:
    reading = read_roster(SAMPLE.read_text(encoding="utf-8"), MAG)

    assert reading.problems == ()
    assert len(reading.rows) == 45
    chair, bao = reading.rows[:2]
    assert chair.role is Role.CHAIR
    assert bao == Row(
        3,
        "Bao B.",
        "bao2@mag.example",
        Role.MEMBER,
        "Government",
        "Asia-Pacific Group",
        (AccountName("matrix", "mag.example", "@bao2:mag.example"),),
    )
    assert reading.rows[-2].stakeholder_group == "Intergovernmental Organizations"


def test_separators_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    plain = SAMPLE.read_text(encoding="utf-8")
    expected = read_roster(plain, MAG)
    for separator in (",", ";", "\t"):
        for line_end in ("\n", "\r\n", "\r"):
            for before in ("", "\ufeff"):
                text = before + plain.replace(",", separator).replace("\n", line_end)
                assert read_roster(text, MAG) == expected


def test_headings_may_be_written_in_other_ways_and_in_any_order() -> None:
    reading = read(
        "member;Matrix user;BAO@Mag.Example;tech;Bao B.;ignored",
        header="\ufeff Role ;MATRIX ID;E-mail;Stakeholder Group;Full name;Organisation",
    )
    assert reasons(reading) == [
        (
            2,
            "matrix_id",
            "Matrix user is not a Matrix user ID. It reads @user:server, such as @nia:example.org. It may be left blank.",
        )
    ]
    reading = read(
        "member;;BAO@Mag.Example;tech;Bao B.;x", header="Role;MATRIX ID;E-mail;Stakeholder Group;Full name;Organisation"
    )
    assert reading.rows == (Row(2, "Bao B.", "bao@mag.example", Role.MEMBER, "Technical Community", None),)
    assert reading.unused == ("Organisation",)


def test_excels_own_separator_line_is_understood() -> None:
    assert read_roster(f"sep=;\n{HEADER.replace(',', ';')}\n{BAO.replace(',', ';')}", MAG).rows[0].line == 3


def test_quoted_values_keep_separators_quotes_and_line_breaks() -> None:
    reading = read('"B., Bao ""the\nBrave""",bao@mag.example,Government,GRULAC,member,,', AMINA, "", DESK)
    assert [(each.line, each.name) for each in reading.rows] == [
        (2, 'B., Bao "the Brave"'),
        (4, "Amina A."),
        (6, "Desk"),
    ]


def test_a_quotation_mark_that_never_closes_costs_one_row_only() -> None:
    reading = read('"Bao B.,bao@mag.example,Government,GRULAC,member,,', AMINA, DESK)
    ((line, column, words),) = reasons(reading)
    assert (line, column) == (2, "")
    assert "A quotation mark opens here and does not close" in words
    assert [each.name for each in reading.rows] == ["Amina A.", "Desk"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty. Begin with a line of headings: name,email,"),
        (" \n\n", "The file is empty."),
        (BAO, "The first line does not name the columns."),
        ("name,email,role\n", "The column stakeholder_group is missing."),
        ("name,role\n", "The columns email, stakeholder_group are missing."),
        ("name,email,email,role,stakeholder_group\n", "The column email is there twice."),
        ("name,email,role,stakholder_grup\n", "There is no column stakholder_grup. Did you mean stakeholder_group?"),
        (HEADER + "\n\n", "There are no rows below this line."),
    ],
)
def test_a_file_that_is_no_roster_says_why(text: str, said: str) -> None:
    reading = read_roster(text, MAG)
    assert reading.rows == ()
    assert said in reasons(reading)[0][2]


def test_rows_of_another_width_are_named_and_blank_ones_passed_over() -> None:
    reading = read(BAO, "Nia N.,nia@mag.example", "Juma, J.,juma@mag.example,Government,WEOG,member,,", ",,,,,,")
    assert [each.name for each in reading.rows] == ["Bao B."]
    assert [words for _, _, words in reasons(reading)] == [
        "There are 2 values; the first line names 7 columns. A value with “,” in it stands in quotation marks.",
        "There are 8 values; the first line names 7 columns. A value with “,” in it stands in quotation marks.",
    ]
    assert reading.skipped == {"nia@mag.example", "juma@mag.example"}


def test_a_value_without_a_heading_is_not_passed_over() -> None:
    assert "Column 8 has a value but no heading." in reasons(read(BAO + ",x", header=HEADER + ","))[0][2]


# --- what a value may be -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "The name is missing."),
        ({"name": "=HYPERLINK(1)"}, "begins like a spreadsheet formula. Write the name without “=” before it."),
        ({"name": "+41 Nia"}, "begins like a spreadsheet formula"),
        ({"name": "-Nia"}, "begins like a spreadsheet formula"),
        ({"name": "'=Nia"}, "begins like a spreadsheet formula. Write the name without “=” before it."),
        ({"name": "@nia"}, "begins like a spreadsheet formula"),
        ({"name": "nia@mag.example"}, "looks like an e-mail address"),
        ({"name": "42"}, "has no letter in it"),
        (
            {"name": "Nia\x00N."},
            "There is a character in the name that cannot be shown or kept: U+0000 NUL, character 4",
        ),
        ({"name": "Nia \u202eN."}, "an invisible character in the name that can make it read as something else"),
        ({"name": "N" * 121}, "Too long: the name has 121 characters, and at most 120 fit."),
        ({"email": ""}, "The e-mail address is missing; it tells people apart."),
        ({"email": "nia"}, "nia is not an e-mail address. Give one address and nothing else"),
        ({"email": "nia@"}, "is not an e-mail address"),
        ({"email": "nia@mag"}, "is not an e-mail address"),
        ({"email": "nia@mag..example"}, "is not an e-mail address"),
        ({"email": "nia n@mag.example"}, "is not an e-mail address"),
        ({"email": "Nia <nia@mag.example>"}, "is not an e-mail address"),
        ({"email": "=nia@mag.example"}, "is not an e-mail address"),
        ({"email": "n" * 250 + "@mag.example"}, "Too long: the e-mail address has 262 characters"),
        ({"role": ""}, "The role is missing. One of: chair · member ·"),
        ({"role": "membr"}, "There is no role membr. Did you mean member?"),
        ({"role": "king"}, "There is no role king. One of: chair · member ·"),
        ({"stakeholder_group": ""}, "The stakeholder group is missing; members and the Chair have one."),
        (
            {"stakeholder_group": "Civil Socety"},
            "There is no stakeholder group Civil Socety. Did you mean Civil Society?",
        ),
        ({"stakeholder_group": "IGO"}, "Intergovernmental Organizations is for observers; this seat is not one."),
        ({"regional_group": "GRULA"}, "There is no regional group GRULA. Did you mean GRULAC? It may be left blank."),
        ({"slack_id": "nia"}, "nia is not a Slack member ID. It begins with U or W"),
        ({"slack_id": "u024be7lh"}, "is not a Slack member ID"),
        ({"matrix_id": "nia:mag.example"}, "is not a Matrix user ID. It reads @user:server"),
        ({"matrix_id": "@nia"}, "is not a Matrix user ID"),
        ({"matrix_id": "@nia:mag example"}, "is not a Matrix user ID"),
    ],
    ids=lambda value: "=".join(*value.items())[:40] if isinstance(value, dict) else None,
)
def test_a_bad_value_says_what_is_wrong_and_what_to_write(values: dict[str, str], said: str) -> None:
    assert said in reason(**values)


@pytest.mark.parametrize(
    ("column", "typed", "kept"),
    [
        ("role", "MAG Member", "member"),
        ("role", "Host_Country-Co-Chair", "host country co-chair"),
        ("stakeholder_group", "technical  community", "Technical Community"),
        ("stakeholder_group", "Tech", "Technical Community"),
        ("stakeholder_group", "PRIVATE-SECTOR", "Private Sector"),
        ("regional_group", "asia pacific", "Asia-Pacific Group"),
        ("regional_group", "Africa", "African Group"),
        ("name", "  Małgorzata\u00a0 O. ", "Małgorzata O."),
        ("name", "'t Hooft", "'t Hooft"),
        ("name", "赵 钱孙", "赵 钱孙"),
        ("email", "NIA@MAG.Example", "nia@mag.example"),
        ("email", "nia@почта.рф", "nia@почта.рф"),
    ],
)
def test_values_are_understood_as_people_write_them(column: str, typed: str, kept: str) -> None:
    (found,) = read(row(**{column: typed})).rows
    assert getattr(found, column) == kept


def test_who_takes_no_position_may_have_no_group_and_observers_may_be_intergovernmental() -> None:
    reading = read(
        row(role="secretariat", stakeholder_group="", email="a@mag.example"),
        row(role="observer", stakeholder_group="Intergovernmental organisations", email="b@mag.example"),
        row(role="past host country", stakeholder_group="IGO", email="c@mag.example"),
    )
    assert [each.stakeholder_group for each in reading.rows] == ["", "Intergovernmental Organizations"]
    assert reasons(reading)[0][:2] == (4, "stakeholder_group")


def test_accounts_name_platform_team_and_user() -> None:
    (found,) = read(row(slack_id="T024BE7LD/U024BE7LH", matrix_id="@nia:mag.example:8448")).rows
    assert found.accounts == (
        AccountName("slack", "T024BE7LD", "U024BE7LH"),
        AccountName("matrix", "mag.example:8448", "@nia:mag.example:8448"),
    )


def test_every_problem_of_every_row_is_named() -> None:
    reading = read(row(name="", email="x", role="membr"), BAO, row(slack_id="x", matrix_id="y"))
    assert [each[:2] for each in reasons(reading)] == [
        (2, "name"),
        (2, "email"),
        (2, "role"),
        (4, "slack_id"),
        (4, "matrix_id"),
    ]
    assert [each.name for each in reading.rows] == ["Bao B."]


def test_rows_that_contradict_each_other_name_each_other_and_neither_is_used() -> None:
    reading = read(
        AMINA,
        BAO,
        row(email="BAO@mag.example"),
        row(email="second@mag.example", role="chair"),
        row(email="third@mag.example", slack_id="U1"),
        row(email="fourth@mag.example", slack_id="T1/U1"),
        row(email="fifth@mag.example", slack_id="U2"),
    )
    assert [(line, column, words.split(" has ")[0]) for line, column, words in reasons(reading)] == [
        (2, "role", "Line 5"),
        (3, "email", "Line 4"),
        (4, "email", "Line 3"),
        (5, "role", "Line 2"),
        (6, "slack_id", "Line 7"),
        (7, "slack_id", "Line 6"),
    ]
    assert [each.line for each in reading.rows] == [8]


def test_a_community_with_its_own_words_is_read_in_them() -> None:
    nri = replace(
        MAG, titles=Titles(member="Steering member"), stakeholder_groups=("Academia", "Youth"), regional_groups=()
    )
    text = f"{HEADER}\nNia N.,nia@nri.example,youth,,Steering Member,,\nBao B.,bao@nri.example,Government,WEOG,member,,"
    reading = read_roster(text, nri)
    assert reading.rows[0].stakeholder_group == "Youth"
    assert [words for _, _, words in reasons(reading)] == [
        "There is no stakeholder group Government. One of: Academia · Youth.",
        "There is no regional group WEOG. Leave it blank; this community has none.",
    ]


pieces = st.sampled_from(
    [",", ";", "\t", '"', "\n", "\r\n", "\ufeff", "=", "@", "a@b.cc", "member", "chair", "U1", "\x00"]
)


@given(st.booleans(), st.lists(pieces | st.text(max_size=8), max_size=60))
def test_any_text_is_read_and_nothing_bad_comes_of_it(headed: bool, parts: list[str]) -> None:
    text = (HEADER + "\n" if headed else "") + "".join(parts)
    reading = read_roster(text, MAG)

    assert reading.rows or reading.problems
    lines = {each.line for each in reading.rows}
    assert not lines & {each.line for each in reading.problems}
    for found in reading.rows:
        assert found.name == found.name.strip()
        assert found.email == found.email.lower().strip()
        assert found.stakeholder_group in (*STAKEHOLDER_GROUPS, "Intergovernmental Organizations", "")


@given(
    rosters.ROSTERS, st.permutations(COLUMNS), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.booleans()
)
def test_what_a_spreadsheet_writes_is_read_back(
    roster: list[Row], order: list[str], separator: str, line_end: str, quoted: bool
) -> None:
    file = io.StringIO()
    writer = csv.DictWriter(
        file,
        order,
        delimiter=separator,
        lineterminator=line_end,
        quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
    )
    writer.writeheader()
    for each in roster:
        values = {column: getattr(each, column, "") for column in order}
        writer.writerow({**values, **{f"{account.platform}_id": str(account) for account in each.accounts}})
    reading = read_roster(file.getvalue(), MAG)

    assert reading.problems == ()
    assert [(each.name, each.email, each.role, each.accounts) for each in reading.rows] == [
        (" ".join(each.name.split()), each.email, each.role, each.accounts) for each in roster
    ]
