"""What was compiled ahead for SQLite: the making of the tables, and every statement. `storage.statements.ahead` writes it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

COMPILED_AHEAD = Path(__file__).parent / "statements" / "sqlite.json"


class CompiledAhead(msgspec.Struct, frozen=True):
    """What `storage.statements.ahead` writes: the making of the tables, and the statements by name."""

    tables: tuple[str, ...]
    texts: dict[str, str]


@cache
def compiled_ahead() -> CompiledAhead:
    """The statements compiled ahead."""
    return msgspec.json.decode(COMPILED_AHEAD.read_bytes(), type=CompiledAhead)
