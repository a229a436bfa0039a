"""Whatever becomes of Slack: each message arrives once and whole, in the end, and the others need not wait for it.

The real relay, before an emulated Slack in which things go wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from adapters.slack import service
from bot.outgoing import DeadLetter
from bot.troubles import Reason
from tests.adapters.slack.office import Office, handle
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, SECRETARIAT, TECHNICAL
from tests.contracts.renderers import lettered
from tests.support.slack.edge import Edge
from tests.support.slack.seen import Message

ON_THE_WAY = 0.3
"""Seconds that a call may take longer than another from the bot to Slack, when this machine is busy."""

WHERE = 'poll "Where do we meet?" Geneva, Lyon'
WHEN = 'poll "When do we meet?" Monday, Friday'


@pytest.fixture
def two_rooms(office: Office) -> Office:
    """The MAG has a second home, #elsewhere."""
    office.says(CHAIR, "home all", "elsewhere")
    return office


def polls(office: Office, question: str, channel: str = "mag") -> list[Message]:
    return [each for each in office.people.messages(handle(CIVIL), channel) if question in each.text]


def dead(office: Office) -> list[DeadLetter]:
    with office.store.backlog() as backlog:
        return backlog.dead(100)


def sent_again(office: Office) -> None:
    """Somebody asks for what was parked (`wgbot dead`)."""
    ids = [each.row.id for each in dead(office)]
    with office.store.writing([MAG]) as work:
        assert work.outbox.retry(ids) == ids
    office.settle()


def told(office: Office, containing: str, who: str = SECRETARIAT) -> list[str]:
    return [each.text for each in office.people.messages(handle(who), "@") if containing in each.text]


def parts(office: Office, channel: str = "mag") -> Counter[tuple[str, int]]:
    """How often each part of each message stands in a channel: by the row it came from, and its number."""
    found: Counter[tuple[str, int]] = Counter()
    for message in office.people.messages(handle(CIVIL), channel):
        for each in (message, *office.people.thread(handle(CIVIL), message)):
            payload = (each.raw.get("metadata") or {}).get("event_payload")
            if payload:
                found[payload["row"], payload["part"]] += 1
    return found


def works(office: Office, message: Message) -> None:
    """A card can be voted on, and shows it: wgbot knows where it stands."""
    office.click(CIVIL, message, "Geneva")
    assert "▰▰▰▰▰▰▰▰ 1  Geneva" in office.sees(CIVIL, "Where do we meet?").text


# Slack does not answer

DOWN: dict[str, dict[str, Any]] = {
    "no connection": {"before": True},
    "500": {"status": 500},
    "503": {"status": 503},
    "a page of a proxy's": {
        "status": 502,
        "headers": {"Content-Type": "text/html"},
        "text": "<html>Bad gateway</html>",
    },
    "a page that says no": {"status": 403, "headers": {"Content-Type": "text/html"}, "text": "<html>Forbidden</html>"},
    "half an answer": {"status": 200, "headers": {"Content-Type": "application/json"}, "text": '{"ok": tr'},
    "its own trouble": {"body": {"ok": False, "error": "internal_error"}},
    "nothing at all": {"hang": True},
}


@pytest.mark.parametrize("down", DOWN)
def test_while_slack_is_down_everything_waits_and_then_arrives_once(
    slack: Edge, down: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CALL_SECONDS", 0.2)
    with Office(slack) as office:
        office.says(CHAIR, "home all", "elsewhere")
        slack.trouble("*", times=8, **DOWN[down])
        office.people.slash(handle(CIVIL), "mag", WHERE)
        office.people.slash(handle(CIVIL), "elsewhere", WHEN)
        office.settle()
        assert len(slack.calls) > 8
        assert len(polls(office, "Where do we meet?")) == 1
        assert len(polls(office, "When do we meet?", "elsewhere")) == 1
        assert dead(office) == []
        works(office, office.sees(CIVIL, "Where do we meet?"))


def test_an_answer_lost_after_the_message_was_taken_is_looked_for_and_nothing_posted_twice(office: Office) -> None:
    office.edge.trouble("chat.postMessage", after=True)
    office.slash(CIVIL, WHERE)
    assert len(polls(office, "Where do we meet?")) == 1
    assert len(office.edge.called("chat.postMessage")) == 1
    works(office, office.sees(CIVIL, "Where do we meet?"))


def test_also_in_direct_messages(office: Office) -> None:
    office.slash(PRIVATE, f"propose text {_proposal('Needed.')} --co-proposers {TECHNICAL!r}")
    before = len(office.people.messages(handle(TECHNICAL), "@"))
    office.edge.trouble("chat.postMessage", after=True, times=3)
    office.slash(PRIVATE, f"propose text {_proposal('Needed.', 'WG-TOO', 'Too')} --co-proposers {TECHNICAL!r}")
    assert len(office.people.messages(handle(TECHNICAL), "@")) == before + 1
    assert set(parts(office).values()) == {1}


def test_without_the_scope_of_history_an_answer_lost_costs_one_message_twice_and_no_more(office: Office) -> None:
    scopes = set(office.edge.workspace.app.scopes) - {"channels:history", "im:history"}
    office.edge.tokens.grant(*scopes)
    office.edge.trouble("chat.postMessage", after=True)
    office.slash(CIVIL, WHERE)
    assert len(polls(office, "Where do we meet?")) == 2
    works(office, polls(office, "Where do we meet?")[1])


def _proposal(purpose: str, short: str = "WG-LT", name: str = "Long Text") -> str:
    return (
        f"Working Group: {name} ({short})\n\n## Purpose of the WG\n\n{purpose}\n\n## Objectives/Goals of the WG\n\n- A plan"
        "\n\n## Expected Output(s)\n\n- A plan\n\n## Timeframe for the work\n\nJanuary to June 2027\n\n"
    )


LONG = _proposal(lettered(19_000))


def test_a_long_one_is_one_message_with_its_parts_in_the_thread(office: Office) -> None:
    office.slash(PRIVATE, f"propose text {LONG}")
    numbers = Counter(row for row, _ in parts(office))
    assert max(numbers.values()) >= 2
    assert set(parts(office).values()) == {1}


@pytest.mark.parametrize("lost", range(5))
@pytest.mark.parametrize(
    "trouble", [{"after": True}, {"before": True}, {"status": 500}], ids=["after", "before", "500"]
)
def test_whichever_part_of_it_is_lost_it_is_completed_and_nothing_stands_there_twice(
    office: Office, lost: int, trouble: dict[str, Any]
) -> None:
    if lost:
        office.edge.trouble("chat.postMessage", times=lost)  # these go well
    office.edge.trouble("chat.postMessage", **trouble)
    office.slash(PRIVATE, f"propose text {LONG}")
    found = parts(office)
    assert set(found.values()) == {1}
    for row, last in {row: max(part for each, part in found if each == row) for row, _ in found}.items():
        assert {part for each, part in found if each == row} == set(range(last + 1))
    assert max(part for _, part in found) >= 1


# Slack says: slower


def test_a_post_that_came_too_soon_waits_as_long_as_slack_says_and_is_no_failure(office: Office) -> None:
    begun = office.time.ahead
    office.edge.trouble("chat.postMessage", status=429, headers={"Retry-After": "30"}, times=2)
    office.slash(CIVIL, WHERE)
    assert office.time.ahead - begun >= 60
    assert len(polls(office, "Where do we meet?")) == 1
    assert dead(office) == []


def test_an_edit_that_came_too_soon_holds_up_no_post_elsewhere(office: Office) -> None:
    office.slash(CIVIL, WHERE)
    card = office.sees(CIVIL, "Where do we meet?")
    office.edge.trouble("chat.update", status=429, headers={"Retry-After": "60"})
    office.people.click(handle(CIVIL), card, "Geneva")
    office.run(office.relay.drain())
    assert [each.ok for each in office.edge.called("chat.update")][-1] is False
    office.people.slash(handle(PRIVATE), "mag", f"propose text {_proposal('Needed.')} --co-proposers {TECHNICAL!r}")
    office.let_go_by(10)
    assert "names you as co-proposer" in office.sees(TECHNICAL, "WG-LT", "@").text
    assert "▰▰▰▰▰▰▰▰ 1  Geneva" not in office.sees(CIVIL, "Where do we meet?").text
    office.settle()
    assert "▰▰▰▰▰▰▰▰ 1  Geneva" in office.sees(CIVIL, "Where do we meet?").text


# Slack lets nobody in


@contextmanager
def shut(office: Office, error: str) -> Iterator[None]:
    """The workspace, which wgbot knew before, takes nothing from it."""
    office.says(CHAIR, "help")
    office.edge.trouble("*", times=10**6, body={"ok": False, "error": error})
    yield
    office.edge.run(_cleared(office.edge))
    office.settle()


async def _cleared(edge: Edge) -> None:
    edge.troubles.clear()


@pytest.mark.parametrize(
    "error", ["token_revoked", "invalid_auth", "account_inactive", "not_authed", "org_login_required"]
)
def test_while_the_workspace_is_shut_nothing_is_parked_and_then_all_arrives_in_order(
    office: Office, error: str
) -> None:
    with shut(office, error):
        office.people.slash(handle(CIVIL), "mag", WHERE)
        office.people.slash(handle(CIVIL), "mag", WHEN)
        office.let_go_by(3_600)
        assert polls(office, "do we meet?") == []
        assert dead(office) == []
        tried = [each for each in office.edge.calls if each.method in ("chat.postMessage", "conversations.open")]
        assert len(tried) < 200  # not hammered
    assert [each.text.split("\n")[1] for each in polls(office, "do we meet?")] == [
        "Where do we meet?",
        "When do we meet?",
    ]
    works(office, office.sees(CIVIL, "Where do we meet?"))


def test_a_token_revoked_and_given_back(office: Office) -> None:
    office.says(CHAIR, "help")
    office.edge.tokens.revoke()
    seen = office.people.slash(handle(CIVIL), "mag", WHERE)
    assert "Poll 1 is open" in seen.text
    office.let_go_by(600)
    assert polls(office, "Where do we meet?") == []
    assert dead(office) == []
    office.edge.tokens[office.edge.workspace.app.token].revoked = False
    office.settle()
    assert len(polls(office, "Where do we meet?")) == 1


# One place takes nothing; the others go on


def parked_and_told_once(office: Office, reason: Reason, said: str) -> None:
    """Two polls do not arrive in #elsewhere, and do in #mag; the Secretariat hears of it, once."""
    office.slash(CIVIL, WHERE)
    office.slash(CIVIL, WHEN)
    assert len(polls(office, "do we meet?")) == 2
    assert [each.error for each in dead(office)] == [reason] * 2
    assert len(told(office, said)) == 1


def test_a_deleted_channel(two_rooms: Office) -> None:
    two_rooms.edge.delete_channel("elsewhere")
    parked_and_told_once(two_rooms, Reason.ROOM_GONE, "is no longer there")


def test_an_archived_channel_and_what_was_parked_arrives_once_it_is_back(two_rooms: Office) -> None:
    two_rooms.people.archive(handle(CHAIR), "elsewhere")
    parked_and_told_once(two_rooms, Reason.ROOM_ARCHIVED, "is archived")
    token = two_rooms.edge.workspace.person(handle(CHAIR)).token
    two_rooms.edge.api("conversations.unarchive", token, channel=two_rooms.channel_of("elsewhere"))
    sent_again(two_rooms)
    assert len(polls(two_rooms, "do we meet?", "elsewhere")) == 2
    assert dead(two_rooms) == []


def test_an_edit_in_an_archived_channel(two_rooms: Office) -> None:
    two_rooms.slash(CIVIL, WHERE, "elsewhere")
    card = two_rooms.sees(CIVIL, "Where do we meet?", "elsewhere")
    two_rooms.people.archive(handle(CHAIR), "elsewhere")
    two_rooms.click(CIVIL, card, "Geneva")
    assert {each.error for each in dead(two_rooms)} == {Reason.ROOM_ARCHIVED}
    two_rooms.slash(CIVIL, WHERE)
    works(two_rooms, two_rooms.sees(CIVIL, "Where do we meet?"))


def test_the_secretariat_is_told_again_the_next_day(two_rooms: Office) -> None:
    two_rooms.edge.delete_channel("elsewhere")
    two_rooms.slash(CIVIL, WHEN, "elsewhere")
    two_rooms.slash(CIVIL, WHEN, "elsewhere")
    assert len(told(two_rooms, "is no longer there")) == 1
    two_rooms.time.ahead += 24 * 3_600
    two_rooms.slash(CIVIL, WHEN, "elsewhere")
    two_rooms.slash(CIVIL, WHEN, "elsewhere")
    assert len(told(two_rooms, "is no longer there")) == 2


def test_a_channel_it_was_taken_out_of_is_entered_again(two_rooms: Office) -> None:
    two_rooms.people.remove(handle(CHAIR), "elsewhere")
    two_rooms.slash(CIVIL, WHERE, "elsewhere")
    assert len(polls(two_rooms, "Where do we meet?", "elsewhere")) == 1
    assert dead(two_rooms) == []


def test_also_when_it_has_to_look_for_what_it_posted(two_rooms: Office) -> None:
    two_rooms.edge.trouble("chat.postMessage", before=True)
    two_rooms.people.slash(handle(CIVIL), "elsewhere", WHERE)
    two_rooms.run(two_rooms.relay.drain())
    two_rooms.people.remove(handle(CHAIR), "elsewhere")
    two_rooms.settle()
    assert len(polls(two_rooms, "Where do we meet?", "elsewhere")) == 1
    assert dead(two_rooms) == []


def test_where_it_may_not_enter_again_the_message_is_parked(two_rooms: Office) -> None:
    two_rooms.edge.tokens.grant(*(set(two_rooms.edge.workspace.app.scopes) - {"channels:join"}))
    two_rooms.people.remove(handle(CHAIR), "elsewhere")
    parked_and_told_once(two_rooms, Reason.NOT_ALLOWED, "is not allowed to")


def test_somebody_who_left(office: Office) -> None:
    office.edge.deactivate(handle(TECHNICAL))
    office.slash(PRIVATE, f"propose text {_proposal('Needed.')} --co-proposers {TECHNICAL!r}")
    assert {each.error for each in dead(office)} == {Reason.PERSON_GONE}
    assert len(told(office, "the account is no longer there")) == 1
    assert "WG-LT" in office.sees(CIVIL, "WG-LT").text


def test_a_card_that_was_deleted_is_nobodys_trouble(office: Office) -> None:
    office.slash(CIVIL, WHERE)
    card = office.sees(CIVIL, "Where do we meet?")
    office.edge.api("chat.delete", channel=card.channel, ts=card.ts)
    office.click(CIVIL, card, "Geneva")
    assert dead(office) == []
    assert told(office, "did not arrive") == []


# How everything is sent


def test_slack_is_to_make_nothing_of_what_is_sent_by_itself(office: Office) -> None:
    office.slash(CIVIL, WHERE)
    works(office, office.sees(CIVIL, "Where do we meet?"))
    for call in office.edge.called("chat.postMessage"):
        given = call.arguments
        assert (given["parse"], given["link_names"]) == ("none", False)
        assert (given["unfurl_links"], given["unfurl_media"]) == (False, False)
    for call in office.edge.called("chat.update"):
        assert (call.arguments["parse"], call.arguments["link_names"]) == ("none", False)


def test_a_second_between_two_posts_in_a_channel_and_a_second_and_a_half_between_two_edits(office: Office) -> None:
    at: dict[str, list[float]] = {"chat.postMessage": [], "chat.update": []}

    class Clocked(list[Any]):
        def append(self, call: Any) -> None:
            if call.method in at and call.arguments.get("channel") == channel:
                at[call.method].append(call.at + office.time.ahead)
            super().append(call)

    channel = office.channel_of("mag")
    office.edge.calls = Clocked()
    for number in range(8):
        office.people.slash(handle(CIVIL), "mag", f'poll "Question {number}?" Yes, No')
    office.settle()
    posts = at["chat.postMessage"]
    assert len(posts) == 8
    for first, later in zip(posts, posts[2:], strict=False):  # two at once after a rest
        assert later - first >= 1 - ON_THE_WAY, posts
    assert posts[-1] - posts[0] >= 6 - ON_THE_WAY
    cards = [each for each in office.people.messages(handle(CIVIL), "mag") if "Question" in each.text]
    for member in (CIVIL, CHAIR, PRIVATE, TECHNICAL):
        for card in cards:
            office.people.click(handle(member), card, "Yes")
    office.settle()
    edits = at["chat.update"]
    assert len(edits) < 4 * 8  # they are put together
    for first, later in pairwise(edits):
        assert later - first >= 1.5 - ON_THE_WAY, edits
    for card in office.people.messages(handle(CIVIL), "mag"):
        assert "Question" not in card.text or "4  Yes" in card.text
