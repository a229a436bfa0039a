"""A member's Markdown as a few plain shapes, which the DOCX and the PDF both draw.

Understood: paragraphs, lists (nested), headings, quotes, code, emphasis, and links to the web or to a mail address.
HTML is text, a picture is the words that describe it, any other link is shown as it was typed: nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.domain.template import plain

_LINK_SCHEMES: Final = frozenset({"http", "https", "mailto"})


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLET = "bullet"
    NUMBER = "number"
    QUOTE = "quote"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look. A line end within `text` is meant."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of some kind. `depth` counts the lists and quotes around it (a list item is itself in one).

    A numbered item has its `number`; the items of one list share `sequence`, so that the next list starts anew.
    """

    kind: Kind
    runs: tuple[Run, ...]
    depth: int = 0
    number: int = 0
    sequence: int = 0


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a member's text, in order. Nothing a member types makes it fail."""
    return tuple(_Reader().read(_PARSER.parse(plain(text))))


def _links_out(url: str) -> bool:
    try:
        return urlsplit(url).scheme.casefold() in _LINK_SCHEMES
    except ValueError:
        return False


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.validateLink = _links_out  # type: ignore[method-assign] # markdown-it-py's documented way to choose links
    return parser


_PARSER: Final = _parser()


@dataclass(slots=True)
class _List:
    """A list being read: its next number (None: bullets), which list it is, and whether an item waits for its text."""

    number: int | None
    sequence: int
    item_waits: bool = False


@dataclass(slots=True)
class _Reader:
    """Walks the tokens of one text; markdown-it nests to a limited depth, and so does this."""

    lists: list[_List] = field(default_factory=list)
    quotes: int = 0
    sequences: int = 0
    heading: bool = False

    def read(self, tokens: Sequence[Token]) -> Iterator[Block]:
        for token in tokens:
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self.sequences += 1
                    start = token.attrGet("start")
                    first = None if token.type == "bullet_list_open" else 1 if start is None else int(start)
                    self.lists.append(_List(first, self.sequences))
                case "list_item_open":
                    self.lists[-1].item_waits = True
                case "list_item_close":
                    yield from self._empty_item()
                case "bullet_list_close" | "ordered_list_close":
                    self.lists.pop()
                case "blockquote_open":
                    self.quotes += 1
                case "blockquote_close":
                    self.quotes -= 1
                case "heading_open" | "heading_close":
                    self.heading = token.type == "heading_open"
                case "inline":
                    yield self._block(tuple(_runs(token.children or ())))
                case "fence" | "code_block":
                    yield self._block((Run(token.content.rstrip("\n"), code=True),), Kind.CODE)
                case _:
                    pass  # paragraph_open and the like carry nothing; a rule (---) is not drawn

    def _block(self, runs: tuple[Run, ...], kind: Kind = Kind.PARAGRAPH) -> Block:
        depth = len(self.lists) + self.quotes
        if self.lists and self.lists[-1].item_waits:
            return self._item(runs, depth)
        if kind is Kind.PARAGRAPH and self.heading:
            kind = Kind.HEADING
        elif kind is Kind.PARAGRAPH and self.quotes:
            kind = Kind.QUOTE
        return Block(kind, runs, depth)

    def _item(self, runs: tuple[Run, ...], depth: int) -> Block:
        current = self.lists[-1]
        current.item_waits = False
        if current.number is None:
            return Block(Kind.BULLET, runs, depth, sequence=current.sequence)
        number, current.number = current.number, current.number + 1
        return Block(Kind.NUMBER, runs, depth, number, current.sequence)

    def _empty_item(self) -> Iterator[Block]:
        if self.lists[-1].item_waits:
            yield self._item((), len(self.lists) + self.quotes)


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    bold = italic = 0
    link: str | None = None
    for token in tokens:
        match token.type:
            case "strong_open":
                bold += 1
            case "strong_close":
                bold -= 1
            case "em_open":
                italic += 1
            case "em_close":
                italic -= 1
            case "link_open":
                link = str(token.attrGet("href"))
            case "link_close":
                link = None
            case "softbreak":
                yield Run(" ", bold > 0, italic > 0, link=link)
            case "hardbreak":
                yield Run("\n", bold > 0, italic > 0, link=link)
            case "code_inline":
                yield Run(token.content, bold > 0, italic > 0, code=True, link=link)
            case "image":
                yield Run(_described(token), bold > 0, italic > 0, link=link)
            case _:
                if token.content:
                    yield Run(plain(token.content), bold > 0, italic > 0, link=link)


def _described(image: Token) -> str:
    return "".join(run.text for run in _runs(image.children or ())) or "image"
