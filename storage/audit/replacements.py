"""Private values that read otherwise than was committed to: right only where a later `person.erased` says what they became."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.erasure import PersonErased
from storage.audit import codec
from storage.audit.chain import Entry


class Replacements:
    """Give it every entry of a log in order; then it knows the private values that nothing explains."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, str], str] = {}

    def add(self, entry: Entry) -> None:
        """Take note of an entry. Raises `ValueError` for private values that cannot be read."""
        if entry.private is not None:
            for field, commitment in codec.broken_commitments(entry.body, entry.private).items():
                self._open[entry.sequence, field] = commitment
        if entry.name == codec.name_of(PersonErased):
            erased = codec.decode(entry.name, entry.body, entry.private)
            for sequence, field, commitment in erased.replaced if erased is not None else ():
                if sequence < entry.sequence and self._open.get((sequence, field)) == commitment:
                    del self._open[sequence, field]

    def unexplained(self) -> Iterator[tuple[int, str]]:
        """(entry, field) of those that were changed by something else, in order."""
        yield from sorted(self._open)
