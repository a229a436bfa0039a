"""A mail as it came, taken apart: who writes, what it is an answer to, and what it says. It believes nothing, and nothing breaks it.

Read with the standard library's old policy: the new one raises on headers that are merely wrong, and these come from anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from typing import Final

from adapters.mail.flowed import unflowed
from adapters.mail.markup import text_of

LONGEST: Final = 400_000
"""Characters read of what a mail says: twice what a command takes."""

DEEPEST: Final = 20
"""Parts within parts."""

MOST_PARTS: Final = 200
_FILES: Final = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/csv"})
_ID: Final = re.compile(r"<[^<>\s]{1,250}>")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail. `sender` is the one address it says it is from (lower case), "" where that is not exactly one.

    `threads` are the ids of the mails it answers, the nearest first. `digest` names its content: the same mail delivered again
    has the same one. `attached` is the first attached text file, `calendar` what a calendar program has to say.
    """

    id: str
    sender: str
    threads: tuple[str, ...]
    text: str
    attached: str | None
    digest: str
    headers: Message
    calendar: str = ""

    def header(self, name: str) -> str:
        """A header as it stands, "" where there is none."""
        return str(self.headers.get(name) or "").strip()


def opened(raw: bytes) -> Letter:
    """A mail taken apart."""
    message = message_from_bytes(raw)
    threads = [*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))]
    parts = list(_parts(message, 0))[:MOST_PARTS]
    return Letter(
        next(iter(_ids(message, "Message-ID")), ""),
        _sender(message),
        tuple(dict.fromkeys(threads)),
        _text(parts),
        next((text for each in parts if _attached(each) and (text := _decoded(each)).strip()), None),
        sha256(raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2]).hexdigest()[:32],
        message,
        next((_decoded(each) for each in parts if each.get_content_type() == "text/calendar"), ""),
    )


def _ids(message: Message, name: str) -> list[str]:
    return [found for each in message.get_all(name, []) for found in _ID.findall(str(each))]


def _sender(message: Message) -> str:
    lines = [str(each) for each in message.get_all("From", [])]
    found = [address for _, address in getaddresses(lines) if address] if len(lines) == 1 else []
    return found[0].strip().lower() if len(found) == 1 and "@" in found[0] else ""


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """The parts that say something; a mail within the mail is somebody else's."""
    if message.get_content_maintype() == "message":
        return
    payload = (
        message.get_payload() if message.is_multipart() else ()
    )  # of another it decodes the text, and trips over odd charsets
    if isinstance(payload, list):
        for each in payload if depth < DEEPEST else ():
            if isinstance(each, Message):
                yield from _parts(each, depth + 1)
    else:
        yield message


def _attached(part: Message) -> bool:
    named = (part.get_filename() or "").lower().endswith((".md", ".csv", ".txt"))
    return part.get_content_disposition() == "attachment" and (named or part.get_content_type() in _FILES)


def _text(parts: list[Message]) -> str:
    """What is said in plain text, or where there is none, in HTML."""
    shown = [each for each in parts if each.get_content_disposition() != "attachment"]
    plain = [_plain(each) for each in shown if each.get_content_type() == "text/plain"]
    if any(each.strip() for each in plain):
        return "\n".join(plain)[:LONGEST]
    marked = [_decoded(each) for each in shown if each.get_content_type() == "text/html"]
    return "\n".join(text_of(each) for each in marked)[:LONGEST]


def _plain(part: Message) -> str:
    text = _decoded(part)
    if str(part.get_param("format", "")).lower() == "flowed":
        return unflowed(text, delete=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _decoded(part: Message) -> str:
    """A part's text. What is not what it says it is, is read as well as it can be."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    for name in (charset, "utf-8", "cp1252"):
        try:
            return _lines(data.decode(name))
        except (LookupError, UnicodeError, ValueError):
            continue
    return _lines(data.decode("latin-1"))


def _lines(text: str) -> str:
    return (
        text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\0", "")
    )


def subject_of(letter: Letter) -> str:
    """Its subject line, in words."""
    try:
        return " ".join(str(make_header(decode_header(letter.header("Subject")))).split())
    except (LookupError, UnicodeError, ValueError):
        return ""
