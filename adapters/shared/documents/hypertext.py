"""The blocks of a member's Markdown as HTML: which lists are open, and what closes them. How each is shown is the reader's affair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from adapters.shared.documents.blocks import Block, Kind


def in_html(
    blocks: Iterable[Block], paragraph: Callable[[Block], str], item: Callable[[Block], str], list_look: str = ""
) -> Iterator[str]:
    """Each block by `paragraph`, those of lists by `item` within their lists, whose tags have `list_look` as attributes."""
    open_lists: list[str] = []
    for block in blocks:
        listed = block.kind in (Kind.BULLET, Kind.NUMBER)
        depth = max(block.depth, 1) if listed else 0
        while len(open_lists) > depth:
            yield f"</{open_lists.pop()}>"
        if not listed:
            yield paragraph(block)
            continue
        tag = "ul" if block.kind is Kind.BULLET else "ol"
        if len(open_lists) == depth and open_lists[-1] != tag:
            yield f"</{open_lists.pop()}>"
        while len(open_lists) < depth:
            open_lists.append(tag)
            start = f' start="{block.number}"' if tag == "ol" and block.number > 1 else ""
            yield f"<{tag}{start}{list_look}>"
        yield item(block)
    while open_lists:
        yield f"</{open_lists.pop()}>"
