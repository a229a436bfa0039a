"""Views as a letter in HTML: one column, styles on each element, no pictures from elsewhere, nothing that runs.

Programs that show mail know little of HTML and keep no style sheet: tables are for tables, and what a style sheet says (dark
paper) is worth having, and not needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from html import escape
from typing import Final, assert_never

from adapters.mail.plain import NOTHING, TONES
from adapters.mail.reader import LINK, Offer, Reader, clean, escaped, linked
from adapters.shared.asked import asked, controls
from adapters.shared.documents.blocks import Block as Written
from adapters.shared.documents.blocks import Kind, Run, parse
from adapters.shared.documents.hypertext import in_html
from bot.text import T, Text
from bot.view import (
    Ballot,
    Block,
    Bullets,
    ButtonStyle,
    Card,
    Facts,
    File,
    Form,
    Item,
    Items,
    Letter,
    Notice,
    Paragraph,
    Quote,
    Section,
    Table,
    Tally,
    TallyRow,
    View,
)

PICTURE: Final = "png"
"""The format that is shown in the letter itself."""

P: Final = "margin:0 0 14px"
QUIET: Final = "color:#4d5b68"
_RULED: Final = "border-bottom:1px solid #d3dce4;vertical-align:top"
CELLS: Final = {"ltr": f"padding:6px 12px 6px 0;{_RULED}", "rtl": f"padding:6px 0 6px 12px;{_RULED}"}
TAP: Final = "display:inline-block;padding:9px 16px;border-radius:6px;font-weight:600;text-decoration:none"
APART: Final = {"ltr": "margin:0 8px 10px 0", "rtl": "margin:0 0 10px 8px"}
"""Space towards what follows: programs that show mail know left and right alone."""

TAPS: Final = {
    ButtonStyle.PRIMARY: ("tap-first", "background:#005c94;color:#ffffff;border:1px solid #005c94"),
    ButtonStyle.PLAIN: ("tap", "background:#ffffff;color:#005c94;border:1px solid #8fb4cc"),
    ButtonStyle.DANGER: ("tap-danger", "background:#ffffff;color:#9a2b10;border:1px solid #d09a8a"),
}
"""A class for dark paper, and the look."""


def picture_id(file: File) -> str:
    """What a picture that goes with the letter is called in it."""
    return f"{blake2b(f'{file.document}|{file.subject}'.encode(), digest_size=8).hexdigest()}@picture"


def html(view: View, reader: Reader, about: str = "", heading: int = 1, subject: str = "") -> str:
    """A view. `about`: what its answers are about; `heading`: the level of its title; `subject` of the answers it begins."""
    return "".join(_Drawing(reader, about, heading, subject).view(view))


class _Drawing:
    def __init__(self, reader: Reader, about: str, heading: int, subject: str) -> None:
        self._reader = reader
        self._about = about
        self._level = heading
        self._subject = subject
        self._cell = f"{CELLS[reader.direction]};text-align:start"
        self._number = f"{CELLS[reader.direction]};text-align:end"
        self._start = "right" if reader.direction == "rtl" else "left"

    def view(self, view: View) -> Iterator[str]:
        match view:
            case Notice():
                yield f'<p style="{P};font-size:17px">{TONES[view.tone]}{self._say(view.text)}</p>'
                if view.next_step is not None:
                    yield self._p(self._say(view.next_step))
                if view.typed:
                    yield self._p(self._say(T("You wrote:"))) + self._quoted(
                        f'<p style="{P}">{escaped(view.typed)}</p>'
                    )
                yield from self._taps(self._reader.offers(view, self._about), told=False)
            case Card():
                title = f"{TONES[view.tone]}{self._say(view.title)}"
                yield f'<h{self._level} style="margin:0 0 16px;font-size:21px;line-height:1.3">{title}</h{self._level}>'
                for block in view.blocks:
                    yield from self._block(block, view)
                yield from self._taps(self._reader.offers(view, self._about))
                if view.footer is not None:
                    yield f'<p class="quiet" style="{P};font-size:14px;{QUIET}">{self._say(view.footer)}</p>'
            case Form():
                yield from self._form(view)
            case File():
                yield self._p(f"<strong>{escaped(view.name)}</strong>: {self._say(view.caption)}")
                if view.format == PICTURE:
                    alt = escaped(self._reader.line(view.alt or view.caption))
                    yield f'<img src="cid:{picture_id(view)}" alt="{alt}" style="display:block;max-width:100%;height:auto;margin:0 0 14px">'
                if view.alt is not None:
                    yield self._p(self._say(view.alt))
            case Letter():
                for part in view.parts:
                    if part.view is not None:
                        yield from _Drawing(self._reader, part.about, self._level, self._subject).view(part.view)
            case _:
                assert_never(view)

    def _say(self, text: Text) -> str:
        return self._reader.rich.say(text)

    def _p(self, shown: str) -> str:
        return f'<p style="{P}">{shown}</p>'

    def _under(self, text: Text) -> str:
        level = self._level + 1
        return f'<h{level} style="margin:20px 0 8px;font-size:16px;line-height:1.35">{self._say(text)}</h{level}>'

    def _quoted(self, shown: str) -> str:
        look = f"margin:0 0 14px;padding:10px 14px 1px;border-{self._start}:3px solid #8fb4cc"
        return f'<blockquote class="rule" dir="auto" style="{look}">{shown}</blockquote>'

    def _block(self, shape: Block, card: Card) -> Iterator[str]:
        match shape:
            case Paragraph(text):
                yield self._p(self._say(text))
            case Quote(text, by, own):
                way = self._reader.direction
                who = (
                    f'<p class="quiet" dir="{way}" style="{P};font-size:14px;{QUIET}">— {self._say(by)}</p>'
                    if by is not None
                    else ""
                )
                yield self._quoted((markdown(text) if own is None else self._say(own)) + who)
            case Section(heading, text):
                yield self._under(heading)
                yield f'<div dir="auto">{markdown(text)}</div>'
            case Facts(items):
                rows = "".join(
                    f'<tr><th scope="row" class="quiet rule" style="{self._cell};font-weight:400;white-space:nowrap;width:1%;{QUIET}">'
                    f'{self._say(each.label)}</th><td class="rule" style="{self._cell}">{self._say(each.value)}</td></tr>'
                    for each in items
                )
                yield self._table_of(rows)
            case Bullets(items, title):
                yield from self._listed(title, [self._say(each) for each in items])
            case Items(items, title):
                yield from self._listed(title, [self._item(each, card) for each in items])
            case Table():
                yield from self._table(shape)
            case Tally():
                yield self._tally(shape)
            case Ballot():
                yield from self._ballot(shape)
            case _:
                assert_never(shape)

    def _table_of(self, rows: str, head: str = "", caption: str = "") -> str:
        top = f"<thead>{head}</thead>" if head else ""
        above = (
            f'<caption style="text-align:start;font-weight:600;padding:0 0 6px">{caption}</caption>' if caption else ""
        )
        look = "width:100%;border-collapse:collapse;margin:0 0 16px;font-size:15px"
        return f'<table style="{look}">{above}{top}<tbody>{rows or "<tr><td>" + NOTHING + "</td></tr>"}</tbody></table>'

    def _listed(self, title: Text | None, items: Sequence[str]) -> Iterator[str]:
        if title is not None:
            yield self._under(title)
        listed = "".join(f'<li style="margin:0 0 8px">{each}</li>' for each in items or [NOTHING])
        yield f'<ul style="margin:0 0 14px;padding-{self._start}:22px">{listed}</ul>'

    def _item(self, item: Item, card: Card) -> str:
        shown = self._say(item.text)
        if item.note is not None:
            shown += f'<br><span class="quiet" style="{QUIET}">{self._say(item.note)}</span>'
        if item.button is None:
            return shown
        offer = self._reader.offer(item.button, card, self._about)
        label = escaped(offer.label)
        return f"{shown}<br>{self._link(offer, label)}" if self._reader.answers else f"{shown}<br>{label}"

    def _link(self, offer: Offer, shown: str) -> str:
        return f'<a href="{self._reader.answer(self._about, offer.says, self._subject)}" style="{LINK}">{shown}</a>'

    def _taps(self, offers: Sequence[Offer], *, told: bool = True) -> Iterator[str]:
        """What can be tapped begins an answer that says it."""
        if not offers or not self._reader.answers:
            return
        shown = "".join(self._tap(each) for each in offers)
        yield f'<div style="margin:18px 0 6px">{shown}</div>'
        if told:
            hint = _COMMENTING if self._about.startswith("consultation:") else _TAPPING
            yield f'<p class="quiet" style="{P};font-size:14px;{QUIET}">{self._say(hint)}</p>'

    def _tap(self, offer: Offer) -> str:
        name, look = TAPS[offer.style]
        link = self._reader.answer(self._about, offer.says, self._subject)
        return f'<a class="{name}" href="{link}" style="{TAP};{APART[self._reader.direction]};{look}">{escaped(offer.label)}</a>'

    def _ballot(self, ballot: Ballot) -> Iterator[str]:
        yield self._quoted(markdown(ballot.question) if ballot.own is None else self._say(ballot.own))
        counted = sum(option.count or 0 for option in ballot.options)
        if any(option.count is not None for option in ballot.options) or not (ballot.open and self._reader.answers):
            rows = "".join(
                f'<tr><td class="rule" style="{self._cell}">{self._say(each.button.label)}'
                f"{self._bar(each.count, counted) if each.count is not None else ''}</td>"
                f'<td class="rule" style="{self._number}">{each.count if each.count is not None else ""}</td></tr>'
                for each in ballot.options
            )
            yield self._table_of(rows)
        if ballot.open and self._reader.answers:
            yield from self._taps(
                [_option(each.button.label, each.button.style, self._reader) for each in ballot.options]
            )

    def _bar(self, part: int, whole: int) -> str:
        width = round(100 * part / whole) if part > 0 and whole > 0 else 0
        inner = (
            f'<div class="bar" style="width:{width}%;height:6px;border-radius:3px;background:#005c94"></div>'
            if width
            else ""
        )
        return (
            f'<div class="track" style="height:6px;border-radius:3px;background:#d3e7f5;margin:4px 0 2px">{inner}</div>'
        )

    def _tally(self, tally: Tally) -> str:
        """A column for each position that somebody takes: all of them are too many for a telephone."""
        rows = (*tally.rows, tally.total)
        size = max([len(tally.columns), *(len(row.counts) for row in rows)], default=0)
        shown = [at for at in range(size) if any(row.counts[at : at + 1] not in ((), (0,)) for row in rows)]
        names = [self._say(tally.columns[at]) if at < len(tally.columns) else NOTHING for at in shown]
        head = [f'<th scope="col" class="rule" style="{self._cell}">{self._say(T("Stakeholder group"))}</th>']
        head += [f'<th scope="col" class="rule" style="{self._number};font-weight:400">{each}</th>' for each in names]
        head.append(f'<th scope="col" class="rule" style="{self._number};font-weight:400">{self._say(T("Asked"))}</th>')
        drawn = "".join(self._counted(row, shown) for row in rows)
        return self._table_of(drawn, f"<tr>{''.join(head)}</tr>", self._say(T("Positions by stakeholder group")))

    def _counted(self, row: TallyRow, shown: Sequence[int]) -> str:
        name = f"{self._say(row.group)}{self._bar(sum(row.counts), row.asked)}"
        counts = [str(row.counts[at]) if at < len(row.counts) else "" for at in shown]
        cells = [f'<th scope="row" class="rule" style="{self._cell};font-weight:600">{name}</th>']
        cells += [f'<td class="rule" style="{self._number}">{each}</td>' for each in (*counts, str(row.asked))]
        return f"<tr>{''.join(cells)}</tr>"

    def _table(self, table: Table) -> Iterator[str]:
        heads = "".join(
            f'<th scope="col" class="rule" style="{self._number if at in table.numeric else self._cell}">{self._say(each)}</th>'
            for at, each in enumerate(table.columns)
        )
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td class="rule" style="{self._number if at in table.numeric else self._cell}">{self._say(cell)}</td>'
                for at, cell in enumerate(row)
            )
            + "</tr>"
            for row in table.rows
        )
        caption = self._say(table.title) if table.title is not None else ""
        yield self._table_of(rows, f"<tr>{heads}</tr>" if heads else "", caption)

    def _form(self, form: Form) -> Iterator[str]:
        yield f'<h{self._level} style="margin:0 0 16px;font-size:21px;line-height:1.3">{self._say(form.title)}</h{self._level}>'
        question = asked(form)
        known = {each.field for each in form.questions}
        rows = "".join(
            f'<tr><th scope="row" class="quiet rule" style="{self._cell};font-weight:400;{QUIET}">{self._say(each.label)}</th>'
            f'<td class="rule" style="{self._cell}">{escaped(form.answers[each.field]) or NOTHING}</td></tr>'
            for each in form.questions
            if each.field in form.answers
        )
        if rows:
            yield self._table_of(rows)
        for field, why in form.problems:
            label = next((self._say(each.label) + " " for each in form.questions if each.field == field), "")
            yield self._p(f"✗ {label if field in known else ''}{self._say(why)}")
        if question is None:
            yield self._p(self._say(T("All answered. To submit it, reply with one word: submit.")))
        else:
            optional = "" if question.required else f" {self._say(T('(optional)'))}"
            yield self._p(f"<strong>{self._say(question.label)}</strong>{optional}")
            if question.hint is not None:
                yield f'<p class="quiet" style="{P};{QUIET}">{self._say(question.hint)}</p>'
            if question.choices:
                listed = "".join(f"<li>{self._say(text)}</li>" for _, text in question.choices)
                yield f'<ol style="margin:0 0 14px;padding-{self._start}:22px">{listed}</ol>'
            told = T(
                "Reply with your answer. You may answer several at once: begin each with its question and a colon."
            )
            yield self._p(self._say(told))
            others = [self._say(e.label) for e in form.questions if e is not question and e.field not in form.answers]
            if others:
                yield from self._listed(T("Asked next:"), others)
        if self._reader.answers:
            offers = [Offer(word, word) for word in controls(form)]
            yield from self._taps(offers)
        else:
            yield self._p(" · ".join(controls(form)))


_COMMENTING = T("What you reply to this mail is your comment; each of these begins a reply.")
_TAPPING = T("Each begins a reply that you send; where there is something to say, say it below.")


def _option(label: Text, style: ButtonStyle, reader: Reader) -> Offer:
    said = reader.line(label)
    return Offer(said, said.rstrip("… ."), style)


def markdown(text: str) -> str:
    """A member's Markdown."""
    drawn = in_html(parse(clean(text)), _paragraph, _item, ' style="margin:0 0 14px"')
    return "".join(drawn) or f'<p style="{P}">{NOTHING}</p>'


def _item(block: Written) -> str:
    return f'<li style="margin:0 0 4px">{_runs(block.runs)}</li>'


def _paragraph(block: Written) -> str:
    match block.kind:
        case Kind.HEADING:
            return f'<p style="{P};font-weight:600">{_runs(block.runs)}</p>'
        case Kind.QUOTE:
            return f'<blockquote style="margin:0 0 14px 14px">{_runs(block.runs)}</blockquote>'
        case Kind.CODE:
            text = escaped("".join(run.text for run in block.runs)).replace("<br>", "\n")
            return f'<pre style="{P};white-space:pre-wrap"><code>{text}</code></pre>'
        case _:
            return f'<p style="{P}">{_runs(block.runs)}</p>'


def _runs(runs: Iterable[Run]) -> str:
    return "".join(map(_run, runs)) or NOTHING


def _run(run: Run) -> str:
    shown = escaped(run.text) if run.link is not None or run.code else linked(run.text)
    for on, tag in ((run.code, "code"), (run.italic, "em"), (run.bold, "strong")):
        if on:
            shown = f"<{tag}>{shown}</{tag}>"
    if run.link is None:
        return shown
    return f'<a href="{escape(clean(run.link), quote=True)}" style="{LINK}" rel="nofollow ugc noopener">{shown}</a>'
