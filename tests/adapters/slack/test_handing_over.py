"""Documents, pictures and calendars are handed over in the direct messages of whoever asked, with words for what is seen."""

from __future__ import annotations

import struct

import pytest

from tests.adapters.slack.office import Office, handle
from tests.builders import CHAIR, CIVIL, GOOD, PRIVATE
from tests.support.slack.edge import Edge

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def office(office: Office) -> Office:
    office.says(PRIVATE, f'propose new "Multi-year Work" WG-MWP {GOOD}')
    return office


def handed(office: Office, slack: Edge) -> tuple[dict[str, object], bytes]:
    """What was uploaded last: what Slack was told of it, and its bytes."""
    office.settle()
    asked = slack.called("files.getUploadURLExternal")[-1].arguments
    return asked, slack.uploads[-1]


def test_a_proposal_as_markdown(office: Office, slack: Edge) -> None:
    assert "on its way to you" in office.says(CIVIL, "propose show WG-MWP --format md")
    asked, data = handed(office, slack)
    assert str(asked["filename"]).endswith(".md")
    assert "Purpose of the WG" in data.decode()
    (completed,) = slack.called("files.completeUploadExternal")
    direct = slack.api("conversations.open", users=slack.user(handle(CIVIL)))["channel"]["id"]
    assert completed.arguments["channel_id"] == direct


def test_the_balance_as_a_picture_with_words_for_whoever_does_not_see_it(office: Office, slack: Edge) -> None:
    office.says(CHAIR, "roster chart")
    asked, data = handed(office, slack)
    assert data.startswith(PNG)
    width, height = struct.unpack(">II", data[16:24])
    assert width > 400
    assert height > 200
    assert "Government" in str(asked["alt_txt"])


def test_the_calendar_as_a_file(office: Office, slack: Edge) -> None:
    office.says(CIVIL, "calendar file")
    asked, data = handed(office, slack)
    assert str(asked["filename"]).endswith(".ics")
    assert b"BEGIN:VCALENDAR" in data
