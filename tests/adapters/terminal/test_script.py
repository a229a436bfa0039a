"""Scripts: played as if somebody typed them, showing what everyone sees, and ending where they are not as expected."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest

from adapters.terminal.paper import console, words_for
from adapters.terminal.rooms import BOT, Rooms
from adapters.terminal.screen import Screen
from bot.command import COMMANDS
from tests.adapters.terminal.sitting import PROPOSED, Sitting


def lines(seen: str) -> list[str]:
    return [line for line in seen.splitlines() if line]


def test_a_line_is_echoed_then_answered_then_the_rooms_are_shown() -> None:
    seen = Sitting().plays(f"/as Qiang R.\n{PROPOSED}\n")
    echo = seen.index('Qiang R. #mag> /wg propose new "Multi-year')
    answer = seen.index("WG-MWP is proposed")
    room = seen.index("#mag · wgbot\n╭─ Proposal: WG-MWP")
    assert echo < answer < room < seen.index("Consultation of the full MAG on WG-MWP ─")


def test_comments_are_narrated_and_empty_lines_mean_nothing() -> None:
    assert lines(Sitting().plays("# Monday morning\n\n  \n/room #mag\n")) == [
        "# Monday morning",
        "Amina A. #mag> /room #mag",
        "✓ You are in #mag now.",
    ]


def test_a_refusal_nobody_expected_ends_the_script_and_says_where() -> None:
    code, seen = Sitting().play("# one\n/wg show WG-NONE\nnever said\n")
    assert code == 1
    assert "There is no working group called WG-NONE." in seen
    assert lines(seen)[-1] == "Line 2 was refused, and the script did not expect it; it ends here."
    assert "never said" not in seen


def test_an_expected_refusal_is_shown_and_the_script_goes_on() -> None:
    seen = Sitting().plays("! /wg show WG-NONE\nstill here\n")
    assert "Amina A. #mag> /wg show WG-NONE" in seen
    assert "You typed: /wg show WG-NONE" in seen
    assert lines(seen)[-1] == "Amina A. #mag> still here"


def test_an_expected_refusal_that_does_not_come_ends_the_script() -> None:
    code, seen = Sitting().play("! /wg list\nnever said\n")
    assert code == 1
    assert lines(seen)[-1] == "Line 1 was to be refused, and was not; the script ends here."


def test_a_bug_ends_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, "list", replace(COMMANDS["list"], handler=broken))
    code, seen = Sitting().play("/wg list\n")
    assert code == 1
    assert "Something went wrong" in seen


def test_an_answer_with_problems_is_a_refusal() -> None:
    too_long = "x" * 41
    assert Sitting().play(f"/as Qiang R.\n/wg propose new\nMulti-year Work\n{too_long}\n")[0] == 1
    Sitting().plays(f"/as Qiang R.\n/wg propose new\nMulti-year Work\n! {too_long}\nWG-MWP\n")


def test_a_command_may_stand_on_several_lines() -> None:
    sitting = Sitting()
    sitting.plays(f"/as Qiang R.\n{PROPOSED}\n")
    comment = '/wg consult comment WG-MWP concern "One\n# two\n\nthree"'
    seen = sitting.play(f"/as Bao B.\n{comment}\n/wg list\n", "again")[1]
    assert [line.rstrip() for line in lines(seen) if line.startswith("…")] == ["… # two", "…", '… three"']
    assert "One\\n# two\\n\\nthree" in repr(sitting.facts())


def test_a_quotation_that_never_closes_ends_the_script() -> None:
    code, seen = Sitting().play('# one\n/wg poll "Which day?\nMon\n')
    assert code == 1
    assert "Line 2 opens a quotation that never closes" in seen


def test_a_form_is_filled_in_line_by_line() -> None:
    seen = Sitting().plays(
        "/as Qiang R.\n/wg propose new\nMulti-year Work\nWG-MWP\n"
        "The IGF needs\n\na longer horizon.\n"  # the empty line ended the purpose; this is the first objective
        "- by May\n\n"
        "A report\n\n"
        "skip\n"
        "October 2027\n\n"
        "skip\nskip\nskip\npreview\nsubmit\n"
    )
    assert "WG-MWP is proposed" in seen
    assert "│ a longer horizon." in seen
    assert "│ - by May" in seen


def test_words_that_steer_a_form_are_chat_where_none_is_open() -> None:
    sitting = Sitting()
    sitting.plays("back\n")
    assert [message.body for message in sitting.rooms.history("#mag")] == [b'"back"']


def test_direct_messages_to_many_are_shown_once() -> None:
    rooms, paper = Rooms(), StringIO()
    body = b'{"type":"notice","text":{"type":"text","message":"Please look."}}'
    for name in ("Bao B.", "Chiara C.", "Dmitri D.", "Esi E.", "Farid F."):
        rooms.post(f"to {name}", f"@{name}", BOT, body)
    Screen(console(paper, 100, colour=False), words_for()).arrived(rooms.since(0))
    assert lines(paper.getvalue()) == [
        "@Bao B., @Chiara C., @Dmitri D. and 2 others (direct) · wgbot",
        "• Please look.",
    ]


def test_a_message_of_another_version_does_not_stop_the_others() -> None:
    sitting = Sitting()
    sitting.rooms.post("m1", "#mag", BOT, b'{"type":"hologram"}')
    sitting.rooms.post("m2", "#mag", "Bao B.", b'"hello"')
    seen = sitting.plays("/history\n")
    assert "from another version of wgbot" in seen
    assert "Bao B." in seen


def test_what_one_says_is_not_shown_twice_and_others_see_it() -> None:
    seen = Sitting().plays("hello\n/as Bao B.\nhello Amina\n/history\n")
    assert seen.count("hello Amina") == 2
    assert "#mag · Amina A. · " in seen


def test_played_again_under_the_same_origin_nothing_happens_twice() -> None:
    sitting = Sitting()
    script = f"/as Qiang R.\n{PROPOSED}\nhello\n/as Bao B.\n/wg consult comment WG-MWP fine\n/clock +7d\n"
    assert sitting.play(script, "first")[0] == 0
    facts, messages = sitting.facts(), sitting.rooms.since(0)
    assert sitting.play(script, "first")[0] == 0
    assert sitting.facts() == facts
    assert sitting.rooms.since(0) == messages


def test_quit_ends_it_well() -> None:
    code, seen = Sitting().play("/quit\nnever said\n")
    assert code == 0
    assert "never said" not in seen


def test_a_script_from_a_spreadsheet_or_windows_reads_the_same() -> None:
    assert "You are in #mag now." in Sitting().plays("\ufeff/room #mag\r\n")
