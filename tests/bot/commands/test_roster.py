"""The Secretariat keeps the roster: by file, and one person at a time."""

from __future__ import annotations

import pytest

from adapters.cli.sample import SAMPLES
from bot.domain.roster_csv import COLUMNS
from bot.view import Card, Table, Tone, View
from tests.builders import CHAIR, CIVIL, GOVERNMENT, SECRETARIAT, STRANGER, World, spoken

HEADER = ",".join(COLUMNS)
SAMPLE = (SAMPLES / "roster.csv").read_text(encoding="utf-8")
IMPORT = "roster import"


@pytest.fixture
def mag() -> World:
    world = World()
    world.does(SECRETARIAT, IMPORT, csv=SAMPLE)
    return world


def edited(*changes: tuple[str, str]) -> str:
    """The sample roster with some of it written otherwise."""
    text = SAMPLE
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def not_imported(mag: World, text: str, typed: str = IMPORT) -> View:
    """Import a file of which nothing may be kept; the card that says so."""
    before = mag.snapshot()
    view = mag(SECRETARIAT, typed, csv=text).view
    assert isinstance(view, Card)
    assert view.tone is Tone.REFUSED
    assert mag.snapshot() == before
    return view


# --- importing ---------------------------------------------------------------------------------------------------------


def test_the_second_import_of_a_file_says_that_nothing_changed(mag: World) -> None:
    before = mag.snapshot()
    for who in (SECRETARIAT, CHAIR):
        assert mag.does(who, IMPORT, csv="\ufeff" + SAMPLE.replace(",", ";").replace("\n", "\r\n")) == (
            "No change: 45 rows are as they were."
        )
    assert mag.snapshot() == before


def test_a_changed_file_prints_the_difference_and_changes_only_that(mag: World) -> None:
    text = edited(
        ("Bao B.,bao2@mag.example,Government", "Bao Bao,BAO2@mag.example,Civil Society"),
        (
            "Nia N.,nia14@mag.example,Government,GRULAC,member,,@nia14:mag.example",
            "Nia N.,nia14@mag.example,Government,WEOG,observer,,@nia:mag.example",
        ),
        ("Olu O.,olu15@mag.example,Government,WEOG,member,,@olu15:mag.example\n", ""),
    )
    words = mag.does(SECRETARIAT, IMPORT, csv=text + "Ada L.,ada@new.example,tech,,member,U024BE7LH,\n")

    assert "The roster is imported: 3 changes." in words
    assert "name, which was Bao B.; Government → Civil Society" in words
    assert (
        "Member → Observer; GRULAC → WEOG; unlinked: Matrix @nia14:mag.example; linked: Matrix @nia:mag.example"
        in words
    )
    assert "added: Member · Technical Community; linked: Slack U024BE7LH" in words
    assert "Name\nSeat\nOlu O.\nMember · Government · WEOG\nSeated, but not in the file" in words
    assert "They keep their seats. To end one: /wg roster unseat NAME" in words
    assert "Member" in mag.does(CIVIL, 'roster show "Olu O."')


def test_seats_of_missing_people_end_when_that_is_asked_for(mag: World) -> None:
    text = edited(("Olu O.,olu15@mag.example,Government,WEOG,member,,@olu15:mag.example\n", ""))
    words = mag.does(SECRETARIAT, "roster import --remove-missing", csv=text)
    assert "Olu O.\nseat ended: Member · Government · WEOG" in words
    assert "Nobody seated is Olu O." in mag.refuses(CIVIL, 'roster show "Olu O."')


def test_bad_rows_are_all_named_and_nothing_is_imported(mag: World) -> None:
    text = edited(
        ("Bao B.,bao2@mag.example,Government,", "Bao B.,bao2@mag.example,Goverment,"),
        ("Nia N.,nia14@mag.example", "Nia\x07N.,nia14.mag.example"),
        ("Olu O.,olu15@mag.example,Government,WEOG", "Olu O.,olu15@mag.example,Government,GRULAC"),
    )
    words = spoken(not_imported(mag, text))
    assert "Nothing was imported: 2 lines of the file cannot be used." in words
    assert "3\nstakeholder_group\nThere is no stakeholder group Goverment. Did you mean Government?\nGoverment" in words
    assert "15\nname\nThere is a character in the name that cannot be shown or kept: U+0007 BEL, character 4" in words
    assert "15\nemail\nnia14.mag.example is not an e-mail address." in words
    assert "The other 43 rows can be imported without these: /wg roster import --partial" in words


def test_the_good_rows_are_imported_when_that_is_asked_for(mag: World) -> None:
    text = edited(
        ("Bao B.,bao2@mag.example,Government,", "Bao B.,bao2@mag.example,Goverment,"),
        ("Olu O.,olu15@mag.example,Government,WEOG", "Olu O.,olu15@mag.example,Government,GRULAC"),
    )
    answer = mag(SECRETARIAT, "roster import --partial", csv=text)
    assert isinstance(answer.view, Card)
    assert answer.view.tone is Tone.ATTENTION
    words = spoken(answer.view)
    assert "The roster is imported: one change." in words
    assert "WEOG → GRULAC" in words
    assert "One line of the file cannot be used and was left out." in words
    assert "not in the file" not in words  # Bao is, in a bad row

    both = mag.refuses(SECRETARIAT, "roster import --partial --remove-missing", csv=text)
    assert "Bad rows and --remove-missing do not go together" in both


def test_many_bad_rows_are_shown_in_part_and_all_their_lines_named(mag: World) -> None:
    view = not_imported(mag, SAMPLE + "".join(f"P{number},,tech,,member,,\n" for number in range(120)), IMPORT)
    assert isinstance(view, Card)
    (table,) = [block for block in view.blocks if isinstance(block, Table)]
    assert len(table.rows) == 50
    assert "… and 70 more, on lines 97–166." in spoken(view)


def test_a_file_of_bad_rows_alone_is_refused_even_in_part(mag: World) -> None:
    words = spoken(not_imported(mag, "no roster at all", "roster import --partial"))
    assert "The first line does not name the columns. Begin with a line of headings: name,email," in words


def test_a_roster_typed_or_pasted_is_read_like_a_file(mag: World) -> None:
    words = mag.does(SECRETARIAT, f'roster import {HEADER}\n"L., Ada",ada@new.example,tech,,member,,\n')
    assert "L., Ada\nadded: Member · Technical Community" in words


def test_only_the_chair_and_the_secretariat_import(mag: World) -> None:
    assert "This is for the Chair or the Secretariat." in mag.refuses(CIVIL, IMPORT, csv=SAMPLE)
    assert "does not know this account" in mag.refuses(STRANGER, IMPORT, csv=SAMPLE)


def test_a_roster_belongs_to_a_cycle_that_is_under_way(mag: World) -> None:
    mag.later("365d")
    words = mag.refuses(SECRETARIAT, IMPORT, csv=SAMPLE)
    assert "this waits until the next membership is seated" in words
    assert "/wg cycle open" in words

    mag.does(SECRETARIAT, 'cycle open "IGF 2028" 2028-01-01 2028-11-30')
    words = mag.does(SECRETARIAT, IMPORT, csv=SAMPLE)
    assert "The roster is imported: 44 changes." in words
    assert "Amina A.\nseated: Chair · Government · African Group" in words


def test_nobody_locks_everybody_out_of_the_roster(mag: World) -> None:
    only_bao = "\n".join(line for line in SAMPLE.splitlines() if line.startswith(("name", "Bao")))
    refusal = mag.refuses(SECRETARIAT, "roster import --remove-missing", csv=only_bao)
    assert "Then nobody could change the roster any more" in refusal
    assert "/wg roster seat" in refusal


def test_ten_thousand_people_are_imported_and_their_second_import_changes_one() -> None:
    mag = World()
    people = [f"Person {number},p{number}@mag.example,tech,,member,,@p{number}:mag.example" for number in range(10_000)]
    words = mag.does(SECRETARIAT, IMPORT, csv="\n".join([HEADER, *people]))
    assert "The roster is imported: 10000 changes." in words
    assert "… and 9950 more." in words

    people[7] = people[7].replace("member", "observer")
    words = mag.does(SECRETARIAT, IMPORT, csv="\n".join([HEADER, *people]))
    assert "The roster is imported: one change." in words
    assert "Unchanged\n9999" in words
    assert "Page 1 of 201." in mag.does(CIVIL, "roster show")


# --- showing -----------------------------------------------------------------------------------------------------------


def test_the_roster_shows_the_balance_of_groups_and_then_people(mag: World) -> None:
    words = mag.does(STRANGER, "roster")
    assert "Roster of MAG, IGF 2027" in words
    assert "Government\n16\n40 %" in words
    assert "By regional group (our addition; the document speaks of stakeholder groups)" in words
    assert "Others, who comment only" in words
    assert "Secretariat\n2" in words
    assert words.index("Amina A.") < words.index("Bao B.") < words.index("Chidi E.") < words.index("Anna G.")
    assert "45 people." in words


def test_addresses_are_for_the_chair_and_the_secretariat(mag: World) -> None:
    for who in (CHAIR, SECRETARIAT):
        assert "bao2@mag.example" in mag.does(who, "roster show")
        assert "Bao B." in mag.does(who, "roster show bao2@mag.example")
    for who in (CIVIL, STRANGER, "Observer Desk"):
        assert "@mag.example" not in mag.does(who, "roster show")
        assert "Nobody seated is" in mag.refuses(who, "roster show bao2@mag.example")


@pytest.mark.parametrize(
    ("asked", "count", "somebody"),
    [
        ("secretariat", "2 people.", "Anna G."),
        ("host country co-chair", "One person.", "Host Country Office"),
        ("Private Sector", "8 people.", "Qiang R."),
        ("tech", "8 people.", "Gift I."),
        ("grulac", "9 people.", "Dmitri D."),
        ("jose", "One person.", "José L."),
    ],
)
def test_people_are_found_by_role_group_region_or_name(mag: World, asked: str, count: str, somebody: str) -> None:
    words = mag.does(CIVIL, f"roster show {asked}")
    assert count in words
    assert somebody in words


def test_whoever_is_not_there_has_neighbours(mag: World) -> None:
    assert "Did you mean Technical Community?" in mag.refuses(CIVIL, "roster show Tecnical Comunity")
    assert "See everybody: /wg roster show" in mag.refuses(CIVIL, "roster show incoming host")


def test_a_long_roster_is_shown_in_pages() -> None:
    mag = World()
    mag.does(
        SECRETARIAT,
        IMPORT,
        csv="\n".join([HEADER, *(f"Person {number:03},p{number}@new.example,tech,,member,," for number in range(70))]),
    )
    first = mag.does(CIVIL, "roster show tech")
    assert "Page 1 of 2. The next: /wg roster show tech --page 2." in first
    second = mag.does(CIVIL, "roster show tech --page 2")
    assert "Members asked" not in second
    assert "Person 069" in second
    assert "There is no page 3; there are 2." in mag.refuses(CIVIL, "roster show tech --page 3")


# --- one person --------------------------------------------------------------------------------------------------------


def test_somebody_new_is_seated_with_an_address(mag: World) -> None:
    words = mag.does(SECRETARIAT, 'roster seat "Ada L." member tech WEOG --email ADA@new.example')
    assert "Ada L. is seated: Member · Technical Community · WEOG." in words
    assert '/wg link invite "Ada L."' in words
    assert "ada@new.example" in mag.does(SECRETARIAT, "roster show Ada")


def test_what_is_left_out_of_a_seat_stays(mag: World) -> None:
    assert mag.does(SECRETARIAT, 'roster seat "bao b" host-country-co-chair') == (
        "Bao B. is now Host Country Co-Chair · Government · Asia-Pacific Group; "
        "before: Member · Government · Asia-Pacific Group."
    )
    assert "No change: Bao B. is Host Country Co-Chair" in mag.does(SECRETARIAT, 'roster role "Bao B." host')


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('seat "Ada L." member tech', "For somebody new, give the e-mail address too"),
        ('seat "Boa B." member', "Did you mean Bao B.?"),
        (
            'seat "Ada L." member --email ada@new.example',
            "The stakeholder group is missing; members and the Chair have one.",
        ),
        (
            'seat "Ada L." member Tehc --email ada@new.example',
            "There is no stakeholder group Tehc.\nOne of: Government ·",
        ),
        ('seat "Ada L." member tech Mars --email ada@new.example', "There is no regional group Mars."),
        ('seat "Ada L." member tech --email ada', "ada is not an e-mail address."),
        ('seat "=Ada" member tech --email ada@new.example', "begins like a spreadsheet formula"),
        ('seat "Ada L." member tech --email bao2@mag.example', "bao2@mag.example is the address of Bao B."),
        ('seat "Bao B." member tech --email ada@new.example', "Bao B. is on the roster with another e-mail address."),
        ('seat "Ada L." king tech --email ada@new.example', "king is none of the choices for role."),
        ('role "Observer Desk" member', "Intergovernmental Organizations is for observers"),
        ('role "Anna G." member', '/wg roster seat "Anna G." member "Government"'),
        ('email "Bao B." nia14@mag.example', "Nia N. has this address already."),
        ('email "Bao B." bao', "bao is not an e-mail address."),
        ('unseat "Nobody Here"', "Nobody on the roster is called Nobody Here."),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(mag: World, typed: str, said: str) -> None:
    assert said in mag.refuses(SECRETARIAT, f"roster {typed}")


def test_a_second_chair_is_refused_with_the_way_to_hand_over(mag: World) -> None:
    refusal = mag.refuses(SECRETARIAT, 'roster role "Bao B." chair')
    assert "Amina A. is the Chair, and there is one at a time." in refusal
    assert 'Hand over: first /wg roster role "Amina A." member, then this again.' in refusal

    mag.does(SECRETARIAT, 'roster role "Amina A." member')
    assert "Bao B. is now Chair" in mag.does(SECRETARIAT, 'roster role "Bao B." chair')


def test_a_seat_ends_and_the_chairs_acts_then_wait(mag: World) -> None:
    assert mag.does(SECRETARIAT, "roster unseat Bao B.") == "Bao B. is no longer seated."
    assert "Bao B. has no seat in the current cycle." in mag.refuses(SECRETARIAT, "roster unseat Bao B.")
    assert "Seat them: /wg roster seat" in mag.refuses(SECRETARIAT, 'roster role "Bao B." member')
    assert "No MAG Chair is seated now; acts of the MAG Chair wait until one is" in mag.does(
        SECRETARIAT, "roster unseat Amina A."
    )
    mag.does(SECRETARIAT, "roster unseat Anna G.")
    assert "Then nobody could change the roster any more" in mag.refuses(SECRETARIAT, f"roster unseat {SECRETARIAT}")
    assert "Then nobody could change" in mag.refuses(SECRETARIAT, f'roster role "{SECRETARIAT}" observer')


def test_a_person_with_another_address_stays_the_same_person(mag: World) -> None:
    text = edited(("bao2@mag.example,", "bao@new.example,"))
    words = spoken(not_imported(mag, text))
    assert '/wg roster email "Bao B." bao@new.example' in words

    assert mag.does(SECRETARIAT, 'roster email "Bao B." BAO@new.example') == (
        "The e-mail address of Bao B. is now bao@new.example."
    )
    assert mag.does(SECRETARIAT, IMPORT, csv=text) == "No change: 45 rows are as they were."


def test_members_do_not_change_the_roster(mag: World) -> None:
    for typed in ('seat "Bao B." member', 'role "Bao B." chair', "unseat Bao B.", 'email "Bao B." b@new.example'):
        assert "This is for the Chair or the Secretariat." in mag.refuses(GOVERNMENT, f"roster {typed}")
