"""Mail draws every view twice: as plain text of 72 columns, and as HTML that is whole, harmless and needs nothing from elsewhere."""

from __future__ import annotations

import html as escapes
import re
from html.parser import HTMLParser
from typing import Any

import html5lib
import pytest

from adapters.mail.paper import Sheet, as_html, as_text
from adapters.mail.plain import COLUMNS, paragraphs
from adapters.mail.reader import Reader, filled, mark
from adapters.mail.rich import html
from bot.text import Moment, PersonName, Say, T, said
from bot.view import Ballot, BallotOption, Button, Card, Fact, Facts, Letter, Notice, Part, View
from tests.contracts.renderers import RendererContract

TAGS = frozenset(
    """html head meta title style body div p a h1 h2 h3 blockquote ul ol li table caption thead tbody tr th td strong em
    code pre br span bdi img""".split()  # noqa: SIM905 — as one reads them
)
VOID = frozenset({"br", "meta", "img"})


class Strict(HTMLParser):
    """Reads HTML strictly: known tags, each closed, no handlers, nothing fetched, links to the web and to mail alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in {
                "href", "style", "class", "scope", "dir", "lang", "start", "rel", "charset", "name", "content", "alt", "src",
            }, (tag, name)  # fmt: skip
            if name == "href":
                assert re.match(r"https?://|mailto:", str(value)), value
                self.links.append(str(value))
            assert name != "style" or "url(" not in str(value)
            assert name != "src" or str(value).startswith("cid:")  # it came with the letter
        if tag not in VOID:
            self.open.append(tag)
        self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text.append(" ")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def read(text: str) -> Strict:
    parser = Strict()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser


def flat(text: str) -> str:
    return " ".join(text.split())


class TestPlain(RendererContract):
    def render(self, view: View) -> str:
        return "\n\n".join(paragraphs(view, Reader(), "check:1"))

    def check(self, rendered: Any) -> None:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ue000\ue001\u202a-\u202e]", rendered)

    def visible(self, rendered: Any) -> str:
        return flat(re.sub(r"^>", "", rendered, flags=re.MULTILINE))


class TestHtml(RendererContract):
    def render(self, view: View) -> str:
        return html(view, Reader(), "check:1", 1, "Re: a subject")

    def check(self, rendered: Any) -> None:
        assert "\ue000" not in read(filled(rendered, lambda _: "reply@example.org")).text

    def visible(self, rendered: Any) -> str:
        return flat("".join(read(filled(rendered, lambda _: "reply@example.org")).text))


CHECK = Card(
    T("Consensus check 3"),
    (
        Ballot(
            "Move the call?",
            tuple(
                BallotOption(key, Button(T(label), f"consensus {key}", {"check": "3"}))
                for key, label in (("support", "Support"), ("object", "Object"))
            ),
        ),
        Facts((Fact(T("Join"), said("https://example.org/call?a=1&b=2.")),)),
    ),
    (Button(T("Chart"), "consensus chart", {"check": "3"}),),
    subject="check:3",
    footer=T("See {command}.", command=Say("show WG-MWP")),
)
SHEET = Sheet(
    "IGF MAG · WG-MWP", "[MAG] A subject", ((T("The public record"), "https://example.org/record/"),), True, True
)


def address(subject: str) -> str:
    return "https://example.org/stop" if subject == "!stop" else f"reply+{subject.replace(':', '.')}@example.org"


def test_what_can_be_tapped_elsewhere_begins_an_answer_that_says_it() -> None:
    page = read(filled(as_html(Letter((Part("check:3", CHECK),)), Reader(), SHEET), address))
    answers = [link for link in page.links if link.startswith("mailto:reply+check.3@example.org")]
    assert [link.rpartition("body=")[2] for link in answers] == ["Support", "Object", "Chart"]
    assert all("subject=Re%3A%20%5BMAG%5D%20A%20subject" in link for link in answers)
    assert "mailto:reply+@example.org?body=wg%20show%20WG-MWP" in page.links
    assert "https://example.org/call?a=1&b=2" in page.links
    assert "https://example.org/stop" in page.links
    text = filled(as_text(Letter((Part("check:3", CHECK),)), Reader(), SHEET), address)
    assert "one of these as the first line; a\nreason may follow below it:\n  Support\n  Object\n" in text
    assert max(map(len, text.splitlines())) <= COLUMNS


def test_a_list_is_told_where_to_answer_and_is_given_nothing_to_answer_with() -> None:
    reader = Reader(answers=False)
    letter = Letter((Part("check:3", CHECK),))
    page = read(filled(as_html(letter, reader, SHEET), address))
    assert not [link for link in page.links if link.startswith("mailto:")]
    text = as_text(letter, reader, SHEET)
    assert "To answer, reply" not in text
    assert "Support" in text
    assert "preferences set --channel" in text


def test_several_things_begin_with_what_there_is_each_with_its_own_address() -> None:
    poll = Card(T("Poll 1"), (CHECK.blocks[0],), subject="poll:1")
    letter = Letter(
        (Part("check:3", CHECK), Part("poll:1", poll), Part("group:x", Notice(T("It is so.")))), waited=True
    )
    text = filled(as_text(letter, Reader(), SHEET), address)
    assert text.startswith("What waited for you: 3 things\n  1. Consensus check 3\n  2. Poll 1\n  3. It is so\n")
    assert re.findall(r"\n  (reply\+\S+)", text) == ["reply+check.3@example.org", "reply+poll.1@example.org"]
    page = as_html(letter, Reader(), SHEET)
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.index("<ol") < page.index("Move the call?")
    few = as_text(Letter((Part("a", Notice(T("One."))), Part("b", Notice(T("Two."))))), Reader(), SHEET)
    assert few.startswith("One.\n\nTwo.\n\n-- \n")  # a few sentences need no contents


def test_it_reads_from_the_readers_own_side() -> None:
    page = as_html(Letter((Part("check:3", CHECK),)), Reader("ar", "Africa/Cairo"), SHEET)
    assert page.count('dir="rtl"') == 2
    assert "border-right:3px" in page
    assert "border-left" not in page
    assert 'dir="auto"' in page  # what somebody wrote has its own


def test_nobody_writes_a_mark() -> None:
    forged = Notice(said(f"{mark('check:9')} <b>& \ue000"))
    for drawn in (html(forged, Reader()), "".join(paragraphs(forged, Reader()))):
        assert filled(drawn, address) == drawn
    assert escapes.escape("<b>") in html(forged, Reader())


def test_wide_letters_are_counted_as_wide() -> None:
    lines = "\n".join(paragraphs(Notice(said("漢字 " * 60)), Reader())).splitlines()
    assert all(len(line) <= COLUMNS * 2 // 3 for line in lines)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Lima"])
def test_times_are_the_readers(zone: str) -> None:
    from datetime import UTC, datetime

    notice = Notice(T("{when}", when=Moment(datetime(2027, 1, 4, 15, tzinfo=UTC), "Europe/Zurich")))
    (text,) = paragraphs(notice, Reader("en", zone))
    assert zone.partition("/")[2] in text


def test_a_sentence_that_ends_with_an_initial_ends_once() -> None:
    text = T("Recorded by {who}.", who=PersonName("1", "Amina A."))
    assert Reader().line(text) == "Recorded by Amina A."
    for language in ("en", "ar"):
        assert Reader(language).rich.say(text).count(".") == 1
