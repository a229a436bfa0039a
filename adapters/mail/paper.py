"""A whole letter, twice: as plain text, and as a page of HTML. What is in it is drawn by `plain` and `rich`."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from adapters.mail.plain import COLUMNS, answered_apart, main_subject, paragraphs, wrapped
from adapters.mail.reader import LINK, STOP, Reader, escaped, mark
from adapters.mail.rich import QUIET, html
from adapters.mail.subjects import title
from bot.text import Say, T, Text, Tn
from bot.view import Letter, Notice, Part

DARK: Final = """
:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.ground{background:#0c131a!important;color:#e6ecf1!important}
.paper{background:#131c25!important;border-color:#2c3a47!important;color:#e6ecf1!important}
.rule{border-color:#2c3a47!important}
.quiet{color:#a9b6c2!important}
a{color:#7cc0ee!important}
.tap{background:#131c25!important;border-color:#7cc0ee!important}
.tap-first{background:#7cc0ee!important;border-color:#7cc0ee!important;color:#0c131a!important}
.tap-danger{background:#131c25!important;border-color:#ffab91!important;color:#ffab91!important}
.bar{background:#7cc0ee!important}
.track{background:#123044!important}
}
"""
FONT: Final = "-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans Arabic',Helvetica,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around what is said. `links` are pages of the public record (what it is, where), `names` the body's.

    `stops`: it is a personal notice, which one link ends.
    """

    names: str
    subject: str
    links: tuple[tuple[Text, str], ...] = ()
    stops: bool = False
    linked: bool = False


def as_text(letter: Letter, reader: Reader, sheet: Sheet) -> str:
    """The letter in plain text."""
    parts, listed = letter.parts, _listing(letter)
    apart = _apart(letter) - {main_subject(letter)}
    pieces: list[str] = []
    if listed:
        pieces.append("\n".join([wrapped(reader.line(_contents(letter))), *_listed(letter, reader)]))
    for number, part in enumerate(parts, 1):
        if part.view is None:
            continue
        if listed:
            pieces.append(f"{number}. {'-' * (COLUMNS - len(str(number)) - 2)}")
        pieces += paragraphs(part.view, reader, part.about)
        if part.about in apart and reader.answers and answered_apart(part.view, part.about):
            pieces.append(
                f"{wrapped(reader.line(T('Answer this one at its own address, not by a reply to all of it:')))}\n  {mark(part.about)}"
            )
    pieces.append("-- ")
    pieces += [wrapped(reader.line(each)) for each in _closing(reader, sheet)]
    pieces += [f"{wrapped(reader.line(T('{what}:', what=what)))}\n{address}" for what, address in sheet.links]
    if sheet.stops and sheet.linked:
        pieces.append(f"{wrapped(reader.line(T('To be written to no more:')))}\n{mark(STOP)}")
    return "\n\n".join(pieces).replace("-- \n\n", "-- \n") + "\n"


def as_html(letter: Letter, reader: Reader, sheet: Sheet) -> str:
    """The letter as a page."""
    parts = letter.parts
    way = f'lang="{escape(reader.language)}" dir="{reader.direction}"'
    say = reader.rich.say
    contents = ""
    if _listing(letter):
        papers = "".join(_paper((part,), reader, sheet, 2) for part in parts)
        listed = "".join(f'<li style="margin:0 0 4px">{escaped(each)}</li>' for each in _titles(letter, reader))
        start = "right" if reader.direction == "rtl" else "left"
        contents = (
            f'<h1 style="margin:0 0 10px;font-size:21px;line-height:1.3">{say(_contents(letter))}</h1>'
            f'<ol style="margin:0 0 20px;padding-{start}:24px">{listed}</ol>'
        )
    else:
        papers = _paper(parts, reader, sheet, 1)
    foot = [say(each) for each in _closing(reader, sheet)]
    foot += [f'<a href="{escape(address)}" style="{LINK}">{say(what)}</a>' for what, address in sheet.links]
    if sheet.stops and sheet.linked:
        foot.append(f'<a href="{mark(STOP)}" style="{LINK}">{say(T("Be written to no more"))}</a>')
    below = "".join(f'<p style="margin:0 0 8px">{each}</p>' for each in foot)
    return (
        f'<!DOCTYPE html>\n<html {way}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escaped(sheet.subject)}</title><style>{DARK}</style></head>\n"
        '<body class="ground" style="margin:0;padding:0;background:#f3f6f9;color:#17222d">\n'
        f'<div class="ground" {way} style="background:#f3f6f9;color:#17222d;font-family:{FONT};font-size:16px;line-height:1.5;'
        'text-align:start">'
        '<div style="max-width:640px;margin:0 auto;padding:24px 16px">\n'
        f'<p class="quiet" style="margin:0 0 12px;font-size:14px;{QUIET}">{escaped(sheet.names)}</p>\n'
        f'{contents}{papers}\n<div class="quiet" style="font-size:13px;{QUIET}">{below}</div></div></div>\n</body></html>\n'
    )


def _paper(parts: tuple[Part, ...], reader: Reader, sheet: Sheet, level: int) -> str:
    look = "background:#ffffff;border:1px solid #d3dce4;border-radius:8px;padding:22px 24px 10px;margin:0 0 16px"
    subject = f"Re: {sheet.subject}"
    drawn = (html(part.view, reader, part.about, level, subject) for part in parts if part.view is not None)
    return f'<div class="paper" style="{look}">{"".join(drawn)}</div>\n'


def _listing(letter: Letter) -> bool:
    """Whether it begins with what there is: not before a few short sentences."""
    short = all(isinstance(part.view, Notice) for part in letter.parts)
    return len(letter.parts) > 1 and (letter.waited or not short)


def _apart(letter: Letter) -> set[str]:
    """The things it is about, where they are several, so that each has an address of its own."""
    subjects = {part.about for part in letter.parts}
    return subjects if len(subjects) > 1 else set()


def _contents(letter: Letter) -> Text:
    count = len(letter.parts)
    if letter.waited:
        return Tn("What waited for you: {count} thing", "What waited for you: {count} things", count)
    return Tn("In this letter: {count} thing", "In this letter: {count} things", count)


def _titles(letter: Letter, reader: Reader) -> list[str]:
    return [reader.heading(title(part.view), 110) for part in letter.parts]


def _listed(letter: Letter, reader: Reader) -> list[str]:
    return [wrapped(f"{number}. {each}", "     ", "  ") for number, each in enumerate(_titles(letter, reader), 1)]


def _closing(reader: Reader, sheet: Sheet) -> list[Text]:
    if not reader.answers:
        return [
            T(
                "Positions and comments are given in the body's rooms, or in answer to one's own mail from wgbot. To have that: {command}.",
                command=Say("preferences set --channel mail"),
            )
        ]
    if not sheet.stops:
        return [
            T(
                "Anything can be asked by mail: {todo} says what needs you, {help} what there is.",
                todo=Say("todo"),
                help=Say("help"),
            )
        ]
    return [
        T(
            "Anything can be asked by mail, as the first line of a reply: {todo} says what needs you, {help} what there is.",
            todo=Say("todo"),
            help=Say("help"),
        ),
        T(
            "How often you are written to, and where: {command}.",
            command=Say("preferences"),
        ),
    ]
