"""First contact: an account that is not known yet, but whose e-mail address its workspace vouches for."""

from __future__ import annotations

from bot.context import Context
from bot.domain.people import AccountLinked, Person


def may_recognise(context: Context) -> bool:
    """Whether an unknown account comes with an address that this community trusts its workspaces to verify."""
    request = context.request
    return (
        not request.system
        and context.actor.account is None
        and bool(request.verified_email)
        and context.community.settings.trust_verified_email
    )


def recognise(context: Context) -> None:
    """Link the account to the one person on the roster with that address; otherwise it stays a guest's."""
    if not may_recognise(context):
        return
    request = context.request
    found = context.reads.all(Person, community=context.id, email=request.verified_email.strip().lower())
    if len(found) != 1:
        return
    context.actor.person = found[0].id
    context.happen(AccountLinked(request.space.platform, request.team, request.user, found[0].id, "verified e-mail"))
