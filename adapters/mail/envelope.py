"""A letter as it is kept until it is sent, and the message that is made of it then: headers, text, HTML, calendar entry, files.

What is kept has no address in it, of no reader's and for no answer: those are looked up, and made, when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

import msgspec

from adapters.mail.reader import STOP, filled
from adapters.mail.rich import PICTURE, picture_id
from bot.domain.hygiene import one_line
from bot.view import File

MIMES: Final = {
    "md": ("text", "markdown"),
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "svg": ("image", "svg+xml"),
    "ics": ("text", "calendar"),
}
_POLICY: Final = SMTP.clone(max_line_length=200)


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """A letter as it is kept. `about` is what answers are about, `root` the conversation it belongs to, `under` the message it
    answers ("": none); `names` whose it is; `archive` where it can be read on the web. `meetings` are those whose calendar entry goes with it."""

    community: str
    subject: str
    text: str
    html: str
    names: str
    language: str
    at: datetime
    about: str = ""
    root: str = ""
    under: str = ""
    archive: str = ""
    notice: bool = False
    files: tuple[File, ...] = ()
    meetings: tuple[int, ...] = ()


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Body).decode


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar entry: what is done with it (`REQUEST`, `PUBLISH`, `CANCEL`), and the bytes."""

    method: str
    data: bytes


@dataclass(frozen=True, slots=True)
class To:
    """Where a letter goes. `name` "" is a list's. `replies` makes the address for answers about a subject; `stop` is where its
    reader's mail is ended: by a link ("": there is no address of the web), and by mail."""

    address: str
    name: str
    sender: str
    message_id: str
    replies: Callable[[str], str]
    stop: tuple[str, str] = ("", "")

    @property
    def personal(self) -> bool:
        """Whether it is a person."""
        return bool(self.name)


def message(body: Body, to: To, calendars: tuple[Calendar, ...], files: tuple[tuple[File, bytes], ...]) -> EmailMessage:
    """The message. Raises `ValueError` for an address that cannot be one."""
    made = EmailMessage(_POLICY)

    def address(subject: str) -> str:
        return to.stop[0] if subject == STOP else to.replies(subject)

    made["From"] = Address(one_line(body.names, 60), addr_spec=to.sender)
    made["To"] = Address(one_line(to.name, 60), addr_spec=to.address)
    made["Subject"] = one_line(body.subject, 200)
    made["Date"] = format_datetime(body.at)
    made["Message-ID"] = to.message_id
    made["Reply-To"] = to.replies(body.about) if to.personal else to.address
    thread = list(dict.fromkeys(each for each in (body.root, body.under) if each))
    if thread:
        made["In-Reply-To"] = thread[-1]
        made["References"] = " ".join(thread)
    made["Auto-Submitted"] = "auto-replied" if body.under else "auto-generated"  # RFC 3834
    made["X-Loop"] = to.message_id.rstrip(">").rpartition("@")[2]
    made["Content-Language"] = body.language
    _of_list(made, body, to)
    made.set_content(filled(body.text, address), cte="quoted-printable")
    made.add_alternative(filled(body.html, address), subtype="html", cte="quoted-printable")
    page = made.get_body(("html",))
    for file, data in files:
        if file.format == PICTURE and isinstance(page, EmailMessage):
            name = one_line(file.name, 100)
            page.add_related(data, "image", "png", cid=f"<{picture_id(file)}>", filename=name, disposition="inline")
    for each in calendars:  # beside the text: programs that know calendars show it in its place
        made.add_alternative(
            each.data.decode(), subtype="calendar", cte="base64", params={"method": each.method}, charset="utf-8"
        )
    for number, each in enumerate(calendars, 1):
        name = "invitation.ics" if len(calendars) == 1 else f"invitation-{number}.ics"
        made.add_attachment(each.data, "application", "ics", filename=name)
    for file, data in files:
        if file.format != PICTURE:
            kind = MIMES.get(file.format, ("application", "octet-stream"))
            made.add_attachment(data, *kind, filename=one_line(file.name, 100))
    return made


def _of_list(made: EmailMessage, body: Body, to: To) -> None:
    """What kind of mail it is (RFC 2919, 2369, 8058)."""
    if not to.personal:
        made["Precedence"] = "bulk"
        made["List-Id"] = f"<{to.address.replace('@', '.')}>"
        made["List-Post"] = f"<mailto:{to.address}>"
    else:
        made["List-Id"] = f"<{body.community}.{to.sender.rpartition('@')[2]}>"  # for a reader's filters
    if body.archive:
        made["List-Archive"] = f"<{body.archive}>"
    if to.personal and body.notice and to.stop[1]:
        link, mail = to.stop
        made["List-Unsubscribe"] = f"<{link}>, <mailto:{mail}>" if link else f"<mailto:{mail}>"
        if link:
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
