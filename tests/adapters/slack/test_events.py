"""What Slack tells of its own accord: once each, in whatever order and number it comes; what is not ours is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.groups import Home
from tests.adapters.slack.office import Office, handle
from tests.builders import CHAIR, CIVIL, MAG, SECRETARIAT
from tests.support.slack.delivery import How
from tests.support.slack.seen import Seen


def homes(office: Office) -> list[str]:
    with office.store.reading() as reads:
        return sorted(home.name for home in reads.all(Home, community=MAG) if home.platform == "slack")


def facts(office: Office) -> int:
    with office.store.reading() as reads:
        return len(list(reads.facts(MAG)))


def told(office: Office, event: dict[str, Any], event_id: str = "", how: How | None = None) -> Seen:
    seen = office.people.event(event, event_id=event_id, how=how or How())
    office.settle()
    return seen


@pytest.mark.parametrize("retries", [(1,), (1, 2, 3)])
def test_an_event_sent_again_is_done_once(office: Office, retries: tuple[int, ...]) -> None:
    event = {"type": "channel_rename", "channel": {"id": office.channel_of("mag"), "name": "mag-2027", "created": 1}}
    assert told(office, event, "Ev1").acked
    assert homes(office) == ["#mag-2027"]
    before = facts(office)
    for retry in retries:
        assert told(office, event, "Ev1", How(retry=retry)).acked
    assert facts(office) == before


def test_an_older_event_that_comes_later_is_not_done_again_over_a_newer(office: Office) -> None:
    here = office.channel_of("mag")
    first = {"type": "channel_rename", "channel": {"id": here, "name": "one", "created": 1}}
    told(office, first, "Ev1")
    told(office, {"type": "channel_rename", "channel": {"id": here, "name": "two", "created": 1}}, "Ev2")
    told(office, first, "Ev1", How(retry=2))
    assert homes(office) == ["#two"]


def test_a_deleted_home_is_nobodys_any_more_and_nothing_is_sent_there(office: Office) -> None:
    office.says(CHAIR, "home all", "elsewhere")
    office.edge.delete_channel("elsewhere")
    told(office, {"type": "channel_deleted", "channel": office.channel_of("elsewhere")})
    assert homes(office) == ["#mag"]
    office.slash(CIVIL, 'poll "Where?" Geneva, Lyon')
    assert "Where?" in office.sees(CIVIL, "Where?").text
    assert [each for each in office.people.messages(handle(SECRETARIAT), "@") if "did not arrive" in each.text] == []


def test_a_channel_that_is_nobodys_home_is_nobodys_business(office: Office) -> None:
    before = facts(office)
    other = office.channel_of("elsewhere")
    told(office, {"type": "channel_rename", "channel": {"id": other, "name": "x", "created": 1}})
    told(office, {"type": "channel_deleted", "channel": other})
    assert facts(office) == before


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C1", "user": "U1", "text": "zebra", "ts": "1.1"},
        {"type": "app_mention", "channel": "C1", "user": "U1", "text": "<@U0WGBOT> zebra", "ts": "1.1"},
        {"type": "reaction_added", "user": "U1", "item": {}},
        {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
        {"type": "tokens_revoked", "tokens": {}},
        {"type": "never heard of"},
    ],
    ids=lambda each: each["type"],
)
def test_what_is_not_listened_to_is_taken_note_of_and_left_alone(
    office: Office, event: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    before, calls = facts(office), len(office.edge.calls)
    assert told(office, event).acked
    assert facts(office) == before
    assert [call.method for call in office.edge.calls[calls:] if call.method != "auth.test"] == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_users_profile_that_says_little_changes_nothing(office: Office) -> None:
    office.says(CIVIL, "list")
    before = facts(office)
    user = office.edge.user(handle(CIVIL))
    for profile in (
        {"id": user},
        {"id": user, "tz": None, "locale": None},
        {"id": "U0", "name": "x", "tz": "Asia/Kolkata"},
    ):
        assert told(office, {"type": "user_change", "user": profile}).acked
    assert facts(office) == before


def test_slack_asks_whether_the_address_is_ours(office: Office) -> None:
    seen = office.people.challenge("zebra")
    assert seen.acked
    assert "zebra" in str(seen.body)


def test_a_home_tab_that_cannot_be_published_is_tried_again_by_slack(office: Office) -> None:
    office.edge.trouble("views.publish", status=500)
    seen = office.people.open_home(handle(CIVIL))
    assert not seen.acked
    assert office.people.again(seen).acked
    assert office.people.home(handle(CIVIL)) is not None
