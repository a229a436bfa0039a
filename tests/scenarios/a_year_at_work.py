"""The MAG and its groups at work: from February to June. See `a_year`."""

from __future__ import annotations

from tests.builders import CHAIR, OBSERVER, SECRETARIAT, STRANGER, buttons
from tests.scenarios.a_year import (
    ASA,
    BAO,
    CHIARA,
    DANA,
    DESTA,
    GIFT,
    GROUPS,
    HANA,
    IPEK,
    JOSE,
    KWAME,
    NIA,
    OLU,
    PRIYA,
    QIANG,
    ROSA,
    SOREN,
    UZMA,
    VIKTOR,
    XOCHITL,
    YUSUF,
    ZOE,
    Year,
    room_of,
)

# --- February: meetings -------------------------------------------------------------------------------------------------

LINK = "https://example.org/mag"


def the_mag_sets_its_calendar(mag: Year) -> None:
    """Three meetings of the MAG, before each of which groups report; only members see where to join."""
    assert "a delegate they name" in mag.refuses(QIANG, 'meeting schedule "A meeting of mine" 2027-03-01 10:00')
    for title, day in (("First", "2027-02-24"), ("Second", "2027-06-23"), ("Third", "2027-10-21")):
        where = f'--length 6h --venue "Palais, Geneva" --link {LINK} --zone Europe/Zurich'
        mag.does(SECRETARIAT, f'meeting schedule "{title} meeting" {day} 09:00 {where}')
    mag.does(SECRETARIAT, 'meeting move 1 2027-02-24 10:00 --why "The room is free at ten."')
    assert "Changed: Meeting 1" in "\n".join(mag.told(OBSERVER))
    assert "In person and online" in mag.card("meeting:1")
    assert LINK in mag.does(OBSERVER, "meeting show 1")
    assert LINK not in mag.does(STRANGER, "meeting show 1")
    assert "Wed 24 Feb 2027, 10:00" in mag.does(STRANGER, "update show WG-HYB"), "when its first update is due"


def a_group_meets(mag: Year) -> None:
    """WG-HYB finds a time, meets with an agenda and a fair queue, agrees on two things, and sums up late."""
    room = room_of("WG-HYB")
    mag.does(YUSUF, 'meeting find "First call" 2027-02-09 15:00, 2027-02-10 09:00 --length 90m', room)
    for person, slots in ((YUSUF, "2"), (HANA, "1, 2"), (PRIYA, "2"), (VIKTOR, "1")):
        mag.does(person, f"meeting can 1 {slots}")
    mag.until("2027-02-02")
    (best, *_) = (each for each in buttons(mag(YUSUF, "meeting times 1").view) if each.command == "meeting schedule")
    assert "Scheduled: meeting 4 of WG-HYB, Wed 10 Feb 2027, 09:00" in mag.does(
        YUSUF, "meeting schedule", **best.arguments
    )
    mag.does(IPEK, "agenda propose Two formats to test", room)
    mag.does(OBSERVER, "agenda propose Interpretation", room)
    mag.does(HANA, "agenda order 2", room)
    mag.does(VIKTOR, "meeting regrets 4")

    mag.until("2027-02-10 08:00")
    assert "Come to meeting 4 of WG-HYB" in "\n".join(mag.told(PRIYA))
    assert "Come to meeting 4" not in "\n".join(mag.told(VIKTOR)), "who sent regrets is left in peace"
    mag.does(YUSUF, "meeting start", room)
    for person in (YUSUF, HANA, PRIYA, IPEK):
        mag.does(person, "meeting present", room)
    for person in (YUSUF, PRIYA):
        mag.does(person, "q+", room)
        mag.later("1m")
    assert "Yusuf A. (Civil Society) has the floor." in mag.does(HANA, "next", room)
    mag.does(YUSUF, "q+", room)
    assert "Priya P. (Government) has the floor." in mag.does(HANA, "next", room), "who was heard least comes first"
    mag.does(HANA, "meeting topic", room)
    mag.does(IPEK, "minutes add Interpretation comes with every session.", room)
    mag.does(YUSUF, f'action add "Ask the host for two rooms" --owner "{HANA}" --due 2027-02-24', room)
    mag.does(YUSUF, 'consensus "Calls on Wednesdays?" 10m', room)
    for person in (YUSUF, HANA, PRIYA, IPEK):
        mag.does(person, "consensus support 6", room)
    mag.later("11m")
    mag.does(HANA, "consensus confirm 6", room)
    mag.does(YUSUF, "meeting end", room)

    mag.until("2027-02-19")
    assert "Summary late" in mag.does(STRANGER, "show WG-HYB")
    mag.does(HANA, "summary edit 4 We agreed to meet on Wednesdays, with interpretation.", room)
    mag.does(HANA, "summary approve 4", room)
    assert "Summary late" not in mag.does(STRANGER, "show WG-HYB")
    for place in ("#mag", room):
        assert "We agreed to meet on Wednesdays, with interpretation." in mag.in_room(place)[-1]
    mag.does(HANA, "action done 1 The host offers three.")


def the_mag_meets_first(mag: Year) -> None:
    """The groups have reported; the MAG decides in the room, and the Chair concludes."""
    mag.until("2027-02-24 09:00")
    for group in GROUPS:
        assert f"Update 1 of {group}" in "\n".join(mag.in_room("#mag")).replace(" · ", " ")
    mag.does(CHAIR, "meeting start 1")
    for person in (CHAIR, BAO, QIANG, ROSA, YUSUF, GIFT, OBSERVER):
        mag.does(person, "meeting present")
    for person in (QIANG, ROSA, GIFT):
        mag.does(person, "q+")
        mag.later("1m")
    floor = [mag.does(CHAIR, "next") for _ in range(3)]
    assert [each.split(" (")[0] for each in floor] == [QIANG, GIFT, ROSA], "one of each group, then the second of one"
    mag.does(SECRETARIAT, "minutes add The host presented the venue.")
    mag.does(
        SECRETARIAT,
        f'consensus record "Should there be a youth track?" --on 2027-02-24 --presided "{CHAIR}" --link {LINK}',
    )
    mag.does(CHAIR, "conclude 7 consensus")
    mag.later("5h")
    mag.does(CHAIR, "meeting end")
    mag.until("2027-03-01")
    mag.does(SECRETARIAT, "summary edit 1 The MAG agreed on a youth track.")
    mag.does(SECRETARIAT, "summary approve 1")
    assert "Should there be a youth track?: Consensus (check 7)" in mag.does(STRANGER, "summary show 1")


# --- March to June: at work ---------------------------------------------------------------------------------------------


def a_recommendation_is_endorsed(mag: Year) -> None:
    """R1 of WG-MWP: drafted, consulted on with the full MAG, agreed in the group, handed over, endorsed."""
    room = room_of("WG-MWP")
    mag.does(
        QIANG, 'recommendation draft WG-MWP "Two-year planning" "The MAG plans its programme for two years."', room
    )
    assert "R1 is a draft: the group's consensus check comes after" in mag.refuses(QIANG, "recommendation check R1")
    mag.does(QIANG, "recommendation consult R1")
    mag.does(DESTA, "consult comment R1 concern Two years is long.")
    mag.does(GIFT, 'consult respond R1 1 "The plan is reviewed each year."')
    mag.does(GIFT, 'recommendation edit R1 "The MAG plans for two years, and reviews the plan each year."', room)
    mag.until("2027-03-09")
    for person in (QIANG, GIFT, CHIARA, ASA, JOSE, UZMA):
        mag.does(person, "consensus support 8", room)
    assert "not among them" in mag.refuses(DANA, "consensus support 8", room), (
        "participants take part, without positions"
    )
    mag.until("2027-03-16")
    mag.does(QIANG, "conclude 8 consensus")
    mag.does(GIFT, 'document add WG-MWP "Work programme" https://example.org/programme', room)
    mag.does(GIFT, "recommendation hand R1")
    mag.support(9)
    mag.until("2027-03-23")
    assert "Conclude what the members make of R1" in mag.does(CHAIR, "todo")
    mag.does(CHAIR, "recommendation conclude R1 endorsed")
    for place in ("#mag", room):
        assert "Recommendation R1 of WG-MWP (Two-year planning) is endorsed by the MAG" in mag.in_room(place)[-1]
    mag.does(QIANG, "document version D1 https://example.org/programme-2", room)
    assert "Work programme" in mag.does(STRANGER, "documents WG-MWP")


def a_group_changes_its_ways(mag: Year) -> None:
    """WG-HYB adopts modalities of its own by consensus; its part and the Secretariat's are agreed by both."""
    room = room_of("WG-HYB")
    assert "Rough consensus" in mag.does(STRANGER, "modalities WG-HYB")
    mag.does(HANA, 'modalities propose WG-HYB "Drafts are circulated a week before each call." --rule full', room)
    for person in (YUSUF, HANA, PRIYA, VIKTOR, IPEK):
        mag.does(person, "consensus support 10", room)
    mag.until("2027-03-31")
    assert "Rough consensus" in mag.does(STRANGER, "modalities WG-HYB"), "until the group has agreed"
    mag.does(YUSUF, 'conclude 10 consensus "Nobody was against it."')
    assert "Full consensus" in mag.does(STRANGER, "modalities WG-HYB")
    mag.does(YUSUF, 'secretariat propose WG-HYB "Takes notes of the calls and publishes the summaries."')
    assert "open: to be confirmed" in mag.does(STRANGER, "show WG-HYB")
    mag.does(SECRETARIAT, "secretariat confirm WG-HYB")
    assert "open: to be confirmed" not in mag.does(STRANGER, "show WG-HYB")


def two_groups_are_silent(mag: Year) -> None:
    """WG-HYB reports late, and is flagged until it does; WG-OC does not report at all, and two are told."""
    del mag.reporting["WG-OC"]
    hybrid = mag.reporting.pop("WG-HYB")
    mag.until("2027-04-28")
    for group in ("WG-HYB", "WG-OC"):
        assert "Update late" in mag.does(STRANGER, f"show {group}")
        assert len([each for each in mag.told(SECRETARIAT) if f"The update of {group} is late" in each]) == 1
    mag.does(
        YUSUF, 'update post WG-HYB "Two formats are tested." --next-steps "A draft in June" --help-needed "Two readers"'
    )
    mag.reporting["WG-HYB"] = hybrid
    assert "Update late" not in mag.does(STRANGER, "show WG-HYB")
    assert "There is nothing to report." in mag.does(STRANGER, "update show WG-NRI")


def a_co_facilitator_resigns(mag: Year) -> None:
    """Søren leaves WG-NRI with one; its work goes on; after four weeks it is a matter of the MAG."""
    mag.until("2027-05-03")
    mag.does(SOREN, "facilitator resign WG-NRI I change employer.")
    assert "Søren T. resigned as co-facilitator of WG-NRI." in mag.in_room("#mag")[-1]
    assert "Co-facilitator vacancy" in mag.does(STRANGER, "show WG-NRI")
    assert "Appoint a co-facilitator of WG-NRI" in mag.does(CHAIR, "todo")
    mag.until("2027-06-02")
    for person in (CHAIR, SECRETARIAT):
        assert len([each for each in mag.told(person) if "missing for four weeks" in each]) == 1
        assert len([each for each in mag.told(person) if "missed two updates" in each]) == 1
    for person in (ROSA, DESTA):
        assert not [each for each in mag.told(person) if "missed two updates" in each]


def a_charter_changes(mag: Year) -> None:
    """WG-HYB words its plan better, with a notice; what it is to deliver takes the MAG's consensus and the Chair."""
    mag.does(HANA, 'charter change WG-HYB --plan "A call every second Wednesday."')
    assert "added\nA call every second Wednesday." in mag.in_room("#mag")[-1]
    mag.does(
        YUSUF, 'charter change WG-HYB "There were two formats." --outputs "- Guidelines for two kinds of sessions"'
    )
    mag.does(CHIARA, "consult comment WG-HYB Fine.")
    mag.until("2027-06-10")
    assert "removed\nGuidelines for hybrid sessions" in mag.card("check:11").replace("- ", "")
    mag.support(11)
    mag.until("2027-06-17")
    mag.does(CHAIR, "conclude 11 consensus")
    assert "Guidelines for hybrid sessions" in mag.does(STRANGER, "charter show WG-HYB"), "until the Chair adopts it"
    mag.does(CHAIR, "charter approve WG-HYB")
    assert "Guidelines for two kinds of sessions" in mag.does(STRANGER, "charter show WG-HYB")
    assert "Guidelines for hybrid sessions" in mag.does(STRANGER, "charter show WG-HYB 1")


def the_mag_meets_again(mag: Year) -> None:
    """What is due is on its agenda by itself; the vacancy is filled upon it."""
    mag.until("2027-06-23 07:00")
    mag.does(OLU, "agenda propose The annual meeting --meeting 2")
    mag.does(CHAIR, "meeting start 2")
    agenda = mag.does(STRANGER, "agenda show 2")
    for part in ("The annual meeting", "WG-NRI: a co-facilitator has been missing", "WG-OC: its update is late"):
        assert part in agenda
    assert "WG-HYB" not in agenda
    for person in (CHAIR, NIA, ROSA, ZOE, KWAME):
        mag.does(person, "meeting present")
    mag.does(CHAIR, f"appoint WG-NRI {NIA}, {XOCHITL}")
    assert "vacancy" not in mag.does(STRANGER, "show WG-NRI")
    assert "Søren T. (Private Sector), until" in mag.does(STRANGER, "facilitator show WG-NRI")
    mag.later("3h")
    mag.does(CHAIR, "meeting end")
    mag.does(SECRETARIAT, "summary edit 2 Xochitl Z. co-facilitates WG-NRI. WG-OC is asked where it stands.")
    mag.does(SECRETARIAT, "summary approve 2")
