"""How a person can be recognised in what is stored: names, addresses and accounts; and texts with those taken out.

A name is found whatever its case and the spaces in it, but only whole: *Amina A.*, and neither *Amina* alone nor a part of
another word. An account that is a word without digits and signs (a name, at the terminal) is found where it is a value of
its own; inside of texts it could be any word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from bot.domain.erasure import pseudonym
from bot.domain.ids import CommunityId, PersonId
from bot.domain.names import fold
from bot.domain.people import Account, Person
from bot.domain.records import Reads
from storage.audit.chain import Entry
from storage.audit.codec import canonical, private_in, value_in

NAMED = {"person.added": ("name", "email"), "person.changed": ("name", "email")}
"""Events that say what a person is called, with the fields that do."""

ACCOUNTS = ("account.linked", "account.unlinked")


class Logged(Reads, Protocol):
    """State, and the log it follows from."""

    def entries(self, community: CommunityId) -> Iterator[Entry]: ...


@dataclass(frozen=True, slots=True)
class Traces:
    """What gives a person away, and the `pseudonym` that stands in the place of it."""

    person: PersonId
    pseudonym: str
    names: frozenset[str]
    users: frozenset[str]
    _found: Callable[[str], Any]
    _replaced: Callable[[str], str]

    @classmethod
    def of(cls, person: PersonId, pseudonym: str, names: Iterable[str], users: Iterable[str]) -> Traces:
        """Of a person: `names` are addresses too."""
        names, users = frozenset(filter(None, names)) - {pseudonym}, frozenset(filter(None, users)) - {pseudonym}
        folded = frozenset(map(fold, names))
        inside = [*names, *(user for user in users if not user.isalpha() and user not in names)]
        words = (r"\s+".join(map(re.escape, each.split())) for each in sorted(inside, key=len, reverse=True))
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)" if inside else r"(?!)", re.IGNORECASE)
        whole = users | folded

        def found(text: str) -> bool:
            return text in whole or text.lstrip("@~") in users or pattern.search(text) is not None

        def replaced(text: str) -> str:
            if text in users or text in folded:
                return pseudonym
            if text.lstrip("@~") in users:
                return text[: len(text) - len(text.lstrip("@~"))] + pseudonym
            return pattern.sub(lambda _: pseudonym, text)

        return cls(person, pseudonym, names, users, found, replaced)

    def within(self, value: Any) -> bool:
        """Whether a value (JSON's kinds) gives the person away somewhere."""
        match value:
            case str():
                return bool(self._found(value))
            case dict():
                return any(self.within(each) for pair in value.items() for each in pair)
            case list() | tuple():
                return any(map(self.within, value))
        return False

    def taken_out(self, value: Any) -> Any:
        """The value with the pseudonym in every place that gives the person away."""
        match value:
            case str():
                return self._replaced(value)
            case dict():
                return {self._replaced(key): self.taken_out(each) for key, each in value.items()}
            case list() | tuple():
                return [self.taken_out(each) for each in value]
        return value

    def taken_out_of(self, text: bytes) -> bytes | None:
        """The same for JSON, and for whatever else is text; None when nothing in it gives the person away."""
        try:
            value = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError):
            said = text.decode(errors="surrogateescape")
            return self._replaced(said).encode(errors="surrogateescape") if self._found(said) else None
        return canonical(self.taken_out(value)) if self.within(value) else None


def traces_of(reads: Logged, person: Person) -> Traces:
    """Everything a log says a person was called, ever, and every account that was theirs."""
    names = {person.name, person.email}
    users = {each.user for each in reads.all(Account, community=person.community, person=person.id)}
    for entry in reads.entries(person.community):
        fields = NAMED.get(entry.name, ("user",) if entry.name in ACCOUNTS else ())
        if fields and entry.private is not None and value_in(entry.body, "person") == person.id:
            values = private_in(entry.private)
            said = {str(msgspec.json.decode(values[field])) for field in fields if field in values}
            (users if entry.name in ACCOUNTS else names).update(said)
    return Traces.of(person.id, pseudonym(person.id), names, users)
