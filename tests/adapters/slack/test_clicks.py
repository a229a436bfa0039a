"""Clicks: each act once, however often it is delivered; late, double and old ones are harmless; answers fit where they go."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from adapters.shared.rates import Rate
from bot.domain.consensus.checks import Held, TallyCell
from bot.domain.consensus.positions import Position
from storage.store import SqlStore
from tests.adapters.slack.office import Office, handle
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, SECRETARIAT, TECHNICAL
from tests.contracts.renderers import lettered
from tests.support.slack.delivery import ONCE, How
from tests.support.slack.edge import Edge
from tests.support.slack.seen import Message, Seen

WHERE = 'poll "Where do we meet?" Geneva, Lyon'


def proposal(purpose: str = "Needed.") -> str:
    return (
        f"propose text Working Group: Long Text (WG-LT)\n\n## Purpose of the WG\n\n{purpose}\n\n"
        "## Objectives/Goals of the WG\n\n- A plan\n\n## Expected Output(s)\n\n- A plan\n\n"
        "## Timeframe for the work\n\nJanuary to June 2027\n"
    )


def held(office: Office) -> list[Held]:
    with office.store.reading() as reads:
        return list(reads.all(Held, community=MAG, check=1))


def facts(office: Office) -> int:
    with office.store.reading() as reads:
        return len(list(reads.facts(MAG)))


def again_with(office: Office, who: str, seen: Seen, **changed: Any) -> Seen:
    """The same click once more, as another delivery of which something differs."""
    payload = {**seen.sent.payload, **changed}
    found = office.people._do(office.edge.user(handle(who)), seen.sent.what, payload, ONCE)
    office.settle()
    return found


def later(seen: Seen, seconds: float) -> dict[str, Any]:
    """The click, so much later: it has another trigger and another time."""
    (action,) = seen.sent.payload["actions"]
    at = f"{float(action['action_ts']) + seconds:.6f}"
    return {"trigger_id": f"later.{seconds}", "actions": [{**action, "action_ts": at}]}


@pytest.fixture
def poll(office: Office) -> Message:
    office.slash(CIVIL, WHERE)
    return office.sees(CIVIL, "Where do we meet?")


@pytest.fixture
def check(office: Office) -> Message:
    office.says(PRIVATE, proposal())
    office.later("7d")
    office.later("7d")
    return office.sees(CIVIL, "Consensus check 1")


# Too many clicks


def test_clicks_that_are_too_many_are_refused_to_whoever_clicks_and_count_for_nothing(slack: Edge) -> None:
    """A script clicks on. Its last position that was acknowledged stands; somebody else notices nothing."""
    with Office(slack, allowed=Rate(0.001, 7)) as office:  # six clicks, and that his zone is learnt
        office.says(PRIVATE, proposal())
        office.later("7d")
        office.later("7d")
        card = office.sees(CIVIL, "Consensus check 1")
        first = office.click(CIVIL, card, "Support")
        for button in ("Stand aside", "Abstain", "Support", "Stand aside", "Abstain"):
            office.people.click(handle(CIVIL), card, button)
        office.settle()
        before, since = facts(office), len(office.edge.replies.posted)
        assert office.click(CIVIL, card, "Support").acked
        (said,) = office.whispered(CIVIL, since)
        assert "Too much came from you at once: this was not done" in said
        assert "/wg consensus support" in office.says(CIVIL, "consensus support")  # what was typed is given back
        assert [each.position for each in held(office)] == [Position.ABSTAIN]
        assert facts(office) == before
        office.people.again(first)  # Slack repeats what it had no answer to: it was done, and is no other click
        office.settle()
        assert "your position is Support" in office.whispered(CIVIL, since)[-1]
        assert facts(office) == before
        office.click(GOVERNMENT, card, "Support")
        assert len(held(office)) == 2


# The same click


def test_a_click_delivered_again_is_done_once_and_answered_the_same(office: Office, poll: Message) -> None:
    first = office.click(CIVIL, poll, "Geneva")
    before = facts(office)
    for retry in (1, 2, 3):
        sent = office.people.delivery.prepare(first.sent.what, first.sent.payload, How(retry=retry))
        office.people._deliver(office.edge.user(handle(CIVIL)), sent)
    office.settle()
    assert facts(office) == before
    said = office.whispered(CIVIL, 0)
    assert len(said) == 4
    assert len(set(said)) == 1


@pytest.mark.parametrize("seconds", [0.05, 0.5, 1.4])
def test_a_double_click_on_a_position_is_one_position_answered_alike(
    office: Office, check: Message, seconds: float
) -> None:
    since = len(office.edge.replies.posted)
    first = office.click(CIVIL, check, "Support")
    assert again_with(office, CIVIL, first, **later(first, seconds)).acked
    assert len(held(office)) == 1
    with office.store.reading() as reads:
        assert sum(each.count for each in reads.all(TallyCell, community=MAG, check=1)) == 1
    first_said, second_said = office.whispered(CIVIL, since)
    assert first_said == second_said  # not “your position is now Support; it was Support”


def test_a_second_click_later_is_an_act_of_its_own_that_changes_nothing(office: Office, check: Message) -> None:
    since = len(office.edge.replies.posted)
    first = office.click(CIVIL, check, "Support")
    assert again_with(office, CIVIL, first, **later(first, 2.0)).acked
    assert [each.position for each in held(office)] == [Position.SUPPORT]
    assert len(office.whispered(CIVIL, since)) == 2


def test_two_people_who_click_at_once_are_two(office: Office, check: Message) -> None:
    office.people.click(handle(CIVIL), check, "Support")
    office.people.click(handle(GOVERNMENT), check, "Support")
    office.settle()
    assert len(held(office)) == 2


def test_two_different_buttons_at_once_are_two_acts_the_last_of_which_counts(office: Office, check: Message) -> None:
    for button in ("Support", "Can live with it", "Support", "Stand aside"):
        office.people.click(handle(CIVIL), check, button)
    office.settle()
    assert [each.position for each in held(office)] == [Position.STAND_ASIDE]
    assert "1 of 40" in office.sees(CIVIL, "Consensus check 1").text


def test_a_double_click_on_a_poll_and_back_again(office: Office, poll: Message) -> None:
    first = office.click(CIVIL, poll, "Geneva")
    again_with(office, CIVIL, first, **later(first, 0.3))
    office.click(CIVIL, poll, "Lyon")
    assert "▰▰▰▰▰▰▰▰ 1  Lyon" in office.sees(CIVIL, "Where do we meet?").text
    assert "0  Geneva" in office.sees(CIVIL, "Where do we meet?").text


def test_boxes_ticked_and_unticked_quickly_end_as_they_stand(office: Office) -> None:
    office.slash(CIVIL, 'poll "Which days?" Monday, Tuesday, Friday --multiple')
    card = office.sees(CIVIL, "Which days?")
    (menu,) = [
        element["action_id"] for block in card.blocks for element in block.get("elements", ()) if "options" in element
    ]
    for ticked in (["Monday"], ["Monday", "Friday"], [], ["Tuesday"], ["Monday", "Tuesday"], ["Tuesday"]):
        office.people.select(handle(CIVIL), card, menu, ticked)
    office.settle()
    text = office.sees(CIVIL, "Which days?").text
    assert "1  Tuesday" in text
    assert "0  Monday" in text
    assert "0  Friday" in text


def test_a_double_click_on_confirm_takes_the_act_once(office: Office, check: Message) -> None:
    for person in (CHAIR, GOVERNMENT, CIVIL, TECHNICAL, "Zoë B.", "Chiara C."):
        office.people.click(handle(person), check, "Support")
    office.later("7d")
    office.says(SECRETARIAT, f"approve WG-LT {PRIVATE}, {TECHNICAL}")
    card = office.sees(CHAIR, "approve", "@")
    since = len(office.edge.replies.posted)
    first = office.click(CHAIR, card, "Confirm")
    before = facts(office)
    again_with(office, CHAIR, first, **later(first, 0.4))
    assert facts(office) == before
    assert len(set(office.whispered(CHAIR, since))) == 1
    again_with(office, CHAIR, first, **later(first, 60.0))
    assert facts(office) == before


# After a restart


def test_across_a_restart_a_click_delivered_again_is_done_once_and_a_double_one_changes_nothing(
    slack: Edge, sqlite_url: str
) -> None:
    with closing(SqlStore.open(sqlite_url)) as store:
        with Office(slack, store=store) as office:
            office.says(PRIVATE, proposal())
            office.later("7d")
            office.later("7d")
            check = office.sees(CIVIL, "Consensus check 1")
            first = office.click(CIVIL, check, "Support")
            before = facts(office)
        with Office(slack, store=store) as office:
            since = len(slack.replies.posted)
            again = office.people.again(first)
            office.settle()
            assert again.acked
            assert facts(office) == before
            assert "your position is Support" in office.whispered(CIVIL, since)[0]
            again_with(office, CIVIL, first, **later(first, 0.2))
            assert [each.position for each in held(office)] == [Position.SUPPORT]
            assert "1 of 40" in office.sees(CIVIL, "Consensus check 1").text
            office.click(CIVIL, check, "Can live with it")  # the old card's buttons still work
            assert [each.position for each in held(office)] == [Position.LIVE_WITH]


# Late, and old


def test_a_click_on_a_closed_check_is_refused_with_what_to_do(office: Office, check: Message) -> None:
    office.later("7d")
    since = len(office.edge.replies.posted)
    office.click(CIVIL, check, "Support")
    assert "⛔" in office.whispered(CIVIL, since)[0]
    assert held(office) == []


@pytest.mark.parametrize("value", ["", "{}", "[]", "nonsense", '["mag"]', '["mag","no such command",{}]', "null"])
def test_a_button_of_an_earlier_version_says_so(office: Office, poll: Message, value: str) -> None:
    first = office.click(CIVIL, poll, "Geneva")
    (action,) = first.sent.payload["actions"]
    since = len(office.edge.replies.posted)
    seen = again_with(office, CIVIL, first, trigger_id="other", actions=[{**action, "value": value}])
    assert seen.acked
    (said,) = office.whispered(CIVIL, since)
    assert "⛔" in said


def test_a_button_of_a_body_that_is_no_more_says_so(office: Office, poll: Message) -> None:
    first = office.click(CIVIL, poll, "Geneva")
    (action,) = first.sent.payload["actions"]
    since = len(office.edge.replies.posted)
    value = action["value"].replace('"mag"', '"gone"')
    again_with(office, CIVIL, first, trigger_id="other", actions=[{**action, "value": value}])
    (said,) = office.whispered(CIVIL, since)
    assert said


# How much an answer takes


def test_a_window_that_comes_too_late_is_offered_by_a_button(office: Office, check: Message) -> None:
    office.edge.trouble("views.open", body={"ok": False, "error": "expired_trigger_id"})
    office.click(CIVIL, check, "Object")
    offered = office.sees(CIVIL, "", "mag")
    assert offered.ephemeral
    office.click(CIVIL, offered, "Open the form…")
    assert "What do you object to?" in office.people.modal(handle(CIVIL)).labels


def long_proposal() -> str:
    text = proposal(lettered(19_000))
    for heading in ("Objectives/Goals of the WG\n\n- A plan", "Expected Output(s)\n\n- A plan"):
        text = text.replace(f"## {heading}", f"## {heading}\n\n{lettered(19_000)}")
    return text.replace("January to June 2027", lettered(19_000))


def test_an_answer_longer_than_a_response_url_takes_says_that_there_is_more(office: Office) -> None:
    office.slash(PRIVATE, long_proposal())
    since = len(office.edge.replies.posted)
    seen = office.slash(CIVIL, "propose show WG-LT")
    said = office.whispered(CIVIL, since)
    assert seen.acked
    assert len(said) == 5
    assert "more messages do not fit here" in said[-1]
    assert not office.edge.taken_faults()


def test_also_to_a_click(office: Office) -> None:
    office.slash(PRIVATE, long_proposal())
    office.slash(CIVIL, WHERE)
    first = office.click(CIVIL, office.sees(CIVIL, "Where do we meet?"), "Geneva")
    (action,) = first.sent.payload["actions"]
    since = len(office.edge.replies.posted)
    value = '["mag","propose show",{"group":"WG-LT"}]'
    url = office.edge.response_url(office.edge.user(handle(CIVIL)), office.channel_of("mag"))
    again_with(office, CIVIL, first, trigger_id="other", response_url=url, actions=[{**action, "value": value}])
    said = office.whispered(CIVIL, since)
    assert len(said) == 5
    assert "more messages do not fit here" in said[-1]


def test_a_fourth_window_takes_the_place_of_the_third(office: Office) -> None:
    office.slash(PRIVATE, "propose")
    named = {"What is the working group called?": "Long Text", "Its short name?": "WG-LT"}
    sections = ("Purpose of the WG", "Objectives/Goals of the WG", "Expected Output(s)", "Timeframe for the work")
    office.submit(PRIVATE, office.people.modal(handle(PRIVATE)), named | dict.fromkeys(sections, "Needed."))
    for button in ("Where it stands", "Comments so far"):
        office.click(PRIVATE, office.people.modal(handle(PRIVATE)), button)
    assert len(office.people.modals(handle(PRIVATE))) == 3
    fourth = next(each for each in office.people.modal(handle(PRIVATE)).buttons if each.startswith("Comment"))
    office.click(PRIVATE, office.people.modal(handle(PRIVATE)), fourth)
    assert len(office.people.modals(handle(PRIVATE))) == 3
    assert "Your comment" in office.people.modal(handle(PRIVATE)).labels
