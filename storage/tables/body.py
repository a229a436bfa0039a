"""Tables of a community: itself, its people, seats, cycles and working groups."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer

from storage.tables.columns import JSON, Instant, column, key, optional, table

COMMUNITY = table(
    "community",
    key("id"),
    column("name"),
    column("zone"),
    column("language"),
    column("titles", JSON),
    column("stakeholder_groups", JSON),
    column("regional_groups", JSON),
    column("settings", JSON),
    column("sample", Boolean()),
    column("cycle", Integer()),
    column("clock_moved", BigInteger()),
    optional("clock_frozen", Instant()),
)

COUNTER = table("counter", key("community"), key("kind"), column("last", Integer()))

DUE = table(
    "due",
    key("community"),
    key("kind"),
    key("subject"),
    column("due_at", Instant()),
    column("zone"),
    Index(None, "due_at"),
)

REMINDED = table("reminded", key("community"), key("person"), column("at", Instant()))

PERSON = table(
    "person",
    key("community"),
    key("id"),
    column("name"),
    column("email"),
    column("folded"),
    column("zone"),
    column("language"),
    Index(None, "community", "email"),
    Index(None, "community", "folded"),
)

ACCOUNT = table(
    "account",
    key("community"),
    key("platform"),
    key("team"),
    key("user"),
    column("person"),
    column("since", Instant()),
    Index(None, "community", "person"),
    Index(None, "platform", "team", "user"),
)

SEAT = table(
    "seat",
    key("community"),
    key("cycle", Integer()),
    key("person"),
    column("role"),
    column("stakeholder_group"),
    column("regional_group"),
    Index(None, "community", "cycle", "role"),
)

CYCLE = table(
    "cycle",
    key("community"),
    key("number", Integer()),
    column("name"),
    column("first_day", Date()),
    column("last_day", Date()),
)

PREFERENCES = table("preferences", key("community"), key("person"), column("wishes", JSON))

HELD_BACK = table(
    "held_back",
    key("community"),
    key("person"),
    key("number", Integer()),
    column("view"),
    column("subject"),
    column("at", Instant()),
    long=True,
)

TURNED_TO = table(
    "turned_to",
    key("community"),
    key("platform"),
    key("team"),
    key("user"),
    column("at", Instant()),
    Index(None, "platform", "team", "user"),
)

LINK_CODE = table(
    "link_code",
    key("community"),
    key("digest"),
    column("person"),
    column("expires_at", Instant()),
    column("used", Boolean()),
    Index(None, "community", "person"),
)

WORKING_GROUP = table(
    "working_group",
    key("community"),
    key("id"),
    column("short_name"),
    column("full_name"),
    column("cycle", Integer()),
    column("stage"),
    column("proposer"),
    column("version", Integer()),
    column("proposed_at", Instant()),
    optional("posted_at", Instant()),
    column("consultation", Integer()),
    column("check", Integer()),
    optional("decided_at", Instant()),
    optional("decided_by"),
    column("decision_note"),
    optional("active_since", Instant()),
    optional("predecessor"),
    Index(None, "community", "stage"),
    Index(None, "community", "proposer"),
    long=True,
)

ENDING = table(
    "ending",
    key("community"),
    key("group"),
    column("ended_at", Instant()),
    optional("ended_by"),
    column("note"),
)

LIFETIME = table(
    "lifetime",
    key("community"),
    key("group"),
    column("cycle", Integer()),
    column("approved", Boolean()),
    optional("ends_on", Date()),
    Index(None, "community", "cycle"),
)

COMPLETION = table(
    "completion",
    key("community"),
    key("group"),
    column("asked_by"),
    column("asked_at", Instant()),
    column("report"),
    column("accounts", JSON),
    column("returned", Boolean()),
    column("why"),
    long=True,
)

REVIEW = table(
    "review",
    key("community"),
    key("number", Integer()),
    column("group"),
    column("asked_by"),
    column("asked_at", Instant()),
    column("reasons"),
    column("state"),
    optional("replies_until", Instant()),
    column("check", Integer()),
    column("note"),
    optional("settled_at", Instant()),
    Index(None, "community", "group"),
    Index(None, "community", "state"),
    Index(None, "community", "check"),
    long=True,
)

REVIEW_REPLY = table(
    "review_reply",
    key("community"),
    key("review", Integer()),
    key("author"),
    column("text"),
    column("made_at", Instant()),
    long=True,
)

CHARTER_CHANGE = table(
    "charter_change",
    key("community"),
    key("group"),
    key("number", Integer()),
    column("proposed_by"),
    column("proposed_at", Instant()),
    column("sections", JSON),
    column("why"),
    column("consultation", Integer()),
    column("state"),
    column("check", Integer()),
    column("note"),
    Index(None, "community", "state"),
    long=True,
)

SUCCESSION = table("succession", key("community"), key("group"), column("successor"))

GROUP_NAME = table(
    "group_name",
    key("community"),
    key("folded"),
    column("group"),
    column("name"),
    Index(None, "community", "group"),
)

HOME = table(
    "home",
    key("community"),
    key("platform"),
    key("team"),
    key("place"),
    column("body"),
    column("name"),
    Index(None, "community", "body"),
    Index(None, "platform", "team", "place"),
    Index(None, "platform", "team"),
)

FACILITATOR = table(
    "facilitator",
    key("community"),
    key("group"),
    key("person"),
    column("stakeholder_group"),
    column("since", Instant()),
    optional("until", Instant()),
    column("why_ended"),
    Index(None, "community", "person"),
)

MEMBERSHIP = table(
    "membership",
    key("community"),
    key("group"),
    key("person"),
    column("since", Instant()),
    Index(None, "community", "person"),
)

CHAIR_EXCEPTION = table(
    "chair_exception",
    key("community"),
    key("group"),
    key("gate"),
    key("number", Integer()),
    column("reason"),
    column("given_at", Instant()),
    optional("given_by"),
    optional("people", JSON),
)

MINUTE = table(
    "minute",
    key("community"),
    key("body"),
    key("number", Integer()),
    column("author"),
    column("text"),
    column("link"),
    column("noted_at", Instant()),
    long=True,
)

UPDATE = table(
    "progress_update",
    key("community"),
    key("group"),
    key("number", Integer()),
    column("author"),
    column("progress"),
    column("next_steps"),
    column("help_needed"),
    column("posted_at", Instant()),
    long=True,
)

FACILITATOR_FLAG = table(
    "facilitator_flag",
    key("community"),
    key("group"),
    key("flag"),
    column("since", Instant()),
    optional("noticed_at", Instant()),
    Index(None, "community", "flag"),
)

MODALITIES = table(
    "modalities",
    key("community"),
    key("group"),
    key("version", Integer()),
    column("text"),
    column("ways", JSON),
    column("proposed_by"),
    column("proposed_at", Instant()),
    column("check", Integer()),
    optional("adopted_at", Instant()),
    Index(None, "community", "check"),
    long=True,
)

SECRETARIAT_ROLE = table(
    "secretariat_role",
    key("community"),
    key("group"),
    key("version", Integer()),
    column("text"),
    column("proposed_by"),
    column("by_secretariat", Boolean()),
    column("proposed_at", Instant()),
    optional("confirmed_by"),
    optional("confirmed_at", Instant()),
    long=True,
)

DOCUMENT = table(
    "document",
    key("community"),
    key("number", Integer()),
    column("group"),
    column("title"),
    column("version", Integer()),
    optional("withdrawn_at", Instant()),
    column("why_withdrawn"),
    Index(None, "community", "group"),
    long=True,
)

DOCUMENT_VERSION = table(
    "document_version",
    key("community"),
    key("document", Integer()),
    key("version", Integer()),
    column("link"),
    column("text"),
    column("note"),
    column("added_by"),
    column("added_at", Instant()),
    long=True,
)
