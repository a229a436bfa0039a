"""What a bounce says: that a mail did not arrive, for good or not yet (RFC 3464). Only reports in that form count.

Anything else that comes to a bounce address was written by a person or a vacation program, and says nothing about the address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

from adapters.mail.letter import Letter

_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Returned:
    """`status` is the enhanced code, `5.1.1` (RFC 3463), "" where there is none."""

    status: str

    @property
    def nobody_there(self) -> bool:
        """Whether there is no such mailbox or domain: no second mail will arrive either."""
        return self.status.startswith("5.1.") or self.status in ("5.2.1", "5.4.4")


def returned(letter: Letter) -> Returned | None:
    """What a report says; None where it tells of no failure (a delay, a delivery, no report at all)."""
    if letter.headers.get_content_type() != "multipart/report" or not letter.headers.is_multipart():
        return None
    payload = letter.headers.get_payload()
    for part in payload if isinstance(payload, list) else ():
        if (
            not isinstance(part, Message)
            or part.get_content_type() != "message/delivery-status"
            or not part.is_multipart()
        ):
            continue
        groups = part.get_payload()
        for each in groups if isinstance(groups, list) else ():
            if isinstance(each, Message) and str(each.get("Action", "")).strip().lower() == "failed":
                found = _STATUS.search(str(each.get("Status", "")))
                return Returned(found[0] if found else "")
    return None
