"""The engine: a batch of requests, decided one after the other in one unit of work.

For each: seen before? the same answer again. Otherwise find who speaks, authorize, decide, and keep state, events and
outgoing messages together. A refusal changes nothing and fails alone. Nothing is answered before all of it is committed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from bot.command import COMMANDS, Arguments, Command, Reply, bind
from bot.context import Context, DecidingContext, Posting, Request
from bot.dispatch import Dispatch, post_answer
from bot.domain.community import Community
from bot.domain.errors import Incomplete, NotFound, Refusal
from bot.domain.events import FORGETS
from bot.domain.ids import derived
from bot.domain.people import MAIL, Account, Person
from bot.drafting import begin_draft, forget_draft, keep_refused
from bot.performing import perform
from bot.ports import Store, UnitOfWork
from bot.recognising import may_recognise, recognise
from bot.reply import broken, refused
from bot.text import T
from bot.view import Card, Notice, Tone, View

log = logging.getLogger(__name__)

MAX_LATENESS = timedelta(minutes=15)
"""How far back a platform's receipt time is believed."""

_decoder = msgspec.json.Decoder(View)
_encoder = msgspec.json.Encoder()


DONE_ALREADY = Notice(T("This was done already; its answer was confidential and is not shown again."), Tone.DONE)


ASKED = "asked"
BUG = "bug"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered. `again`: a repetition, answered as before. `done`: not refused, nothing missing.

    `confidential`: for the eyes of whoever asked, and nobody else in the room. `came_to`: a refusal's kind, ASKED or BUG.
    """

    view: View
    again: bool = False
    done: bool = True
    confidential: bool = False
    came_to: str = ""

    @property
    def outcome(self) -> str:
        """In one word, to be counted by: done, asked, refused, repeated or bug."""
        if self.again:
            return "repeated"
        return "done" if self.done else self.came_to if self.came_to in (ASKED, BUG) else "refused"


@dataclass(slots=True)
class _Bound:
    """A request with its command and arguments, or why it has none."""

    request: Request
    command: Command | None
    arguments: Arguments | None
    error: Exception | None


def utc_now() -> datetime:
    """Real time."""
    return datetime.now(UTC)


class Engine:
    """Decides. Give it a store and a clock; call `handle` from one thread, `read` from any."""

    def __init__(self, store: Store, real_now: Callable[[], datetime] = utc_now) -> None:
        self.store = store
        self.real_now = real_now

    def handle(self, batch: Sequence[Request]) -> list[Answer]:
        """Decide a batch in one transaction. A database error is raised; the caller replays one by one."""
        bound = [_bind(request) for request in batch]
        communities = sorted({request.community for request in batch})
        with self.store.writing(communities) as work:
            self._prefetch(work, bound)
            return [self._decide(work, each) for each in bound]

    def decide(self, work: UnitOfWork, request: Request) -> Answer:
        """Decide one request inside a unit of work that is already open (the relay's own marks go with it)."""
        return self._decide(work, _bind(request))

    def read(self, request: Request) -> Answer | None:
        """Answer a reading command from a snapshot; None when it needs the writer after all (something to ask first)."""
        each = _bind(request)
        if each.error is not None or each.command is None or not each.command.reads:
            return None
        with self.store.reading() as reads:
            community = reads.get(Community, request.community)
            if community is None:
                return None
            context = Context(reads, community, request, community.now(self.real_now()))
            if may_recognise(context):
                return None
            try:
                reply = perform(context, each.command, request.arguments, each.arguments)
            except Refusal as refusal:
                view, secret = refused(refusal, request.typed), _in_confidence(each)
                return Answer(view, done=False, confidential=secret, came_to=refusal.kind)
            except Exception as error:
                return Answer(_bug(request, error), done=False, came_to=BUG)
        return Answer(reply.view, done=not _says_no(reply.view), confidential=reply.confidential)

    def _prefetch(self, work: UnitOfWork, bound: list[_Bound]) -> None:
        requests = [each.request for each in bound]
        work.prefetch_answered([(request.community, request.origin) for request in requests])
        keys: list[tuple[type[Any], tuple[Any, ...]]] = [
            (Community, (community,)) for community in {request.community for request in requests}
        ]
        for r in requests:
            if not r.system and r.space.platform == MAIL:
                keys.append((Person, (r.community, r.user)))
            elif not r.system:
                keys.append((Account, (r.community, r.space.platform, r.team, r.user)))
        work.prefetch(keys)
        wanted: list[tuple[type[Any], tuple[Any, ...]]] = []
        lists: list[tuple[type[Any], tuple[Any, ...]]] = []
        real = self.real_now()
        for each in bound:
            if each.command is not None and each.command.needs is not None and each.arguments is not None:
                community = work.get(Community, each.request.community)
                if community is not None:
                    context = Context(work, community, each.request, community.now(real))
                    for kind, which in each.command.needs(context, each.arguments):
                        (lists if type(which[0]) is tuple else wanted).append((kind, which))
        if wanted or lists:
            work.prefetch(wanted, lists)

    def _decide(self, work: UnitOfWork, each: _Bound) -> Answer:
        request = each.request
        before = work.answered(request.community, request.origin)
        if before is not None:
            return Answer(_decoder.decode(before.reply) if before.reply else DONE_ALREADY, again=True)
        community = work.get(Community, request.community)
        if community is None:
            raise LookupError(f"no community {request.community}")
        real = self.real_now()
        received = min(max(request.at, real - MAX_LATENESS), real)
        context = DecidingContext(work, community, request, community.now(received))
        context.sent = community.now(min(request.at, real))
        mark = work.mark()
        done, came_to = False, ""
        try:
            recognise(context)
            reply = self._perform(context, each)
            if each.command is not None and each.command.keeps:
                forget_draft(context, each.command)
            Dispatch(work, context, real).all_that_follows()
            done = not _says_no(reply.view)
        except Incomplete as incomplete:
            work.undo(mark)
            context.facts.clear()
            reply, came_to = Reply(_begun(context, work, request, incomplete), _in_confidence(each)), ASKED
        except Refusal as refusal:
            work.undo(mark)
            context.facts.clear()
            kept = keep_refused(context, work, each.command, refusal)
            reply, came_to = Reply(kept or refused(refusal, request.typed), _in_confidence(each)), refusal.kind
        except Exception as error:
            work.undo(mark)
            answer = Answer(_bug(request, error), done=False, came_to=BUG)
            if request.posting is not Posting.NO:
                post_answer(work, request, answer.view, real)
            return answer
        for fact in context.facts:
            work.append(fact, request.origin)
            forgetting = FORGETS.get(type(fact.event))
            destroyed = forgetting(work, fact, fact.event) if forgetting else None
            if destroyed is not None:
                work.forget(request.community, destroyed[0], (destroyed[1], destroyed[2]))
        # a mail that comes again is not answered again: that it was is enough, and is kept for long
        unkept = reply.confidential or request.space.platform == MAIL
        answered = None if unkept else _encoder.encode(reply.view)
        work.remember(request.community, request.origin, answered, real)
        if request.posting is Posting.ALL or (request.posting is Posting.UNDONE and not done):
            post_answer(work, request, reply.view, real, confidential=reply.confidential)
        return Answer(reply.view, done=done, confidential=reply.confidential, came_to=came_to)

    def _perform(self, context: DecidingContext, each: _Bound) -> Reply:
        if each.error is not None:
            raise each.error
        if each.command is None:
            raise LookupError(each.request.command)
        return perform(context, each.command, each.request.arguments, each.arguments)


def _begun(context: Context, work: UnitOfWork, request: Request, incomplete: Incomplete) -> View:
    """The form that asks for what is missing; or the refusal, for whom it is not."""
    try:
        return begin_draft(context, work, COMMANDS[request.command], request.arguments, incomplete.fields)
    except Refusal as refusal:
        return refused(refusal, request.typed)


def _in_confidence(each: _Bound) -> bool:
    return each.command is not None and each.command.confidential


def _bind(request: Request) -> _Bound:
    declared = COMMANDS.get(request.command)
    if declared is None or (declared.hidden and declared.who.key == "the software" and not request.system):
        return _Bound(request, None, None, NotFound(T("There is no command {name}.", name=request.command)))
    try:
        return _Bound(request, declared, bind(declared, request.arguments), None)
    except (Refusal, Incomplete) as error:
        return _Bound(request, declared, None, error)


def _says_no(view: View) -> bool:
    """Whether an answer is a refusal that a handler drew itself (a table of rows that cannot be imported)."""
    return isinstance(view, Card | Notice) and view.tone is Tone.REFUSED


def reference_of(request: Request) -> str:
    """What a request is called where it is spoken of: to the person, when something went wrong, and in the log."""
    return derived(request.origin, 0, 6)


def _bug(request: Request, error: Exception) -> View:
    """Log a bug with a reference the person also sees. What was typed is not logged."""
    reference = reference_of(request)
    log.error("bug %s in %s", reference, request.command, exc_info=error, extra={"reference": reference})
    return broken(reference, request.typed)
