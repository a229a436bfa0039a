"""Which community something said on a platform is meant for, where one deployment serves several.

A one-time code answers it, which is one body's wherever it is used, or `community use`, which names it; else a room that
is a body's home; elsewhere the person's own account does (the community turned to last, or linked last), then where the
workspace's rooms belong, and last there being only one. It guesses nothing: several are asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.community import Community, named_so
from bot.domain.groups import Home
from bot.domain.ids import CommunityId
from bot.domain.linking import LinkCode, TurnedTo, digest_of
from bot.domain.people import Account
from bot.domain.records import Reads

USE = "community use"
"""The command that turns to a community."""


def community_of(
    reads: Reads,
    communities: Sequence[CommunityId],
    platform: str,
    team: str,
    place: str,
    user: str,
    telling: str = "",
    user_team: str = "",
) -> CommunityId | None:
    """The community; None where it cannot be told. `telling` is what was said that tells it: see `telling_in`.

    `user_team` is the account's own server, where that is another.
    """
    account = {"platform": platform, "team": user_team or team, "user": user}
    if telling:
        known = [each for each in communities if reads.get(LinkCode, each, digest_of(telling)) is not None]
        known += [each.community for each in reads.all(Account, **account) if _named(reads, each.community, telling)]
        if known:
            return known[0]
    homes = reads.all(Home, platform=platform, team=team, place=place)
    if homes:
        return homes[0].community
    accounts = reads.all(Account, **account)
    if accounts:
        when = {each.community: each.at for each in reads.all(TurnedTo, **account)}
        return max((max(each.since, when.get(each.community, each.since)), each.community) for each in accounts)[1]
    here = {home.community for home in reads.all(Home, platform=platform, team=team)}
    if len(here) == 1:
        return here.pop()
    return communities[0] if len(communities) == 1 and not here else None


def telling_in(command: str, arguments: Mapping[str, str]) -> str:
    """What of a command tells which community it is meant for: a one-time code, or the name of the one to turn to."""
    return arguments.get("code", "") or (arguments.get("community", "") if command == USE else "")


def _named(reads: Reads, community: CommunityId, name: str) -> bool:
    found = reads.get(Community, community)
    return found is not None and named_so(found, name)
