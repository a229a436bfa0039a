"""Tables of what comes in and goes out: answers given, drafts, what is to be sent, and where it was posted."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, text

from bot.outgoing import SendKind, SendState
from storage.tables.columns import JSON, Instant, among, column, key, optional, table

UNSETTLED = text(f"state < {int(SendState.DELIVERED)}")
WAITING = text(f"state = {int(SendState.WAITING)}")
DEAD = text(f"state = {int(SendState.DEAD)}")

INBOX = table(
    "inbox",
    key("community"),
    key("origin"),
    column("at", Instant()),
    optional("reply", LargeBinary()),
    Index(None, "at"),
    long=True,
)
"""What requests were answered, by their origin: a retry is answered the same, and nothing is done twice."""

DRAFT = table(
    "draft",
    key("community"),
    key("platform"),
    key("team"),
    key("user"),
    key("place"),
    key("window"),
    column("command"),
    column("answers", JSON),
    column("asking"),
    column("skipped", JSON),
    column("updated_at", Instant()),
    long=True,
)

PLACEMENT = table(
    "placement",
    key("community"),
    key("subject"),
    key("platform"),
    key("team"),
    key("place"),
    column("remote"),
    column("posted_at", Instant()),
    Index(None, "platform", "team", "place"),
)

CURSOR = table("cursor", key("community"), key("platform"), key("account"), column("position"))
TROUBLE = table(
    "trouble",
    key("community"),
    key("platform"),
    key("team"),
    key("place"),
    key("reason"),
    column("since", Instant()),
    column("last_at", Instant()),
    column("count", Integer()),
    optional("told_at", Instant()),
)

BOUNCING = table(
    "bouncing",
    key("community"),
    key("place"),
    column("address"),
    column("status"),
    column("count", Integer()),
    column("last_at", Instant()),
    optional("flagged_at", Instant()),
)

OUTBOX = table(
    "outbox",
    key("community"),
    key("sequence", BigInteger()),
    column("id"),
    column("platform"),
    column("team"),
    column("place"),
    column("kind"),
    column("subject"),
    optional("view", JSON),
    column("tag"),
    optional("coalesce"),
    column("state", Integer()),
    column("attempts", Integer()),
    optional("rendered", LargeBinary()),
    column("error"),
    optional("settled_at", Instant()),
    optional("queued_at", Instant()),
    optional("under"),
    Index(
        "ix_outbox_lane",
        "community",
        "platform",
        "team",
        "place",
        "sequence",
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    ),
    Index(
        "ux_outbox_coalesce",
        "community",
        "coalesce",
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    ),
    Index(
        "ix_outbox_settled",
        "settled_at",
        sqlite_where=text("settled_at IS NOT NULL"),
        postgresql_where=text("settled_at IS NOT NULL"),
    ),
    Index("ix_outbox_dead", "id", sqlite_where=DEAD, postgresql_where=DEAD),
    among("kind", SendKind),
    among("state", SendState),
    long=True,
)
"""What is to be sent, in order. `sequence` counts within the community; `coalesce` merges rows nobody has attempted."""

LANE = table(
    "lane",
    key("community"),
    key("platform"),
    key("team"),
    key("place"),
    column("waiting", Integer()),
    column("next_at", Instant()),
    optional("owner"),
    Index("ix_lane_next_at", "next_at", sqlite_where=text("waiting = 1"), postgresql_where=text("waiting = 1")),
)
"""A channel: whether anything waits there, when it may be worked next (a lease or a pause), and who works it."""

LEASE = table(
    "lease",
    key("community"),
    key("name"),
    column("owner"),
    column("fence", BigInteger()),
    column("until", Instant()),
)
"""What one process of several may do: who does it, until when, and how often it changed hands. `community` is "": all of them."""
