"""Tables of the audit log: the chain, what is private beside it, and its head, which is also the community's lock."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary

from storage.tables.columns import JSON, Instant, column, key, optional, table

CHAIN_HEAD = table("chain_head", key("community"), column("sequence", BigInteger()), column("hash", LargeBinary()))

AUDIT = table(
    "audit",
    key("community"),
    key("sequence", BigInteger()),
    column("at", Instant()),
    column("name"),
    optional("by"),
    column("origin"),
    column("body", JSON),
    column("hash", LargeBinary()),
)

AUDIT_PRIVATE = table(
    "audit_private",
    key("community"),
    key("name"),
    key("sequence", BigInteger()),
    column("values", JSON),
)
"""Private values with their salts. By event name first: that is how they are found to be erased."""
