"""What stored values are called on screen."""

from __future__ import annotations

from bot.domain.consensus.assessments import ObjectionState, Verdict
from bot.domain.consensus.checks import Outcome
from bot.domain.consensus.positions import Position
from bot.domain.consultations import CommentKind
from bot.domain.groups import Stage
from bot.domain.people import Role
from bot.text import T, Text, term

POSITIONS: dict[Position, Text] = {
    Position.SUPPORT: T("Support"),
    Position.LIVE_WITH: T("Can live with it"),
    Position.STAND_ASIDE: T("Stand aside"),
    Position.OBJECT: T("Object"),
    Position.ABSTAIN: T("Abstain"),
    Position.NEED_TIME: T("Need time"),
}

QUICK_POSITIONS: dict[Position, Text] = {
    Position.SUPPORT: T("Agree"),
    Position.LIVE_WITH: T("Can live with it"),
    Position.OBJECT: T("Object"),
}

STAGES: dict[Stage, Text] = {
    Stage.PROPOSED: T("Proposed"),
    Stage.IN_CONSULTATION: T("In consultation"),
    Stage.CONSENSUS_CHECK: T("Consensus check"),
    Stage.CONCLUDED_UPON: T("Concluded upon"),
    Stage.APPROVED: T("Approved"),
    Stage.ACTIVE: T("Active"),
    Stage.EXPIRED: T("Expired"),
    Stage.COMPLETED: T("Completed"),
    Stage.DISSOLVED: T("Dissolved"),
    Stage.NOT_APPROVED: T("Not approved"),
    Stage.WITHDRAWN: T("Withdrawn"),
    Stage.LAPSED: T("Lapsed"),
}

OUTCOMES: dict[Outcome, Text] = {
    Outcome.CONSENSUS: T("Consensus"),
    Outcome.NO_CONSENSUS: T("No consensus yet"),
}

VERDICTS: dict[Verdict, Text] = {
    Verdict.NOT_YET: T("Still open"),
    Verdict.HOLDS: T("Holds"),
    Verdict.HOLDS_LOW: T("Holds, low participation"),
    Verdict.DOES_NOT_HOLD: T("Does not hold"),
}

OBJECTIONS: dict[ObjectionState, Text] = {
    ObjectionState.OPEN: T("open"),
    ObjectionState.WITHDRAWN: T("withdrawn"),
    ObjectionState.ACCOMMODATED: T("accommodated"),
    ObjectionState.ANSWERED: T("answered"),
}

COMMENTS: dict[CommentKind, Text] = {
    CommentKind.COMMENT: T("Comment"),
    CommentKind.CONCERN: T("Concern"),
    CommentKind.CHANGE: T("Change requested"),
}

ROLES: dict[Role, Text] = {
    Role.CHAIR: T("Chair"),
    Role.MEMBER: T("Member"),
    Role.HOST_CO_CHAIR: T("Host Country Co-Chair"),
    Role.INCOMING_HOST: T("Incoming host country"),
    Role.PAST_HOST: T("Past host country"),
    Role.OBSERVER: T("Observer"),
    Role.SECRETARIAT: T("Secretariat"),
}


def group_label(name: str) -> Text:
    """A stakeholder group's name; members whose seat names none are said to be so."""
    return T(name) if name else T("No stakeholder group")


def full_name(short_name: str, full_name: str) -> Text:
    """`WG-MWP`, with its full name where it has another."""
    if short_name == full_name:
        return term(short_name)
    return T("{short} · {full}", short=short_name, full=term(full_name))
