"""What each record type's table is called. The tables themselves are `storage.tables`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

OTHERWISE = {
    "Check": "consensus_check",
    "Held": "position_held",
    "Group": "working_group",
    "Update": "progress_update",
    "Delegate": "meeting_delegate",
    "Hand": "raised_hand",
    "Summary": "meeting_summary",
    "Action": "agreed_action",
}
"""Where a type's own name is a word of SQL, or would say too little in a list of tables."""


def table_of(kind: type[Any]) -> str:
    """The name of a record type's table: its own, with underscores."""
    return _table_called(kind.__name__)


@cache
def _table_called(name: str) -> str:
    return OTHERWISE.get(name) or re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


STAMP = "alembic_version"
"""Alembic's own table."""
