from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.slack import shapes
from tests.support.slack.delivery import How, OverHttp, What
from tests.support.slack.edge import Edge
from tests.support.slack.people import People
from tests.support_tests.slack import bolt

pytestmark = pytest.mark.slow


@pytest.fixture
def people(slack: Edge) -> Iterator[People]:
    with bolt.over_http(slack) as everybody:
        yield everybody


def test_what_is_not_signed_as_slack_signs_is_refused(people: People) -> None:
    assert people.slash("alice", "governance", "x").status == 200
    assert people.slash("alice", "governance", "x", how=How(secret="other")).status == 401
    assert people.slash("alice", "governance", "x", how=How(age=301)).status == 401
    assert people.slash("alice", "governance", "x", how=How(headers={"X-Slack-Signature": "v0=0"})).status == 401
    assert people.slash("alice", "governance", "x", how=How(age=299)).status == 200


def test_a_refusal_shows_the_person_nothing(people: People) -> None:
    seen = people.slash("alice", "governance", "x", how=How(secret="other"))
    assert (seen.acked, seen.text, seen.messages) == (False, "", ())


def test_a_delivery_arrives_again_to_the_byte(people: People) -> None:
    first = people.slash("alice", "governance", "x")
    again = people.again(first)
    assert again.sent is first.sent
    assert again.text == first.text


def test_a_retry_says_so(slack: Edge) -> None:
    delivery = OverHttp("http://127.0.0.1:1", "secret")
    usual = delivery.prepare(What.EVENT, {}, How())
    again = delivery.prepare(What.EVENT, {}, How(retry=2, reason="http_error"))
    assert "X-Slack-Retry-Num" not in usual.headers
    assert (again.headers["X-Slack-Retry-Num"], again.headers["X-Slack-Retry-Reason"]) == ("2", "http_error")


def test_an_app_that_is_not_there_does_not_answer(slack: Edge) -> None:
    for people in (People.over_http(slack, "http://127.0.0.1:1"), People.over_sockets(slack)):
        seen = people.slash("alice", "governance", "x")
        assert (seen.acked, seen.status) == (False, 0)


def test_a_request_url_is_verified(people: People) -> None:
    assert people.challenge("words").body == {"challenge": "words"}


def test_events_have_the_shape_that_slack_publishes(people: People) -> None:
    people.open_home("alice")
    event = people.open_home("alice").sent.payload["event"]
    assert event["view"]["state"] == {"values": {}}
    told = {
        key: value for key, value in event.items() if key != "view"
    }  # the types know less of views than Slack tells
    shapes.conforms("AppHomeOpenedEvent", told, "event")


def test_sockets_are_many_and_are_replaced(slack: Edge) -> None:
    with ExitStack() as apps:
        people = apps.enter_context(bolt.over_sockets(slack))
        apps.enter_context(bolt.over_sockets(slack))
        slack.until(lambda: slack.sockets.count == 2, "both sockets")
        assert all(people.slash("alice", "governance", "x").acked for _ in range(10))
        assert slack.sockets.used == 2
        slack.run(slack.sockets.disconnect())
        slack.until(lambda: slack.sockets.opened == 3 and slack.sockets.count == 2, "another socket")
        assert all(people.slash("alice", "governance", "x").acked for _ in range(10))


def test_a_socket_that_is_lost_is_opened_again(slack: Edge) -> None:
    with bolt.over_sockets(slack) as people:
        slack.run(slack.sockets.drop())
        slack.until(lambda: slack.sockets.opened == 2 and slack.sockets.count == 1, "another socket")
        assert people.slash("alice", "governance", "x").acked


def test_an_envelope_arrives_again(slack: Edge) -> None:
    with bolt.over_sockets(slack) as people:
        first = people.slash("alice", "governance", "x")
        again = people.again(first)
        assert again.sent.envelope == first.sent.envelope
        assert again.acked
