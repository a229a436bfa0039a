"""What somebody began to fill in themselves, and may go on with."""

from __future__ import annotations

from collections.abc import Iterator

from bot.command import COMMANDS
from bot.context import Context
from bot.domain.consensus.checks import Check
from bot.domain.groups import Ending, GroupName, Home
from bot.domain.names import fold, numbered
from bot.domain.polls import Poll
from bot.forms import Draft
from bot.text import T, Text
from bot.view import Button
from bot.waiting.task import Task


def drafts(context: Context) -> Iterator[Task]:
    space, user = context.request.space, context.request.user
    for draft in context.reads.all(Draft, community=context.id, platform=space.platform, team=space.team, user=user):
        if _moot(context, draft):
            continue
        what = COMMANDS[draft.command].summary
        if (draft.place, draft.window) == (space.place, space.form):
            yield Task(T("Go on with what you began here: {what}", what=what), Button(T("Go on"), "draft preview"))
            continue
        at = {"place": draft.place, "window": draft.window} if draft.window else {"place": draft.place}
        yield Task(
            T("Go on with what you began {where}: {what}", where=_where(context, draft), what=what),
            Button(T("Go on"), "draft resume", at),
        )


def _moot(context: Context, draft: Draft) -> bool:
    """Whether what a draft is about has ended since it was begun: its group's life is over, its check or poll is closed."""
    known = context.reads.get(GroupName, context.id, fold(draft.answers.get("group", "")))
    ending = context.reads.get(Ending, context.id, known.group) if known is not None else None
    if ending is not None:
        return draft.updated_at <= ending.ended_at
    check = context.reads.get(Check, context.id, _number(draft, "check"))
    poll = context.reads.get(Poll, context.id, _number(draft, "poll"))
    closed = [each.closed_at for each in (check, poll) if each is not None and each.closed_at is not None]
    return any(draft.updated_at <= at for at in closed)


def _number(draft: Draft, key: str) -> int:
    return numbered(draft.answers.get(key, "")) or 0


def _where(context: Context, draft: Draft) -> Text:
    """The room a draft was begun in, as people call it."""
    if draft.place.startswith("@"):
        return T("in our direct messages")
    home = context.reads.get(Home, context.id, draft.platform, draft.team, draft.place)
    return T("in {place}", place=home.name if home is not None else draft.place)
