"""Addresses that say what they are for, signed: where a mail is answered, where its bounce goes, how notices are ended.

    reply+check.3.TOKEN@example.org     an answer to check 3, from the one person it was made for
    bounce+WHOM.ROW.TOKEN@example.org   the envelope sender of one mail: what comes there says that it did not arrive
    unsubscribe+WHOM.TOKEN@example.org  ends a person's mails; the part before the @ goes into a link as well

Whoever knows such an address may use it, so each is good for little: a reply is believed only from the roster address of
the person it was made for, too. A token is a truncated HMAC-SHA256 (80 bits) behind two letters that name its key. Mail
systems change the case of letters, and cut what is before the @ at 64 octets (RFC 5321 §4.5.3.1.1): base32, and short.
No address names a person or a community to whoever reads it: they are found by trying those there are.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from adapters.mail.keys import Keys
from bot.domain.ids import CommunityId

LONGEST: Final = 64
"""Octets before the @."""

TOKEN_BYTES: Final = 10
NAMED_BYTES: Final = 5
_ROOM: Final = LONGEST - len("reply+..") - 2 - TOKEN_BYTES * 8 // 5
_SUBJECT: Final = re.compile(rf"[a-z0-9-]+:[a-z0-9:-]{{1,{_ROOM}}}")
_LOCAL: Final = re.compile(
    r"(?P<purpose>reply|bounce|unsubscribe)\+(?:(?P<about>[a-z0-9.-]*)\.)?(?P<key>[a-z2-7]{2})(?P<token>[a-z2-7]{16})"
)


class Purpose(StrEnum):
    """What an address is for: what comes before the `+`."""

    REPLY = "reply"
    BOUNCE = "bounce"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Named:
    """What an address says, before anybody believes it. `about`: the subject, or the digest of whom (and the row)."""

    purpose: Purpose
    about: str
    key: str
    token: str

    @property
    def subject(self) -> str:
        """What a reply is about, as cards are called: `check:3`; "" for nothing in particular."""
        return self.about.replace(".", ":") if self.purpose is Purpose.REPLY else ""

    @property
    def row(self) -> str:
        """The outbox row a bounce is of."""
        return self.about.partition(".")[2] if self.purpose is Purpose.BOUNCE else ""


class Addresses:
    """Makes them and reads them. `domain` is the one that answers are sent to."""

    def __init__(self, keys: Keys, domain: str) -> None:
        self._keys = tuple((_key_name(key), key) for key in keys.all)
        self.domain = domain.lower()

    def reply(self, community: CommunityId, person: str, subject: str = "") -> str:
        """Where a person answers about a subject. One that an address has no room for is answered to in general."""
        about = subject.replace(":", ".") if _SUBJECT.fullmatch(subject) and len(subject) <= _ROOM else ""
        return self._made(Purpose.REPLY, community, person, about)

    def bounce(self, community: CommunityId, whom: str, row: str) -> str:
        """The envelope sender of a mail. `whom`: the place of its lane, `@PERSON` or a list's address; `row` its id."""
        return self._made(Purpose.BOUNCE, community, whom, f"{_named(whom)}.{row}")

    def unsubscribe(self, community: CommunityId, person: str) -> str:
        """Where a person ends their mails by writing anything at all."""
        return self._made(Purpose.UNSUBSCRIBE, community, person, _named(person))

    def read(self, address: str) -> Named | None:
        """What an address says, whatever the case of its letters; None for one that is not ours."""
        local, _, domain = address.strip().strip("<>").lower().rpartition("@")
        return self.read_local(local) if domain == self.domain else None

    def read_local(self, local: str) -> Named | None:
        """The same of what stands before the @, as in a link."""
        found = _LOCAL.fullmatch(local.lower())
        if found is None:
            return None
        return Named(Purpose(found["purpose"]), found["about"] or "", found["key"], found["token"])

    def made_for(self, named: Named, community: CommunityId, whom: str) -> bool:
        """Whether we made this address, with a key still believed, for exactly them."""
        return any(
            hmac.compare_digest(_token(key, named.purpose, community, whom, named.about), named.token)
            for name, key in self._keys
            if name == named.key
        )

    def found(self, named: Named, among: Iterable[tuple[CommunityId, str]]) -> tuple[CommunityId, str] | None:
        """Whom of these it was made for."""
        digest = "" if named.purpose is Purpose.REPLY else named.about.partition(".")[0]
        for community, whom in among:
            if (not digest or _named(whom) == digest) and self.made_for(named, community, whom):
                return community, whom
        return None

    def _made(self, purpose: Purpose, community: CommunityId, whom: str, about: str) -> str:
        name, key = self._keys[0]
        dot = "." if about else ""
        local = f"{purpose}+{about}{dot}{name}{_token(key, purpose, community, whom, about)}"
        if len(local) > LONGEST:
            raise ValueError(f"{len(local)} octets before the @")
        return f"{local}@{self.domain}"


def _token(key: bytes, purpose: Purpose, community: str, whom: str, about: str) -> str:
    said = "\0".join(("wgbot mail 1", purpose, community, whom, about)).encode()
    return _base32(hmac.digest(key, said, sha256)[:TOKEN_BYTES])


def _key_name(key: bytes) -> str:
    return _base32(hmac.digest(key, b"wgbot mail key", sha256)[:NAMED_BYTES])[:2]


def _named(whom: str) -> str:
    """A short name for whom, to find them by; it proves nothing."""
    return _base32(sha256(whom.encode()).digest()[:NAMED_BYTES])


def _base32(data: bytes) -> str:
    return b32encode(data).decode().lower()
