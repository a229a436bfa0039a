"""The proposal template: its headings, verbatim, and reading a proposal that somebody wrote under them.

Source: the template at the end of "MAG Working Groups: About WGs, Formation and Working Modalities and Guidelines".
Reading and writing are two halves of one promise: what `protected` and `inert` put into a Markdown file,
`from_markdown` takes out again, so a proposal may go out as a file, come back, and be word for word the same. It judges
nothing: a section that is not there is an empty string, and whether that is enough is for who asked.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("purpose", "Purpose of the WG"),
    ("objectives", "Objectives/Goals of the WG"),
    ("outputs", "Expected Output(s)"),
    ("plan", "Implementation Plan (if appropriate)"),
    ("timeframe", "Timeframe for the work"),
)
"""The five sections in the template's order: our key, the template's heading."""

EXTRA_SECTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("why", "Why a working group and not the full {body}"),
    ("responsibility", "{body} responsibility served"),
)
"""What a proposer is also asked; not part of the template. `{body}` is the body's short name (`MAG`)."""

APART: Final = "In addition to the template"
"""The heading that parts what we also ask from the template itself."""

NOT_PROVIDED: Final = "*Not provided*"
"""What stands under a heading that has no text, in Markdown."""

_NEWLINES: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NEVER_TEXT: Final = frozenset("\ufffe\uffff\ufeff")

_MARK: Final = r"[*_]{0,3}"
_NUMBER: Final = r"(?:\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)] ?)?"
_OPENING: Final = rf"(?:#{{1,6}} ?)?{_MARK}{_NUMBER}{_MARK}"


def _one_of(patterns: Iterable[tuple[str, str]]) -> str:
    return "(?:" + "|".join(f"(?P<{key}>{pattern})" for key, pattern in patterns) + ")"


_LOOSELY: Final = (
    ("purpose", r"purpose of the (?:wg|working group)"),
    ("objectives", r"objectives ?(?:/|and) ?goals of the (?:wg|working group)"),
    ("outputs", r"expected output(?:\(s\)|s)?"),
    ("plan", r"implementation plan(?: \(if appropriate\))?"),
    ("timeframe", r"timeframe for the work"),
    ("why", r"why a working group and not the full \S+(?: \S+){0,3}?"),
    ("responsibility", r"[^\s&]\S*(?: \S+){0,3}? responsibility served"),
    ("apart", re.escape(APART)),
)
_ALONE: Final = re.compile(rf"{_OPENING}{_one_of(_LOOSELY)}{_MARK} ?[:：]?{_MARK} ?#*", re.IGNORECASE)
"""A heading that has its line to itself, its spaces made single: small variations are understood."""

_VERBATIM: Final = _one_of((key, re.escape(heading)) for key, heading in SECTIONS)
_WITH_TEXT: Final = re.compile(
    rf"[ \t]*{_OPENING}{_VERBATIM}{_MARK}[ \t]*[:：]{_MARK}[ \t]*(?P<text>.*)", re.IGNORECASE
)
"""A heading, verbatim, with a colon and its text on the same line."""

_LONGEST_HEADING: Final = 200
_LONGEST_NAME: Final = 1000
_UNDERLINE: Final = re.compile(r"[ \t]{0,3}(?:={2,}|-{2,})[ \t]*")
_FIELD: Final = re.compile(
    rf"[ \t]*(?:[-+*][ \t]+|#{{1,6}}[ \t]*)?{_MARK}"
    rf"(?P<label>working group|cycle){_MARK}[ \t]*[:：]{_MARK}(?P<value>.*)",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"[ \t]*#{1,6}[ \t]+(?P<value>.+)")
_CLOSING_MARKS: Final = re.compile(r"(?<!\\)[*_#]+$")
_NAME_AND_SHORT: Final = re.compile(r"(?P<name>.*?)[ \t]*(?<!\\)\((?P<short>[^()]*)\)")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")

_ENTITY: Final = re.compile(r"([ \t]*)&#([1-9]\d{0,6});")
_ENTITIES: Final = re.compile(r"([ \t]*)&(?:#38;)*#([1-9]\d{0,6});")
_HTML_OPENS: Final = re.compile(r"(?<!\\)(\\*)<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>)", re.IGNORECASE)


def sections(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The template filled in: every heading in order, with its text or an empty string."""
    return tuple((heading, texts.get(key, "")) for key, heading in SECTIONS)


def extra_sections(texts: Mapping[str, str], body: str) -> tuple[tuple[str, str], ...]:
    """What was also asked and answered. `body` is the body's short name."""
    return tuple(
        (heading.format(body=body), texts[key]) for key, heading in EXTRA_SECTIONS if texts.get(key, "").strip()
    )


def plain(text: str) -> str:
    """`text` with one kind of line end, and nothing invisible that breaks a file or reorders what is read.

    Dropped: control characters, lone surrogates, and the directional embeddings, overrides and isolates with which a
    name can be made to read as another (the marks that Arabic, Hebrew and Persian text needs stay).
    """
    if text.isprintable():
        return text
    unified = _NEWLINES.sub("\n", text)
    if unified.replace("\n", "").replace("\t", "").isprintable():
        return unified  # none of what is dropped is printable
    return "".join(
        letter
        for letter in unified
        if letter in "\n\t"
        or not (unicodedata.category(letter) in {"Cc", "Cs"} or letter in _BIDI_CONTROLS or letter in _NEVER_TEXT)
    )


def protected(text: str) -> str:
    """`text` so that no line of it is taken for one of the template's headings; it looks the same when rendered."""
    return "\n".join(map(_protected, text.split("\n")))


def inert(text: str) -> str:
    """`text` with no HTML in it: a tag that was typed is seen as typed. Links in angle brackets stay links."""
    return _HTML_OPENS.sub(lambda found: "\\" * (2 * len(found[1]) + 1) + "<", text)


def from_markdown(text: str) -> dict[str, str]:
    """The proposal in a Markdown or plain text: `name`, `short_name`, `cycle`, the keys of `SECTIONS`, `why` and
    `responsibility`; what is not there is an empty string.

    A heading may be written with or without `#`, bold, number or colon, in any case, with its text on the same line.
    Any other heading belongs to the section it stands in. A heading that comes again continues its section.
    """
    preamble: list[str] = []
    found: dict[str, list[str]] = {}
    current = preamble
    under_heading = False
    for line in plain(text).split("\n"):
        heading = _heading(line)
        if heading is not None:
            key, rest = heading
            current = found.setdefault(key, [])
            current.extend(["", rest] if current and rest else [rest])
        elif not (under_heading and _UNDERLINE.fullmatch(line)):
            current.append(line)
        under_heading = heading is not None and not heading[1]
    read = _read_preamble(preamble)
    for key, _ in (*SECTIONS, *EXTRA_SECTIONS):
        section = "\n".join(found.get(key, [])).strip()
        read[key] = "" if section == NOT_PROVIDED else _live("\n".join(map(_unprotected, section.split("\n"))))
    return read


def _heading(line: str) -> tuple[str, str] | None:
    """The section a line opens (`apart`: what follows is not the template's) and the text after the heading."""
    alone = _ALONE.fullmatch(" ".join(line.split())) if len(line) <= _LONGEST_HEADING else None
    if alone is not None:
        return _key(alone), ""
    with_text = _WITH_TEXT.fullmatch(line)
    if with_text is not None:
        return _key(with_text), with_text["text"].strip()
    return None


def _key(match: re.Match[str]) -> str:
    return next(name for name, value in match.groupdict().items() if name != "text" and value)


def _has_meaning(line: str) -> bool:
    """Whether a line, its protection taken off, would be read as more than text."""
    bare = _ENTITIES.sub(lambda found: found[1] + _letter(found[2]), line, count=1) if _ENTITIES.match(line) else line
    return _heading(bare) is not None or bare.strip() == NOT_PROVIDED


def _protected(line: str) -> str:
    if not _has_meaning(line):
        return line
    letters = line.lstrip(" \t")
    return f"{line[: len(line) - len(letters)]}&#{ord(letters[0])};{letters[1:]}"


def _unprotected(line: str) -> str:
    entity = _ENTITY.match(line)
    if entity is None or not _has_meaning(line):
        return line
    return entity[1] + _letter(entity[2]) + line[entity.end() :]


def _letter(number: str) -> str:
    return chr(int(number)) if int(number) <= sys.maxunicode else "\ufffd"


def _live(text: str) -> str:
    """The inverse of `inert`."""

    def undo(found: re.Match[str]) -> str:
        backslashes = len(found[1])
        return "\\" * (backslashes // 2 if backslashes % 2 else backslashes) + "<"

    return _HTML_OPENS.sub(undo, text)


def _read_preamble(lines: list[str]) -> dict[str, str]:
    """Name, short name and cycle from the lines before the first heading; a lone title serves as the name."""
    values: dict[str, str] = {}
    for line in lines:
        field, title = _FIELD.fullmatch(line), _TITLE.fullmatch(line)
        if field is not None:
            values.setdefault(field["label"].casefold(), _CLOSING_MARKS.sub("", field["value"].strip()[:_LONGEST_NAME]))
        elif title is not None:
            values.setdefault("title", _CLOSING_MARKS.sub("", title["value"].strip()[:_LONGEST_NAME]))
    name = values.get("working group", values.get("title", ""))
    with_short = _NAME_AND_SHORT.fullmatch(name)
    short = "" if with_short is None else with_short["short"]
    name = name if with_short is None else with_short["name"]
    return {
        "name": _ESCAPED.sub(r"\1", name).strip(),
        "short_name": _ESCAPED.sub(r"\1", short).strip(),
        "cycle": _ESCAPED.sub(r"\1", values.get("cycle", "")),
    }
