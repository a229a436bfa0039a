"""Who speaks in Slack, and for which body: accounts known, recognised and not; one deployment with several bodies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack import people
from bot.context import Request, Space
from bot.domain.community import Community, Settings
from bot.domain.groups import Home
from bot.domain.ids import CommunityId
from bot.domain.people import Account, Person, Role
from bot.engine import Engine
from bot.founding import Foundation, Founder, found, hand_out_code, open_terminal
from storage.memory import MemoryStore
from tests.adapters.slack.office import Office, handle, workspace
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, SECRETARIAT, spoken
from tests.support.slack.edge import Edge
from tests.support.slack.workspace import TEAM, Channel, Workspace
from tests.support.slack.workspace import Person as Member

OTHER = CommunityId("bpf")
NOW = datetime.now(UTC)
CODE, OTHER_CODE = "ABCDE-FGHJK", "LMNPQ-RSTUV"
NEWCOMER = "Newcomer N."
BODIES = "wgbot does not know which body this workspace belongs to"


@pytest.fixture
def slack_workspace() -> Workspace:
    """With a channel for another body, and people who are on no roster, or not quite whom they say they are."""
    members = (
        Member(handle(NEWCOMER), NEWCOMER, "newcomer@mag.example"),
        Member("guest", "A Guest", "guest@mag.example", guest=True),
        Member("unconfirmed", "Unconfirmed", "unconfirmed@mag.example", email_confirmed=False),
        Member("twin", "Twin", "twins@mag.example"),
    )
    return workspace(*members, channels=(Channel("bpf"),))


def founders(*more: Founder) -> tuple[Founder, ...]:
    return (
        Founder(CHAIR, "amina1@mag.example", Role.CHAIR, "Government", "African Group"),
        Founder(SECRETARIAT, "desk@mag.example", Role.SECRETARIAT),
        Founder(NEWCOMER, "newcomer@mag.example", Role.MEMBER, "Civil Society", "GRULAC"),
        *more,
    )


def body(
    store: MemoryStore, body_id: CommunityId = MAG, code: str = CODE, *more: Founder, trusting: bool = False
) -> None:
    """Found a real body, with a room in the terminal and a code for its Chair."""
    plan = Foundation(
        body_id,
        f"The {body_id.upper()}",
        founders(*more),
        "2027",
        NOW.date() - timedelta(days=30),
        NOW.date() + timedelta(days=300),
        settings=Settings(trust_verified_email=trusting),
    )
    with store.writing([body_id]) as work:
        community = found(work, plan, NOW)
    with store.writing([body_id]) as work:
        open_terminal(work, community, NOW)
        chair = next(each for each in work.all(Person, community=body_id) if each.name == CHAIR)
        hand_out_code(work, community, chair.id, code, NOW)


@pytest.fixture(autouse=True)
def _patiently(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy is not a Slack that does not answer."""
    monkeypatch.setattr(people, "PATIENCE_SECONDS", 20.0)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def office(slack: Edge, store: MemoryStore) -> Iterator[Office]:
    """A service with whatever bodies the test has founded, or will."""
    with Office(slack, store=store, founded=False) as running:
        yield running


def accounts(office: Office, body_id: CommunityId = MAG) -> dict[tuple[str, str], str]:
    """Who is linked, by name: workspace and name of the account to the person."""
    with office.store.reading() as reads:
        people = {each.id: each.name for each in reads.all(Person, community=body_id)}
        linked = [each for each in reads.all(Account, community=body_id) if each.platform == "slack"]
    return {(each.team, office.edge.directory.name(each.user)): people[each.person] for each in linked}


def homes(office: Office, body_id: CommunityId = MAG) -> list[str]:
    with office.store.reading() as reads:
        return sorted(f"{home.platform} {home.name}" for home in reads.all(Home, community=body_id))


# The first who comes


def test_the_chair_links_with_the_code_and_makes_a_channel_the_home_and_the_terminal_leaves(
    office: Office, store: MemoryStore
) -> None:
    body(store)
    assert homes(office) == ["terminal #mag"]
    assert "Welcome" in office.says(CHAIR, f"link {CODE}")
    assert accounts(office) == {(TEAM, handle(CHAIR)): CHAIR}
    assert "This room is home to the full MAG" in office.says(CHAIR, "home all")
    assert homes(office) == ["slack #mag"]


def test_a_code_works_once(office: Office, store: MemoryStore) -> None:
    body(store)
    office.says(CHAIR, f"link {CODE}")
    assert "⛔" in office.says(CIVIL, f"link {CODE}")
    assert accounts(office) == {(TEAM, handle(CHAIR)): CHAIR}


def test_the_same_use_of_a_code_delivered_twice_is_answered_without_what_is_confidential(
    office: Office, store: MemoryStore
) -> None:
    body(store)
    first = office.slash(CHAIR, f"link {CODE}")
    again = office.people.again(first)
    assert again.acked
    assert "done already" in again.text
    assert accounts(office) == {(TEAM, handle(CHAIR)): CHAIR}


def test_in_a_sample_the_terminal_stays(slack: Edge) -> None:
    with Office(slack) as office:
        with office.store.writing([MAG]) as work:
            community = work.get(Community, MAG)
            assert community is not None
            open_terminal(work, community, NOW)
        assert "This room is home" in office.says(CHAIR, "home all", "elsewhere")
        assert homes(office) == ["slack #elsewhere", "slack #mag", "terminal #mag"]


# The roster's Slack IDs


def imported(office: Office, csv: str) -> str:
    """A roster taken in at the terminal, by the Chair's account there."""
    store = office.store
    with store.reading() as reads:
        chair = next(each for each in reads.all(Person, community=MAG) if each.name == CHAIR)
    with store.writing([MAG]) as work:
        work.put(Account(MAG, "terminal", "", "chair", chair.id, NOW))
    request = Request(
        MAG, Space("terminal", "", "#mag"), "roster import", f"import:{csv}", NOW, user="chair", arguments={"csv": csv}
    )
    answer = Engine(store).handle([request])[0]
    assert answer.done, spoken(answer.view)
    return spoken(answer.view)


def roster(office: Office, member: str, **slack_ids: str) -> str:
    rows = [
        f"{CHAIR},amina1@mag.example,Government,African Group,chair,",
        f"{SECRETARIAT},desk@mag.example,,,secretariat,",
        f"{member},{handle(member)}@mag.example,Civil Society,GRULAC,member,{slack_ids['slack_id']}",
    ]
    return "\n".join(["name,email,stakeholder_group,regional_group,role,slack_id", *rows])


def test_slack_ids_imported_before_the_workspace_is_known_are_of_it_once_it_is(
    office: Office, store: MemoryStore
) -> None:
    body(store)
    imported(office, roster(office, CIVIL, slack_id=office.edge.user(handle(CIVIL))))
    assert accounts(office) == {("", handle(CIVIL)): CIVIL}
    office.says(CHAIR, f"link {CODE}")
    office.says(CHAIR, "home all")
    assert accounts(office) == {(TEAM, handle(CHAIR)): CHAIR, (TEAM, handle(CIVIL)): CIVIL}
    assert "does not know this account" not in office.says(CIVIL, "todo")


def test_and_those_imported_afterwards_at_once(office: Office, store: MemoryStore) -> None:
    body(store)
    office.says(CHAIR, f"link {CODE}")
    office.says(CHAIR, "home all")
    imported(office, roster(office, CIVIL, slack_id=office.edge.user(handle(CIVIL))))
    assert accounts(office)[TEAM, handle(CIVIL)] == CIVIL
    assert accounts(office).keys() == {(TEAM, handle(CHAIR)), (TEAM, handle(CIVIL))}


def test_who_linked_themselves_before_stays_who_they_are(office: Office, store: MemoryStore) -> None:
    body(store)
    imported(office, roster(office, CIVIL, slack_id=office.edge.user(handle(CHAIR))))  # a wrong line
    office.says(CHAIR, f"link {CODE}")
    office.says(CHAIR, "home all")
    assert accounts(office) == {(TEAM, handle(CHAIR)): CHAIR}


# An address the workspace verified


def connected(office: Office, store: MemoryStore, *more: Founder, trusting: bool = True) -> None:
    body(store, MAG, CODE, *more, trusting=trusting)
    office.says(CHAIR, f"link {CODE}")
    office.says(CHAIR, "home all")


def knows(office: Office, who: str) -> bool:
    office.says(who, "todo")
    return (TEAM, handle(who)) in accounts(office)


def test_a_verified_address_makes_a_member_known_where_the_body_wants_that(office: Office, store: MemoryStore) -> None:
    connected(office, store)
    assert knows(office, NEWCOMER)
    assert accounts(office)[TEAM, handle(NEWCOMER)] == NEWCOMER
    asked = len(office.edge.called("users.info"))
    office.says(NEWCOMER, "todo")
    assert len(office.edge.called("users.info")) == asked


def test_and_nowhere_else(office: Office, store: MemoryStore) -> None:
    connected(office, store, trusting=False)
    assert not knows(office, NEWCOMER)


@pytest.mark.parametrize("who", ["guest", "unconfirmed"])
def test_a_guest_of_the_workspace_or_an_unconfirmed_address_is_not_trusted(
    office: Office, store: MemoryStore, who: str
) -> None:
    connected(office, store, Founder("Somebody", f"{who}@mag.example", Role.MEMBER, "Civil Society", "GRULAC"))
    assert not knows(office, who)


def test_an_address_on_no_roster_stays_a_guest(office: Office, store: MemoryStore) -> None:
    connected(office, store)
    assert not knows(office, "twin")
    assert "⛔" in office.says("twin", "propose text x")


def test_when_slack_does_not_say_in_time_the_next_word_does(
    office: Office, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(office, store)
    monkeypatch.setattr(people, "PATIENCE_SECONDS", 0.05)
    office.edge.trouble("users.info", delay=0.3)
    assert not knows(office, NEWCOMER)
    monkeypatch.setattr(people, "PATIENCE_SECONDS", 20.0)
    assert knows(office, NEWCOMER)


# Several bodies


def both(office: Office, store: MemoryStore) -> None:
    """Two bodies in one workspace, each with a channel; the Chair is the same person."""
    body(store)
    body(store, OTHER, OTHER_CODE)
    office.says(CHAIR, f"link {CODE}")
    office.says(CHAIR, "home all")
    office.says(CHAIR, f"link {OTHER_CODE}")
    office.says(CHAIR, "home all", "bpf")


def test_each_channel_is_its_own_bodys(office: Office, store: MemoryStore) -> None:
    both(office, store)
    assert homes(office) == ["slack #mag"]
    assert homes(office, OTHER) == ["slack #bpf"]
    office.slash(CHAIR, 'poll "Of the MAG?" Yes, No', "mag")
    office.slash(CHAIR, 'poll "Of the BPF?" Yes, No', "bpf")
    assert "Of the BPF?" not in "".join(each.text for each in office.people.messages(handle(CHAIR), "mag"))
    assert "Of the MAG?" not in "".join(each.text for each in office.people.messages(handle(CHAIR), "bpf"))


def test_a_click_goes_to_the_body_whose_card_it_is(office: Office, store: MemoryStore) -> None:
    both(office, store)
    office.slash(CHAIR, 'poll "Of the MAG?" Yes, No', "mag")
    office.slash(CHAIR, 'poll "Of the BPF?" Yes, No', "bpf")
    office.click(CHAIR, office.sees(CHAIR, "Of the MAG?"), "Yes")
    assert "1  Yes" in office.sees(CHAIR, "Of the MAG?").text
    assert "0  Yes" in office.sees(CHAIR, "Of the BPF?", "bpf").text


def test_elsewhere_the_body_that_came_to_know_a_person_last_is_meant(office: Office, store: MemoryStore) -> None:
    both(office, store)
    assert "BPF" in office.says(CHAIR, "settings", "elsewhere")
    assert "BPF" in office.says(CHAIR, "settings", "@")


def test_a_code_is_its_bodys_also_in_the_others_channel(office: Office, store: MemoryStore) -> None:
    both(office, store)
    with store.writing([OTHER]) as work:
        community = work.get(Community, OTHER)
        assert community is not None
        newcomer = next(each for each in work.all(Person, community=OTHER) if each.name == NEWCOMER)
        hand_out_code(work, community, newcomer.id, "WXYZ2-34567", NOW)
    assert "Welcome" in office.says(NEWCOMER, "link WXYZ2-34567", "mag")
    assert (TEAM, handle(NEWCOMER)) in accounts(office, OTHER)
    assert (TEAM, handle(NEWCOMER)) not in accounts(office)


def test_somebody_unknown_where_several_bodies_are_is_told_what_to_do(office: Office, store: MemoryStore) -> None:
    both(office, store)
    assert BODIES in office.says(PRIVATE, "todo", "elsewhere")
    assert BODIES not in office.says(PRIVATE, "todo", "mag")


def test_a_workspace_that_no_body_lives_in_is_told_what_to_do(office: Office, store: MemoryStore) -> None:
    body(store)
    body(store, OTHER, OTHER_CODE)
    said = office.says(CHAIR, "todo")
    assert BODIES in said
    assert "link CODE" in said
    home = office.people.open_home(handle(CHAIR))
    assert home.acked
    shown = office.people.home(handle(CHAIR))
    assert shown is not None
    assert BODIES in shown.text


def test_before_any_body_is_founded(office: Office) -> None:
    assert BODIES in office.says(CHAIR, "todo")
    assert "⛔" in office.says(CHAIR, f"link {CODE}")
