"""Tables of what a body decides: proposals, consultations, consensus checks, polls, and acts prepared for the Chair."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Index, Integer

from bot.domain.consensus.assessments import ObjectionState
from bot.domain.consensus.positions import Position
from bot.domain.consultations import CommentKind
from bot.domain.preparing import ActState
from bot.domain.proposals import CoProposing
from bot.domain.recommendations import Answer
from storage.tables.columns import JSON, Instant, among, column, key, optional, table

PROPOSAL = table(
    "proposal",
    key("community"),
    key("group"),
    key("version", Integer()),
    column("author"),
    column("written_at", Instant()),
    column("sections", JSON),
    long=True,
)

CO_PROPOSER = table(
    "co_proposer",
    key("community"),
    key("group"),
    key("person"),
    column("state"),
    Index(None, "community", "person"),
    among("state", CoProposing),
)

CONSULTATION = table(
    "consultation",
    key("community"),
    key("number", Integer()),
    column("group"),
    column("opened_at", Instant()),
    column("closes_at", Instant()),
    column("zone"),
    column("closed", Boolean()),
    optional("closed_at", Instant()),
    column("extended_for_silence", Boolean()),
    column("attested", Boolean()),
    column("exception"),
    column("comments", Integer()),
    column("about"),
    Index(None, "community", "group"),
    Index(None, "community", "closed"),
    long=True,
)

COMMENT = table(
    "comment",
    key("community"),
    key("consultation", Integer()),
    key("number", Integer()),
    column("author"),
    column("kind"),
    column("text"),
    column("made_at", Instant()),
    column("version", Integer()),
    column("response", Integer()),
    among("kind", CommentKind),
    long=True,
)

RESPONSE = table(
    "response",
    key("community"),
    key("consultation", Integer()),
    key("number", Integer()),
    column("author"),
    column("text"),
    column("made_at", Instant()),
    long=True,
)

RECOMMENDATION = table(
    "recommendation",
    key("community"),
    key("number", Integer()),
    column("group"),
    column("title"),
    column("author"),
    column("drafted_at", Instant()),
    column("version", Integer()),
    column("consultation", Integer()),
    column("check", Integer()),
    column("mag_check", Integer()),
    column("seeks"),
    column("minority_views"),
    optional("handed_at", Instant()),
    optional("handed_by"),
    column("settled", Boolean()),
    optional("answer"),
    column("rationale"),
    optional("settled_at", Instant()),
    optional("settled_by"),
    Index(None, "community", "group"),
    Index(None, "community", "settled"),
    Index(None, "community", "check"),
    Index(None, "community", "mag_check"),
    among("seeks", Answer),
    long=True,
)

RECOMMENDATION_TEXT = table(
    "recommendation_text",
    key("community"),
    key("recommendation", Integer()),
    key("version", Integer()),
    column("author"),
    column("written_at", Instant()),
    column("text"),
    long=True,
)

CONSENSUS_CHECK = table(
    "consensus_check",
    key("community"),
    key("number", Integer()),
    column("body"),
    column("group"),
    column("form"),
    column("question"),
    column("rule"),
    column("opened_at", Instant()),
    optional("opened_by"),
    column("closes_at", Instant()),
    column("announced_close", Instant()),
    column("zone"),
    column("asked", JSON),
    column("need_time_used", Boolean()),
    optional("notice_at", Instant()),
    column("closed", Boolean()),
    column("called_off", Boolean()),
    optional("closed_at", Instant()),
    optional("closed_by"),
    column("closed_why"),
    optional("outcome"),
    column("rationale"),
    column("minority_views"),
    optional("concluded_at", Instant()),
    optional("concluded_by"),
    optional("met_on", Date()),
    column("meeting_link"),
    column("presided"),
    Index(None, "community", "group"),
    Index(None, "community", "body"),
    Index(None, "community", "closed"),
    long=True,
)

ASKED = table(
    "asked",
    key("community"),
    key("check", Integer()),
    key("person"),
    column("stakeholder_group"),
    Index(None, "community", "person"),
)

POSITION_HELD = table(
    "position_held",
    key("community"),
    key("check", Integer()),
    key("person"),
    column("position"),
    column("reason"),
    column("taken_at", Instant()),
    optional("stated_by"),
    optional("sent_at", Instant()),
    among("position", Position),
)

TALLY_CELL = table(
    "tally_cell",
    key("community"),
    key("check", Integer()),
    key("stakeholder_group"),
    key("position"),
    column("count", Integer()),
    among("position", Position),
)

OBJECTION = table(
    "objection",
    key("community"),
    key("check", Integer()),
    key("number", Integer()),
    column("author"),
    column("reason"),
    column("raised_at", Instant()),
    column("state"),
    column("in_public", Boolean()),
    column("answer"),
    optional("settled_by"),
    optional("settled_at", Instant()),
    among("state", ObjectionState),
    long=True,
)

POLL = table(
    "poll",
    key("community"),
    key("number", Integer()),
    column("body"),
    column("question"),
    column("options", JSON),
    column("hidden", Boolean()),
    column("secret", Boolean()),
    column("opened_by"),
    column("opened_at", Instant()),
    column("closes_at", Instant()),
    column("zone"),
    column("answers", Integer()),
    column("counts", JSON),
    column("closed", Boolean()),
    optional("closed_at", Instant()),
    column("kind"),
    optional("result", JSON),
    Index(None, "community", "body"),
    Index(None, "community", "closed"),
    long=True,
)

CHOICE = table(
    "choice",
    key("community"),
    key("poll", Integer()),
    key("person"),
    column("options", JSON),
    column("chosen_at", Instant()),
    column("stakeholder_group"),
)

PREPARED_ACT = table(
    "prepared_act",
    key("community"),
    key("number", Integer()),
    column("command"),
    column("arguments", JSON),
    column("prepared_by"),
    column("prepared_at", Instant()),
    column("state"),
    Index(None, "community", "state"),
    among("state", ActState),
    long=True,
)
