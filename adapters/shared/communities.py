"""Which community something said on a platform is meant for, where one deployment serves several.

A one-time code answers it, which is one body's wherever it is used; else a room that is a body's home; elsewhere the
person's own account does, then where the workspace's rooms belong, and last there being only one. It guesses nothing:
several are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.groups import Home
from bot.domain.ids import CommunityId
from bot.domain.linking import LinkCode, digest_of
from bot.domain.people import Account
from bot.domain.records import Reads


def community_of(
    reads: Reads,
    communities: Sequence[CommunityId],
    platform: str,
    team: str,
    place: str,
    user: str,
    code: str = "",
    user_team: str = "",
) -> CommunityId | None:
    """The community; None where it cannot be told. `code` is a one-time code being used, which knows where it is from.

    `user_team` is the account's own server, where that is another.
    """
    if code:
        known = [each for each in communities if reads.get(LinkCode, each, digest_of(code)) is not None]
        if known:
            return known[0]
    homes = reads.all(Home, platform=platform, team=team, place=place)
    if homes:
        return homes[0].community
    accounts = reads.all(Account, platform=platform, team=user_team or team, user=user)
    if accounts:
        return max(accounts, key=lambda account: (account.since, account.community)).community
    here = {home.community for home in reads.all(Home, platform=platform, team=team)}
    if len(here) == 1:
        return here.pop()
    return communities[0] if len(communities) == 1 and not here else None
