"""A member's own words as Slack's rich text: their Markdown drawn, every letter shown as typed, nothing able to act.

Rich text has no markup to escape: its elements are what they say they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, assert_never

from adapters.shared.documents.blocks import Block as Shape
from adapters.shared.documents.blocks import Kind, Run, parse
from adapters.slack.speech import NOTHING, Block, pieces
from bot.domain.template import plain

PIECE: Final = 2_500
"""Characters of one rich-text block, so that a message's budget can be kept to."""

LONGEST_LINK: Final = 3_000
DEEPEST: Final = 8
"""Indents Slack draws."""


def rich_text(text: str, *, quoted: bool) -> Iterator[Block]:
    """Blocks that show a member's text whole; `quoted` sets it apart as somebody's words."""
    elements: list[Block] = []
    room = PIECE
    for shape in _short(parse(text)):
        size = sum(len(run.text) for run in shape.runs)
        if elements and size > room:
            yield {"type": "rich_text", "elements": elements}
            elements, room = [], PIECE
        _add(elements, _element(shape, quoted=quoted))
        room -= size
    if not elements:
        elements = [_section([_text(NOTHING)])]
    yield {"type": "rich_text", "elements": elements}


def bold_text(text: str) -> Iterator[Block]:
    """Blocks that show a member's text whole, in bold and without markup: the question of a check."""
    for piece in pieces(plain(text), PIECE):
        yield {"type": "rich_text", "elements": [_section([{**_text(piece), "style": {"bold": True}}])]}


def typed_text(text: str) -> Iterator[Block]:
    """Blocks that give back what was typed, letter for letter."""
    for piece in pieces(plain(text), PIECE):
        yield {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [_text(piece)]}]}


def _short(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Shapes, in parts where one alone is too long for a block."""
    for shape in shapes:
        if sum(len(run.text) for run in shape.runs) <= PIECE:
            yield shape
            continue
        for run in shape.runs:
            for piece in pieces(run.text, PIECE):
                yield replace(shape, runs=(replace(run, text=piece),))


def _add(elements: list[Block], made: Block) -> None:
    """Put an element after the others: items of one list go on with it, paragraphs are set apart."""
    last = elements[-1] if elements else None
    if last is not None and last["type"] == made["type"] == "rich_text_list" and _same_list(last, made):
        last["elements"] += made["elements"]
        return
    if last is not None and last["type"] in ("rich_text_section", "rich_text_quote") and last["type"] == made["type"]:
        last["elements"] += [_text("\n\n"), *made["elements"]]
        return
    elements.append(made)


def _same_list(one: Block, other: Block) -> bool:
    if (one["style"], one["indent"]) != (other["style"], other["indent"]):
        return False
    return bool(one["style"] == "bullet" or other.get("offset", 0) == one.get("offset", 0) + len(one["elements"]))


def _element(shape: Shape, *, quoted: bool) -> Block:
    runs = [_run(run) for run in shape.runs if run.text] or [_text(NOTHING)]
    border = {"border": 1} if quoted else {}
    match shape.kind:
        case Kind.PARAGRAPH:
            return {"type": "rich_text_quote", "elements": runs} if quoted else _section(runs)
        case Kind.QUOTE:
            return {"type": "rich_text_quote", "elements": runs}
        case Kind.HEADING:
            bold = [_run(replace(run, bold=True)) for run in shape.runs if run.text] or runs
            return {"type": "rich_text_quote", "elements": bold} if quoted else _section(bold)
        case Kind.CODE:
            text = "".join(run.text for run in shape.runs) or NOTHING
            return {"type": "rich_text_preformatted", "elements": [_text(text)], **border}
        case Kind.BULLET | Kind.NUMBER:
            return {
                "type": "rich_text_list",
                "style": "bullet" if shape.kind is Kind.BULLET else "ordered",
                "indent": min(max(shape.depth - 1, 0), DEEPEST),
                "elements": [_section(runs)],
                **({"offset": shape.number - 1} if shape.number > 1 else {}),
                **border,
            }
        case _:
            assert_never(shape.kind)


def _run(run: Run) -> Block:
    style = {name: True for name in ("bold", "italic", "code") if getattr(run, name)}
    if run.link is not None and len(run.link) <= LONGEST_LINK:
        link: Block = {"type": "link", "url": run.link, "text": run.text}
        return {**link, "style": style} if style else link
    return {**_text(run.text), "style": style} if style else _text(run.text)


def _text(text: str) -> Block:
    return {"type": "text", "text": text}


def _section(elements: list[Block]) -> Block:
    return {"type": "rich_text_section", "elements": elements}
