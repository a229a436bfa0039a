"""The families of commands: what each is for, and where it is declared.

The modules are imported when a command of theirs is first wanted, so that a short errand does not pay for all of them; a
process that stays loads them all when it starts (`COMMANDS.load_all`). A test says that no family is missing here.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.text import T, Text


@dataclass(frozen=True, slots=True)
class Family:
    """Where its commands are declared, and what it is for (None: it is not shown)."""

    modules: tuple[str, ...]
    summary: Text | None = None


FAMILIES: dict[str, Family] = {
    "propose": Family(("propose", "proposal"), T("Propose a working group; revise, show, withdraw")),
    "renew": Family(("renew",), T("Renew a working group that has ended")),
    "renewals": Family(("renew",), T("All renewals, to decide on in one sitting")),
    "charter": Family(("charter",), T("Charters: versions, and what changed")),
    "consult": Family(("consult",), T("Consult the full membership: comment, respond")),
    "consensus": Family(
        ("consensus", "checks", "position", "objections", "added"), T("Consensus checks: ask, take a position, object")
    ),
    "conclude": Family(("conclude",), T("Conclude upon a check")),
    "approve": Family(("conclude",), T("Approve a working group")),
    "decline": Family(("conclude",), T("Do not approve one")),
    "appoint": Family(("conclude",), T("Appoint co-facilitators")),
    "facilitator": Family(("facilitator",), T("Who co-facilitates a group; resign")),
    "modalities": Family(("modalities",), T("How a working group works: its own rules, by its consensus")),
    "secretariat": Family(("secretariat",), T("The Secretariat's role in a working group")),
    "confirm": Family(("conclude",), T("Confirm what the Secretariat prepared")),
    "join": Family(("membership",), T("Join a working group")),
    "leave": Family(("membership",), T("Leave one")),
    "members": Family(("membership",), T("Who is in a working group")),
    "invite": Family(("membership",), T("Invite somebody to one")),
    "mailing": Family(("mailing",), T("Mailing lists, and how one subscribes")),
    "balance": Family(("balance",), T("How a working group is balanced")),
    "outreach": Family(("balance",), T("What was done to reach stakeholder groups")),
    "volunteer": Family(("volunteer",), T("Offer to co-facilitate one")),
    "conduct": Family(("conduct",), T("The Code of Conduct; report in confidence")),
    "poll": Family(("poll",), T("Quick polls")),
    "meetings": Family(("meeting",), T("The meetings to come, and those held")),
    "meeting": Family(("meeting", "finding", "sitting"), T("Meetings: schedule, find a time, open, attend")),
    "agenda": Family(("agenda",), T("What a meeting talks about")),
    "q+": Family(("sitting",), T("Ask to speak")),
    "q-": Family(("sitting",), T("Do not speak after all")),
    "next": Family(("sitting",), T("Give the floor to the next speaker")),
    "action": Family(("action",), T("Who does what until when")),
    "summary": Family(("summary",), T("Summaries of meetings")),
    "update": Family(("update",), T("Periodic updates of working groups")),
    "complete": Family(("complete",), T("Complete a working group: final report, outputs")),
    "review": Family(("review",), T("Reviews of a working group's progress")),
    "recommendation": Family(("recommendation",), T("Recommendations of working groups")),
    "documents": Family(("documents",), T("A working group's documents")),
    "document": Family(("documents",), T("Add a document, a version of it")),
    "history": Family(("history",), T("What happened in a working group")),
    "minutes": Family(("minutes",), T("Notes for the minutes")),
    "list": Family(("groups",), T("The working groups")),
    "show": Family(("groups",), T("One working group")),
    "todo": Family(("todo",), T("What needs you")),
    "roster": Family(("roster",), T("Who is seated")),
    "cycle": Family(("cycle",), T("The cycle")),
    "calendar": Family(("calendar",), T("What is coming up")),
    "link": Family(("link",), T("Link your accounts to you")),
    "preferences": Family(("preferences",), T("When and where you are written to")),
    "mydata": Family(("mydata",), T("What is kept of you; ask to be erased")),
    "home": Family(("homes", "start"), T("Make a room a group's home")),
    "alias": Family(("groups",), T("One more name for a group")),
    "community": Family(("naming",), T("What this body is called; its groups, its zone")),
    "settings": Family(("community",), T("What this community chose")),
    "help": Family(("helping",), T("This help")),
    "start": Family(("start",)),
    "overview": Family(("start",)),
    "profile": Family(("profile",)),
    "clock": Family(("community",)),
    "draft": Family(("draft",)),
    "due": Family(("software",)),
    "delivered": Family(("software",)),
    "mail": Family(("preferences",)),
    "room": Family(("software",)),
    "misunderstood": Family(("hearing",)),
    "heard": Family(("hearing",)),
    "parked": Family(("software",)),
    "bounced": Family(("bounced",)),
}
"""Every family, in the order help shows them."""
