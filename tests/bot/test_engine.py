"""The engine: once is once, a refusal leaves nothing, a bug has a reference, a person one position."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs

from bot.command import COMMANDS
from bot.context import Context, Posting, Request, Space
from bot.domain.community import Settings
from bot.domain.consensus.checks import Check, CloseMoved, Held, tally_of
from bot.domain.people import Account
from bot.outgoing import Outgoing
from bot.view import View
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, SECRETARIAT, World, spoken


def test_the_same_origin_is_the_same_request() -> None:
    mag = World()
    mag.consulted()
    first = mag.ask(CIVIL, "consensus support 1", "#mag", "event:1")
    again = mag.ask(CIVIL, "consensus support 1", "#mag", "event:1")

    assert not first.again
    assert again.again
    assert again.view == first.view
    with mag.store.reading() as reads:
        facts = [fact for _, fact in reads.facts(MAG)]  # type: ignore[attr-defined]
    assert sum(type(fact.event).__name__ == "PositionTaken" for fact in facts) == 1


def test_a_refusal_is_remembered_too() -> None:
    mag = World()
    first = mag.ask(CIVIL, "consensus support 9", "#mag", "event:1")
    mag.consulted()
    assert mag.ask(CIVIL, "consensus support 9", "#mag", "event:1").view == first.view


def test_a_confidential_answer_is_not_given_again() -> None:
    mag = World()
    assert "link " in spoken(mag.ask(CIVIL, "link new", "#mag", "event:1").view)
    assert "confidential" in spoken(mag.ask(CIVIL, "link new", "#mag", "event:1").view)


def test_a_bug_changes_nothing_and_has_a_reference(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mag = World()
    mag.consulted()

    def broken(context: Context, arguments: object) -> View:
        context.happen(CloseMoved(1, context.now, "by-hand"))
        raise ZeroDivisionError("secret words")

    declared = COMMANDS["consensus abstain"]
    monkeypatch.setitem(COMMANDS, "consensus abstain", replace(declared, handler=broken))
    with caplog.at_level(logging.ERROR):
        refusal = mag.refuses(CIVIL, "consensus abstain 1 my private reason")
    assert "Something went wrong on our side, reference " in refusal
    reference = refusal.split("reference ")[1][:6]
    assert reference in caplog.text
    assert "my private reason" not in caplog.text
    assert "my private reason" in refusal  # what was typed is given back


def test_one_person_with_several_accounts_has_one_position() -> None:
    mag = World()
    mag.consulted()
    code = spoken(mag.ask(CIVIL, "link new", "@Yusuf A.", "event:1").view).split("link ")[1].split()[0]
    mag.does("yusuf-on-his-phone", f"link {code}")
    mag.does(CIVIL, "consensus support 1")
    assert "is now Abstain; it was Support" in mag.does("yusuf-on-his-phone", "consensus abstain 1")
    with mag.store.reading() as reads:
        assert len(reads.all(Held, community=MAG, check=1)) == 1


def test_codes_work_once_and_for_a_time() -> None:
    mag = World()
    code = spoken(mag.ask(SECRETARIAT, f"link invite {CIVIL}", "@x", "event:1").view).split("link ")[1].split()[0]
    assert "is not known here" in mag.refuses("new-account", "link AAAAA-AAAAA")
    assert "Welcome, Yusuf A." in mag.does("new-account", f"link {code.lower().replace('-', ' ')!r}".replace("'", '"'))
    assert "used already" in mag.refuses("another-account", f"link {code}")
    late = spoken(mag.ask(SECRETARIAT, f"link invite {CIVIL}", "@x", "event:2").view).split("link ")[1].split()[0]
    mag.later("3d")
    assert "ran out" in mag.refuses("another-account", f"link {late}")


def test_an_address_the_workspace_verified_makes_known_where_the_community_trusts_it() -> None:
    mag = World(settings=Settings(trust_verified_email=True))
    mag.consulted()
    request = mag.system("consensus support", "event:1", check="1")
    slack = structs.replace(request, system=False, user="U1", verified_email="yusuf25@mag.example")
    (answer,) = mag.engine.handle([slack])
    assert "your position is Support" in spoken(answer.view)
    with mag.store.reading() as reads:
        assert any(account.user == "U1" for account in reads.all(Account, community=MAG, person=_person(mag)))
    stranger = structs.replace(slack, user="U2", origin="event:2", verified_email="someone@else.example")
    (answer,) = mag.engine.handle([stranger])
    assert not answer.done


def _person(mag: World) -> object:
    with mag.store.reading() as reads:
        account = reads.get(Account, MAG, "terminal", "", CIVIL)
    assert account is not None
    return account.person


def test_without_that_setting_an_address_proves_nothing() -> None:
    mag = World()
    mag.consulted()
    request = mag.system("consensus support", "event:1", check="1")
    (answer,) = mag.engine.handle(
        [structs.replace(request, system=False, user="U1", verified_email="yusuf25@mag.example")]
    )
    assert not answer.done


def test_a_batch_is_decided_in_order_and_refusals_fail_alone() -> None:
    mag = World()
    mag.consulted()
    people = mag.supporters()
    requests = [
        mag.system(
            "consensus support" if number % 3 else "consensus live-with",
            f"b:{number}",
            check="1" if number % 5 else "9",
        )
        for number in range(len(people))
    ]
    requests = [
        structs.replace(each, system=False, user=person, space=type(each.space)("terminal", "", "#mag"))
        for each, person in zip(requests, people, strict=True)
    ]
    answers = mag.engine.handle([*requests, requests[1]])
    assert [answer.done for answer in answers[:-1]] == [bool(number % 5) for number in range(len(people))]
    assert answers[-1].again
    with mag.store.reading() as reads:
        check = reads.get(Check, MAG, 1)
        assert check is not None
        assert tally_of(reads, check).taken() == sum(answer.done for answer in answers[:-1])


def test_no_person_gives_the_softwares_own_commands() -> None:
    mag = World()
    for line in ("due", "delivered", "room opened"):
        answer = mag.ask(CHAIR, "list", "#mag", f"x:{line}")
        assert answer.done
        request = structs.replace(mag.system(line, f"y:{line}", tag="check:1"), system=False, user=CHAIR)
        (answer,) = mag.engine.handle([request])
        assert not answer.done
        assert "There is no command" in spoken(answer.view)


def test_bad_input_is_refused_and_given_back() -> None:
    mag = World()
    mag.proposed()
    for text, why in (
        ("a\x00b", "NUL"),
        ("a\u202eb", "U+202E"),
        ("x" * 20_000, "characters"),
    ):
        refusal = mag.refuses(CIVIL, f"consult comment WG-MWP {text}")
        assert why.lower() in refusal.lower(), refusal
    mag.does(CIVIL, "consult comment WG-MWP 👩🏽‍💻 مرحبا Привет")
    assert "👩🏽‍💻 مرحبا Привет" in mag.card("consultation:1")
    assert PRIVATE in mag.does(PRIVATE, "")


def posted(mag: World, command: str, posting: Posting, **arguments: str) -> list[Outgoing]:
    """What is to be posted in answer to a request given in a thread."""
    space = Space("terminal", "", "#mag", thread="m1")
    origin = f"posted:{command}:{posting}"
    request = Request(MAG, space, command, origin, datetime.now(UTC), user=CIVIL, arguments=arguments, posting=posting)
    mag.engine.handle([request, request])
    with mag.store.writing([MAG]) as work:
        claimed = work.outbox.claim(datetime.now(UTC), "test", 60, 100, ["terminal"])
    return [each.row for each in claimed if each.row.view is not None and not each.row.subject]


def test_where_nobody_waits_the_answer_is_posted_once_in_its_thread() -> None:
    (row,) = posted(World(), "list", Posting.ALL)
    assert (row.lane.place, row.under) == ("#mag", "m1")
    assert "no working group" in spoken(row.view)


def test_a_tap_is_answered_only_where_it_was_not_done() -> None:
    mag = World()
    mag.consulted()
    (row,) = posted(mag, "consensus object", Posting.UNDONE, check="1")
    assert row.under == "m1"
    assert "What do you object to?" in spoken(row.view)
    again = World()
    again.consulted()
    assert posted(again, "consensus support", Posting.UNDONE, check="1") == []


def test_what_is_for_the_speaker_alone_is_posted_to_them_alone() -> None:
    rows = {row.lane.place: spoken(row.view) for row in posted(World(), "link new", Posting.ALL)}
    assert "link " in rows[f"@{CIVIL}"]
    assert "for you alone" in rows["#mag"]
    assert "link " not in rows["#mag"]
