"""What a mail in HTML says, as text: for the few that come without any. What mail programs quote is left out where they mark it.

Not for showing: nothing of it is kept but words and lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree, html

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "div",
        "dl",
        "dt",
        "dd",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_SILENT: Final = frozenset(
    [
        "head",
        "script",
        "style",
        "title",
        "template",
        "noscript",
        "object",
        "iframe",
        "select",
        "textarea",
        "svg",
        "math",
    ]
)
_QUOTES: Final = re.compile(
    r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|tutanota_quote"
)
_FROM_HERE: Final = frozenset(
    ["divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container", "OLK_SRC_BODY_SECTION"]
)
"""Where Outlook's quoted mail begins: it and all that follows it are not the writer's."""

_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_BLANK: Final = re.compile(r"\n{3,}")


def text_of(markup: str) -> str:
    """The words of a page, a line for each block. What cannot be read at all says nothing."""
    if not markup.strip():
        return ""
    try:
        # encoded: a declaration of another encoding in the text is not to be believed
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return ""
    text = "".join(_pieces(root))
    lines = [line.strip() for line in text.replace("\u00a0", " ").split("\n")]
    return _BLANK.sub("\n\n", "\n".join(lines)).strip()


def _pieces(root: html.HtmlElement) -> Iterator[str]:
    skipping: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if skipping is None:
                yield _SPACE.sub(" ", element.tail or "")
            continue
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and skipping is None:
            if element.get("id") in _FROM_HERE:
                return
            if name in _SILENT or _quotes(element):
                skipping = element
            elif name == "br" or name in _BLOCKS:
                yield "\n"
            if skipping is None:
                yield _SPACE.sub(" ", element.text or "")
        elif event == "end":
            if skipping is element:
                skipping = None
                yield "\n"
            elif skipping is None and name in _BLOCKS:
                yield "\n"
            if skipping is None:
                yield _SPACE.sub(" ", element.tail or "")


def _quotes(element: html.HtmlElement) -> bool:
    return _QUOTES.search(element.get("class") or "") is not None or (
        element.tag == "blockquote" and element.get("type") == "cite"
    )
