"""What every renderer promises, whatever its platform: every shape is drawn, at every length, and user text breaks nothing.

A platform's test subclasses `RendererContract`, gives `render`, and says with `visible` what a reader sees of it and with
`check` what a well-formed result is. The lengths tried are the limits of the platforms we know (Slack's blocks are the
tightest), and one past each: what does not fit is put elsewhere or said, never dropped without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import pytest

from bot.text import Moment, PersonName, Say, Span, T, Text, Tn, UserText, said, term
from bot.view import (
    Ballot,
    BallotOption,
    Block,
    Bullets,
    Button,
    ButtonStyle,
    Card,
    Fact,
    Facts,
    File,
    Form,
    Item,
    Items,
    Letter,
    Notice,
    Paragraph,
    Part,
    Question,
    Quote,
    Section,
    Table,
    Tally,
    TallyRow,
    Tone,
    View,
)

TEXT_LENGTHS = (0, 1, 75, 76, 150, 151, 2000, 2001, 3000, 3001, 12_000, 12_001, 30_000)
ITEM_COUNTS = (0, 1, 5, 6, 10, 11, 20, 21, 50, 51, 100, 101)

HOSTILE = {
    "markup of rich": "[bold red]loud[/bold red] [/] [link=https://evil.example]x[/link]",
    "escape sequences": "\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b31m",
    "control characters": "a\x00b\x08c\rd\x0be\x0cf\x7fg\x85h",
    "writing direction": "\u202eevil\u202c \u2067isolate\u2069 \u200f",
    "right to left": "مرحبا بالعالم (1) שלום עולם",
    "hidden letters": "pay\u200bpal \u2060\ufeff\u00ad\U000e0041\U000e0042",
    "halves of characters": "\ud83d half \udc00",
    "emoji and joiners": "👩🏽‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇺🇳 ❤️‍🔥",
    "towers of accents": "Z" + "\u0351\u0313\u0308" * 200,
    "wide letters": "漢字" * 100,
    "a long word": "x" * 5000,
    "mentions": "<!channel> <@U123> @room @everyone #general",
    "html": "<script>alert(1)</script> <b>bold</b> &lt; &amp; &",
    "markdown": "*bold* _it_ `code` ```block``` ~no~ [x](javascript:alert(1)) > quote\n# heading\n---",
    "formats": "{count} {} %s %(x)d $x {0.__class__}",
    "line breaks": "one\r\ntwo\rthree\u2028four\u2029five\n\n\nsix",
    "quotes": "\"double\" 'single' “smart” «French» back\\slash",
    "nothing but spaces": " \t \u00a0 ",
}


def lettered(length: int) -> str:
    """Text of exactly `length` characters in numbered words, so that a missing one is noticed."""
    words: list[str] = []
    size = 0
    while size < length:
        words.append(f"w{len(words)}")
        size += len(words[-1]) + 1
    return " ".join(words)[:length].rstrip().ljust(length, ".") if length else ""


def button(label: str = "Support", command: str = "consensus support", **arguments: str) -> Button:
    return Button(T(label), command, arguments)


def a_form(**changes: Any) -> Form:
    form = Form(
        "propose",
        T("Propose a working group"),
        (
            Question("name", T("Short name"), T("For example WG-MWP"), limit=40),
            Question("kind", T("Kind"), choices=(("open", T("open")), ("closed", T("closed")))),
            Question("purpose", T("Purpose of the WG"), T("Why it is needed"), multiline=True, limit=8000),
            Question("plan", T("Implementation Plan"), required=False, multiline=True),
        ),
        {"name": "WG-MWP"},
        "purpose",
    )
    return msgspec.structs.replace(form, **changes)


def a_tally(columns: int = 6, rows: int = 4, group: Text | None = None) -> Tally:
    names = ("Support", "Can live with it", "Stand aside", "Object", "Abstain", "Need time")
    counts = tuple(range(columns))
    made = tuple(TallyRow(group or term(f"Group {row}"), counts, 50) for row in range(rows))
    total = TallyRow(T("All"), tuple(count * rows for count in counts), 50 * rows)
    return Tally(tuple(T(names[at % len(names)]) for at in range(columns)), made, total)


def a_ballot(question: str = "Move the call to 15:00?", options: int = 3, label: str = "Agree", **more: Any) -> Ballot:
    made = tuple(
        BallotOption(f"o{at}", button(f"{label} {at}", "poll choose", option=str(at)), at) for at in range(options)
    )
    return Ballot(question, made, **more)


def blocks_with(text: str) -> Iterator[tuple[str, Block]]:
    """Every block, with a member's text wherever it can have one."""
    yield "paragraph", Paragraph(T("Said: {text}", text=UserText(text)))
    yield "quote", Quote(text)
    yield "quote by", Quote(text, T("{who}, {group}", who=PersonName("p", text), group="Civil Society"))
    yield "section", Section(T("Purpose of the WG"), text)
    yield "facts", Facts((Fact(T("Said"), said(text)), Fact(said(text), T("label"))))
    yield "bullets", Bullets((said(text), T("another")), said(text))
    tap = Button(said(text), "show", {"group": text})
    yield "items", Items((Item(said(text), tap, said(text)), Item(T("another"))), said(text))
    yield "table", Table((T("Name"), said(text)), ((said(text), T("1")), (T("a"), said(text))), said(text), (1,))
    yield "tally", a_tally(group=said(text))
    yield "ballot", a_ballot(text, label="Yes")
    yield "ballot options", Ballot("?", (BallotOption("k", Button(said(text), "poll choose", {"option": text})),))


def views_with(text: str) -> Iterator[tuple[str, View]]:
    """Every view, with a member's text wherever it can have one."""
    for name, block in blocks_with(text):
        yield f"card of a {name}", Card(T("A card"), (block,))
    yield "card title", Card(said(text), (), (button(label="x", reason=text),), footer=said(text), subject="group:x")
    yield (
        "notice",
        Notice(said(text), Tone.DONE, said(text), (Button(said(text), "show", {"group": text}),), text, "group"),
    )
    yield "form", a_form(answers={"name": text, "unknown": text}, problems=(("name", said(text)), ("", said(text))))
    yield (
        "form of choices",
        a_form(
            title=said(text),
            current="kind",
            questions=(Question("kind", said(text), said(text), choices=(("open", said(text)), (text, T("x")))),),
        ),
    )
    yield "file", File(text, "group:x", "proposal", "pdf", said(text))
    yield "letter", Letter((Part("group:x", Notice(said(text))), Part("check:1", Card(said(text)))), waited=True)
    yield "picture", File("check-1.png", "check:1", "tally", "png", said(text), said(text))


def views_of(count: int) -> Iterator[tuple[str, View]]:
    """Every part of every view that there can be many of."""
    many = tuple(T("item {at}", at=at) for at in range(count))
    yield "blocks", Card(T("A card"), tuple(Paragraph(each) for each in many))
    yield "buttons", Card(T("A card"), (), tuple(button(f"Button {at}") for at in range(count)))
    yield "buttons of a notice", Notice(T("Done."), buttons=tuple(button(f"B {at}") for at in range(count)))
    yield "facts", Card(T("A card"), (Facts(tuple(Fact(each, each) for each in many)),))
    yield "bullets", Card(T("A card"), (Bullets(many, T("Listed")),))
    made = tuple(Item(each, button(f"Button {at}"), each) for at, each in enumerate(many))
    yield "items", Card(T("A card"), (Items(made, T("To do")),))
    yield "table rows", Card(T("A card"), (Table((T("A"), T("B")), tuple((each, each) for each in many)),))
    yield "table columns", Card(T("A card"), (Table(many, (many, many)),))
    yield "tally rows", Card(T("A card"), (a_tally(rows=count),))
    yield "tally columns", Card(T("A card"), (a_tally(columns=count),))
    yield "options", Card(T("A card"), (a_ballot(options=count),))
    questions = tuple(Question(f"q{at}", each) for at, each in enumerate(many))
    yield "questions", a_form(questions=questions, current="q0" if count else None, answers={"q3": "x"})
    choices = tuple((f"c{at}", each) for at, each in enumerate(many))
    yield "choices", a_form(questions=(Question("kind", T("Kind"), choices=choices),), current="kind")
    yield "problems", a_form(problems=tuple(("purpose", each) for each in many))


def plain_views() -> Iterator[tuple[str, View]]:
    """Every choice a view offers: tones, styles, open and closed, hidden counts, each kind of parameter."""
    for tone in Tone:
        yield f"{tone} notice", Notice(T("It is so."), tone)
        yield f"{tone} card", Card(T("It is so."), (Paragraph(T("Yes.")),), tone=tone)
    for style in ButtonStyle:
        yield f"{style} button", Card(T("A card"), (), (Button(T("Tap"), "show", {}, style),))
    for is_open in (True, False):
        for multiple in (True, False):
            yield (
                f"ballot open {is_open} multiple {multiple}",
                Card(T("?"), (a_ballot(open=is_open, multiple=multiple),)),
            )
    hidden = tuple(BallotOption(f"o{at}", button(f"Option {at}", "poll choose")) for at in range(3))
    yield "hidden counts", Card(T("A poll"), (Ballot("Which?", hidden),))
    yield "ragged table", Card(T("A card"), (Table((T("A"),), ((), (T("1"), T("2"), T("3"))), None, (7,)),))
    odd = TallyRow(T("All"), (1, 2, 3), 0)
    yield "ragged tally", Card(T("A card"), (Tally((T("Support"),), (odd, TallyRow(T("G"), (), 5)), odd),))
    yield "all answered", a_form(current=None)
    yield "asks what is not there", a_form(current="nothing")
    yield (
        "parameters",
        Notice(
            T(
                "{user} {moment} {span} {person} {say} {text} {count} {string} {missing}",
                user=UserText("typed"),
                moment=Moment(datetime(2027, 1, 4, 15, tzinfo=UTC), "Europe/Zurich"),
                span=Span(7 * 86_400),
                person=PersonName("p1", "Amina A."),
                say=Say("show WG-MWP"),
                text=Tn("{count} day", "{count} days", 2),
                count=1,
                string="WG-MWP",
            )
        ),
    )
    yield "empty sentences", Notice(Text(""), next_step=Text(""), typed="")


class RendererContract:
    """Subclass it with a name that begins with `Test`."""

    keeps_whole = (0, 1, 2000, 3001, 12_001, 60_000)
    """Lengths of a member's text that are shown whole in a card of their own."""

    def render(self, view: View) -> Any:
        """What the platform is given for a view."""
        raise NotImplementedError

    def visible(self, rendered: Any) -> str:
        """What a reader sees of it, in order, without borders and wrapping."""
        return str(rendered)

    def check(self, rendered: Any) -> None:
        """Assert that the platform would take it and that nothing in it acts."""

    def seen(self, view: View) -> str:
        """Render, check, and give what a reader sees."""
        rendered = self.render(view)
        self.check(rendered)
        return self.visible(rendered)

    def test_the_suite_knows_every_shape_there_is(self) -> None:
        views = [view for _, view in views_with("x")]
        assert {type(view) for view in views} == set(get_args(View))
        assert {type(each) for _, each in blocks_with("x")} == set(get_args(Block))

    @pytest.mark.parametrize(("name", "view"), [pytest.param(name, view, id=name) for name, view in plain_views()])
    def test_every_shape_is_drawn(self, name: str, view: View) -> None:
        assert self.seen(view).strip() or name == "empty sentences"

    @pytest.mark.parametrize("length", TEXT_LENGTHS)
    def test_every_length_is_drawn(self, length: int) -> None:
        for name, view in views_with(lettered(length)):
            assert self.seen(view).strip() or not length, name

    @pytest.mark.parametrize("count", ITEM_COUNTS)
    def test_every_number_of_parts_is_drawn(self, count: int) -> None:
        for name, view in views_of(count):
            assert self.seen(view).strip(), name

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_user_text_breaks_nothing(self, kind: str) -> None:
        for name, view in views_with(f"before {HOSTILE[kind]} after"):
            seen = self.seen(view)
            assert "before" in seen, name
            assert "after" in seen or len(HOSTILE[kind]) > 50, name  # an excerpt may stand for a long answer

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_user_text_alone_breaks_nothing(self, kind: str) -> None:
        for _, view in views_with(HOSTILE[kind]):
            self.seen(view)

    def test_equal_views_are_drawn_equally(self) -> None:
        for _, view in views_with("some text"):
            assert self.render(view) == self.render(view)

    def test_a_members_text_is_whole_in_its_own_card(self) -> None:
        for length in self.keeps_whole:
            text = lettered(length)
            expected = text.split()
            known = set(expected)
            for block in (Section(T("Purpose of the WG"), text), Quote(text)):
                words = self.seen(Card(T("Proposal"), (block,))).split()
                assert [word for word in words if word in known] == expected

    def test_meaning_is_never_carried_by_colour_alone(self) -> None:
        drawn = {self.seen(Notice(T("It is so."), tone)) for tone in Tone}
        assert len(drawn) == len(Tone)

    def test_a_refusal_says_why_what_next_and_what_was_typed(self) -> None:
        seen = self.seen(
            Notice(T("No such group."), Tone.REFUSED, T("See {list}.", list=Say("list")), typed="/wg show wgmvp")
        )
        assert [seen.index(part) for part in ("No such group.", "list", "/wg show wgmvp")] == sorted(
            seen.index(part) for part in ("No such group.", "list", "/wg show wgmvp")
        )

    def test_a_form_shows_what_is_asked_what_was_answered_and_what_is_wrong(self) -> None:
        seen = self.seen(a_form(problems=(("name", T("That name is taken.")),)))
        for part in ("Purpose of the WG", "Why it is needed", "WG-MWP", "That name is taken."):
            assert part in seen

    def test_a_tally_shows_every_group_with_how_many_were_asked(self) -> None:
        row = TallyRow(term("Civil Society"), (7, 3), 16)
        tally = Tally((T("Support"), T("Object")), (row,), TallyRow(T("All"), (17, 13), 46))
        seen = self.seen(Card(T("A check"), (tally,)))
        for part in ("Civil Society", "7", "3", "16", "17", "13", "46", "Support", "Object"):
            assert part in seen

    def test_a_list_of_things_shows_each_with_what_to_tap_and_its_remark(self) -> None:
        items = (
            Item(T("Answer the poll"), button("Poll 7", "poll show", poll="7"), T("It closes on Friday")),
            Item(T("Read the proposal")),
        )
        seen = self.seen(Card(T("A card"), (Items(items, T("What needs you")),)))
        order = ["What needs you", "Answer the poll", "Poll 7", "Read the proposal"]
        assert [seen.index(part) for part in order] == sorted(seen.index(part) for part in order)
        assert "It closes on Friday" in seen

    def test_hidden_counts_are_not_shown(self) -> None:
        options = (BallotOption("a", button("Yes", "poll choose"), None), BallotOption("b", button("No", "x"), None))
        shown = (BallotOption("a", button("Yes", "poll choose"), 77), BallotOption("b", button("No", "x"), 88))
        assert "77" in self.seen(Card(T("A poll"), (Ballot("Which?", shown),)))
        assert "0" not in self.seen(Card(T("A poll"), (Ballot("Which?", options),)))
