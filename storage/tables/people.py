"""Tables of who is in a working group, of the Code of Conduct, and of reaching out to stakeholder groups."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Integer

from storage.tables.columns import JSON, Instant, column, key, optional, table

PARTICIPANT = table(
    "participant",
    key("community"),
    key("group"),
    key("person"),
    column("since", Instant()),
    Index(None, "community", "person"),
)

INVITATION = table(
    "invitation",
    key("community"),
    key("group"),
    key("person"),
    column("invited_by"),
    column("invited_at", Instant()),
    Index(None, "community", "person"),
)

FORMER_MEMBER = table(
    "former_member",
    key("community"),
    key("group"),
    key("person"),
    key("since", Instant()),
    column("until", Instant()),
    column("participant", Boolean()),
)

VOLUNTEER = table(
    "volunteer",
    key("community"),
    key("group"),
    key("person"),
    column("note"),
    column("since", Instant()),
)

OUTREACH = table(
    "outreach",
    key("community"),
    key("group"),
    key("number", Integer()),
    column("author"),
    column("reached", JSON),
    column("text"),
    column("noted_at", Instant()),
    long=True,
)

ACKNOWLEDGEMENT = table(
    "acknowledgement",
    key("community"),
    key("person"),
    column("code"),
    column("at", Instant()),
)

CONDUCT_REPORT = table(
    "conduct_report",
    key("community"),
    key("id"),
    column("reporter"),
    column("about", JSON),
    column("text"),
    column("reported_at", Instant()),
    column("handled", JSON),
    optional("closed_at", Instant()),
    long=True,
)
