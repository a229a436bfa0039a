"""What replies say, as mail programs write them; and whatever anybody sends, it is read without breaking anything."""

from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.mail.ignoring import distrusted, unanswered
from adapters.mail.letter import opened, subject_of
from adapters.mail.markup import text_of
from adapters.mail.meaning import meaning
from adapters.mail.quoting import written
from adapters.mail.returned import returned
from adapters.shared.words import Words
from bot.command import COMMANDS
from bot.drafting import form_of
from bot.forms import Draft
from bot.replying import Replies
from tests.builders import MAG, MONDAY

SAMPLES = Path(__file__).parents[2] / "data" / "mail"
DOMAIN = "wg.example.org"

SAID = {
    "gmail": "Can live with it\n\nIf it ends in October – and not later.",
    "gmail-french": "Support\n\nUne bonne idée, à condition de finir en octobre.",
    "gmail-arabic": "Support\n\nفكرة جيدة.",
    "outlook": "Object\n\nIt duplicates the toolkit.",
    "outlook-html-only": "Stand aside\n\nWe have no mandate on this & say so.",
    "outlook-arabic": "Abstain\n\nليس لدينا رأي بعد.",
    "apple-mail": "Need time\n\nWe meet on Thursday only, and will know by then what our community thinks of it.",
    "iphone": "Support",
    "thunderbird-below": (
        "Support\n\nA long sentence that the program has broken into lines of its own, because nobody reads wide ones."
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_mail_programs_send(name: str) -> None:
    letter = opened((SAMPLES / f"{name}.eml").read_bytes())
    assert written(letter.text, DOMAIN) == SAID[name]
    assert letter.id == f"<{name}@mail.example>"
    assert subject_of(letter) == "Re: Check 1"


def test_every_sample_is_looked_at() -> None:
    assert {each.stem for each in SAMPLES.glob("*.eml")} == set(SAID)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Thanks, and one more point:\n\n- first\n- second\n\nBest,\nBao",
            "Thanks, and one more point:\n\n- first\n- second",
        ),
        ("On 26.11.26 15:00, IGF MAG wrote:\n> Goal 1\n\nToo vague.\n\n> Goal 2\n\nFine.", "Too vague.\n\nFine."),
        ("Agree\n\nčet, 26. stu 2026. u 15:00 IGF MAG <wg@wg.example.org> napisao je:\n\n> tekst", "Agree"),
        ("Agree\n\nVon: IGF MAG <wg@wg.example.org>\nGesendet: heute\nAn: ich\nBetreff: x\n\nSupport", "Agree"),
        (
            "\n\n________________________________\nFrom: IGF MAG <wg@wg.example.org>\nSent: x\nTo: y\nSubject: z\n\nSupport\n",
            "",
        ),
        ("Dear all,\nOn the timetable: it ends too late.\nFrom: May To: June is fine.", None),
        ("x" * 5_000 + "\nthanks to all of you for this long and careful work, which we support\nand more", None),
    ],
    ids=["list", "between", "unknown language", "german", "nothing", "no header", "long"],
)
def test_only_what_is_quoted_or_signed_is_taken_away(text: str, said: str | None) -> None:
    assert written(text, DOMAIN) == (text if said is None else said)


def test_markup_becomes_lines_and_nothing_hidden() -> None:
    page = "<p>One<br>two</p><script>three</script><ul><li>four<li>five</ul><blockquote type=cite>six</blockquote>seven<!-- 8 -->"
    assert text_of(page) == "One\ntwo\n\nfour\n\nfive\n\nseven"
    assert text_of("") == ""
    assert "deep" in text_of("<div>" * 200 + "deep")
    text_of("<div>" * 50_000)


parts = st.binary(max_size=300) | st.sampled_from(
    [b"Content-Type: text/plain; charset=nope\n\nx", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--", b"From: =?utf-8?q?=", b"\n"]
)  # fmt: skip
headers = st.sampled_from(
    [
        "From",
        "Message-ID",
        "References",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Authentication-Results",
        "Subject",
        "X-Loop",
    ]
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(headers, st.text(max_size=60))), parts)
def test_nothing_that_comes_breaks_the_reading(lines: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in lines).encode("utf-8", "replace")
    for raw in (head + b"\n" + body, head + body, body):
        letter = opened(raw)
        unanswered(letter, "a@b.example", DOMAIN)
        distrusted(letter, "mx.example.org")
        returned(letter)
        subject_of(letter)
        written(letter.text, DOMAIN)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["utf-8", "utf-16", "iso-2022-jp", "windows-1256"]))
def test_what_is_written_arrives_in_any_charset(text: str, charset: str) -> None:
    try:
        text.encode(charset)
        message = MIMEMultipart()
        message.attach(MIMEText(text, "plain", charset))
    except (UnicodeError, LookupError):
        return
    assert "".join(opened(message.as_bytes()).text.split()) == "".join(
        text.replace("\0", "").removeprefix("\ufeff").split()
    )


FORM = form_of(Draft(MAG, "mail", "mail", "ana", "@ana", "", "consensus object", {"check": "1"}, "reason", (), MONDAY))


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200) | st.sampled_from(["wg", "wg propose", "/wg consensus support x", "“wg todo”", "1:", "?:?"]),
    st.booleans(),
)
def test_anything_means_something(text: str, asked: bool) -> None:
    meant = meaning(text, Replies(), FORM if asked else None, lambda sentence: [Words().say(sentence)])
    assert meant.command in COMMANDS


def test_mails_within_mails_end_somewhere() -> None:
    raw = b"x"
    for number in range(60):
        raw = b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (number, number) + raw + b"\n--%d--" % number
    assert opened(raw).text == ""
    forwarded = b"Content-Type: message/rfc822\n\nFrom: a@b.example\n\nSupport"
    assert opened(forwarded).text == ""
