"""What people say to the bot: commands as they come, questions answered in several ways, and what is not meant for it."""

from __future__ import annotations

import pytest

from bot.domain.groups import find_group
from bot.domain.proposals import latest
from bot.forms import Draft
from tests.adapters.matrix.square import Heard, Square, mentioning, within
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE
from tests.scenarios.in_slack import ROOT
from tests.support.matrix.plain import Plain
from tests.support.matrix.synapse import SERVER_NAME

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

TEXT = (ROOT / "samples" / "proposal-wg-mwp.md").read_text(encoding="utf-8")
ROSTER = "\n".join(
    line.rpartition(",")[0] for line in (ROOT / "samples" / "roster.csv").read_text(encoding="utf-8").splitlines()
)
"""Without the last column, which names accounts in Matrix."""


def begun(square: Square, who: str = PRIVATE) -> str:
    """A proposal begun as a conversation; its thread."""
    return square.says(who, "!wg propose", "What is the working group called?").thread


def drafts(square: Square) -> int:
    """Forms that are begun."""
    users = [each.id for each in square.people.values()]
    with square.hall.store.reading() as reads:
        found = [reads.all(Draft, community=MAG, platform="matrix", team=SERVER_NAME, user=each) for each in users]
    return sum(map(len, found))


# Commands


def test_a_mention_is_as_good_as_the_prefix(square: Square) -> None:
    name, local = "The Secretary", square.bot[1:].partition(":")[0]
    itself = Plain(square.homeserver, square.homeserver.login(square.bot))
    itself.call("PUT", "profile", square.bot, "displayname", body={"displayname": name})
    square.until(lambda: square.called(square.bot) == name or None, "the bot's new name")
    for called in (f"{name}: list", f"@{local} list", f"{square.bot} list", "wgbot, list", f"  {name.upper()}   list"):
        square.says(CIVIL, called, "There is no working group yet", **mentioning(square.bot))


def test_what_is_not_said_to_the_bot_is_not_answered(square: Square) -> None:
    civil, notice = square.people[CIVIL], {"msgtype": "m.notice"}
    silent = [
        civil.send(square.room, "!wg list", **notice),
        civil.send(square.room, "the command is !wg list"),
        civil.send(square.room, "!wgx list"),
        civil.send(square.room, "list"),
        civil.send(square.room, "wgbot is here", **mentioning(square.people[CHAIR].id)),
    ]
    square.says(CIVIL, "!wg list", "There is no working group yet")
    assert not [each for each in square.heard() if each.thread in silent]


def test_its_own_words_and_those_of_other_bots_start_nothing(square: Square) -> None:
    """Two bots that answer each other would never stop."""
    itself = Plain(square.homeserver, square.homeserver.login(square.bot))
    said = itself.send(square.room, "!wg list")
    other = square.people[CIVIL].send(square.room, "!wg list", msgtype="m.notice")
    square.says(CIVIL, "!wg list", "There is no working group yet")
    assert not [each for each in square.heard() if each.thread in (said, other)]


def test_an_edit_is_no_command_and_whoever_meant_one_is_told(square: Square) -> None:
    first = square.says(CIVIL, "!wg list", "There is no working group yet")
    edited(square, first.thread, "!wg propose")
    square.sees("an edit is not read as a command", thread=first.thread)
    chatter = square.people[CIVIL].send(square.room, "Good mroning")
    edited(square, chatter, "Good morning")
    square.says(CIVIL, "!wg help", "What wgbot can do")
    assert sum("an edit is not read" in each.body for each in square.heard()) == 1
    assert drafts(square) == 0


def edited(square: Square, message: str, text: str) -> None:
    new = {"msgtype": "m.text", "body": text}
    relation = {"rel_type": "m.replace", "event_id": message}
    square.people[CIVIL].send(square.room, f"* {text}", **{"m.new_content": new, "m.relates_to": relation})


# Questions


def test_back_preview_and_cancel(square: Square) -> None:
    thread = begun(square)
    square.answers(PRIVATE, square.room, thread, ("What is the working", "Multi-year Work"), ("short name?", "preview"))
    preview = square.sees("Its short name?", thread=thread, when=lambda each: each.id != asked(square, thread, 2).id)
    assert "✓ What is the working group called?: Multi-year Work" in preview.body
    square.people[PRIVATE].send(square.room, "Back", **within(thread))
    square.sees("So far: Multi-year Work", thread=thread)
    square.answers(PRIVATE, square.room, thread, ("So far: Multi-year Work", "Two-year Work"))
    square.sees("✓ What is the working group called?: Two-year Work", thread=thread)
    square.people[PRIVATE].send(square.room, "cancel", **within(thread))
    square.sees("Cancelled", thread=thread)
    assert drafts(square) == 0


def asked(square: Square, thread: str, number: int) -> Heard:
    """What was said in a thread, in its order."""
    return [each for each in square.heard() if each.thread == thread][number - 1]


def test_a_form_outlives_the_process(square: Square) -> None:
    thread = begun(square)
    square.answers(PRIVATE, square.room, thread, ("What is the working", "Multi-year Work"))
    square.sees("Its short name?", thread=thread)
    with square.hall.away():
        square.people[PRIVATE].send(square.room, "WG-MWP", **within(thread))
    square.sees("✓ Its short name?: WG-MWP", thread=thread)


def test_others_in_the_thread_answer_nothing(square: Square) -> None:
    thread = begun(square)
    square.people[CIVIL].send(square.room, "Call it Nonsense", **within(thread))
    square.says(CIVIL, "!wg list", "There is no working group yet")
    square.answers(PRIVATE, square.room, thread, ("What is the working", "Multi-year Work"))
    square.sees("✓ What is the working group called?: Multi-year Work", thread=thread)


def test_a_client_without_threads_answers_by_replies(square: Square) -> None:
    thread = begun(square)
    question = square.sees("What is the working group called?", thread=thread)
    quoted = f"> <{square.bot}> {question.body.splitlines()[0]}\n\nMulti-year Work"
    replied = {"m.relates_to": {"m.in_reply_to": {"event_id": question.id}}}
    square.people[PRIVATE].send(square.room, quoted, **replied)
    square.sees("✓ What is the working group called?: Multi-year Work", thread=thread)


def test_the_whole_proposal_in_one_reply(square: Square) -> None:
    thread = begun(square)
    square.people[PRIVATE].send(square.room, TEXT, **within(thread))
    square.sees("Why a smaller group", thread=thread)
    rest = [("Why a smaller group", "skip"), ("primary responsibilities", "skip"), ("Who proposes it", "skip")]
    square.answers(PRIVATE, square.room, thread, *rest, ("Submit it?", "submit"))
    square.sees("WG-MWP is proposed", thread=thread)
    assert "rolling" in purpose(square)


def test_a_file_is_an_answer(square: Square) -> None:
    thread = begun(square)
    square.people[PRIVATE].upload(square.room, "p.md", TEXT.encode(), "text/markdown", **within(thread))
    square.sees("Why a smaller group", thread=thread)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\xff\xfe", b""], ids=["picture", "empty"])
def test_a_file_that_is_no_text_leaves_the_question_open(square: Square, data: bytes) -> None:
    thread = begun(square)
    square.people[PRIVATE].upload(square.room, "x.png", data, "image/png", **within(thread))
    square.sees("The attached file could not be read", thread=thread)
    square.answers(PRIVATE, square.room, thread, ("What is the working", "Multi-year Work"))
    square.sees("✓ What is the working group called?: Multi-year Work", thread=thread)


def purpose(square: Square) -> str:
    with square.hall.store.reading() as reads:
        return latest(reads, find_group(reads, MAG, "WG-MWP")).sections.purpose


def test_a_command_with_a_file(square: Square) -> None:
    sent = square.people[CHAIR].upload(
        square.room, "roster.csv", ROSTER.encode(), "text/csv", caption="!wg roster import"
    )
    square.sees("No change: 45 rows", thread=sent)
    thread = square.says(CHAIR, "!wg roster import", "The roster as CSV").thread
    square.people[CHAIR].upload(square.room, "roster.csv", ROSTER.encode(), "text/csv", **within(thread))
    square.sees("✓ The roster as CSV: name,email", thread=thread)
    sent = square.people[CHAIR].upload(square.room, "x.csv", b"\xff\xfe", "text/csv", caption="!wg roster import")
    square.sees("The attached file could not be read", thread=sent)
    sent = square.people[PRIVATE].upload(
        square.room, "p.md", TEXT.encode(), "text/markdown", caption="!wg propose text"
    )
    square.sees("WG-MWP is proposed", thread=sent)
