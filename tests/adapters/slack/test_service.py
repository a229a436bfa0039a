"""The service as a whole: its sockets, turned over and lost; and its end, with nothing lost that was acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.slack import service
from adapters.slack.service import MOST_SOCKETS
from bot.domain.polls import Choice
from tests.adapters.slack.office import Office, Transport, handle
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE
from tests.support.slack.edge import Edge

WHERE = 'poll "Where do we meet?" Geneva, Lyon'


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets are looked after more often than every ten seconds; not so often that a slow machine seems to be lost."""
    monkeypatch.setattr(service, "PING_SECONDS", 1.5)


@pytest.fixture
def sockets(slack: Edge) -> Iterator[Office]:
    """The service, over sockets."""
    with Office(slack, Transport.SOCKETS) as running:
        yield running


def votes(office: Office) -> int:
    with office.store.reading() as reads:
        return len(reads.all(Choice, community=MAG, poll=1))


def reopened(slack: Edge, opened: int, count: int = 2) -> None:
    slack.until(lambda: slack.sockets.opened >= opened and slack.sockets.count == count, "the sockets to be open again")


def test_it_opens_as_many_sockets_as_it_is_to_and_answers_over_each(sockets: Office) -> None:
    reopened(sockets.edge, 2)
    for _ in range(12):
        sockets.says(CIVIL, "list")
    assert sockets.edge.sockets.used == 2


def test_asked_to_turn_a_socket_over_it_opens_another_and_loses_nothing(sockets: Office) -> None:
    sockets.says(CIVIL, WHERE)
    card = sockets.sees(CIVIL, "Where do we meet?")
    for number, who in enumerate((CIVIL, CHAIR, PRIVATE, GOVERNMENT)):
        opened = sockets.edge.sockets.opened
        sockets.edge.run(sockets.edge.sockets.disconnect("warning" if number % 2 else "refresh_requested"))
        assert sockets.click(who, card, "Geneva").acked
        reopened(sockets.edge, opened + 1)
    assert votes(sockets) == 4


@pytest.mark.slow
@pytest.mark.usefixtures("quickly")
def test_lost_without_a_word_they_are_opened_again_and_what_slack_sends_again_is_done_once(sockets: Office) -> None:
    sockets.says(CIVIL, WHERE)
    card = sockets.sees(CIVIL, "Where do we meet?")
    first = sockets.click(CIVIL, card, "Geneva")
    opened = sockets.edge.sockets.opened
    sockets.edge.run(sockets.edge.sockets.drop())
    reopened(sockets.edge, opened + 2)
    assert sockets.people.again(first).acked  # the acknowledgment was lost with the socket
    assert sockets.click(CHAIR, card, "Geneva").acked
    assert votes(sockets) == 2
    assert "2  Geneva" in sockets.sees(CIVIL, "Where do we meet?").text


@pytest.mark.slow
@pytest.mark.usefixtures("quickly")
def test_while_slack_gives_no_new_socket_it_is_tried_until_it_does(sockets: Office) -> None:
    opened = sockets.edge.sockets.opened
    sockets.edge.trouble("apps.connections.open", status=500, times=3)
    sockets.edge.run(sockets.edge.sockets.drop())
    reopened(sockets.edge, opened + 2)
    assert sockets.says(CIVIL, "list")


@pytest.mark.slow
@pytest.mark.usefixtures("quickly")
def test_it_is_connected_while_one_socket_is(sockets: Office) -> None:
    reopened(sockets.edge, 2)
    assert sockets.run(sockets.slack.connected())
    assert sockets.run(sockets.slack.close()) is None
    assert not sockets.run(sockets.slack.connected())


@pytest.mark.usefixtures("quickly")
def test_at_first_too(slack: Edge) -> None:
    slack.trouble("apps.connections.open", body={"ok": False, "error": "internal_error"}, times=2)
    slack.trouble("apps.connections.open", before=True)
    with Office(slack, Transport.SOCKETS) as office:
        assert office.says(CIVIL, "list")
        reopened(slack, 2)


def test_no_more_sockets_than_slack_allows(slack: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    from adapters.slack import settings

    original = settings.SlackSettings
    monkeypatch.setattr(
        "tests.adapters.slack.office.SlackSettings", lambda **given: original(**{**given, "sockets": 50})
    )
    with Office(slack, Transport.SOCKETS) as office:
        slack.until(lambda: slack.sockets.count == MOST_SOCKETS, "ten sockets")
        assert len(slack.called("apps.connections.open")) == MOST_SOCKETS
        assert office.says(CIVIL, "list")


def test_what_is_under_way_when_it_ends_is_finished(office: Office) -> None:
    """A window that is still to be opened, and an answer still to be shown."""
    office.edge.trouble("views.open", delay=0.3)
    office.people.slash(handle(PRIVATE), "mag", "propose")
    office.run(office.slack.background.drain())
    assert "Purpose of the WG" in office.people.modal(handle(PRIVATE)).labels


def test_what_fails_behind_an_answer_is_logged_under_its_name(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.edge.trouble("views.open", body={"ok": False, "error": "internal_error"})
    assert office.slash(PRIVATE, "propose").acked
    assert "opening a window failed" in caplog.text


def test_what_takes_too_long_when_it_ends_is_cut_short() -> None:
    from adapters.slack.background import Background

    async def ending() -> list[str]:
        background, ended = Background(), list[str]()

        async def long() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("cut short")

        async def short() -> None:
            await asyncio.sleep(0)
            ended.append("finished")

        background.spawn(long(), "something long")
        background.spawn(short(), "something short")
        await background.drain(0.05)
        await asyncio.sleep(0)
        return ended

    assert sorted(asyncio.run(ending())) == ["cut short", "finished"]


@pytest.mark.parametrize("transport", list(Transport), ids=lambda each: each.value)
def test_thirty_people_at_once_are_all_answered_and_all_counted(slack: Edge, transport: Transport) -> None:
    with Office(slack, transport) as office:
        office.says(CIVIL, WHERE)
        card = office.sees(CIVIL, "Where do we meet?")
        members = [each for each in office.edge.workspace.people if each.name != handle("Observer Desk")][:30]
        before = len(slack.called("chat.update"))

        async def everybody() -> list[Any]:
            sent = [prepared(office, each.name, card) for each in members]
            return await asyncio.gather(*(office.people.delivery.send(each) for each in sent))

        answers = slack.run(everybody())
        assert all(answer.acked for answer in answers)
        office.settle()
        assert votes(office) == len(members)
        assert f"{len(members)}  Geneva" in office.sees(CIVIL, "Where do we meet?").text
        assert len(slack.called("chat.update")) - before < len(members)


def prepared(office: Office, who: str, card: Any) -> Any:
    """A click, not delivered yet."""
    from tests.support.slack.delivery import ONCE, What
    from tests.support.slack.forms import find
    from tests.support.slack.payloads import action_of

    block, element = find(card.blocks, "Geneva")
    channel = {"id": card.channel, "name": "mag", "is_im": False, "is_private": False}
    user = office.edge.user(who)
    payload = office.people.payloads.actions(user, card, channel, {}, action_of(block, element, {}))
    return office.people.delivery.prepare(What.INTERACTION, payload, ONCE)
