"""The commands, one file per family. Importing this package declares them all, with the reactions and cards they need."""

from bot.commands import (
    community,
    conclude,
    consensus,
    consult,
    cycle,
    draft,
    groups,
    helping,
    link,
    poll,
    position,
    propose,
    roster,
    software,
    todo,
)
from bot.present import acts as act_cards
from bot.present import checks, consultations, polls
from bot.present import groups as group_cards
from bot.reactions import checks as check_reactions
from bot.reactions import formation

__all__ = [
    "act_cards",
    "check_reactions",
    "checks",
    "community",
    "conclude",
    "consensus",
    "consult",
    "consultations",
    "cycle",
    "draft",
    "formation",
    "group_cards",
    "groups",
    "helping",
    "link",
    "poll",
    "polls",
    "position",
    "propose",
    "roster",
    "software",
    "todo",
]
