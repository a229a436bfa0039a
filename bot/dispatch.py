"""From what reactions say to rows in the outbox: which places, in which lanes, under which ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import assert_never

from bot.context import Context, Request
from bot.domain.events import Fact
from bot.domain.groups import homes_of
from bot.domain.ids import MAG, GroupId, PersonId, derived
from bot.domain.people import MAIL, Account
from bot.letters import Readers, about, gathered, list_lane, own_lane
from bot.outgoing import Lane, Outgoing, Placement, SendKind, home_of, page_of
from bot.ports import UnitOfWork
from bot.preferring import held_back, hold, unpacked, waits_until, wishes_of
from bot.reactions import Announce, Effect, OpenRoom, Recall, Refresh, Release, TakeDown, Tell, reactions_to
from bot.text import T
from bot.view import File, Letter, Notice, Part, View

ROOMS = "+rooms"
"""The lane of a platform that asks for rooms."""

FEW = 4
"""Cards whose places are read one by one; of more they are read at once."""


class Dispatch:
    """Makes the outbox rows of one request, numbered so that deciding again makes the same. `real_now` is real time."""

    def __init__(self, work: UnitOfWork, context: Context, real_now: datetime) -> None:
        self._work = work
        self._context = context
        self._real_now = real_now
        self._made = 0
        self._refreshed: set[str] = set()
        self._roomed: set[GroupId] = set()
        self._readers = Readers(work, context)
        self._letters: dict[Lane, list[Part]] = {}

    def all_that_follows(self) -> None:
        """React to everything that happened in the context."""
        facts = (*self._context.facts, *self._context.notes)
        effects = [(fact, effect) for fact in facts for effect in reactions_to(self._context, fact)]
        if len(effects) > FEW:
            community = ("community", self._context.id)
            subjects = sorted({effect.subject for _, effect in effects if type(effect) is Refresh})
            self._work.prefetch((), [(Placement, (community, ("subject", each))) for each in subjects])
        for fact, effect in effects:
            self._send(effect, fact)
        for lane, parts in self._letters.items():
            self._row(lane, SendKind.POST, Letter(gathered(parts)), "", "")

    def _send(self, effect: Effect, fact: Fact) -> None:
        match effect:
            case Announce(body, subject, view, tag):
                homes = homes_of(self._work, self._context.id, body)
                for home in homes:
                    self._post(Lane(home.platform, home.team, home.place), view, subject, tag)
                self._write_to(body, Part(subject or about(fact.event), view), tag, alone=not homes)
            case Recall(body, subject):
                self._write_to(body, Part(subject), "")
            case Tell(person):
                until = None if effect.urgent or effect.tag else waits_until(self._context, person)
                part = Part(effect.subject or about(fact.event), effect.view)
                if self._reached_by_mail(effect):
                    self._write(own_lane(person), part, effect.tag, until, person)
                elif until is None:
                    self._tell(effect)
                else:
                    hold(self._context, person, effect.view, effect.subject, until)
            case Release(person):
                self._release(person)
            case Refresh(subject):
                self._refresh(subject)
            case OpenRoom(group):
                self._open_room(group)
            case TakeDown(person, platform, team, user):
                place = (self._context.id, home_of(person), platform, team, page_of(user))
                if self._work.get(Placement, *place) is not None:
                    self._work.drop(Placement(*place, "", self._context.now))
            case _:
                assert_never(effect)

    def _write_to(self, body: str, part: Part, tag: str, *, alone: bool = False) -> None:
        """Write to a body by mail: to its list, and to its people who are in no room. A delivery that is waited for is
        that to the list; where people's own mail is all there is (`alone`), theirs."""
        listed = list_lane(self._work, self._context.community, body)
        if listed is not None:
            self._write(listed, part, tag)
        for person in self._readers.of(body):
            theirs = tag if alone and listed is None else ""
            until = None if theirs else waits_until(self._context, person)
            self._write(own_lane(person), part, theirs, until, person)

    def _write(
        self, lane: Lane, part: Part, tag: str, until: datetime | None = None, person: PersonId | None = None
    ) -> None:
        """By mail: with whatever else this request has for them; later, where they want that; by itself, if it is tagged."""
        if tag:
            self._row(lane, SendKind.POST, Letter((part,)), "", tag)
        elif until is not None and person is not None:
            hold(self._context, person, Letter((part,)), "", until)
        else:
            self._letters.setdefault(lane, []).append(part)

    def _reached_by_mail(self, effect: Tell) -> bool:
        return (MAIL, MAIL) not in effect.around and self._readers.has(effect.person)

    def _release(self, person: PersonId) -> None:
        """What waited, all of it in one message; in chat a card that is alone, and files, as they are."""
        parts: list[Part] = []
        for held in held_back(self._context, person):
            view = unpacked(held)
            parts += view.parts if isinstance(view, Letter) else [Part(held.subject, view)]
            self._work.drop(held)
        if self._readers.has(person):
            kept = gathered(parts)
            if kept:
                self._row(own_lane(person), SendKind.POST, Letter(kept, waited=True), "", "")
            return
        listed = gathered([part for part in parts if not isinstance(part.view, File)])
        alone = [part for part in parts if isinstance(part.view, File)]
        if len(listed) > 1:
            self._tell(Tell(person), Letter(listed, waited=True))
        else:
            alone = [*listed, *alone]
        for part in alone:
            self._tell(Tell(person, part.view, "" if part.view is not None else part.about))

    def _tell(self, effect: Tell, letter: Letter | None = None) -> None:
        homes = homes_of(self._work, self._context.id, MAG)
        lives = {(home.platform, home.team) for home in homes} - effect.around
        chosen = wishes_of(self._context, effect.person).platform
        lane = direct_lane(self._accounts(effect.person), lives, chosen, effect.around)
        if lane is not None:
            self._post(lane, letter or effect.view, effect.subject, effect.tag)

    def _accounts(self, person: PersonId) -> Iterable[Account]:
        return self._work.all(Account, community=self._context.id, person=person)

    def _post(self, lane: Lane, view: View | None, subject: str, tag: str) -> None:
        self._row(lane, SendKind.POST, view, subject, tag)
        if subject:
            context = self._context
            self._work.put(Placement(context.id, subject, lane.platform, lane.team, lane.place, "", context.now))

    def _refresh(self, subject: str) -> None:
        if subject in self._refreshed:
            return
        self._refreshed.add(subject)
        for placed in self._work.all(Placement, community=self._context.id, subject=subject):
            self._row(Lane(placed.platform, placed.team, placed.place), SendKind.REFRESH, None, subject, "")

    def _open_room(self, group: GroupId) -> None:
        if group in self._roomed:
            return
        self._roomed.add(group)
        homes = homes_of(self._work, self._context.id, MAG)
        for platform, team in dict.fromkeys((home.platform, home.team) for home in homes):
            self._row(Lane(platform, team, ROOMS), SendKind.PROVISION, None, str(group), "room")

    def _row(self, lane: Lane, kind: SendKind, view: View | None, subject: str, tag: str) -> None:
        self._made += 1
        row_id = derived(f"{self._context.request.origin}|out", self._made, 20)
        self._work.send(Outgoing(self._context.id, row_id, lane, kind, subject, view, tag, self._real_now))


def sent_by(origin: str, most: int = 32) -> Iterator[str]:
    """The ids that the messages of a request have, its answer's and the first ones' that follow, whether there are any."""
    for what in ("answer", "aside"):
        yield derived(f"{origin}|{what}", 0, 20)
    for number in range(1, most + 1):
        yield derived(f"{origin}|out", number, 20)


def post_answer(
    work: UnitOfWork, request: Request, view: View, real_now: datetime, *, confidential: bool = False
) -> None:
    """Post an answer where it was said, under what it answers; what is for the speaker alone, in their direct messages."""
    space = request.space
    aside = confidential and not space.private
    lane = (
        Lane(space.platform, request.team, f"@{request.user}")
        if aside
        else Lane(space.platform, space.team, space.place)
    )
    under = "" if aside else space.thread
    answer_id = derived(f"{request.origin}|answer", 0, 20)
    work.send(Outgoing(request.community, answer_id, lane, SendKind.POST, "", view, "", real_now, under))
    if aside:
        here = Lane(space.platform, space.team, space.place)
        notice = Notice(T("The answer is for you alone: it is in our direct messages."))
        told_id = derived(f"{request.origin}|aside", 0, 20)
        work.send(Outgoing(request.community, told_id, here, SendKind.POST, "", notice, "", real_now, space.thread))


def direct_lane(
    accounts: Iterable[Account],
    lives: AbstractSet[tuple[str, str]],
    chosen: str = "",
    around: AbstractSet[tuple[str, str]] = frozenset(),
) -> Lane | None:
    """Where to reach a person directly: on the platform they have `chosen`, if it works; else the account linked last where the
    community `lives`, else the last of all.

    `lives` are the (platform, workspace or server) of its rooms: an address on the roster of a platform that is not
    connected is no way to reach anybody. None when there is no account.
    """
    newest = max(
        accounts,
        key=lambda account: (
            account.platform == chosen and (account.platform, account.team) not in around,
            (account.platform, account.team) in lives,
            account.since,
            account.platform,
            account.user,
        ),
        default=None,
    )
    return Lane(newest.platform, newest.team, f"@{newest.user}") if newest else None
