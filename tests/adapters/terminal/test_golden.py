"""What people see, kept as text to be read: `GOLDEN=write` writes it anew, and the change shows what a change did."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from adapters.cli.sample import SAMPLES
from adapters.terminal.paper import console, words_for
from adapters.terminal.render import render
from adapters.terminal.screen import Screen
from adapters.terminal.session import Heard
from bot.text import Moment, PersonName, Say, T, Tn, UserText, term
from bot.view import (
    Ballot,
    BallotOption,
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
    Notice,
    Paragraph,
    Question,
    Quote,
    Section,
    Table,
    Tally,
    TallyRow,
    Tone,
    View,
)

GOLDEN = Path(__file__).parent / "golden"
ZURICH = words_for(zone="Europe/Zurich")
CLOSES = Moment(datetime(2027, 1, 22, 9, tzinfo=UTC), "Europe/Zurich")


def sections() -> Iterator[Section]:
    """The sample proposal's own sections."""
    heading, lines = "", list[str]()
    for line in [*(SAMPLES / "proposal-wg-mwp.md").read_text(encoding="utf-8").splitlines(), "End:"]:
        if line.rstrip(":") in HEADINGS or line == "End:":
            if heading:
                yield Section(term(heading), "\n".join(lines).strip())
            heading, lines = line.rstrip(":"), []
        else:
            lines.append(line)


HEADINGS = (
    "Purpose of the WG",
    "Objectives/Goals of the WG",
    "Expected Output(s)",
    "Implementation Plan (if appropriate)",
    "Timeframe for the work",
)

PROPOSAL = Card(
    T("Proposal: {group} · {name}", group="WG-MWP", name=UserText("Multi-year Strategic Work Programme")),
    (
        Facts(
            (
                Fact(T("Proposed by"), T("{who} ({group})", who=PersonName("p1", "Qiang R."), group="Private Sector")),
                Fact(T("Cycle"), term("IGF 2027")),
                Fact(T("Open for comment until"), T("{when}", when=CLOSES)),
            )
        ),
        *sections(),
        Quote(
            "Fully support.\n- but the calls should rotate", T("{who}, Civil Society", who=PersonName("p2", "Zoë B."))
        ),
    ),
    (
        Button(T("Comment…"), "consult comment", {"group": "WG-MWP"}, ButtonStyle.PRIMARY),
        Button(T("Where it stands"), "show", {"group": "WG-MWP"}),
    ),
    footer=T("Version 2. It is not approved until the MAG Chair approves it."),
)


def _position(key: str, label: str) -> BallotOption:
    return BallotOption(key, Button(T(label), f"consensus {key}", {"check": "1"}))


CHECK = Card(
    T("Consensus check {number} of the MAG", number=1),
    (
        Ballot(
            "Should WG-MWP (Multi-year Strategic Work Programme) be formed?",
            (
                _position("support", "Support"),
                _position("live-with", "Can live with it"),
                _position("stand-aside", "Stand aside"),
                _position("object", "Object"),
                _position("abstain", "Abstain"),
                _position("need-time", "Need time"),
            ),
        ),
        Facts((Fact(T("Closes"), T("{when}", when=CLOSES)),)),
        Tally(
            tuple(T(each) for each in ("Support", "Can live with it", "Stand aside", "Object", "Abstain", "Need time")),
            (
                TallyRow(term("Government"), (9, 2, 0, 1, 0, 0), 16),
                TallyRow(term("Private Sector"), (3, 1, 1, 0, 0, 0), 8),
                TallyRow(term("Civil Society"), (0, 0, 0, 0, 0, 0), 8),
                TallyRow(term("Technical Community"), (5, 0, 0, 0, 1, 1), 8),
            ),
            TallyRow(T("All"), (17, 3, 1, 1, 1, 1), 40),
        ),
        Bullets(
            (T("One objection is open (Bao B.)"), T("Civil Society has not spoken")),
            T("What it would come to now: no consensus yet"),
        ),
    ),
    tone=Tone.ATTENTION,
    footer=T("You may change your position until the close."),
)

REFUSAL = Notice(
    T("There is no working group called {name}.", name=UserText("WG-[bold]MVP[/bold]")),
    Tone.REFUSED,
    T("Did you mean {name}? Type {command}", name="WG-MWP", command=Say("show WG-MWP")),
    typed="/wg show WG-[bold]MVP[/bold]",
    field="group",
)

FORM = Form(
    "propose new",
    T("Propose a working group"),
    (
        Question("name", T("What is the working group called?"), T("Its full name")),
        Question("short_name", T("Its short name?"), T("As people will say it: WG-MWP")),
        Question("purpose", T("Purpose of the WG"), T("Why it is needed, in a paragraph."), multiline=True),
        Question("plan", T("Implementation Plan"), None, required=False, multiline=True),
    ),
    {"name": "Multi-year Strategic Work Programme", "short_name": "WGCO"},
    "purpose",
    (
        ("short_name", T("WGCO is taken: WG-CO (Outreach and Communication) goes by that name.")),
        ("purpose", T("Too long: this text has 8100 characters, and at most 8000 fit.")),
    ),
)

CHOICES = Form(
    "consult comment",
    T("Comment on a proposal"),
    (
        Question("group", T("Which proposal?")),
        Question(
            "kind",
            T("What is it?"),
            None,
            required=False,
            choices=(("comment", T("A comment")), ("concern", T("A concern"))),
        ),
    ),
    {"group": "WG-MWP"},
    "kind",
)

TODO = Card(
    T("What needs you"),
    (
        Items(
            (
                Item(
                    T("Take a position in check {number} until {when}", number=1, when=CLOSES),
                    Button(T("Check 1"), "consensus show", {"check": "1"}, ButtonStyle.PRIMARY),
                ),
                Item(
                    Tn("Answer {count} comment on WG-MWP", "Answer {count} comments on WG-MWP", 3),
                    Button(T("Read them"), "consult show", {"group": "WG-MWP"}),
                    T("Its consultation is over; the consensus check waits for the answers."),
                ),
                Item(T("and {count} more: {command}", count=2, command=Say("todo"))),
            )
        ),
    ),
    tone=Tone.ATTENTION,
)

LIST = Card(
    T("Working groups of the MAG"),
    (
        Paragraph(T("In cycle {cycle}:", cycle="IGF 2027")),
        Table(
            (T("Group"), T("Name"), T("Stage"), T("Members")),
            (
                (term("WG-MWP"), term("Multi-year Strategic Work Programme"), T("consensus check"), term("—")),
                (term("WG-CO"), term("Outreach and Communication"), T("active"), term("12")),
            ),
            None,
            (3,),
        ),
    ),
)

DOCUMENT = File(
    "WG-MWP-v2.pdf",
    "proposal:g1",
    "proposal",
    "pdf",
    T("The proposal of {group}, version {version}.", group="WG-MWP", version=2),
)

PICTURE = File(
    "check-1.png",
    "check:1",
    "tally",
    "png",
    T("Positions in check {number}, by stakeholder group.", number=1),
    T("Consensus check {number} of the MAG: 31 of 40 members asked have spoken.", number=1),
)

DRAWN: dict[str, tuple[View, tuple[int, ...]]] = {
    "proposal": (PROPOSAL, (40, 80, 120)),
    "check": (CHECK, (40, 80, 120)),
    "refusal": (REFUSAL, (40, 80)),
    "form": (FORM, (40, 80)),
    "form-of-choices": (CHOICES, (80,)),
    "todo": (TODO, (40, 80)),
    "list": (LIST, (40, 80)),
    "document": (DOCUMENT, (80,)),
    "picture": (PICTURE, (80,)),
}


@pytest.mark.parametrize(("name", "width"), [(name, width) for name, (_, widths) in DRAWN.items() for width in widths])
def test_it_is_drawn_as_it_was(name: str, width: int) -> None:
    assert_as_kept(f"{name}-{width}", render(DRAWN[name][0], width, ZURICH))


def test_a_form_shown_whole_is_drawn_as_it_was() -> None:
    paper = StringIO()
    long = {"name": "Multi-year Strategic Work Programme", "short_name": "WG-MWP", "purpose": next(sections()).text}
    view = Form(FORM.command, FORM.title, FORM.questions, long, "plan")
    Screen(console(paper, 80, colour=False), ZURICH).heard(Heard(view, whole=True))
    assert_as_kept("form-whole-80", paper.getvalue())


def test_every_kept_text_is_still_drawn() -> None:
    drawn = {f"{name}-{width}" for name, (_, widths) in DRAWN.items() for width in widths} | {"form-whole-80"}
    assert {path.stem for path in GOLDEN.glob("*.txt")} == drawn


def assert_as_kept(name: str, drawn: str) -> None:
    """Compare with what was kept, or keep it."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    assert path.exists(), "not kept yet: run with GOLDEN=write, and read what it wrote"
    assert drawn == path.read_text(encoding="utf-8")
