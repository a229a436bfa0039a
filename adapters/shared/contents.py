"""A `bot.view.File` as bytes: every document, picture and calendar there is, for whichever platform hands it over."""

from __future__ import annotations

from datetime import datetime

from bot.domain.community import Community
from bot.domain.ids import CommunityId, GroupId
from bot.domain.records import Reads
from bot.view import File


def contents(reads: Reads, community_id: CommunityId, file: File, real_now: datetime) -> bytes:
    """What is in the file, from state as it is now. Raises `LookupError` for what is not there (any more).

    It computes for tenths of a second, a long picture for seconds: call it off the event loop, in a thread.
    """
    community = reads.get(Community, community_id)
    if community is None:
        raise LookupError(community_id)
    key = file.subject.partition(":")[2]
    now = community.now(real_now)
    match file.document, file.format:
        case "proposal", "md" | "docx" | "pdf" as form:
            from adapters.shared.documents import render
            from adapters.shared.documents.proposal import sheet_of

            return render(sheet_of(reads, community_id, GroupId(key)), form)
        case "document", "md":
            return _kept_text(reads, community_id, key)
        case "changes", "md":
            from adapters.shared.documents.changes import changes_file

            return changes_file(reads, community, key)
        case "calendar", "ics":
            from adapters.shared.documents.ics import to_ics
            from adapters.shared.words import Words
            from bot.coming import coming_up

            return to_ics(community, coming_up(reads, community, now, cancelled=True), Words(community.language))
        case "invitation" | "meeting" as document, "ics":
            return _invitation(reads, community, int(key), linked=document == "invitation")
        case document, "png" | "svg" as form:
            return _picture(reads, community, document, key, now, form)
        case _:
            raise LookupError(f"there is no {file.document} as {file.format}")


def _kept_text(reads: Reads, community: CommunityId, key: str) -> bytes:
    from bot.domain.documents import DocumentVersion

    document, _, version = key.partition(":")
    found = reads.get(DocumentVersion, community, int(document), int(version))
    if found is None:
        raise LookupError(key)
    return found.text.encode()


def _invitation(reads: Reads, community: Community, number: int, *, linked: bool) -> bytes:
    from adapters.shared.documents.ics import to_invitation
    from adapters.shared.words import Words
    from bot.coming import meeting_coming
    from bot.domain.meetings import meeting_of

    meeting = meeting_of(reads, community.id, number)
    coming = meeting_coming(reads, community, meeting)
    return to_invitation(community, coming, Words(community.language), meeting.link if linked else "")


def _picture(reads: Reads, community: Community, document: str, key: str, now: datetime, form: str) -> bytes:
    from adapters.shared.drawing import png, svg
    from adapters.shared.words import Words
    from bot.present.charts import CHARTS

    if document not in CHARTS:
        raise LookupError(f"there is no chart {document}")
    chart = CHARTS[document](reads, community, key, now)
    return (png if form == "png" else svg)(chart, Words(community.language))
