"""A member's Markdown as HTML of the tags that clients show, every letter kept; the body is the text as it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from adapters.matrix.speech import NOTHING, Said, escaped
from adapters.shared.documents.blocks import Block, Kind, Run, parse
from adapters.shared.documents.hypertext import in_html
from bot.domain.template import plain


def markdown(text: str, most: int) -> Iterator[Said]:
    """The text in pieces of about `most` characters at most, each as it was typed, and drawn."""
    for piece in _pieces(plain(text), most):
        yield Said(
            piece.strip("\n") or NOTHING, "".join(in_html(parse(piece), _paragraph, _item)) or f"<p>{NOTHING}</p>"
        )


def _pieces(text: str, most: int) -> Iterator[str]:
    """Cut between paragraphs where there are any, else between lines or words, else anywhere."""
    left = text
    while len(left) > most:
        cut = next((at for mark in ("\n\n", "\n", " ") if (at := left.rfind(mark, most // 2, most)) > 0), most)
        yield left[:cut]
        left = left[cut:]
    yield left


def _item(block: Block) -> str:
    return f"<li>{_runs(block.runs)}</li>"


def _paragraph(block: Block) -> str:
    match block.kind:
        case Kind.HEADING:
            return f"<h6>{_runs(block.runs)}</h6>"
        case Kind.QUOTE:
            return f"<blockquote><p>{_runs(block.runs)}</p></blockquote>"
        case Kind.CODE:
            return f"<pre><code>{escape(''.join(run.text for run in block.runs), quote=False)}</code></pre>"
        case _:
            return f"<p>{_runs(block.runs)}</p>"


def _runs(runs: tuple[Run, ...]) -> str:
    return "".join(map(_run, runs)) or NOTHING


def _run(run: Run) -> str:
    shown = escaped(run.text)
    for on, tag in ((run.code, "code"), (run.italic, "em"), (run.bold, "strong")):
        if on:
            shown = f"<{tag}>{shown}</{tag}>"
    return f'<a href="{escape(run.link)}">{shown}</a>' if run.link is not None else shown
