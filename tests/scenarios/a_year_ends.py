"""The MAG's year goes on: from July to the end of the cycle, between two memberships, and into the next. See `a_year`."""

from __future__ import annotations

import re

from adapters.cli.sample import SAMPLES
from tests.builders import CHAIR, SECRETARIAT, STRANGER, spoken
from tests.scenarios.a_year import (
    ASA,
    BAO,
    CHIARA,
    CHIDI,
    DESTA,
    GIFT,
    HANA,
    IPEK,
    KWAME,
    NIA,
    OLU,
    PRIYA,
    QIANG,
    ROSA,
    SECRET,
    UZMA,
    VIKTOR,
    XOCHITL,
    YUSUF,
    ZOE,
    Year,
    room_of,
)

# --- July to September: what went wrong ---------------------------------------------------------------------------------


def a_report_in_confidence(mag: Year) -> None:
    """One about a member, which Chair and Secretariat read; one about the Chair, of which she learns nothing."""
    mag.until("2027-07-01")
    said = mag.does(DESTA, f'conduct report "He threw a {SECRET} at me." --about "{BAO}"', f"@{DESTA}")
    name = re.findall(r"as (\w+)\.", said)[0]
    for reader in (CHAIR, SECRETARIAT):
        assert SECRET in mag.does(reader, f"conduct reports {name}", f"@{reader}")
    for person in (BAO, DESTA, QIANG):
        assert SECRET not in mag.refuses(person, f"conduct reports {name}", f"@{person}")
    mag.does(CHAIR, f"conduct close {name} He gave the {SECRET} back.", f"@{CHAIR}")

    said = mag.does(DESTA, f'conduct report "She laughed about the {SECRET}." --about "{CHAIR}"', f"@{DESTA}")
    name = re.findall(r"as (\w+)\.", said)[0]
    assert name not in mag.does(CHAIR, "conduct reports", f"@{CHAIR}")
    mag.does(SECRETARIAT, f"conduct close {name} We talked.", f"@{SECRETARIAT}")


def quick_polls(mag: Year) -> None:
    """A secret one keeps only counts; a ranked one decides nothing."""
    room = room_of("WG-DATA")
    mag.does(ZOE, 'poll "Who chairs the calls?" Zoë, Kwame --secret --closes 48h', room)
    mag.does(UZMA, "poll choose 1 Kwame", f"@{UZMA}")
    mag.does(CHIDI, "poll choose 1 Zoë", f"@{CHIDI}")
    mag.does(BAO, "poll choose 1 Kwame", f"@{BAO}")
    assert "results appear at the close" in mag.does(ZOE, "poll show 1")
    mag.does(CHAIR, 'poll "Which theme first?" Access, Trust, Data --kind ranked --closes 72h')
    for person, order in ((QIANG, "Trust, Data"), (ROSA, "Data, Trust"), (OLU, "Trust"), (GIFT, "Access, Trust")):
        mag.does(person, f"poll choose 2 {order}")
    mag.until("2027-07-05")
    assert "Ahead: Kwame" in mag.card("poll:1")
    for person in (UZMA, CHIDI, BAO):
        assert person not in mag.card("poll:1")
    assert "Ahead: Trust" in mag.card("poll:2")
    assert "A poll decides nothing" in mag.card("poll:2")


def a_group_is_dissolved(mag: Year) -> None:
    """WG-OC: a member asks, the Chair puts it to the MAG, the group replies, the MAG agrees, the Chair records it."""
    mag.does(ROSA, 'meeting schedule "A call" 2027-09-01 10:00', room_of("WG-OC"))
    mag.does(IPEK, 'review ask WG-OC "No plan was shown, and no update came since March."')
    assert "Under progress review" not in mag.does(STRANGER, "show WG-OC"), "until the Chair decides, in confidence"
    mag.does(CHAIR, "review open WG-OC")
    assert "Under progress review" in mag.does(STRANGER, "show WG-OC")
    mag.does(BAO, "review reply WG-OC Our drafter left; nobody took it over.")
    assert "may reply until" in mag.refuses(CHAIR, "review check WG-OC")
    mag.until("2027-07-13")
    card = mag.card("check:12")
    for part in ("No plan was shown", "Our drafter left"):
        assert part in card
    mag.support(12, but=(ROSA, BAO))
    mag.does(ROSA, "consensus live-with 12")
    mag.until("2027-07-20")
    assert "Active" in mag.does(STRANGER, "show WG-OC"), "nothing of it is automatic"
    mag.does(CHAIR, "conclude 12 consensus")
    mag.does(CHAIR, "review settle WG-OC dissolved WG-MWP takes up what there is.")
    shown = mag.does(STRANGER, "show WG-OC")
    for part in ("Dissolved", "WG-MWP takes up what there is."):
        assert part in shown
    assert "Meeting 5" not in mag.does(CHIDI, "calendar")
    assert "former members" in mag.does(STRANGER, "members WG-OC")
    assert "WG-OC is dissolved" in mag.refuses(ROSA, "update nothing WG-OC")


def a_minority_view_travels(mag: Year) -> None:
    """R2 of WG-DATA: no consensus in the group; it is handed over with the dissent, and the MAG takes note."""
    room = room_of("WG-DATA")
    mag.does(
        KWAME, 'recommendation draft WG-DATA "Open registration data" "Who registers is published, as sums."', room
    )
    mag.does(ZOE, "recommendation consult R2")
    mag.does(PRIYA, "consult comment R2 We support this.")
    mag.until("2027-07-28")
    for person in (ZOE, KWAME, CHIDI, BAO):
        mag.does(person, "consensus support 13", room)
    mag.does(UZMA, "consensus object 13 Sums of small delegations name persons. --public", room)
    mag.until("2027-08-04")
    assert "1 objection is open" in mag.refuses(ZOE, "conclude 13 consensus")
    mag.does(ZOE, 'conclude 13 "no consensus yet" "The objection stands."')
    assert "only with the minority views" in mag.refuses(KWAME, "recommendation hand R2")
    mag.does(
        KWAME, 'recommendation hand R2 "taken note of" --minority "Uzma V.: sums of small delegations name persons."'
    )
    mag.support(14)
    mag.until("2027-08-11")
    assert "not to endorse it" in mag.refuses(CHAIR, "recommendation conclude R2 endorsed")
    mag.does(CHAIR, 'recommendation conclude R2 "taken note of"')
    for place in ("#mag", room):
        assert "sums of small delegations name persons" in mag.in_room(place)[-1]


def nobody_answers(mag: Year) -> None:
    """R3 of WG-HYB: feedback was sought, extended once, and attested as not received; the MAG does not agree."""
    room = room_of("WG-HYB")
    mag.does(HANA, 'recommendation draft WG-HYB "Two screens" "Every room has two screens."', room)
    mag.does(HANA, "recommendation consult R3")
    mag.does(PRIYA, "consult comment R3 Fine by us.")
    mag.until("2027-08-19")
    assert "No feedback has come on recommendation R3 of WG-HYB yet" in "\n".join(mag.in_room("#mag"))
    mag.until("2027-08-24")
    assert "Sought, none received" in mag.does(STRANGER, "recommendation R3")
    for person in (YUSUF, HANA, PRIYA, VIKTOR, IPEK):
        mag.does(person, "consensus support 15", room)
    mag.until("2027-08-31")
    mag.does(YUSUF, "conclude 15 consensus")
    mag.does(YUSUF, "recommendation hand R3")
    mag.does(OLU, "consensus object 16 The host cannot pay for them.")
    mag.until("2027-09-08")
    assert "1 objection is open" in mag.refuses(CHAIR, "recommendation conclude R3 endorsed")
    mag.does(CHAIR, 'recommendation conclude R3 "not agreed" "The cost is not met."')
    assert "not agreed" in mag.does(STRANGER, "recommendation list")


# --- October and November: the cycle ends -------------------------------------------------------------------------------


def a_seat_is_lost(mag: Year) -> None:
    """Nia has no seat any more, and WG-NRI one co-facilitator; the Chair records why it stays so."""
    mag.until("2027-10-04")
    mag.does(SECRETARIAT, f'roster unseat "{NIA}"')
    assert "Co-facilitator vacancy" in mag.does(STRANGER, "show WG-NRI")
    mag.reporting["WG-NRI"] = (XOCHITL, "update nothing WG-NRI")
    mag.does(CHAIR, "appoint exception WG-NRI The cycle ends in eight weeks.")
    shown = mag.does(STRANGER, "show WG-NRI")
    assert "vacancy" not in shown
    assert "The cycle ends in eight weeks." in shown


def a_group_is_completed(mag: Year) -> None:
    """WG-MWP accounts for its outputs; the Chair returns it once, then confirms."""
    done = 'complete WG-MWP "https://example.org/final" --outputs "1: https://example.org/programme'
    mag.until("2027-10-14")
    assert "Expected output 2 is not accounted for." in mag.does(QIANG, f'{done}"')
    mag.does(CHAIR, "complete return WG-MWP What became of the list of costs?")
    assert "What became of the list of costs?" in mag.told(GIFT)[-1]
    mag.does(GIFT, f'{done}; 2: not delivered: the hosts know their costs"')
    mag.does(CHAIR, "complete confirm WG-MWP With thanks to all.")
    shown = mag.does(STRANGER, "show WG-MWP")
    for part in ("Completed", "Its work is done.", "With thanks to all."):
        assert part in shown
    del mag.reporting["WG-MWP"]


def the_mag_meets_last(mag: Year) -> None:
    """Nothing is late."""
    mag.until("2027-10-21 07:00")
    mag.does(SECRETARIAT, "meeting start 3")
    assert "late" not in mag.does(STRANGER, "agenda show 3")
    mag.later("2h")
    mag.does(CHAIR, "meeting end")
    mag.does(CHAIR, "summary edit 3 We look back on the year.")
    mag.does(CHAIR, "summary approve 3")


def the_cycle_ends(mag: Year) -> None:
    """Three groups expire after its last day; their co-facilitators were told six and two weeks before."""
    mag.until("2027-11-17")
    for person, group in ((HANA, "WG-HYB"), (XOCHITL, "WG-NRI"), (ZOE, "WG-DATA")):
        assert len([each for each in mag.told(person) if f"{group} ends" in each]) == 2
    mag.asks(HANA, "renew WG-HYB")
    assert "has not ended" in str(mag.asks(HANA, "draft submit").problems)
    mag.until("2027-11-30 20:00")
    assert "Active" in mag.does(STRANGER, "show WG-HYB")
    mag.until("2027-12-01 09:00")
    for group in ("WG-HYB", "WG-NRI", "WG-DATA"):
        assert "Expired" in mag.does(STRANGER, f"show {group}")
        for place in ("#mag", room_of(group)):
            said = "\n".join(mag.in_room(place))
            assert said.count("has ended: Expired.") == (3 if place == "#mag" else 1)
    mag.reporting.clear()


# --- December to February: between two memberships, and the next cycle --------------------------------------------------


def between_two_memberships(mag: Year) -> None:
    """An expired group meets and drafts; what it would decide waits, and so does the MAG."""
    room = room_of("WG-HYB")
    mag.does(YUSUF, 'complete WG-HYB https://example.org/hybrid --outputs "1: https://example.org/guidelines"')
    mag.does(HANA, 'consensus "Meet in January?" 24h', room)
    mag.does(PRIYA, "consensus support", room)
    mag.until("2027-12-03")
    waits = "this waits until the next membership is seated"
    assert waits in mag.refuses(HANA, "consensus confirm 17", room)
    assert waits in mag.refuses(CHAIR, f"appoint WG-HYB {HANA}, {ASA}")
    assert waits in mag.refuses(
        QIANG, 'propose new "Too early" WG-X --purpose P --objectives O --outputs A --timeframe T'
    )
    assert "over: until the next membership is seated" in mag.does(STRANGER, "cycle show")


def the_next_mag_is_seated(mag: Year) -> None:
    """A new roster: some lost their seats, a co-facilitator among them; no Chair for a week, whose acts wait."""
    mag.until("2028-01-10")
    mag.does(SECRETARIAT, 'cycle open "IGF 2028" 2028-01-10 2028-12-15')
    gone = (CHAIR, YUSUF, KWAME, CHIARA)
    rows = [
        line for line in (SAMPLES / "roster.csv").read_text(encoding="utf-8").splitlines() if not line.startswith(gone)
    ]
    new = "Ada L.,ada@new.example,Civil Society,WEOG,member,,"
    mag.does(SECRETARIAT, "roster import", csv="\n".join([*rows, new, ""]))
    assert "Nobody seated is Yusuf A." in mag.refuses(STRANGER, f'roster show "{YUSUF}"')
    for person in gone:
        mag.refuses(person, "renew WG-HYB")
    mag.does(SECRETARIAT, 'consensus open "Adopt the calendar of 2028?" --closes 72h')
    mag.until("2028-01-11")


def no_chair_is_seated(mag: Year) -> None:
    """For a week the Chair's acts are listed, and are not the Secretariat's; then somebody has them all."""
    mag.until("2028-01-16")
    assert "No MAG Chair is seated; until one is, these wait" in mag.does(STRANGER, "calendar")
    assert "Conclude upon check 18" in mag.does(STRANGER, "calendar")
    mag.refuses(SECRETARIAT, "conclude 18 consensus")
    mag.refuses(CHAIR, "conclude 18 consensus")
    mag.until("2028-01-17")
    mag.does(SECRETARIAT, f'roster role "{BAO}" chair')
    assert "Conclude upon check 18" in mag.does(BAO, "todo")
    mag.does(BAO, "conclude 18 consensus")


def a_group_is_renewed(mag: Year) -> None:
    """WG-HYB is proposed anew from the old text, and decided upon as any proposal is; it meets on in its old room."""
    answers = mag.asks(HANA, "draft preview").answers
    mag.does(HANA, "propose new", **{**answers, "timeframe": "The whole cycle of 2028."})
    assert "WG-HYB of IGF 2027 (expired)" in mag.does(STRANGER, "show WG-HYB")
    changes = mag.does(STRANGER, "charter diff WG-HYB")
    assert "removed\nThe whole cycle.\nadded\nThe whole cycle of 2028." in changes
    mag.does("Ada L.", "consult comment WG-HYB Good that it goes on.")
    mag.until("2028-01-25")
    mag.support(19, but=(CHAIR, YUSUF, KWAME, CHIARA, NIA))
    mag.until("2028-02-01")
    assert "is not a member seated" in mag.refuses(BAO, f"approve WG-HYB {HANA}, {YUSUF}")
    mag.does(BAO, f"approve WG-HYB {HANA}, {ASA}")
    shown = mag.does(STRANGER, "show WG-HYB")
    for part in ("Active", HANA, ASA, "Meets in\n#wg-hyb"):
        assert part in shown
    mag.does(ASA, "update post WG-HYB We go on where we were.")
    assert "We go on where we were." in mag.in_room("#wg-hyb")[-1]
    assert "WG-HYB of IGF 2027: Expired" in mag.does(STRANGER, "charter history WG-HYB")


def the_year_is_read_back(mag: Year) -> None:
    """The history of a group is its log in words; a guest is told what happened, and not who took which position."""
    for group, stage in (("WG-MWP", "Completed"), ("WG-OC", "Dissolved"), ("WG-DATA", "Expired")):
        told, page = "", 1
        while (answer := mag(STRANGER, f"history {group} {page}")).done:
            told, page = spoken(answer.view) + told, page + 1
        assert page > 2
        assert stage.lower() in told.lower()
        assert f"{ZOE} in check" not in told
        assert SECRET not in told
