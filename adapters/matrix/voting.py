"""Votes and reactions, as positions and choices: what an answer of a poll or a reaction to a card does, and what it may not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import msgspec

from adapters.matrix.arriving import PollResponse, Reaction
from adapters.matrix.asking import Asking, Where
from adapters.matrix.client import Client
from adapters.shared.taps import Tap
from bot.command import COMMANDS
from bot.context import Posting
from bot.domain.consensus.positions import Position
from bot.domain.ids import CommunityId

VOTES: Final = frozenset({*(f"consensus {each.value}" for each in Position), "poll choose"})
"""What an answer of a poll may do: nothing else is done by a vote, whatever its id says."""

REACTIONS: Final = {
    "👍": "support",
    "🙂": "live-with",
    "😐": "stand-aside",
    "👎": "object",
    "⚪": "abstain",
    "⏳": "need-time",
}
"""What a reaction to a check's card means, for clients and rooms without polls."""

REMEMBERED: Final = 4_096


class Voting:
    """Takes what is tapped. `user` is the bot, whose polls alone decide something; `turn_to` is done for whoever taps."""

    def __init__(self, asking: Asking, client: Client, user: str, turn_to: Callable[[Where], Awaitable[None]]) -> None:
        self._asking = asking
        self._client = client
        self._user = user
        self._turn_to = turn_to
        self._ours: OrderedDict[str, bool] = OrderedDict()
        self._cards: OrderedDict[str, tuple[CommunityId, str]] = OrderedDict()

    async def vote(self, response: PollResponse) -> None:
        """Do what the answers of a poll say, if it is ours and has them."""
        if not await self._is_ours(response.room, response.poll):
            return
        taps = [tap for each in response.answers if (tap := _tap(each)) is not None]
        if len(taps) != len(response.answers) or not await self._offered(response, taps):
            return  # an unknown answer spoils the vote (MSC3381)
        where = self._asking.where(response.room, response.sender, response.poll)
        if not taps:
            await self._unvoted(response, where)
            return
        first = taps[0]
        arguments = first.arguments
        if first.command == "poll choose":
            chosen = dict.fromkeys(tap.arguments.get("options", "") for tap in taps)
            arguments = {**arguments, "options": ", ".join(chosen)}
        await self._tapped(response, where, first.community, first.command, arguments)

    async def _offered(self, response: PollResponse, taps: Iterable[Tap]) -> bool:
        """Whether the poll has such answers. What one that is over had is not known: there, what is over is refused."""
        card = self._cards.get(response.poll)
        if card is None:
            card = await self._asking.card_of(response.room, response.sender, response.poll)
            if card is None:
                return await self._asking.serves({tap.community for tap in taps})
            self._cards[response.poll] = card
            if len(self._cards) > REMEMBERED:
                self._cards.popitem(last=False)
        return all((tap.community, _subject(tap)) == card for tap in taps)

    async def _unvoted(self, response: PollResponse, where: Where) -> None:
        """No answer takes a poll's back. A position stays: it is changed by another, and never without a trace."""
        card = await self._asking.card_of(response.room, response.sender, response.poll)
        if card is not None and card[1].startswith("poll:"):
            poll = card[1].partition(":")[2]
            await self._tapped(response, where, card[0], "poll choose", {"poll": poll, "options": "none"})

    async def react(self, reaction: Reaction) -> None:
        """Take the position a reaction to a check's card means; to anything else it means nothing."""
        position = REACTIONS.get(reaction.key.replace("\ufe0f", ""))
        card = await self._asking.card_of(reaction.room, reaction.sender, reaction.target) if position else None
        if card is None or not card[1].startswith("check:"):
            return
        where = self._asking.where(reaction.room, reaction.sender, reaction.target)
        check = {"check": card[1].partition(":")[2]}
        await self._tapped(reaction, where, card[0], f"consensus {position}", check)

    async def _tapped(
        self,
        tapped: PollResponse | Reaction,
        where: Where,
        community: CommunityId,
        command: str,
        arguments: dict[str, str],
    ) -> None:
        """The card shows what was done; only what was not, or is to be asked, is said, in a thread under it."""
        await self._turn_to(where)
        await self._asking.ask(community, where, command, arguments, tapped.event, tapped.at, posting=Posting.UNDONE)

    async def _is_ours(self, room: str, event: str) -> bool:
        """Whether an event is the bot's own: a poll of somebody else's decides nothing here."""
        known = self._ours.get(event)
        if known is None:
            found = await self._client.event(room, event)
            known = self._ours[event] = found is not None and found.get("sender") == self._user
            if len(self._ours) > REMEMBERED:
                self._ours.popitem(last=False)
        return known


def _tap(answer: str) -> Tap | None:
    """What a poll's answer does; None for what is no vote of ours."""
    try:
        tap = msgspec.json.decode(answer, type=Tap)
    except msgspec.MsgspecError:
        return None
    return tap if tap.command in VOTES and tap.command in COMMANDS else None


def _subject(tap: Tap) -> str:
    """What is answered by a tap, as its card calls it."""
    kind = "poll" if tap.command == "poll choose" else "check"
    return f"{kind}:{tap.arguments.get(kind, '')}"
