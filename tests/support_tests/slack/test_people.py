from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.slack.edge import Edge
from tests.support.slack.forms import Impossible
from tests.support.slack.people import People
from tests.support_tests.slack import bolt

pytestmark = pytest.mark.slow


@pytest.fixture(params=[bolt.over_http, bolt.over_sockets], ids=["http", "sockets"])
def people(slack: Edge, request: pytest.FixtureRequest) -> Iterator[People]:
    with request.param(slack) as everybody:
        yield everybody


def test_a_slash_command_is_answered_to_whoever_typed_it(people: People) -> None:
    seen = people.slash("alice", "governance", "how do you do")
    assert seen.acked
    assert seen.text == "Hello @alice: how do you do"
    assert people.message("alice", "governance", "Hello").ephemeral
    assert people.messages("bob", "governance") == []
    people.slash("alice", "governance", "public")
    assert people.message("bob", "governance").text == "for all"


def test_it_works_in_direct_messages(people: People) -> None:
    people.slash("bob", "@", "post")
    assert "Agree" in people.message("bob", "@").buttons


def test_a_button_is_pressed_by_its_text_and_the_message_changes(people: People) -> None:
    people.slash("alice", "governance", "post")
    before = people.message("bob", "governance")
    assert before.text == "Buy *chairs* & tables\n[Agree] [More…]\n0 agree"
    assert people.click("bob", before, "Agree").text == "Noted"
    assert "1 agree" in people.message("carol", "governance").text
    assert people.message("bob", "governance").ephemeral
    with pytest.raises(Impossible, match="there is no 'Object'"):
        people.click("bob", before, "Object")


def test_a_whisper_is_replaced(people: People) -> None:
    (whisper,) = people.slash("alice", "governance", "whisper").messages
    assert "replaced" in people.click("alice", whisper, "Agree").text
    assert len(people.messages("alice", "governance")) == 1


def test_a_modal_is_filled_in_and_sent(people: People) -> None:
    view = people.slash("alice", "governance", "form").view
    assert view.labels == ["Title", "Term", "Group"]
    with pytest.raises(Impossible, match="must be filled in: \\['Title'\\]"):
        people.submit("alice", view)
    with pytest.raises(Impossible, match="21 characters"):
        people.submit("alice", view, {"Title": "x" * 21})
    with pytest.raises(Impossible, match="bob does not have"):
        people.submit("bob", view, {"Title": "x"})
    assert people.submit("alice", view, {"Title": "bad"}).errors == {"title": "That is taken"}
    again = people.submit("alice", view, {"Title": "again"}).view
    assert again.title == "Again"
    assert again.id == view.id
    deeper = people.submit("alice", view, {"Title": "deeper"}).view
    assert [modal.title for modal in people.modals("alice")] == ["Again", "Deeper"]
    assert deeper.raw["previous_view_id"] == view.id
    people.submit("alice", deeper, {"Title": "fine"})
    assert people.modal("alice").title == "Again"
    people.submit("alice", view, {"Title": "all"})
    assert people.modals("alice") == []


def test_what_was_typed_stays_when_a_form_changes(people: People) -> None:
    view = people.slash("alice", "governance", "form").view
    assert people.dispatch("alice", view, {"Title": "chairs", "Term": "Month"}).view.raw["private_metadata"] == "month"
    sent = people.submit("alice", view).sent
    assert sent.payload["view"]["state"]["values"] == {
        "title": {"it": {"type": "plain_text_input", "value": "chairs"}},
        "term": {
            "it": {
                "type": "static_select",
                "selected_option": {"text": {"type": "plain_text", "emoji": True, "text": "Month"}, "value": "month"},
            },
        },
        "group": {"groups": {"type": "external_select", "selected_option": None}},
    }


def test_modals_are_stacked_three_high_and_given_up(people: People) -> None:
    people.shortcut("alice", "start")
    for count in (2, 3):
        people.click("alice", people.modal("alice"), "Deeper")
        assert len(people.modals("alice")) == count
    people.click("alice", people.modal("alice"), "Deeper")
    assert people.edge.called("views.push")[-1].answer == {"ok": False, "error": "push_limit_reached"}
    closed = people.close("alice", people.modal("alice"))
    assert closed is not None
    assert closed.acked
    assert len(people.modals("alice")) == 2
    people.click("alice", people.modal("alice"), "Deeper")
    assert len(people.modals("alice")) == 3


def test_options_are_suggested(people: People) -> None:
    view = people.shortcut("alice", "start").view
    options = people.suggest("alice", view, "Group", "a").options
    people.fill("alice", view, {"Group": options[0], "Title": "x"})
    assert people.submit("alice", view).acked


def test_a_home_tab_is_looked_at_and_used(people: People) -> None:
    assert people.home("carol") is None
    people.open_home("carol")
    home = people.home("carol")
    assert home is not None
    assert home.text == "Nothing needs you\n[More…]"
    assert people.click("carol", home, "More…").view.title == "More"


def test_a_message_is_quoted(people: People) -> None:
    said = people.say("bob", "governance", "we need chairs")
    assert people.message_shortcut("alice", "quote", said).text == "You quote: we need chairs"
    assert [message.text for message in people.messages("bob", "governance")] == ["we need chairs"]


def test_several_people_at_once_see_what_is_theirs(people: People) -> None:
    names = ["alice", "bob", "carol", "dave"]
    with ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(lambda name: people.slash(name, "governance", "form"), names))
        said = list(threads.map(lambda name: people.slash(name, "governance", name), names))
    assert [len(each.views) for each in seen] == [1] * 4
    assert {each.view.id for each in seen} == {people.modal(name).id for name in names}
    assert [each.text for each in said] == [f"Hello @{name}: {name}" for name in names]


def test_an_app_that_is_late_is_not_heard(people: People) -> None:
    seen = people.slash("alice", "governance", "slow")
    assert not seen.acked
    assert seen.text == ""
