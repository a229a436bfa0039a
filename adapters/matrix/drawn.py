"""Views as messages: a body worth reading by itself, and HTML of the tags that clients show, in as many parts as it takes.

A card's ballot is a native poll besides (`Drawn.poll`), for clients that show them; each option's command stands in the
text, for those that do not, and for what nobody is to see. It sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, assert_never

import msgspec

from adapters.matrix.contents import MOST_ANSWERS
from adapters.matrix.markdown import markdown
from adapters.matrix.speech import NOTHING, PREFIX, Said, Speech, escaped, verbatim
from adapters.shared.asked import asked, controls
from adapters.shared.bars import bar
from adapters.shared.spelling import spelled
from adapters.shared.taps import Tap
from bot.domain.hygiene import one_line
from bot.domain.ids import CommunityId
from bot.present.digests import in_chat
from bot.text import T, Text
from bot.view import (
    Ballot,
    Block,
    Bullets,
    Button,
    Card,
    Facts,
    File,
    Form,
    Items,
    Letter,
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

PART: Final = 18_000
"""Bytes of body and HTML of one message. An edit holds both twice, and what is encrypted grows by a third: 48 kB in all."""

PIECE: Final = 5_000
"""Characters of a member's text drawn at once, so that a part can end between two."""

OVERLONG: Final = 1_500
"""Characters of a piece of what is too long for a message: at most four bytes each, twice, and escaped."""

LONGEST_ID: Final = 500
"""Characters of a poll answer's id. What takes more is typed instead."""

EXCERPT: Final = 120
ICONS: Final = {Tone.NEUTRAL: "", Tone.DONE: "✅ ", Tone.ATTENTION: "🔔 ", Tone.REFUSED: "⛔ "}


class Poll(msgspec.Struct, frozen=True):
    """A native poll: the question, (answer id, text) of each option, and how many may be chosen."""

    question: str
    answers: tuple[tuple[str, str], ...]
    most: int = 1


class Drawn(msgspec.Struct, frozen=True):
    """What is sent for a view: the (body, HTML) of each message, and a poll while one is open."""

    parts: tuple[tuple[str, str], ...]
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """For whom a view is drawn."""

    speech: Speech
    community: CommunityId


def drawn(view: View, drawing: Drawing) -> Drawn:
    """A view as messages, and its poll."""
    poll = None
    if isinstance(view, Card):
        ballot = next((each for each in view.blocks if isinstance(each, Ballot)), None)
        poll = _poll(ballot, drawing) if ballot is not None and ballot.open else None
    return Drawn(tuple(_parts(_paragraphs(view, drawing))), poll)


def _parts(paragraphs: Iterable[Said]) -> Iterator[tuple[str, str]]:
    bodies: list[str] = []
    html: list[str] = []
    size = 0
    for each in _short(paragraphs):
        weight = _bytes(each)
        if bodies and size + weight > PART:
            yield "\n\n".join(bodies), "".join(html)
            bodies, html, size = [], [], 0
        bodies.append(each.body)
        html.append(each.html)
        size += weight
    if bodies:
        yield "\n\n".join(bodies), "".join(html)


def _bytes(said: Said) -> int:
    return len(said.body.encode()) + len(said.html.encode())


def _short(paragraphs: Iterable[Said]) -> Iterator[Said]:
    """Paragraphs; one that is too long for a message by itself goes on in others, without its looks."""
    for each in paragraphs:
        if _bytes(each) <= PART:
            yield each
            continue
        for at in range(0, len(each.body), OVERLONG):
            yield _p(verbatim(each.body[at : at + OVERLONG]))


def _paragraphs(view: View, drawing: Drawing) -> Iterator[Said]:
    say = drawing.speech.say
    match view:
        case Notice():
            first = Said(ICONS[view.tone], ICONS[view.tone]) + say(view.text)
            yield _p(first if view.next_step is None else first + Said(" ", " ") + say(view.next_step))
            if view.typed:
                yield from _typed(view.typed, drawing)
            yield from _buttons(view.buttons, drawing)
        case Card():
            title = say(view.title)
            yield Said(ICONS[view.tone] + title.body, f"<h4>{ICONS[view.tone]}{title.html}</h4>")
            for block in view.blocks:
                yield from _block(block, drawing)
            yield from _buttons(view.buttons, drawing)
            if view.footer is not None:
                footer = say(view.footer)
                yield Said(footer.body, f"<p><em>{footer.html}</em></p>")
        case Form():
            yield from _form(view, drawing)
        case File():
            yield _p(verbatim(view.name) + Said(": ", ": ") + say(view.caption))
        case Letter():
            for each in in_chat(view):
                yield from _paragraphs(each, drawing)
        case _:
            assert_never(view)


def _block(shape: Block, drawing: Drawing) -> Iterator[Said]:
    say = drawing.speech.say
    match shape:
        case Paragraph(text):
            yield _p(say(text))
        case Quote(text, by, own):
            for piece in markdown(text if own is None else drawing.speech.body(own), PIECE):
                quoted = "\n".join(f"> {line}" for line in piece.body.splitlines())
                yield Said(quoted, f"<blockquote>{piece.html}</blockquote>")
            if by is not None:
                said = say(by)
                yield Said(f"— {said.body}", f"<p>— {said.html}</p>")
        case Section(heading, text):
            title = say(heading)
            yield Said(title.body, f"<h5>{title.html}</h5>")
            yield from markdown(text, PIECE)
        case Facts(items):
            yield _lines([_labelled(say(each.label), say(each.value)) for each in items])
        case Bullets(items, title):
            yield _list(title, [say(each) for each in items], drawing)
        case Items(items, title):
            yield _list(title, [_item(each.text, each.note, each.button, drawing) for each in items], drawing)
        case Table():
            yield from _table(shape, drawing)
        case Tally():
            yield _lines([_counted(row, shape, drawing) for row in (*shape.rows, shape.total)])
        case Ballot():
            yield from _ballot(shape, drawing)
        case _:
            assert_never(shape)


def _p(said: Said) -> Said:
    return Said(said.body, f"<p>{said.html}</p>")


def _bold(said: Said) -> Said:
    return Said(said.body, f"<strong>{said.html}</strong>")


def _lines(lines: list[Said]) -> Said:
    return Said(
        "\n".join(each.body for each in lines) or NOTHING, f"<p>{'<br>'.join(e.html for e in lines) or NOTHING}</p>"
    )


def _labelled(label: Said, value: Said) -> Said:
    return _bold(label) + Said(": ", ": ") + value


def _list(title: Text | None, items: list[Said], drawing: Drawing) -> Said:
    head = drawing.speech.say(title) if title is not None else None
    bodies = [*([head.body] if head else []), *([f"• {each.body}" for each in items] or [NOTHING])]
    listed = "".join(f"<li>{each.html}</li>" for each in items) or f"<li>{NOTHING}</li>"
    shown = f"<p><strong>{head.html}</strong></p>" if head else ""
    return Said("\n".join(bodies), f"{shown}<ul>{listed}</ul>")


def _item(text: Text, note: Text | None, button: Button | None, drawing: Drawing) -> Said:
    said = drawing.speech.say(text)
    if note is not None:
        said += Said(" — ", " — ") + drawing.speech.say(note)
    if button is None:
        return said
    return said + Said(" → ", " → ") + drawing.speech.say(button.label) + Said(": ", ": ") + _command(button)


def _command(button: Button) -> Said:
    typed = verbatim(f"{PREFIX} {spelled(button.command, button.arguments)}")
    return Said(f"`{typed.body}`", f"<code>{typed.html}</code>")


def _buttons(buttons: tuple[Button, ...], drawing: Drawing) -> Iterator[Said]:
    """Buttons as what one types instead of tapping."""
    if buttons:
        yield _list(
            None, [drawing.speech.say(each.label) + Said(": ", ": ") + _command(each) for each in buttons], drawing
        )


def _typed(typed: str, drawing: Drawing) -> Iterator[Said]:
    label = drawing.speech.say(T("You typed:"))
    yield _p(label)
    for at in range(0, len(typed), PIECE):
        said = verbatim(typed[at : at + PIECE])
        yield Said(said.body, f"<pre><code>{escaped(said.body).replace('<br>', chr(10))}</code></pre>")


def _counted(row: TallyRow, tally: Tally, drawing: Drawing) -> Said:
    say, taken = drawing.speech.say, sum(row.counts)
    head = _bold(say(row.group)) + Said(f" {bar(taken, row.asked)} ", f" {bar(taken, row.asked)} ")
    said = head + say(T("{taken} of {asked}", taken=taken, asked=row.asked))
    counts = [
        (say(name) if name is not None else verbatim(NOTHING)) + Said(f" {count}", f" {count}")
        for name, count in zip_longest(tally.columns, row.counts)
        if count
    ]
    for number, each in enumerate(counts):
        said += Said(": ", ": ") if number == 0 else Said(" · ", " · ")
        said += each
    return said


def _table(table: Table, drawing: Drawing) -> Iterator[Said]:
    say = drawing.speech.say
    if table.title is not None:
        yield _p(_bold(say(table.title)))
    heads = [say(each) for each in table.columns]
    for first in range(0, max(len(table.rows), 1), 50):
        rows = [[say(cell) for cell in row] for row in table.rows[first : first + 50]]
        bodies = [" — ".join(cell.body for cell in row) for row in rows]
        top = "".join(f"<th>{each.html}</th>" for each in heads)
        below = "".join(f"<tr>{''.join(f'<td>{cell.html}</td>' for cell in row)}</tr>" for row in rows)
        yield Said(
            "\n".join([" — ".join(each.body for each in heads), *bodies]) or NOTHING,
            f"<table><thead><tr>{top}</tr></thead><tbody>{below}</tbody></table>",
        )


def _ballot(ballot: Ballot, drawing: Drawing) -> Iterator[Said]:
    question = verbatim(_asked(ballot, drawing) or NOTHING)
    yield _p(_bold(question))
    if ballot.multiple and ballot.open:
        yield _p(drawing.speech.say(T("Choose one or more.")))
    if ballot.covert and ballot.open:
        yield _p(drawing.speech.say(T("Answer in a direct message to wgbot: what is sent here, everybody here sees.")))
    counted = sum(option.count or 0 for option in ballot.options)
    options = []
    for option in ballot.options:
        said = drawing.speech.say(option.button.label)
        if option.count is not None:
            shown = f" {bar(option.count, counted)} {option.count}"
            said += Said(shown, shown)
        options.append(said + Said(" → ", " → ") + _command(option.button) if ballot.open else said)
    yield _list(None, options, drawing)


def _asked(ballot: Ballot, drawing: Drawing) -> str:
    return drawing.speech.body(ballot.own) if ballot.own is not None else ballot.question


def _poll(ballot: Ballot, drawing: Drawing) -> Poll | None:
    """The ballot as a native poll; None where it has more options than one takes, or nobody is to see who votes for what.

    A vote is an event that all in the room can read, whatever kind of poll it is for.
    """
    if ballot.covert or not 1 <= len(ballot.options) <= MOST_ANSWERS:
        return None
    answers = tuple(
        (answer_id(drawing.community, option.button), one_line(drawing.speech.body(option.button.label), 300))
        for option in ballot.options
    )
    if any(len(name) > LONGEST_ID for name, _ in answers):
        return None
    return Poll(one_line(_asked(ballot, drawing), 300) or NOTHING, answers, len(answers) if ballot.multiple else 1)


def answer_id(community: CommunityId, button: Button) -> str:
    """An answer's id, which says what it does."""
    arguments = {name: text.encode(errors="replace").decode() for name, text in button.arguments.items()}
    return msgspec.json.encode(Tap(community, button.command, arguments)).decode()


def _form(form: Form, drawing: Drawing) -> Iterator[Said]:
    say, question = drawing.speech.say, asked(form)
    numbers = {each.field: number for number, each in enumerate(form.questions, 1)}
    title = say(form.title)
    if form.current in numbers:
        title += Said(" · ", " · ") + say(
            T("{number} of {count}", number=numbers[form.current], count=len(form.questions))
        )
    yield Said(title.body, f"<h5>{title.html}</h5>")
    problems: dict[str, list[Text]] = {}
    for field, why in form.problems:
        problems.setdefault(field if field in numbers else "", []).append(why)
    for each in form.questions:
        if each is not question and (each.field in form.answers or each.field in problems):
            answer = verbatim(one_line(form.answers.get(each.field, ""), EXCERPT) or NOTHING)
            yield _p(Said("✓ ", "✓ ") + _labelled(say(each.label), answer))
            yield from _problems(problems.get(each.field, []), drawing)
    yield from _problems(problems.get("", []), drawing)
    if question is not None:
        yield from _question(question, form, problems, drawing)
    else:
        yield _p(_bold(say(T("All answered. Submit it?"))))
    words = " · ".join(controls(form))
    steering = T("Answer here, or one of these words alone: {words}", words=words)
    yield _p(say(steering))


def _question(question: Question, form: Form, problems: dict[str, list[Text]], drawing: Drawing) -> Iterator[Said]:
    say = drawing.speech.say
    label = _bold(say(question.label))
    yield _p(label if question.required else label + Said(" ", " ") + say(T("(optional)")))
    if question.hint is not None:
        yield _p(say(question.hint))
    if question.choices:
        choices = [say(text) for _, text in question.choices]
        body = "\n".join(f"{number}. {each.body}" for number, each in enumerate(choices, 1))
        yield Said(body, f"<ol>{''.join(f'<li>{each.html}</li>' for each in choices)}</ol>")
    before = form.answers.get(question.field)
    if before:
        yield _p(say(T("So far: {answer}", answer=one_line(before, EXCERPT))))
    yield from _problems(problems.get(question.field, []), drawing)


def _problems(why: list[Text], drawing: Drawing) -> Iterator[Said]:
    for each in why:
        yield _p(Said("⛔ ", "⛔ ") + drawing.speech.say(each))
