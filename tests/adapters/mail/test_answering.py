"""Answers by mail: believed from the one person an address was made for, understood as its card's own words, done once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from prometheus_client import generate_latest

from adapters.cli.sample import SAMPLES
from adapters.mail.ignoring import Unanswered
from adapters.mail.listener import NotYet
from adapters.shared.allowance import Allowance
from adapters.shared.figures import Figures
from adapters.shared.rates import Rate
from bot.domain.consensus.positions import Position
from bot.domain.consultations import comments_on, consultation_of
from bot.domain.groups import find_group
from bot.domain.preferences import Preferences
from tests.adapters.mail.post import ADDRESSES, Post, letter
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, PRIVATE, PRIVATE_TOO, SECRETARIAT, TECHNICAL, spoken


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as made:
        yield made


@pytest.fixture
def checking(post: Post) -> Post:
    post.world.consulted()
    return post


def test_a_position_and_its_reason(checking: Post) -> None:
    said = checking.replies(GOVERNMENT, "check:1", "Can live with it\n\nIf it ends in October.\n")
    assert "Check 1: your position is Can live with it. You may change it until" in said
    assert checking.position(GOVERNMENT) == (Position.LIVE_WITH, "If it ends in October.")
    assert "it was Can live with it" in checking.replies(GOVERNMENT, "check:1", "I agree.")
    checking.replies(CIVIL, "check:1", "OBJECT: it duplicates the toolkit")
    assert checking.position(CIVIL) == (Position.OBJECT, "it duplicates the toolkit")
    checking.replies(TECHNICAL, "check:1", "stand-aside")
    assert checking.position(TECHNICAL) == (Position.STAND_ASIDE, "")
    assert checking.taken() == 3


def test_in_the_words_of_any_language_that_is_spoken(checking: Post) -> None:
    checking.replies(GOVERNMENT, "check:1", "En retrait.\n\nPas de mandat.\n\nBien cordialement,\nBao")
    assert checking.position(GOVERNMENT) == (Position.STAND_ASIDE, "Pas de mandat.")
    checking.replies(CIVIL, "check:1", "اعتراض: يكرر العمل القائم")
    assert checking.position(CIVIL) == (Position.OBJECT, "يكرر العمل القائم")


def test_what_only_sounds_like_a_position_changes_nothing(checking: Post) -> None:
    for text in ("Support would be premature.", "No", "Thanks!", "I do not object", ""):
        said = checking.replies(GOVERNMENT, "check:1", text)
        assert "Nothing was changed." in said
        assert "Support" in said
    assert checking.taken() == 0


def test_an_objection_without_a_reason_is_asked_for_one(checking: Post) -> None:
    assert "What do you object to?" in checking.replies(CIVIL, "check:1", "Object")
    assert checking.taken() == 0
    checking.replies(CIVIL, "check:1", "It duplicates the toolkit.\nAnd it is late.")
    assert checking.position(CIVIL) == (Position.OBJECT, "It duplicates the toolkit.\nAnd it is late.")


def test_a_late_position_is_told_when_it_closed(checking: Post) -> None:
    checking.world.later("7d")
    assert "closed" in checking.replies(GOVERNMENT, "check:1", "Support")
    assert checking.taken() == 0


def test_all_of_a_reply_to_a_consultation_is_the_comment(post: Post) -> None:
    post.world.proposed()
    assert "Comment 1 on WG-MWP is noted." in post.replies(
        CIVIL, "consultation:1", "I agree.\n\nTwo points:\n- one\n- two"
    )
    post.replies(GOVERNMENT, "consultation:1", "Concern\nThe timetable ends after the annual meeting.")
    post.replies(TECHNICAL, "consultation:1", "The proposal\nis good.\n\n-- \nGift\n")
    with post.world.store.reading() as reads:
        proposal = f"proposal:{find_group(reads, MAG, 'WG-MWP').id}"
    assert "is noted." in post.replies(
        CIVIL, proposal, "Concern\nWho pays?"
    )  # the letter with the text asks for comments too
    with post.world.store.reading() as reads:
        *comments, on_the_text = comments_on(reads, consultation_of(reads, MAG, 1))
    assert (on_the_text.kind.value, on_the_text.text) == ("concern", "Who pays?")
    assert [(each.kind.value, each.text) for each in comments] == [
        ("comment", "I agree.\n\nTwo points:\n- one\n- two"),
        ("concern", "The timetable ends after the annual meeting."),
        ("comment", "The proposal\nis good."),
    ]


def test_a_poll_is_answered_by_number_or_words_and_a_secret_one_is_not_echoed(post: Post) -> None:
    post.world.does(PRIVATE, 'poll "Where do we meet?" Geneva, Nairobi, Online --secret --closes 3d')
    assert "you chose Nairobi" in post.replies(CIVIL, "poll:1", "2")
    assert "you chose Online" in post.replies(CIVIL, "poll:1", "online")
    refused = post.replies(GOVERNMENT, "poll:1", "Bogotá, my secret choice")
    assert "my secret choice" not in refused


def test_the_chair_confirms_by_a_signed_reply_and_nobody_else_can(post: Post) -> None:
    post.world.checked()
    post.world.does(SECRETARIAT, 'conclude 1 consensus --rationale "Nobody objects."')
    assert "This is for" in post.replies(GOVERNMENT, "act:1", "Confirm")
    assert "Consensus" in post.replies(CHAIR, "act:1", "Yes\n\nAmina")
    assert "confirmed" in post.replies(CHAIR, "act:1", "Confirm")  # already


def test_declining_in_a_calendar_is_regrets_and_accepting_needs_no_word(post: Post) -> None:
    post.world.does(SECRETARIAT, 'meeting schedule "Call" 2027-01-20 15:00')
    yusuf = post.person(CIVIL)
    to = ADDRESSES.reply(MAG, yusuf.id, "meeting:1")

    def answers(status: str) -> bytes:
        message = EmailMessage()
        message["From"], message["To"], message["Message-ID"] = yusuf.email, to, f"<{status}@mail.example>"
        message.set_content(f"{status}: Call")
        entry = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1@wg\r\n"
            f"ATTENDEE;PARTSTAT={status}:mailto:{yusuf.email}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        message.add_alternative(entry, subtype="calendar", params={"method": "REPLY"})
        return message.as_bytes()

    assert post.take(answers("ACCEPTED"), to) is Unanswered.CALENDAR
    assert post.answers(CIVIL) == []
    assert post.take(answers("DECLINED"), to) is None
    assert "Your regrets for meeting 1 are noted." in spoken(post.answers(CIVIL)[0].view)


def test_any_command_is_a_first_line_and_its_questions_may_follow(post: Post) -> None:
    assert "WG-MWP" not in post.replies(CIVIL, "", "wg todo\n\nYusuf")
    said = post.replies(CIVIL, "", "/wg propose new\n\nGroup: x")
    assert "Which" in said or "?" in said


def test_quotes_around_a_command_are_left_out_and_those_in_it_kept(post: Post) -> None:
    assert "Nothing waits for you." in post.replies(CIVIL, "", "“wg todo”.")
    post.replies(
        CIVIL, "", 'wg propose new "Work of all" WG-ALL --purpose p --objectives o --outputs x --timeframe "By May"'
    )
    assert "Work of all" in post.world.does(CIVIL, "show WG-ALL")


def test_a_text_may_be_attached(post: Post) -> None:
    yusuf = post.person(CIVIL)
    to = ADDRESSES.reply(MAG, yusuf.id)
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = yusuf.email, to, "<attached@mail.example>"
    message.set_content("wg propose text\n\nYusuf")
    message.add_attachment((SAMPLES / "proposal-wg-mwp.md").read_bytes(), "text", "markdown", filename="proposal.md")
    assert post.take(message.as_bytes(), to) is None
    assert "WG-MWP" in post.world.does(CIVIL, "list")


def test_a_form_is_filled_by_lines_in_its_conversation(post: Post) -> None:
    first = post.replies(CIVIL, "", "wg propose new", Message_ID="<first@mail.example>")
    assert "?" in first
    in_thread = {"In_Reply_To": "<answer@wg.example.org>", "References": "<first@mail.example> <answer@wg.example.org>"}
    filled = (
        "name: Work of WG-NEW\nshort name: WG-NEW\nPurpose: A longer horizon.\nobjectives:\n- Collect the work areas by May\n"
        "outputs: A report to the MAG\ntimeframe: October 2027"
    )
    post.replies(CIVIL, "", filled, **in_thread)
    assert "WG-NEW" in post.world.does(CIVIL, "list")


def test_nobody_else_can_use_an_address(checking: Post) -> None:
    bao, yusuf = checking.person(GOVERNMENT), checking.person(CIVIL)
    his = ADDRESSES.reply(MAG, bao.id, "check:1")
    before = checking.world.snapshot()
    checking.watch = figures = Figures()
    forged = (
        letter(yusuf.email, his, "Support"),  # somebody else of the roster
        letter("bao@elsewhere.example", his, "Support"),  # a stranger
        letter(f'"{bao.email}" <mallory@evil.example>', his, "Support"),  # only the name says so
        letter(bao.email, ADDRESSES.reply(MAG, yusuf.id, "check:1"), "Support"),  # his From, another's address
        letter(bao.email, his.replace("check.1", "check.2"), "Support"),  # another subject
    )
    for raw in forged:
        to = raw.split(b"To: ")[1].split()[0].decode()
        assert checking.take(raw, to) is Unanswered.FORGED
    assert checking.take(letter(f"{bao.email}, {yusuf.email}", his, "Support"), his) is Unanswered.NOBODY
    two = letter(bao.email, his, "Support").replace(b"To: ", f"From: {yusuf.email}\nTo: ".encode(), 1)
    assert checking.take(two, his) is Unanswered.NOBODY
    assert checking.world.snapshot() == before
    said = generate_latest(figures.registry).decode()
    assert f'wgbot_mails_ignored_total{{kind="forged"}} {len(forged)}.0' in said
    assert 'wgbot_mails_ignored_total{kind="nobody"} 2.0' in said
    assert [*checking.answers(GOVERNMENT), *checking.answers(CIVIL)] == []


@pytest.mark.parametrize(
    ("headers", "envelope", "why"),
    [
        ({}, "", Unanswered.BOUNCE),
        ({"Auto_Submitted": "auto-replied (vacation)"}, "x@y.example", Unanswered.AUTOMATIC),
        ({"Subject": "Réponse automatique : Check 1"}, "x@y.example", Unanswered.AUTOMATIC),
        ({"X_Autoreply": "yes"}, "x@y.example", Unanswered.AUTOMATIC),
        ({"Precedence": "bulk"}, "x@y.example", Unanswered.BULK),
        ({"List_Id": "<mag.lists.example>"}, "x@y.example", Unanswered.LIST),
        ({"X_Loop": "wg.example.org"}, "x@y.example", Unanswered.LOOP),
        ({"Auto_Submitted": "no"}, "x@y.example", None),
    ],
    ids=["null sender", "vacation", "subject", "autoreply", "bulk", "list", "loop", "a person"],
)
def test_what_no_person_wrote_is_not_answered(
    checking: Post, headers: dict[str, str], envelope: str, why: Unanswered | None
) -> None:
    bao = checking.person(GOVERNMENT)
    to = ADDRESSES.reply(MAG, bao.id, "check:1")
    assert checking.take(letter(bao.email, to, "Support", **headers), to, envelope) is why
    assert (checking.position(GOVERNMENT) is None) == (why is not None)
    assert bool(checking.answers(GOVERNMENT)) == (why is None)


def test_the_same_mail_again_is_the_same_request(checking: Post) -> None:
    """However late, and though a newer one came in between: an old mail does not take back what was said since."""
    checking.replies(GOVERNMENT, "check:1", "Support", Message_ID="<one@mail.example>")
    checking.replies(GOVERNMENT, "check:1", "Abstain", Message_ID="<two@mail.example>")
    assert checking.replies(GOVERNMENT, "check:1", "Support", Message_ID="<one@mail.example>") == ""
    assert checking.position(GOVERNMENT) == (Position.ABSTAIN, "")
    assert checking.replies(GOVERNMENT, "check:1", "Support", Message_ID="<three@mail.example>") != ""


def test_two_programs_that_answer_each_other_come_to_an_end(checking: Post) -> None:
    said = [checking.replies(GOVERNMENT, "check:1", "I am away.") for _ in range(10)]
    assert all(said)
    bao = checking.person(GOVERNMENT)
    to = ADDRESSES.reply(MAG, bao.id, "check:1")
    assert (
        checking.take(letter(bao.email, to, "I am away.", Message_ID="<once.more@mail.example>"), to)
        is Unanswered.PUZZLING
    )
    assert checking.answers(GOVERNMENT) == []
    checking.replies(GOVERNMENT, "check:1", "Support")
    assert checking.position(GOVERNMENT) == (Position.SUPPORT, "")


def test_a_server_that_is_trusted_may_say_that_a_sender_is_forged() -> None:
    with Post(trusted="mx.example.org") as post:
        post.world.consulted()
        bao = post.person(GOVERNMENT)
        to = ADDRESSES.reply(MAG, bao.id, "check:1")
        fails = "mx.example.org; spf=pass smtp.mailfrom=evil.example; dmarc=fail (p=NONE) header.from=mag.example"
        assert post.take(letter(bao.email, to, "Support", Authentication_Results=fails), to) is Unanswered.DISTRUSTED
        others = fails.replace("mx.example.org", "mx.evil.example")
        assert post.take(letter(bao.email, to, "Support", Authentication_Results=others), to) is None
        assert post.position(GOVERNMENT) is not None


def test_bounces_are_counted_and_flagged_to_the_secretariat_until_the_person_is_heard_again(post: Post) -> None:
    bao, rosa = post.person(GOVERNMENT), post.person(PRIVATE_TOO)

    def bounces(place: str, row: str, status: str, action: str = "failed") -> Unanswered | None:
        to = ADDRESSES.bounce(MAG, place, row * 20)
        raw = (
            "From: mailer-daemon@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            f"--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
            f"Final-Recipient: rfc822; x@y.example\nAction: {action}\nStatus: {status}\n\n--b--\n"
        )
        return post.take(raw.encode(), to, "")

    assert bounces(f"@{rosa.id}", "a", "4.4.1", "delayed") is Unanswered.AUTOMATIC
    for row in ("b", "c"):
        assert bounces(f"@{rosa.id}", row, "5.2.2") is None
    bounces(f"@{rosa.id}", "c", "5.2.2")  # the same bounce again counts once
    assert not any("comes back" in each for each in post.world.told(SECRETARIAT))
    bounces(f"@{rosa.id}", "d", "5.2.2")
    bounces(f"@{bao.id}", "e", "5.1.1")
    told = [each for each in post.world.told(SECRETARIAT) if "comes back" in each]
    assert [PRIVATE_TOO in told[0], GOVERNMENT in told[1]] == [True, True]
    assert bao.email not in "".join(told)
    assert "Correct the address of Bao B." in post.world.does(SECRETARIAT, "todo")
    assert "mail comes back" in post.world.does(SECRETARIAT, "roster show")
    assert "comes back" not in post.world.does(CIVIL, "roster show")
    post.replies(GOVERNMENT, "", "wg todo")
    post.world.does(SECRETARIAT, f'roster email "{PRIVATE_TOO}" rosa@new.example')
    assert "comes back" not in post.world.does(SECRETARIAT, "todo")
    stranger = ADDRESSES.bounce(MAG, "@nobody", "f" * 20)
    assert post.take(b"From: a@b.example\n\nHello", stranger, "") is Unanswered.AUTOMATIC


def test_whoever_mails_to_the_unsubscribe_address_is_written_to_no_more(post: Post) -> None:
    bao = post.person(GOVERNMENT)
    to = ADDRESSES.unsubscribe(MAG, bao.id)
    assert post.take(letter("whoever@example.org", to, "unsubscribe"), to) is None
    with post.world.store.reading() as reads:
        said = reads.get(Preferences, MAG, bao.id)
    assert said is not None
    assert not said.wishes.mail
    assert post.answers(GOVERNMENT) == []
    assert "Nothing waits for you." in post.replies(GOVERNMENT, "", "wg todo")  # whoever asks is answered


def test_more_than_one_may_write_is_left_with_who_brings_it_and_taken_later(checking: Post) -> None:
    now = datetime.now(UTC)
    checking.allowance = Allowance(Rate(1.0, 2), lambda: now)
    checking.replies(CIVIL, "check:1", "Support")
    checking.replies(CIVIL, "check:1", "Abstain")
    with pytest.raises(NotYet):
        checking.replies(CIVIL, "check:1", "Stand aside", Message_ID="<late@mail.example>")
    assert checking.position(CIVIL) == (Position.ABSTAIN, "")
    checking.replies(GOVERNMENT, "check:1", "Support")
    checking.allowance = Allowance()
    checking.replies(CIVIL, "check:1", "Stand aside", Message_ID="<late@mail.example>")
    assert checking.position(CIVIL) == (Position.STAND_ASIDE, "")
