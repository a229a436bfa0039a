"""Transaction ids: under one id a homeserver takes an event once, so that sending it again does no harm.

Derived from the outbox row's id and the part of it, never drawn by chance. A homeserver keeps them per device, and
Synapse for a day (`REMEMBERED`): what is in doubt for longer is to be looked for (`Client.find`) before it is sent again.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Final

REMEMBERED: Final = timedelta(hours=23)
"""How long a homeserver is sure to know a transaction id; Synapse forgets it after 24 hours."""


def transaction_id(row_id: str, *part: object) -> str:
    """The transaction id for a part of an outbox row: `transaction_id(row.id, "post", 0)`."""
    return sha256("|".join(map(str, (row_id, *part))).encode()).hexdigest()[:40]
