"""What must hold whatever is put into a parser: each target takes bytes, and raises when something does not hold.

What is fuzzed for long by `make fuzz` (atheris, guided by what is reached in the code) is tried shortly by `make test`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import nh3
from lxml import html

from adapters.mail.letter import opened
from adapters.mail.quoting import written
from adapters.mail.returned import returned
from adapters.matrix.markdown import markdown as in_matrix
from adapters.slack.rich import PIECE, rich_text, typed_text
from adapters.web.prose import _ATTRIBUTES, _TAGS, LINKS
from adapters.web.prose import markdown as in_record
from bot.domain.errors import Refusal
from bot.domain.roster_csv import read_roster
from bot.slash import parse
from tests.bot.domain.rosters import MAG

SAMPLES: Final = Path(__file__).parents[2] / "samples"
HARMLESS: Final = frozenset(
    [
        "p",
        "br",
        "b",
        "i",
        "em",
        "strong",
        "s",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
    ]
)
PIECE_IN_MATRIX: Final = 2_000
SCHEME: Final = re.compile(r"[\s\x00-\x20]*(?!https?:|mailto:)[a-z][\w+.-]*:", re.IGNORECASE)
"""Before a link that leads to neither the web nor a mailbox."""

Target = Callable[[bytes], object]
TARGETS: dict[str, Target] = {}


def target(function: Target) -> Target:
    """Declare one, under its own name."""
    TARGETS[function.__name__] = function
    return function


def text_in(data: bytes) -> str:
    """The text that bytes are: of any script, and with everything that is hard about it."""
    return data.decode("utf-8", "replace")


@target
def command(data: bytes) -> None:
    """A typed line is a command with arguments it has, or refused; nothing of it gets lost on the way."""
    typed = text_in(data)
    try:
        spoken = parse(typed)
    except Refusal:
        return
    assert set(spoken.arguments) <= set(spoken.command.by_name)
    assert all(isinstance(value, str) for value in spoken.arguments.values())


@target
def record_markdown(data: bytes) -> None:
    """On a page of the record: nothing is left to clean, nothing runs, nothing is loaded."""
    shown = str(in_record(text_in(data)))
    again = nh3.clean(shown, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=LINKS)
    assert again == shown
    _harmless(shown)


@target
def matrix_markdown(data: bytes) -> None:
    """In a room: no letter is lost, no piece too long, and the tags are those that clients show."""
    typed = text_in(data)
    for said in in_matrix(typed, PIECE_IN_MATRIX):
        assert said.body
        assert len(said.body) <= PIECE_IN_MATRIX
        _harmless(said.html)


@target
def slack_markdown(data: bytes) -> None:
    """In Slack: every text has some letter, and no block more than it takes; a link leads to the web, nobody is mentioned."""
    typed = text_in(data)
    for block in (*rich_text(typed, quoted=False), *rich_text(typed, quoted=True), *typed_text(typed)):
        runs = list(_runs(block))
        assert runs
        assert all(run["type"] in ("text", "link") for run in runs)
        assert all(run.get("text") or run["type"] == "link" for run in runs)
        assert sum(len(run.get("text", "")) for run in runs) <= 4 * PIECE
        assert all(re.match(r"(?:https?|mailto):", run["url"]) for run in runs if run["type"] == "link")


@target
def mail(data: bytes) -> None:
    """Whatever comes in as a mail is taken apart, and the answer in it found; what it says of itself is kept short."""
    letter = opened(data)
    assert len(letter.sender) <= len(data)
    written(letter.text, "wg.example.org")
    returned(letter)


@target
def roster(data: bytes) -> None:
    """A file is rows or problems, and no line of it both."""
    reading = read_roster(text_in(data), MAG)
    assert reading.rows or reading.problems
    assert not {each.line for each in reading.rows} & {each.line for each in reading.problems}


def corpus(name: str) -> Iterator[bytes]:
    """Where to begin from."""
    yield b""
    yield from (each.read_bytes()[:20_000] for each in sorted(SAMPLES.iterdir()) if each.is_file())
    if name == "command":
        yield from (line.encode() for line in (SAMPLES / "demo.txt").read_text(encoding="utf-8").splitlines())
    if name == "mail":
        yield from MAILS


MAILS: Final = (
    b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Re: Check 3\r\nMessage-ID: <1@b>\r\n\r\nSupport\r\n\r\n> On Monday wgbot wrote:\r\n> Agree?\r\n",
    b"From: a@b.example\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Support=3D</p><blockquote>Agree?</blockquote>\r\n--x--\r\n",
    b"From: mailer-daemon@b.example\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
    b"Reporting-MTA: dns; b.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--x--\r\n",
    # found by the fuzzer: Python's own parser trips over a zero in a charset
    b"From: a@b.example\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=utf\x00-8\r\n\r\n"
    b"<p>\xa7</p>\r\n--x--\r\n",
    b"From: a@b.example\r\nContent-Type: multipart/report; charset=utf\x00-8\r\n\r\n\xa7",
)


def _harmless(shown: str) -> None:
    for element in html.fragment_fromstring(shown, create_parent="div").iterdescendants():
        assert element.tag in HARMLESS, shown
        assert not [name for name in element.attrib if name.startswith("on") or name in ("src", "style")], shown
        assert not SCHEME.match(element.get("href", "")), shown


def _runs(block: Any) -> Iterator[dict[str, Any]]:
    for element in block.get("elements", ()):
        if "elements" in element:
            yield from _runs(element)
        else:
            yield element
