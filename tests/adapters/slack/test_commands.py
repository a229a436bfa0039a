"""What is typed after `/wg`: answered in the acknowledgment, to whoever typed it alone; done once, and taken as it was meant."""

from __future__ import annotations

import pytest

from bot.domain.polls import Poll
from tests.adapters.slack.office import Office, handle
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE
from tests.support.slack.delivery import ONCE
from tests.support.slack.workspace import BOT_USER


def polls(office: Office) -> list[Poll]:
    with office.store.reading() as reads:
        return list(reads.all(Poll, community=MAG))


def test_an_answer_is_for_whoever_asked_alone(office: Office) -> None:
    seen = office.slash(CIVIL, "list")
    assert seen.body["response_type"] == "ephemeral"
    assert seen.text
    assert all(each.ephemeral for each in seen.messages)


@pytest.mark.parametrize(
    "typed", ["", "  ", "help", "HELP", "nonsense", "propose nonsense", "/wg list", "wg list", '"', "'", "--", "—"]
)
def test_whatever_is_typed_is_answered(office: Office, typed: str) -> None:
    seen = office.slash(CIVIL, typed)
    assert seen.acked
    assert seen.text or office.people.modals(handle(CIVIL))
    assert "Something went wrong" not in seen.text


def test_what_a_phone_makes_of_quotes_and_dashes_is_understood(office: Office) -> None:
    office.says(CIVIL, "poll “Which days?” Monday, Friday —multiple")
    (poll,) = polls(office)
    assert poll.question == "Which days?"
    assert poll.several


def test_letters_that_slack_escapes_are_the_letters(office: Office) -> None:
    office.says(CIVIL, 'poll "a &lt; b &amp;&amp; c &gt; d?" Yes, No')
    assert polls(office)[0].question == "a < b && c > d?"


def test_a_command_delivered_again_is_done_once_and_answered_the_same(office: Office) -> None:
    first = office.slash(CIVIL, 'poll "Where?" Geneva, Lyon')
    again = office.people.again(first)
    office.settle()
    assert again.body == first.body
    assert len(polls(office)) == 1


def test_typed_again_it_is_done_again(office: Office) -> None:
    for _ in range(2):
        office.says(CIVIL, 'poll "Where?" Geneva, Lyon')
    assert len(polls(office)) == 2


def test_without_a_trigger_the_same_words_by_the_same_person_in_one_place_are_the_same(office: Office) -> None:
    first = office.slash(CIVIL, 'poll "Where?" Geneva, Lyon')
    payload = {**first.sent.payload, "trigger_id": ""}
    for _ in range(2):
        office.people._do(office.edge.user(handle(CIVIL)), first.sent.what, payload, ONCE)
    office.settle()
    assert len(polls(office)) == 2  # the first one with a trigger, and these


def test_in_direct_messages_one_is_by_oneself(office: Office) -> None:
    assert "⛔" not in office.says(CIVIL, "todo", "@")
    said = office.says(CHAIR, "home all", "@")
    assert "private conversation" in said


def test_a_long_answer_goes_on_by_the_response_url_and_is_whole(office: Office) -> None:
    purpose = " ".join(f"w{number}" for number in range(3_000))
    office.slash(
        PRIVATE,
        f"propose text Working Group: Long (WG-L)\n\n## Purpose of the WG\n\n{purpose}\n\n## Objectives/Goals of the WG\n\n- x"
        "\n\n## Expected Output(s)\n\n- x\n\n## Timeframe for the work\n\nJune 2027\n",
    )
    since = len(office.edge.replies.posted)
    seen = office.slash(CIVIL, "propose show WG-L")
    rest = office.edge.replies.posted[since:]
    assert rest
    assert all(reply.ephemeral and not reply.replaces for reply in rest)
    shown = " ".join(each.text for each in office.people.messages(handle(CIVIL), "mag") if each.ephemeral)
    assert set(purpose.split()) <= set(shown.split())
    assert seen.seconds < 3.0


def test_a_document_comes_as_a_direct_message(office: Office) -> None:
    assert "direct messages" in office.says(CIVIL, "calendar file")
    message = office.sees(CIVIL, "", "@")
    assert message.user == BOT_USER
    assert message.raw["files"][0]["name"].endswith(".ics")


def test_when_the_response_url_is_gone_nothing_else_is(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.slash(CIVIL, 'poll "Where?" Geneva, Lyon')
    card = office.sees(CIVIL, "Where?")
    for trouble in ({"status": 404}, {"status": 500}, {"before": True}):
        office.edge.trouble("response_url", **trouble)
        assert office.click(CIVIL, card, "Geneva").acked
    assert "1  Geneva" in office.sees(CIVIL, "Where?").text
    assert caplog.text.count("an answer by response URL") == 3
