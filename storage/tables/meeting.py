"""Tables of meetings: when and where, what is talked about, who is there, and what they leave."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Integer

from storage.tables.columns import JSON, Instant, column, key, optional, table

MEETING = table(
    "meeting",
    key("community"),
    key("number", Integer()),
    column("body"),
    column("title"),
    column("venue"),
    column("link"),
    column("starts_at", Instant()),
    column("ends_at", Instant()),
    column("zone"),
    column("scheduled_by"),
    column("scheduled_at", Instant()),
    column("changed_at", Instant()),
    column("revision", Integer()),
    column("state"),
    column("why"),
    optional("started_at", Instant()),
    optional("ended_at", Instant()),
    column("topic", Integer()),
    column("notes_from", Integer()),
    column("notes_to", Integer()),
    optional("summarised_at", Instant()),
    Index(None, "community", "body"),
    Index(None, "community", "state"),
    long=True,
)

DELEGATE = table(
    "meeting_delegate",
    key("community"),
    key("body"),
    key("person"),
    optional("named_by"),
    column("since", Instant()),
)

AGENDA_ITEM = table(
    "agenda_item",
    key("community"),
    key("meeting", Integer()),
    key("number", Integer()),
    column("text"),
    optional("proposed_by"),
    column("matter"),
    column("place", Integer()),
    optional("taken_at", Instant()),
)

ATTENDANCE = table(
    "attendance",
    key("community"),
    key("meeting", Integer()),
    key("person"),
    column("state"),
    column("stakeholder_group"),
    column("regional_group"),
    column("turns", Integer()),
    column("noted_at", Instant()),
)

HAND = table(
    "raised_hand",
    key("community"),
    key("meeting", Integer()),
    key("person"),
    column("raised_at", Instant()),
)

SUMMARY = table(
    "meeting_summary",
    key("community"),
    key("meeting", Integer()),
    column("text"),
    optional("edited_by"),
    column("edited_at", Instant()),
    optional("approved_by"),
    optional("approved_at", Instant()),
    long=True,
)

ACTION = table(
    "agreed_action",
    key("community"),
    key("number", Integer()),
    column("body"),
    column("meeting", Integer()),
    column("text"),
    column("owner"),
    column("due_at", Instant()),
    column("zone"),
    column("added_by"),
    column("added_at", Instant()),
    optional("done_at", Instant()),
    column("note"),
    Index(None, "community", "body"),
    Index(None, "community", "owner"),
    Index(None, "community", "meeting"),
    long=True,
)

TIME_SEARCH = table(
    "time_search",
    key("community"),
    key("number", Integer()),
    column("body"),
    column("title"),
    column("slots", JSON),
    column("minutes", Integer()),
    column("zone"),
    column("opened_by"),
    column("opened_at", Instant()),
    column("closes_at", Instant()),
    column("closed", Boolean()),
    column("meeting", Integer()),
    Index(None, "community", "body"),
    Index(None, "community", "closed"),
)

AVAILABILITY = table(
    "availability",
    key("community"),
    key("search", Integer()),
    key("person"),
    column("slots", JSON),
    column("said_at", Instant()),
)
