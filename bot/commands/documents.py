"""A working group's documents: added, shown, handed out, brought to a new version, withdrawn."""

from __future__ import annotations

from typing import Annotated

from bot.bodies import belongs
from bot.command import Arguments, ask, command
from bot.context import Context
from bot.domain.community import next_number
from bot.domain.documents import What, add, documents_of, find_document, renew, version_of, withdraw
from bot.domain.errors import NotAllowed
from bot.domain.groups import Group, find_group, group_of
from bot.domain.people import Role
from bot.policy import ANYONE, KNOWN
from bot.present import shown
from bot.present.documents import document_card, documents_card
from bot.standing import facilitates
from bot.text import Say, T, UserText
from bot.view import Button, File, Named, Notice, Tone, View

LINK = 1000
"""Characters of a link."""
TEXT = 100_000
"""Characters of a document that is kept here."""

GroupArgument = Annotated[str, ask("Which working group?", "Its short name: WG-MWP", named=Named.GROUP)]
DocumentArgument = Annotated[str, ask("Which document?", "As the list calls it: D3")]
LinkArgument = Annotated[
    str, ask("Where is it?", "A link: https://example.org/outline. Left out where its text is given.", limit=LINK)
]
TextArgument = Annotated[
    str,
    ask(
        "Or its text?",
        "Pasted, or attached as Markdown or plain text; kept here. Left out where there is a link.",
        option=True,
        multiline=True,
        limit=TEXT,
        file=True,
    ),
]


class Add(Arguments):
    """To which group's list, what it is called, and where it is or what it says."""

    group: GroupArgument
    title: Annotated[str, ask("What is it called?", "In a few words.")]
    link: LinkArgument = ""
    note: Annotated[str, ask("What is to be said of it?", "May be left out.", rest=True, limit=1000)] = ""
    text: TextArgument = ""


@command(
    "document add",
    "Put a document on your working group's list",
    who=KNOWN,
    arguments=Add,
    examples=(
        'document add WG-MWP "Outline of the report" https://example.org/outline "For comments until May"',
        'document add WG-MWP "Questions to governments" --text "1. What do you do already?"',
    ),
    keeps=True,
)
def add_(context: Context, arguments: Add) -> View:
    """By those who take part in the group, and the Secretariat. Of a link, wgbot keeps only where it leads."""
    group = find_group(context.reads, context.id, arguments.group)
    _may(context, group)
    number = next_number(context.reads, context.id, "document")
    context.happen(*add(group, number, arguments.title, _what(arguments), context.person))
    return Notice(
        T("On the list of {group} as D{number}.", group=group.short_name, number=number),
        Tone.DONE,
        buttons=(Button(T("Its documents"), "documents", {"group": group.short_name}),),
    )


def _may(context: Context, group: Group) -> None:
    if belongs(context, group.id) or facilitates(context, group.id) or context.actor.has_role(Role.SECRETARIAT):
        return
    raise NotAllowed(
        T(
            "The documents of {group} are for those who take part in it to add to, and the Secretariat.",
            group=group.short_name,
        ),
        T("Join it: {command}.", command=Say(f"join {group.short_name}")),
    )


class Version(Arguments):
    """Of which document, and where it is."""

    document: DocumentArgument
    link: LinkArgument = ""
    note: Annotated[str, ask("What changed?", "May be left out.", rest=True, limit=1000)] = ""
    text: TextArgument = ""


@command(
    "document version",
    "Add a new version of a document; earlier ones are kept",
    who=KNOWN,
    arguments=Version,
    examples=('document version D1 https://example.org/outline-2 "With the comments of May"',),
)
def version_(context: Context, arguments: Version) -> View:
    """By those who may add one."""
    found = find_document(context.reads, context.id, arguments.document)
    _may(context, group_of(context.reads, context.id, found.group))
    event = renew(found, _what(arguments), context.person)
    context.happen(event)
    return Notice(T("{label} is at version {version} now.", label=found.label, version=event.version), Tone.DONE)


def _what(arguments: Add | Version) -> What:
    return What(arguments.link, arguments.text, arguments.note)


class Take(Arguments):
    """Which document, in which version."""

    document: DocumentArgument
    version: Annotated[int, ask("Which version?", "Its number. Left out: the newest.")] = 0


@command(
    "document take",
    "Take a document that is kept here, as a file",
    who=ANYONE,
    arguments=Take,
    examples=("document take D2", "document take D2 1"),
    reads=True,
)
def take_(context: Context, arguments: Take) -> View:
    """As Markdown. A link is told instead, where that is what was given."""
    found = find_document(context.reads, context.id, arguments.document)
    version = version_of(context.reads, found, arguments.version)
    if not version.text:
        return Notice(T("{label} is kept elsewhere: {link}", label=found.label, link=UserText(version.link)))
    return File(
        f"{found.label}-v{version.version}.md",
        f"document:{found.number}:{version.version}",
        "document",
        "md",
        T(
            "{label}, version {version}: {title}",
            label=found.label,
            version=version.version,
            title=UserText(found.title),
        ),
    )


class Withdraw(Arguments):
    """Which document, and why."""

    document: DocumentArgument
    why: Annotated[str, ask("Why?", "Shown on the list. May be left out.", rest=True, limit=1000)] = ""


@command(
    "document withdraw",
    "Say that a document is not to be used any more",
    who=KNOWN,
    arguments=Withdraw,
    examples=('document withdraw D1 "Overtaken by the report"',),
)
def withdraw_(context: Context, arguments: Withdraw) -> View:
    """It stays on the list, as withdrawn."""
    found = find_document(context.reads, context.id, arguments.document)
    _may(context, group_of(context.reads, context.id, found.group))
    context.happen(withdraw(found, arguments.why))
    return Notice(T("{label} is withdrawn.", label=found.label), Tone.DONE)


class Show(Arguments):
    """Which document."""

    document: DocumentArgument


@command(
    "document show",
    "Show a document and all its versions",
    who=ANYONE,
    arguments=Show,
    examples=("document show D1",),
    reads=True,
    family_default=True,
)
def show_(context: Context, arguments: Show) -> View:
    """The newest version first."""
    found = find_document(context.reads, context.id, arguments.document)
    return shown(document_card(context.reads, context.community, str(found.number), context.now))


class Documents(Arguments):
    """Whose."""

    group: GroupArgument


@command(
    "documents",
    "Show the documents of a working group",
    who=ANYONE,
    arguments=Documents,
    examples=("documents WG-MWP",),
    reads=True,
)
def documents_(context: Context, arguments: Documents) -> View:
    """The newest version of each; those withdrawn last."""
    group = find_group(context.reads, context.id, arguments.group)
    if not documents_of(context.reads, group):
        return Notice(
            T("{group} has no documents yet.", group=group.short_name),
            Tone.NEUTRAL,
            T("Add one: {command}.", command=Say(f'document add {group.short_name} "…" https://…')),
        )
    return shown(documents_card(context.reads, context.community, group.id, context.now))
