"""What somebody sends on purpose, and no client would: it does nothing, and keeps nobody else from being heard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.shared.rates import Rate
from bot.context import Request
from bot.domain.consensus.checks import check_of, tally_of
from bot.engine import Answer
from storage.store import SqlStore
from storage.verify import verify
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.square import POLL, Square, reference, within
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE
from tests.support.matrix.crowd import Plains
from tests.support.matrix.synapse import PASSWORD, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

HUGE = "9" * 40
IDS = (
    "[]", "{}", "null", "1", "[1]", '["mag"]', '["mag",1,{}]', '["mag","consensus support",[]]', "[" * 5_000,
    '["mag","consensus support",{}]',
    '["mag","consensus support",{"check":"0"}]',
    '["mag","consensus support",{"check":"-1"}]',
    f'["mag","consensus support",{{"check":"{HUGE}"}}]',
    '["mag","consensus support",{"check":"1\\u0000"}]',
    '["mag","consensus support",{"bogus":"1"}]',
    '["nobody","consensus support",{"check":"1"}]',
    '["","consensus support",{"check":"1"}]',
    f'["mag","poll choose",{{"poll":"{HUGE}","options":"1"}}]',
    '["mag","poll choose",{"poll":"1","options":"\\",\\","}]',
    '["mag","home renamed",{"platform":"matrix","place":"!x"}]',
)  # fmt: skip
"""Answers of a poll, as ids."""

MESSAGES: tuple[dict[str, Any], ...] = (
    {"body": "!wg"},
    {"body": "!wg " + "x" * 20_000},
    {"body": "!wg propose new \x00\x07 \u202e --purpose"},
    {"body": '!wg propose "'},
    {"body": f"!wg consensus show {HUGE}"},
    {"body": f"!wg consensus object {HUGE} because"},
    {"body": f"!wg clock +{HUGE}d"},
    {"body": "!wg draft answer"},
    {"body": f"!wg draft keep {HUGE} {{"},
    {"body": "!wg heard nothing no-key"},
    {"body": "!wg home moved matrix"},
    {"body": "!wg list", "m.mentions": {"user_ids": "all"}},
    {"body": "!wg list", "m.relates_to": {"rel_type": "m.thread"}},
    {"body": "!wg list", "m.relates_to": []},
    {"body": "!wg list", "msgtype": "m.file", "url": "mxc://nowhere.test/x", "info": []},
    {"body": "!wg roster import", "msgtype": "m.file", "url": "mxc://nowhere.test/../../x"},
    {"body": "!wg propose text", "msgtype": "m.file", "file": {"url": "mxc://wg.test/none", "key": 1}},
)


@pytest.fixture
def square(synapse: Homeserver, plain: Plains, sqlite_url: str, tmp_path: Path) -> Iterator[Square]:
    """On a database, which cannot hold just any number."""
    people = {CHAIR: plain("amina"), CIVIL: plain("yusuf"), PRIVATE: plain("qiang")}
    bot = synapse.register("wg").user_id
    accounts = {name: who.id for name, who in people.items()}
    store = SqlStore.open(sqlite_url)
    with Hall(synapse.url, (bot, PASSWORD), tmp_path, accounts, store) as hall:
        told = Square(hall, people, bot, synapse)
        told.meet()
        yield told
        assert verify(store, MAG) == []
    store.close()


def test_messages_that_no_client_sends(square: Square) -> None:
    for content in MESSAGES:
        square.people[CIVIL].event(square.room, "m.room.message", {"msgtype": "m.text", **content})
    square.says(CIVIL, "!wg list", "There is no working group yet")
    square.says(PRIVATE, "!wg list", "There is no working group yet")
    assert not [each.body for each in square.heard() if "Something went wrong" in each.body]


def test_votes_and_reactions_that_no_client_sends(square: Square) -> None:
    poll = square.checked()
    for each in IDS:
        square.respond(CIVIL, poll.id, [each])
    spoiled: tuple[Any, ...] = ([], ["a"] * 1_000, "no list", [1, None], {})
    for ids in spoiled:
        content = {f"{POLL}response": {"answers": ids}, "m.relates_to": reference(poll.id)}
        square.people[CIVIL].event(square.room, f"{POLL}response", content)
    for key in ("", "x" * 200, "👍" * 100, json.dumps(IDS)[:200]):
        relation = {"rel_type": "m.annotation", "event_id": poll.id, "key": key}
        square.people[CIVIL].event(square.room, "m.reaction", {"m.relates_to": relation})
    square.says(CIVIL, "!wg list", "WG-MWP")
    square.vote(PRIVATE, poll, "Support")
    square.until_held(PRIVATE, "support")
    assert square.held(CIVIL) is None
    assert not [each.body for each in square.heard() if "Something went wrong" in each.body]


def test_answers_that_no_client_sends(square: Square) -> None:
    thread = square.says(CIVIL, "!wg consensus open", "About what?").thread
    for body in ("\x00", " ", "9" * 40, "back", "back", "skip", "submit", "x" * 30_000, "preview"):
        square.people[CIVIL].send(square.room, body, **within(thread))
    square.says(CIVIL, "!wg list", "There is no working group yet")
    assert not [each.body for each in square.heard() if "Something went wrong" in each.body]


def test_what_can_never_be_written_keeps_nobody_waiting(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours, whatever it will be; yet while nothing at all can be written, nothing is given up."""
    engine, down = square.hall.engine, [True, True, True, True, True]
    handle = engine.handle

    def failing(requests: Sequence[Request]) -> list[Answer]:
        if down:
            down.pop()
            raise OSError("the disk is full")
        if any("unlucky" in each.typed for each in requests):
            raise OverflowError
        return handle(requests)

    monkeypatch.setattr(engine, "handle", failing)
    unlucky = square.people[CIVIL].send(square.room, "!wg show unlucky")
    behind = square.people[CIVIL].send(square.room, "!wg list")
    square.sees("Something went wrong on our side", thread=unlucky)
    square.sees("There is no working group yet", thread=behind)
    assert not down
    assert sum(each.thread == unlucky for each in square.heard()) == 1


def test_a_flood_is_answered_once_in_each_place_and_others_are_heard(
    synapse: Homeserver, plain: Plains, tmp_path: Path
) -> None:
    people = {CHAIR: plain("amina"), CIVIL: plain("yusuf"), PRIVATE: plain("qiang")}
    bot = synapse.register("wg").user_id
    accounts = {name: who.id for name, who in people.items()}
    with Hall(synapse.url, (bot, PASSWORD), tmp_path, accounts, allowed=Rate(0.01, 5)) as hall:
        square = Square(hall, people, bot, synapse)
        square.meet()
        poll = square.checked()
        square.people[CIVIL].flood(square.room, ["!wg list"] * 20, at_once=1)
        square.vote(CIVIL, poll, "Support")
        square.sees("Too much came from you at once", thread=poll.id)
        square.says(CHAIR, "!wg list", "WG-MWP")
        assert sum("Too much came" in each.body for each in square.heard()) == 2
        with hall.store.reading() as reads:
            assert tally_of(reads, check_of(reads, MAG, 1)).taken() == 0
