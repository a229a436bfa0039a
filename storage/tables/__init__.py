"""Every table there is, and which record type each keeps. How rows become records: `storage.mappers`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table

from bot.bouncing import Bouncing
from bot.domain.actions import Action
from bot.domain.agenda import AgendaItem
from bot.domain.charter_changes import CharterChange
from bot.domain.community import Community, Counter
from bot.domain.completions import Completion
from bot.domain.conduct import Acknowledgement
from bot.domain.conduct_reports import ConductReport
from bot.domain.consensus.checks import Asked, Check, Held, Objection, TallyCell
from bot.domain.consultations import Comment, Consultation, Response
from bot.domain.cycles import Cycle
from bot.domain.documents import Document, DocumentVersion
from bot.domain.dues import Due
from bot.domain.facilitators import ChairException, Facilitator, Membership
from bot.domain.finding import Availability, TimeSearch
from bot.domain.groups import Ending, Group, GroupName, Home, Succession
from bot.domain.lifetimes import Lifetime
from bot.domain.linking import LinkCode, TurnedTo
from bot.domain.lists import MailingList
from bot.domain.meetings import Delegate, Meeting
from bot.domain.membership import FormerMember, Invitation, Participant
from bot.domain.minutes import Minute
from bot.domain.outreach import Outreach
from bot.domain.people import Account, Person, Seat
from bot.domain.polls import Choice, Poll
from bot.domain.preferences import HeldBack, Preferences
from bot.domain.preparing import PreparedAct
from bot.domain.proposals import CoProposer, Proposal
from bot.domain.recommendations import Recommendation, RecommendationText
from bot.domain.reminders import Reminded
from bot.domain.reviews import Review, ReviewReply
from bot.domain.secretariat import SecretariatRole
from bot.domain.sitting import Attendance, Hand
from bot.domain.summaries import Summary
from bot.domain.updates import Update
from bot.domain.vacancies import FacilitatorFlag
from bot.domain.volunteers import Volunteer
from bot.domain.ways import Modalities
from bot.forms import Draft
from bot.outgoing import Cursor, Placement
from bot.troubles import Trouble
from storage.tables import body, deciding, log, meeting, people, traffic
from storage.tables.columns import METADATA

TABLES: dict[type[Any], Table] = {
    Community: body.COMMUNITY,
    Counter: body.COUNTER,
    Cycle: body.CYCLE,
    Due: body.DUE,
    Reminded: body.REMINDED,
    Person: body.PERSON,
    Account: body.ACCOUNT,
    Seat: body.SEAT,
    TurnedTo: body.TURNED_TO,
    Preferences: body.PREFERENCES,
    HeldBack: body.HELD_BACK,
    LinkCode: body.LINK_CODE,
    Group: body.WORKING_GROUP,
    GroupName: body.GROUP_NAME,
    Lifetime: body.LIFETIME,
    Ending: body.ENDING,
    CharterChange: body.CHARTER_CHANGE,
    Completion: body.COMPLETION,
    Review: body.REVIEW,
    ReviewReply: body.REVIEW_REPLY,
    Succession: body.SUCCESSION,
    Home: body.HOME,
    Facilitator: body.FACILITATOR,
    Membership: body.MEMBERSHIP,
    Participant: people.PARTICIPANT,
    Invitation: people.INVITATION,
    FormerMember: people.FORMER_MEMBER,
    MailingList: people.MAILING_LIST,
    Volunteer: people.VOLUNTEER,
    Outreach: people.OUTREACH,
    Acknowledgement: people.ACKNOWLEDGEMENT,
    ChairException: body.CHAIR_EXCEPTION,
    Minute: body.MINUTE,
    Document: body.DOCUMENT,
    DocumentVersion: body.DOCUMENT_VERSION,
    Update: body.UPDATE,
    Meeting: meeting.MEETING,
    Delegate: meeting.DELEGATE,
    AgendaItem: meeting.AGENDA_ITEM,
    Attendance: meeting.ATTENDANCE,
    Hand: meeting.HAND,
    Summary: meeting.SUMMARY,
    Action: meeting.ACTION,
    TimeSearch: meeting.TIME_SEARCH,
    Availability: meeting.AVAILABILITY,
    FacilitatorFlag: body.FACILITATOR_FLAG,
    Modalities: body.MODALITIES,
    SecretariatRole: body.SECRETARIAT_ROLE,
    Proposal: deciding.PROPOSAL,
    CoProposer: deciding.CO_PROPOSER,
    Consultation: deciding.CONSULTATION,
    Comment: deciding.COMMENT,
    Recommendation: deciding.RECOMMENDATION,
    RecommendationText: deciding.RECOMMENDATION_TEXT,
    Response: deciding.RESPONSE,
    Check: deciding.CONSENSUS_CHECK,
    Asked: deciding.ASKED,
    Held: deciding.POSITION_HELD,
    TallyCell: deciding.TALLY_CELL,
    Objection: deciding.OBJECTION,
    Poll: deciding.POLL,
    Choice: deciding.CHOICE,
    PreparedAct: deciding.PREPARED_ACT,
    ConductReport: people.CONDUCT_REPORT,
    Draft: traffic.DRAFT,
    Placement: traffic.PLACEMENT,
    Cursor: traffic.CURSOR,
    Trouble: traffic.TROUBLE,
    Bouncing: traffic.BOUNCING,
}
"""The table of every record type, in the order a transaction writes them."""

__all__ = ["METADATA", "TABLES", "body", "deciding", "log", "meeting", "people", "traffic"]
