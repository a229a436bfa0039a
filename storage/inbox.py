"""The inbox in SQL: what requests were answered, by their origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.domain.ids import CommunityId
from bot.ports import INBOX_KEPT_SECONDS, Answered, kept_seconds
from storage.databases.sql import Session, Sql, matched
from storage.pruning import AT_ONCE, Pruning

Origin = tuple[CommunityId, str]

KEPT = timedelta(seconds=INBOX_KEPT_SECONDS)


def answers(session: Session, sql: Sql, origins: Iterable[Origin]) -> dict[Origin, Answered]:
    """Those of a set of requests that were answered, with the answer."""
    found = matched(session, sql, "inbox", ("community", "origin"), list(origins))
    return {
        (community, origin): Answered(None if reply is None else bytes(reply)) for community, origin, _, reply in found
    }


def keep(session: Session, sql: Sql, made: Mapping[Origin, tuple[Answered, datetime]], pruning: Pruning) -> None:
    """Keep answers, and now and then delete those that are old enough. What is kept longer counts as given later."""
    rows = [
        (*origin, sql.to_instant(now + timedelta(seconds=kept_seconds(origin[1])) - KEPT), answered.reply)
        for origin, (answered, now) in made.items()
    ]
    session.write(sql.upsert("inbox"), rows)
    latest = max(now for _, now in made.values())
    if pruning.due("inbox", latest):
        session.run(sql.text("inbox.prune"), (sql.to_instant(latest - KEPT), AT_ONCE))
