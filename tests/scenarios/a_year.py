"""One year of a MAG of forty and its five working groups, as its members type it: who they are, and January.

What follows is in `a_year_at_work` and, from July on, in `a_year_ends`. Each act is a function that can be read by itself,
and says at every step what members see; what holds of the whole year at its end is in `test_a_year`.

| group | its year |
| --- | --- |
| WG-MWP | recommends, is endorsed, and is completed in October |
| WG-OC | misses two updates, and is dissolved after a progress review |
| WG-HYB | changes its modalities and its charter, expires with the cycle, and goes on in the next |
| WG-NRI | loses a co-facilitator, waits for another, and loses one again |
| WG-DATA | is formed over an objection, and recommends with a minority view |
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.community import Community
from bot.domain.dues import Due
from bot.outgoing import Claimed
from tests.builders import CHAIR, MAG, OBSERVER, SECRETARIAT, STRANGER, World

# Government, Private Sector, Civil Society, Technical Community: who speaks in this story.
BAO, CHIARA, NIA, OLU, PRIYA = "Bao B.", "Chiara C.", "Nia N.", "Olu O.", "Priya P."
QIANG, ROSA, SOREN, UZMA, VIKTOR, XOCHITL = "Qiang R.", "Rosa S.", "Søren T.", "Uzma V.", "Viktor W.", "Xochitl Z."
YUSUF, ZOE, ASA, CHIDI, DESTA = "Yusuf A.", "Zoë B.", "Åsa C.", "Chidi E.", "Desta F."
GIFT, HANA, IPEK, JOSE, KWAME, NOUR = "Gift I.", "Hana J.", "İpek K.", "José L.", "Kwame M.", "Nour P."
DANA = "dana"
"""The account of a participant, Dana D., who has no seat."""

GROUPS = {
    "WG-MWP": (QIANG, GIFT),
    "WG-OC": (ROSA, BAO),
    "WG-HYB": (YUSUF, HANA),
    "WG-NRI": (SOREN, NIA),
    "WG-DATA": (ZOE, KWAME),
}
"""Who proposes each group, and will co-facilitate it with whom."""

PROPOSALS = {
    "WG-MWP": '"Multi-year Strategic Work Programme" WG-MWP --purpose "The IGF needs a longer horizon than a year." '
    '--objectives "- Collect the work areas by May\n- Agree on their order by July" '
    '--outputs "- A work programme for two years\n- A list of its costs" --timeframe "Until October 2027."',
    "WG-OC": '"Outreach and Communication" WG-OC --purpose "Few outside know what the IGF does." '
    '--objectives "- Write a plan by April" --outputs "- A communication plan" --timeframe "Until June 2027."',
    "WG-HYB": '"Hybrid Meetings" WG-HYB --purpose "Those who are not in the room are heard too late." '
    '--objectives "- Test two formats by June" --outputs "- Guidelines for hybrid sessions" --timeframe "The whole cycle."',
    "WG-NRI": '"National and Regional IGFs" WG-NRI --purpose "Their messages reach the annual meeting by chance." '
    '--objectives "- Collect the messages by September" --outputs "- A digest of messages" --timeframe "The whole cycle."',
    "WG-DATA": '"Data of the IGF" WG-DATA --purpose "The IGF does not know its own numbers." '
    '--objectives "- Publish the first figures by May" --outputs "- A set of open data" --timeframe "The whole cycle."',
}

SECRET = "xylophone"
"""What is said in confidence, and nowhere else."""


@dataclass
class Year(World):
    """The MAG through the year: what falls due happens when it is due, and messages arrive at once."""

    reporting: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Groups that report on the 20th of every month: who of each types what."""
    arrived: list[tuple[datetime, str, str]] = field(default_factory=list)
    """Every message: when it was posted where, in which words."""

    @property
    def now(self) -> datetime:
        """What the community's clock says."""
        with self.store.reading() as reads:
            community = reads.get(Community, MAG)
        assert community is not None
        return community.now(datetime.now(UTC))

    def until(self, when: str) -> None:
        """Time goes by, from one deadline to the next, until `2027-02-24` at nine in the morning, or `2027-02-24 10:30`, UTC.

        On the 20th of every month, groups report.
        """
        then = datetime.fromisoformat(when if " " in when else f"{when} 09:00").replace(tzinfo=UTC)
        assert then > self.now, f"it is {self.now}"
        while (now := self.now) < then:
            the_20th = now.replace(day=20, hour=8, minute=0)
            if the_20th <= now:
                the_20th = (the_20th + timedelta(days=31)).replace(day=20)
            moment = min(each for each in (then, the_20th, *self._due()) if each > now)
            self.later(f"{math.ceil((moment - now).total_seconds() / 60)}m")
            if moment == the_20th:
                for who, typed in self.reporting.values():
                    self.does(who, typed)

    def _due(self) -> list[datetime]:
        with self.store.reading() as reads:
            return [each.due_at for each in reads.all(Due, community=MAG)]

    def _arrive(self, claimed: Claimed, now: datetime) -> None:
        before = len(self.posts)
        super()._arrive(claimed, now)
        if len(self.posts) > before:
            posted = self.posts[claimed.row.id]
            self.arrived.append((self.now, posted.place, posted.words))

    def snapshot(self) -> object:
        """Where the log ends: enough for saying that nothing happened, and quick also when the year is long."""
        with self.store.reading() as reads:
            return reads.head(MAG)  # type: ignore[attr-defined]  # stores read their log too

    def support(self, check: int, but: tuple[str, ...] = ()) -> None:
        """Four members of every stakeholder group support what a check asks."""
        for person in self.supporters():
            if person not in but:
                self.does(person, f"consensus support {check}")


def room_of(group: str) -> str:
    """Where a group meets."""
    return f"#{group.lower()}"


# --- January: five proposals ------------------------------------------------------------------------------------------


def five_proposals(mag: Year) -> None:
    """Members type the form; the full MAG reads it; the consultation opens by itself."""
    for group, (who, with_whom) in GROUPS.items():
        more = f' --co-proposers "{with_whom}"' if group == "WG-MWP" else ""
        mag.does(who, f"propose new {PROPOSALS[group]}{more}")
        mag.later("5m")
    mag.does(GIFT, "propose confirm WG-MWP")
    posted = "\n".join(mag.in_room("#mag"))
    for group in GROUPS:
        assert f"Proposal: {group}" in posted
        assert f"Comment on {group}" in mag.does(CHIARA, "todo")
    assert "for members seated" in mag.refuses(OBSERVER, f"propose new {PROPOSALS['WG-MWP']}").replace("This is ", "")


def the_mag_comments(mag: Year) -> None:
    """Concerns and requested changes are answered; the observer comments as everybody does."""
    mag.until("2027-01-13")
    mag.does(OBSERVER, "consult comment WG-NRI Please coordinate with the regional commissions.")
    mag.does(ASA, "consult comment WG-MWP concern Fortnightly calls exclude some of us.")
    mag.does(CHIARA, "consult comment WG-OC change Name the languages.")
    mag.does(IPEK, "consult comment WG-HYB Good idea.")
    mag.does(UZMA, "consult comment WG-DATA concern Nobody says who pays for it.")
    assert "Answer comment" in mag.does(QIANG, "todo")
    mag.does(GIFT, 'consult respond WG-MWP 1 "Decisions are taken on the list, not in calls."')
    mag.does(ROSA, 'propose revise WG-OC --outputs "- A communication plan in six languages"')
    mag.does(ROSA, 'consult respond WG-OC 1 "All six of the United Nations."')
    mag.until("2027-01-19")
    assert "No feedback has come on WG-NRI yet" in "\n".join(mag.in_room("#mag")), "an observer's is not the MAG's"
    mag.does(DESTA, "consult comment WG-NRI Messages should be short.")
    assert "1 comment on WG-DATA still needs a response" in mag.refuses(ZOE, "consensus open WG-DATA")
    mag.does(ZOE, 'consult respond WG-DATA 1 "Nobody has to: the figures lie with the Secretariat."')
    mag.until("2027-01-21 20:00")
    assert mag.does(STRANGER, "list").count("Consensus check") == len(GROUPS)


def the_members_take_positions(mag: Year) -> None:
    """Five checks, open by the clock; an objection, somebody who stands aside, somebody who needs time."""
    mag.does(HANA, "volunteer WG-HYB I organised hybrid sessions before.")
    for check in (1, 2, 3, 5):
        mag.support(check)
    mag.does(JOSE, "consensus need-time 5")
    mag.does(UZMA, "consensus object 4 Figures about single persons must not be published.")
    mag.does(CHIDI, "consensus stand-aside 4 We have no mandate on this.")
    mag.support(4, but=(UZMA, CHIDI))
    for person in (OBSERVER, SECRETARIAT):
        assert "not among them" in mag.refuses(person, "consensus support 1")
    mag.until("2027-01-26")
    assert "For your decision: WG-MWP" in "\n".join(mag.told(CHAIR))
    assert "I organised hybrid sessions before." in "\n".join(mag.told(CHAIR))


def the_chair_decides(mag: Year) -> None:
    """One tap and two names for each; one prepared by the Secretariat; one over an answered objection, with a minority view."""
    for group in ("WG-MWP", "WG-OC", "WG-HYB"):
        mag.does(CHAIR, f"approve {group} {', '.join(GROUPS[group])}")
    assert "1 objection is open" in mag.refuses(CHAIR, f"approve WG-DATA {ZOE}, {KWAME}")
    mag.does(CHAIR, 'consensus answer 4 1 "Only sums are published, never fewer than ten persons."')
    assert "Both are of Civil Society" in mag.refuses(CHAIR, f"approve WG-DATA {ZOE}, {CHIDI}")
    mag.does(
        CHAIR,
        f'approve WG-DATA {ZOE}, {KWAME} --rationale "The objection was heard and answered." '
        f'--minority "Open data invites misuse, however it is summed."',
    )
    assert "Open data invites misuse" in mag.does(STRANGER, "consensus show 4")
    mag.until("2027-01-28 10:00")
    assert "Prepared as act 1" in mag.does(SECRETARIAT, f"approve WG-NRI {SOREN}, {NIA}")
    mag.does(CHAIR, "confirm 1")
    for group, (one, two) in GROUPS.items():
        shown = mag.does(STRANGER, f"show {group}")
        for part in ("Active", one, two, room_of(group)):
            assert part in shown
        assert "Purpose of the WG" in mag.in_room(room_of(group))[0]


# --- and the groups begin --------------------------------------------------------------------------------------------

JOINING = {
    "WG-MWP": (CHIARA, ASA, JOSE, UZMA),
    "WG-OC": (CHIDI,),
    "WG-HYB": (PRIYA, VIKTOR, IPEK, OBSERVER),
    "WG-NRI": (DESTA, NOUR, OLU),
    "WG-DATA": (UZMA, CHIDI, BAO),
}


def members_join(mag: Year) -> None:
    """Without approval, acknowledging the Code of Conduct; a participant by invitation; groups to reach are named."""
    for group, people in JOINING.items():
        for person in people:
            assert "By joining you acknowledge the Code of Conduct" in mag.does(person, f"join {group}")
    mag.refuses(STRANGER, "join WG-MWP")
    said = mag.does(QIANG, 'invite WG-MWP "Dana D." --email dana@example.org')
    code = re.search(r"link ([A-Z2-9]{5}-[A-Z2-9]{5})", said)
    assert code
    mag.does(DANA, f"link {code[1]}")
    mag.does(DANA, "join WG-MWP")
    assert "Participants, without a seat" in mag.does(STRANGER, "members WG-MWP")

    mag.does(QIANG, "mailing link WG-MWP mwp@lists.example.org yes https://lists.example.org/mwp")
    assert "https://lists.example.org/mwp" in mag.does(PRIYA, "join WG-MWP"), "how to subscribe"

    missing = "No member yet from: Technical Community. To be reached."
    assert missing in mag.does(DESTA, "balance WG-OC")
    mag.does(ROSA, 'outreach add WG-OC "Technical Community" A call on the list of the technical community.')
    assert "Last outreach" in mag.does(DESTA, "balance WG-OC")
    mag.does(IPEK, "join WG-OC")
    assert "Every stakeholder group has members in it." in mag.does(DESTA, "balance WG-OC")
    for group, (who, _) in GROUPS.items():
        mag.reporting[group] = (who, f"update post {group} We are on time.")
    mag.reporting["WG-NRI"] = (NIA, "update nothing WG-NRI")
