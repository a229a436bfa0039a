"""Which mails are not answered, whoever sent them: those that no person wrote. Answering them would make loops, and answer machines.

What each is told by is documented in docs/how-to/set-up-mail.md.
"""

from __future__ import annotations

import re
from enum import StrEnum

from adapters.mail.letter import Letter, subject_of


class Unanswered(StrEnum):
    """Why a mail was not answered, and changed nothing. Counted and logged by this name, and by nothing of the mail's own."""

    BOUNCE = "it is a bounce, or a report"
    AUTOMATIC = "a program wrote it"
    BULK = "it went to many"
    LIST = "it came over a mailing list"
    LOOP = "it came from here"
    NOBODY = "it is from no one address"
    FORGED = "its address was not made for who it is from"
    DISTRUSTED = "the mail server found that it is not from who it says"
    PUZZLING = "too much came from there lately that is not understood"
    CALENDAR = "a calendar says that somebody comes"


_AUTOMATIC = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-Autoresponder",
    "X-Mail-Autoreply",
    "X-FC-MachineGenerated",
)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_REPORTS = frozenset({"multipart/report", "message/delivery-status", "message/disposition-notification"})
_AWAY = re.compile(
    r"(?:automatic reply|auto[- ]?reply|autoreply|out of (?:the )?office|réponse automatique|absence du bureau|respuesta automática|"
    r"resposta automática|automatische antwort|abwesenheit|автоответ|автоматический ответ|رد تلقائي|自动答复|自动回复)\b",
    re.IGNORECASE,
)
"""How subjects begin that programs write which say it nowhere else."""

LOOP = "X-Loop"


def unanswered(letter: Letter, envelope: str, ours: str) -> Unanswered | None:
    """Why a mail is not answered, if it is not. `envelope` is its envelope sender, `ours` the domain of our addresses."""
    if (
        not envelope.strip("<> ")
        or letter.headers.get_content_type() in _REPORTS
        or letter.header("X-Failed-Recipients")
    ):
        return Unanswered.BOUNCE
    submitted = letter.header("Auto-Submitted").partition(";")[0].strip().lower()
    marked = submitted not in ("", "no") or any(letter.headers.get(name) is not None for name in _AUTOMATIC)
    if marked or _AWAY.match(subject_of(letter)):
        return Unanswered.AUTOMATIC
    if any(
        str(each).lower().endswith(f"@{ours}") or str(each).lower() == ours for each in letter.headers.get_all(LOOP, [])
    ):
        return Unanswered.LOOP
    if letter.header("Precedence").lower() in _BULK:
        return Unanswered.BULK
    if letter.header("List-Id") or letter.header("List-Post"):
        return Unanswered.LIST
    return None if letter.sender else Unanswered.NOBODY


_DMARC = re.compile(r"(?:^|[;\s])dmarc\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def distrusted(letter: Letter, trusted: str) -> bool:
    """Whether the mail server that is trusted (its authserv-id, RFC 8601) says that the From is not who it says: DMARC failed.

    Nobody else's word counts: anybody can write that header.
    """
    for each in letter.headers.get_all("Authentication-Results", []) if trusted else ():
        said = _COMMENT.sub(" ", str(each).replace("\r", " ").replace("\n", " "))
        server, _, results = said.partition(";")
        if server.split()[:1] == [trusted] or server.strip().lower() == trusted.lower():
            return any(found.lower() == "fail" for found in _DMARC.findall(results))
    return False
