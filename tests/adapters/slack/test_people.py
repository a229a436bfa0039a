"""What Slack knows of people: their zone, by which they are reminded in their working hours; their address, if it is verified."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.shared.rates import Rate
from adapters.slack.people import Profile, profile_of
from bot.domain.people import Account, Person
from tests.adapters.slack.office import Office, handle, workspace
from tests.builders import CIVIL, GOOD, MAG, PRIVATE
from tests.support.slack.edge import Edge
from tests.support.slack.seen import Message
from tests.support.slack.workspace import TEAM, Workspace


@pytest.fixture
def slack_workspace() -> Workspace:
    """Yusuf A. works in New York."""
    made = workspace()
    people = [
        replace(each, timezone="America/New_York") if each.name == handle(CIVIL) else each for each in made.people
    ]
    return replace(made, people=tuple(people))


def person(office: Office, who: str) -> Person:
    with office.store.reading() as reads:
        account = reads.get(Account, MAG, "slack", TEAM, office.edge.user(handle(who)))
        assert account is not None
        found = reads.get(Person, MAG, account.person)
    assert found is not None
    return found


def test_a_zone_is_learnt_on_first_contact_and_when_it_changes(slack: Edge) -> None:
    with Office(slack) as office:
        assert person(office, CIVIL).zone == ""
        office.says(CIVIL, "list")
        assert person(office, CIVIL).zone == "America/New_York"
        moved = {"id": slack.user(handle(CIVIL)), "name": handle(CIVIL), "tz": "Asia/Kolkata", "profile": {}}
        office.people.event({"type": "user_change", "user": moved})
        office.settle()
        assert person(office, CIVIL).zone == "Asia/Kolkata"


def test_where_many_speak_at_once_zones_are_learnt_little_by_little(
    slack: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("adapters.slack.conversation.monotonic", lambda: now)
    monkeypatch.setattr("adapters.slack.conversation.LEARNING", Rate(1.0, 1))
    with Office(slack) as office:
        office.says(PRIVATE, "list")
        office.says(CIVIL, "list")
        assert person(office, PRIVATE).zone == "Europe/Zurich"
        assert person(office, CIVIL).zone == ""
        now = 1.0
        office.says(CIVIL, "list")
        assert person(office, CIVIL).zone == "America/New_York"


def test_who_has_not_answered_is_reminded_directly_in_their_working_hours(slack: Edge) -> None:
    with Office(slack) as office:
        office.says(CIVIL, "list")
        office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
        # the consultation closes on Monday at 10:00 in Zurich, at 04:00 in New York: the last working hour there is Friday's
        office.later("106h")  # Friday, 20:00 in Zurich, 14:00 in New York
        assert reminders(office, CIVIL) == []
        office.later("150m")
        (told,) = reminders(office, CIVIL)
        assert "Comment on WG-MWP" in told.buttons
        assert reminders(office, PRIVATE) == []  # the proposer has nothing to comment on
        office.later("59h")  # Monday, 09:30 in Zurich: nobody is told twice, and those in Zurich are told now
        assert len(reminders(office, CIVIL)) == 1
        assert len(reminders(office, "Chiara C.")) == 1


def reminders(office: Office, who: str) -> list[Message]:
    """The reminders somebody got directly."""
    return [each for each in office.people.messages(handle(who), "@") if "Comment on WG-MWP until" in each.text]


@pytest.mark.parametrize(
    ("user", "profile"),
    [
        ({"is_email_confirmed": True, "profile": {"email": "a@b.example"}, "tz": "UTC"}, Profile("a@b.example", "UTC")),
        ({"is_email_confirmed": False, "profile": {"email": "a@b.example"}}, Profile()),
        ({"profile": {"email": "a@b.example"}}, Profile()),
        ({"is_email_confirmed": True, "is_restricted": True, "profile": {"email": "a@b.example"}}, Profile()),
        ({"is_email_confirmed": True, "is_stranger": True, "profile": {"email": "a@b.example"}}, Profile()),
        ({"is_email_confirmed": True, "is_bot": True, "profile": {"email": "a@b.example"}}, Profile()),
        ({"is_email_confirmed": True, "deleted": True, "profile": {"email": "a@b.example"}}, Profile()),
        ({"locale": "pt_BR", "tz": "America/Sao_Paulo"}, Profile("", "America/Sao_Paulo", "pt-BR")),
    ],
)
def test_an_address_is_believed_only_of_a_full_member_who_confirmed_it(
    user: dict[str, object], profile: Profile
) -> None:
    assert profile_of(user) == profile
