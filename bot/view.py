"""What is shown, by meaning. Adapters match over these closed unions (ended by `assert_never`) and draw them their way.

Views are tagged msgspec structs, so that a reply can be stored as JSON and given again, word for word, to a retry.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from bot.text import Text


class Tone(StrEnum):
    """How a view is meant, for colour and icon; never the only carrier of meaning."""

    NEUTRAL = "neutral"
    DONE = "done"
    ATTENTION = "attention"
    REFUSED = "refused"


class ButtonStyle(StrEnum):
    """`primary` is the one thing to do; `danger` ends or refuses something."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


class Button(msgspec.Struct, frozen=True):
    """A tap that gives a command. It carries name and arguments, never a callback: it works after a restart.

    With arguments missing, the tap opens the command's form.
    """

    label: Text
    command: str
    arguments: dict[str, str] = {}
    style: ButtonStyle = ButtonStyle.PLAIN


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """A sentence or two."""

    text: Text


class Quote(msgspec.Struct, frozen=True, tag="quote"):
    """A member's own words, possibly long and in Markdown, with who said them where that is shown.

    `own`: the same as a sentence, where the words are wgbot's.
    """

    text: str
    by: Text | None = None
    own: Text | None = None


class Section(msgspec.Struct, frozen=True, tag="section"):
    """A heading and a member's own words under it: a section of a proposal."""

    heading: Text
    text: str


class Fact(msgspec.Struct, frozen=True):
    """A label and its value."""

    label: Text
    value: Text


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Short labelled values."""

    items: tuple[Fact, ...]


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """A list of sentences."""

    items: tuple[Text, ...]
    title: Text | None = None


class Item(msgspec.Struct, frozen=True):
    """One thing of a list: a sentence, a remark below it, and what to tap for it."""

    text: Text
    button: Button | None = None
    note: Text | None = None


class Items(msgspec.Struct, frozen=True, tag="items"):
    """A list of things, each with its own button beside it."""

    items: tuple[Item, ...]
    title: Text | None = None


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows of sentences under headed columns; `numeric` names the right-aligned columns by index."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    title: Text | None = None
    numeric: tuple[int, ...] = ()


class TallyRow(msgspec.Struct, frozen=True):
    """One stakeholder group's positions: counts in the order of the tally's columns, and how many were asked."""

    group: Text
    counts: tuple[int, ...]
    asked: int


class Tally(msgspec.Struct, frozen=True, tag="tally"):
    """Positions by stakeholder group: who was asked, who has spoken. Drawn as a table with bars."""

    columns: tuple[Text, ...]
    rows: tuple[TallyRow, ...]
    total: TallyRow


class BallotOption(msgspec.Struct, frozen=True):
    """One way to answer, under a stable key; tapping gives the button's command."""

    key: str
    button: Button
    count: int | None = None


class Ballot(msgspec.Struct, frozen=True, tag="ballot"):
    """A question to be answered by tapping: a consensus check or a poll. Counts are absent while they are hidden.

    `covert`: nobody is to see yet, or ever, who chooses what; where others would, it is to be answered elsewhere.
    `own`: the question as a sentence, where it is wgbot that asks it.
    """

    question: str
    options: tuple[BallotOption, ...]
    multiple: bool = False
    open: bool = True
    covert: bool = False
    own: Text | None = None


Block = Paragraph | Quote | Section | Facts | Bullets | Items | Table | Tally | Ballot


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """A short answer or announcement. `typed` is what the person typed, kept when it was refused."""

    text: Text
    tone: Tone = Tone.NEUTRAL
    next_step: Text | None = None
    buttons: tuple[Button, ...] = ()
    typed: str | None = None
    field: str | None = None


class Card(msgspec.Struct, frozen=True, tag="card"):
    """Something with parts: a proposal, a check, a list. `subject` names what it shows, so that it can be redrawn."""

    title: Text
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.NEUTRAL
    subject: str | None = None
    footer: Text | None = None


class Named(StrEnum):
    """What an answer names, where it names something that is there: it may be chosen from what one begins to type."""

    NOTHING = ""
    PERSON = "person"
    PEOPLE = "people"
    GROUP = "group"


class Question(msgspec.Struct, frozen=True):
    """One argument as a question. `choices` are (key, label); `multiline` asks for more than a line.

    `named`: the answer names people of the roster or a working group, as `bot.suggesting` finds them.
    """

    field: str
    label: Text
    hint: Text | None = None
    required: bool = True
    multiline: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    limit: int | None = None
    named: Named = Named.NOTHING


class Form(msgspec.Struct, frozen=True, tag="form"):
    """A command's questions with the answers so far: a modal, a thread of questions or a prompt are views of it.

    `current` is the field asked next (None: all answered, ready to submit); `problems` are (field, why).
    """

    command: str
    title: Text
    questions: tuple[Question, ...]
    answers: dict[str, str] = {}
    current: str | None = None
    problems: tuple[tuple[str, Text], ...] = ()


class PictureFormat(StrEnum):
    """As what a picture is handed over."""

    PNG = "png"
    SVG = "svg"


class File(msgspec.Struct, frozen=True, tag="file"):
    """A document to hand over: which one (`document`, of `subject`) and in which `format`.

    A proposal is md, docx or pdf, a chart (see `bot.present.charts`) png or svg, the calendar and a meeting ics. `alt` says what a
    picture shows, for whoever does not see it. The bytes come from `adapters.shared.contents`.
    """

    name: str
    subject: str
    document: str
    format: str
    caption: Text
    alt: Text | None = None


Single = Notice | Card | Form | File
"""What is shown by itself."""


class Part(msgspec.Struct, frozen=True):
    """One thing in a letter: a fixed `view`, or (None) the card of what it is `about`, as that is when the letter is sent.

    `about` is a subject, as cards have it: answers are given about it, and letters about one make one conversation.
    """

    about: str = ""
    view: Single | None = None


class Letter(msgspec.Struct, frozen=True, tag="letter"):
    """Several things in one message: what came of one act, or what waited, for whom is written to by mail.

    `waited`: these are things that were held back, so that it begins with what there is.
    """

    parts: tuple[Part, ...]
    waited: bool = False


View = Single | Letter


def opened(letter: Letter, present: Callable[[str], View | None]) -> Letter | None:
    """A letter with its cards as they are now. Those that show nothing any more are left out; None when none is left."""
    parts = []
    for part in letter.parts:
        view = part.view if part.view is not None else present(part.about)
        if view is not None and not isinstance(view, Letter):
            parts.append(Part(part.about, view))
    return Letter(tuple(parts), letter.waited) if parts else None
