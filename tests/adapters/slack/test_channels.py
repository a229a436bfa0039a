"""A group's channel: made once and made right, whatever stands in the way; what does not concern it goes on."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.groups import Home, Stage, find_group, homes_of
from bot.outgoing import DeadLetter
from bot.troubles import Reason
from tests.adapters.slack.office import Office, handle
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, TECHNICAL
from tests.support.slack.workspace import INSIDE

PROPOSAL = (
    "propose text Working Group: Multi-year Work (WG-MWP)\n\n## Purpose of the WG\n\nNeeded.\n\n"
    "## Objectives/Goals of the WG\n\n- A plan\n\n## Expected Output(s)\n\n- A plan\n\n"
    "## Timeframe for the work\n\nJanuary to June 2027\n"
)
REJECTED: dict[str, Any] = {"body": {"ok": False}}


@pytest.fixture
def decided(office: Office) -> Office:
    """WG-MWP was proposed, consulted on and checked; the Chair's approval makes its channel."""
    office.says(PRIVATE, PROPOSAL)
    office.later("7d")
    office.later("7d")
    check = office.sees(GOVERNMENT, "Consensus check 1")
    for person in (CHAIR, GOVERNMENT, CIVIL, TECHNICAL, "Zoë B.", "Chiara C."):
        office.people.click(handle(person), check, "Support")
    office.later("7d")
    return office


def approve(office: Office, *facilitators: str) -> None:
    said = office.says(CHAIR, f"approve WG-MWP {', '.join(facilitators or (PRIVATE, TECHNICAL))}")
    assert "⛔" not in said, said


def homes(office: Office) -> list[Home]:
    with office.store.reading() as reads:
        return list(homes_of(reads, MAG, find_group(reads, MAG, "WG-MWP").id))


def stage(office: Office) -> Stage:
    with office.store.reading() as reads:
        return find_group(reads, MAG, "WG-MWP").stage


def dead(office: Office) -> list[DeadLetter]:
    with office.store.backlog() as backlog:
        return backlog.dead(100)


def sent_again(office: Office) -> None:
    ids = [each.row.id for each in dead(office)]
    with office.store.writing([MAG]) as work:
        assert work.outbox.retry(ids) == ids
    office.settle()


def channels(office: Office) -> list[str]:
    listed = office.edge.api("conversations.list", limit=1000)["channels"]
    return sorted(each["name"] for each in listed if each["name"].startswith("wg-mwp"))


def info(office: Office, name: str) -> dict[str, Any]:
    told: dict[str, Any] = office.edge.api("conversations.info", channel=office.channel_of(name))["channel"]
    return told


def members(office: Office, name: str) -> set[str]:
    return set(office.edge.api("conversations.members", channel=office.channel_of(name))["members"])


def failing(office: Office, method: str, error: str, times: int = 1) -> None:
    office.edge.trouble(method, times=times, body={"ok": False, "error": error})


def made_right(office: Office, name: str = "wg-mwp") -> None:
    """The group is active, at home in one channel, which has everything."""
    assert stage(office) is Stage.ACTIVE
    assert [home.name for home in homes(office)] == [f"#{name}"]
    channel = info(office, name)
    assert not channel["is_private"]
    assert "Multi-year Work" in channel["topic"]["value"]
    assert "wgbot:mag:" in channel["purpose"]["value"]
    assert {office.edge.user(handle(each)) for each in (PRIVATE, TECHNICAL)} <= members(office, name)
    assert len(office.people.pinned(handle(CIVIL), name)) == 1


def test_it_is_made_with_its_topic_its_charter_pinned_and_its_co_facilitators_in_it(decided: Office) -> None:
    approve(decided)
    made_right(decided)
    assert channels(decided) == ["wg-mwp"]


@pytest.mark.parametrize(
    "method",
    [
        "conversations.create",
        "conversations.setPurpose",
        "conversations.setTopic",
        "conversations.invite",
        "chat.postMessage",
        "pins.add",
    ],
)
@pytest.mark.parametrize(
    "trouble",
    [{"after": True}, {"before": True, "times": 2}, {"status": 429, "headers": {"Retry-After": "20"}}, {"status": 503}],
    ids=["answer lost", "no connection", "too soon", "503"],
)
def test_whatever_is_lost_on_the_way_there_is_one_channel_in_the_end_and_it_is_right(
    decided: Office, method: str, trouble: dict[str, Any]
) -> None:
    decided.edge.trouble(method, **trouble)
    approve(decided)
    made_right(decided)
    assert channels(decided) == ["wg-mwp"]
    assert dead(decided) == []


def test_a_name_that_somebody_elses_channel_has_is_left_to_it(decided: Office) -> None:
    token = decided.edge.workspace.person(handle(CIVIL)).token
    theirs = decided.edge.api("conversations.create", token, name="wg-mwp")["channel"]
    approve(decided)
    made_right(decided, "wg-mwp-2")
    untouched = decided.edge.api("conversations.info", token, channel=theirs["id"])["channel"]
    assert untouched["topic"]["value"] == ""
    assert untouched["purpose"]["value"] == ""


def test_also_when_it_is_archived_and_the_next_one_too(decided: Office) -> None:
    token = decided.edge.workspace.person(handle(CIVIL)).token
    for name in ("wg-mwp", "wg-mwp-2"):
        theirs = decided.edge.api("conversations.create", token, name=name)["channel"]
        decided.edge.api("conversations.archive", token, channel=theirs["id"])
    approve(decided)
    made_right(decided, "wg-mwp-3")


def test_when_all_twenty_names_are_taken_people_are_told(decided: Office) -> None:
    failing(decided, "conversations.create", "name_taken", times=20)
    approve(decided)
    assert [each.error for each in dead(decided)] == [Reason.NAME_TAKEN]
    assert "another room has its name" in decided.sees(SECRETARIAT, "no room of its own", "@").text
    sent_again(decided)
    made_right(decided)


def test_one_with_our_mark_is_taken_for_the_groups_own(decided: Office) -> None:
    with decided.store.reading() as reads:
        group = find_group(reads, MAG, "WG-MWP").id
    made = decided.edge.api("conversations.create", INSIDE, name="wg-mwp")["channel"]
    decided.edge.api("conversations.setPurpose", INSIDE, channel=made["id"], purpose=f"Open. wgbot:mag:{group}")
    approve(decided)
    made_right(decided)
    assert [home.place for home in homes(decided)] == [made["id"]]


def test_one_of_ours_with_the_mark_of_another_group_is_not(decided: Office) -> None:
    made = decided.edge.api("conversations.create", INSIDE, name="wg-mwp")["channel"]
    decided.edge.api("conversations.setPurpose", INSIDE, channel=made["id"], purpose="Open. wgbot:mag:another")
    approve(decided)
    made_right(decided, "wg-mwp-2")


@pytest.mark.parametrize("error", ["restricted_action", "missing_scope"])
def test_where_it_may_not_be_made_people_are_told_and_the_rest_goes_on(decided: Office, error: str) -> None:
    failing(decided, "conversations.create", error)
    approve(decided)
    assert [each.error for each in dead(decided)] == [Reason.NOT_ALLOWED]
    assert homes(decided) == []
    assert "is not allowed to" in decided.sees(SECRETARIAT, "no room of its own", "@").text
    decided.slash(CIVIL, 'poll "Where?" Geneva, Lyon')
    assert "Where?" in decided.sees(CIVIL, "Where?").text
    sent_again(decided)
    made_right(decided)


@pytest.mark.parametrize(
    "error",
    ["user_not_found", "user_disabled", "cant_invite", "user_is_restricted", "ura_max_channels", "no_permission"],
)
def test_who_cannot_be_invited_does_not_keep_the_room_from_being_opened(decided: Office, error: str) -> None:
    failing(decided, "conversations.invite", error)
    approve(decided)
    assert stage(decided) is Stage.ACTIVE
    assert [home.name for home in homes(decided)] == ["#wg-mwp"]
    inside = members(decided, "wg-mwp") & {decided.edge.user(handle(each)) for each in (PRIVATE, TECHNICAL)}
    assert len(inside) == 1
    assert dead(decided) == []


@pytest.mark.parametrize("error", ["restricted_action", "missing_scope", "too_many_pins", "not_pinnable"])
def test_a_charter_that_cannot_be_pinned_is_there_all_the_same(decided: Office, error: str) -> None:
    failing(decided, "pins.add", error)
    approve(decided)
    assert stage(decided) is Stage.ACTIVE
    assert "Multi-year Work" in decided.sees(CIVIL, "Multi-year Work", "wg-mwp").text
    assert dead(decided) == []


# Linked by hand


def test_a_public_channel_becomes_a_home_and_is_entered(office: Office) -> None:
    assert "This room is home to the full MAG" in office.says(CHAIR, "home all", "elsewhere")
    assert info(office, "elsewhere")["is_member"]
    office.slash(CIVIL, 'poll "Where?" Geneva, Lyon')
    assert "Where?" in office.sees(CIVIL, "Where?", "elsewhere").text


def refused(office: Office, channel: str, why: str) -> None:
    before = len(all_homes(office))
    said = office.says(CHAIR, "home all", channel)
    assert "⛔" in said
    assert why in said
    assert len(all_homes(office)) == before


def all_homes(office: Office) -> tuple[Home, ...]:
    with office.store.reading() as reads:
        return reads.all(Home, community=MAG)


def test_a_private_channel_is_refused_as_a_home(office: Office) -> None:
    refused(office, "private", "This room is closed; a home is open to every member.")


def test_also_one_that_wgbot_is_not_in_and_cannot_see(office: Office) -> None:
    office.people.remove(handle(CHAIR), "private")
    refused(office, "private", "This room is closed; a home is open to every member.")


def test_direct_messages_are_refused(office: Office) -> None:
    refused(office, "@", "This is a private conversation; a home is open to every member.")


def test_an_archived_channel_is_refused(office: Office) -> None:
    told = {**info(office, "elsewhere"), "is_archived": True}
    office.edge.trouble("conversations.info", body={"ok": True, "channel": told})
    refused(office, "elsewhere", "This room is closed; a home is open to every member.")


def test_a_week_after_the_group_was_completed_its_channel_is_archived(decided: Office) -> None:
    approve(decided)
    for said in (decided.says(PRIVATE, "complete WG-MWP Done."), decided.says(CHAIR, "complete confirm WG-MWP")):
        assert "⛔" not in said, said
    decided.later("6d")
    assert not info(decided, "wg-mwp")["is_archived"]
    decided.later("1d")
    assert info(decided, "wg-mwp")["is_archived"]
    assert homes(decided) == []
    assert dead(decided) == []
