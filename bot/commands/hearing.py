"""What the software answers where somebody said something it cannot take as said: unreadable, edited, deleted, misspelled."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arguments, ask, command
from bot.context import Context
from bot.policy import ANYONE, KNOWN, SYSTEM
from bot.reply import broken, too_much
from bot.replying import replies
from bot.slash import parse
from bot.text import Say, T, Text, UserText, joined
from bot.view import Block, Card, Notice, Paragraph, Tone, View

LONGEST = 200_000


class Misunderstood(Arguments):
    """What was typed."""

    text: Annotated[str, ask("What was typed?", rest=True, multiline=True, limit=LONGEST, raw=True)] = ""


@command(
    "misunderstood",
    "Say why a command cannot be understood",
    who=ANYONE,
    arguments=Misunderstood,
    examples=("misunderstood propse",),
    hidden=True,
)
def misunderstood(context: Context, arguments: Misunderstood) -> View:
    """For platforms where answering is posting: the refusal goes out as any answer does."""
    parse(arguments.text)  # raises the refusal
    return Notice(T("That can be understood after all."), Tone.NEUTRAL, T("Type it once more."))


class Failed(Arguments):
    """Where to find what happened."""

    reference: Annotated[str, ask("Which reference?")]


@command(
    "heard and failed",
    "Say that something failed again and again, and is left undone",
    who=SYSTEM,
    arguments=Failed,
    examples=(),
    hidden=True,
)
def heard_and_failed(context: Context, arguments: Failed) -> View:
    """A fault of ours that could not be answered where it happened: nothing of it could be written."""
    return broken(arguments.reference, "")


class Unread(Arguments):
    """Why."""

    reason: Annotated[str, ask("Why?")]
    code: Annotated[str, ask("As the client says?")] = ""


WHY: dict[str, Text] = {
    "no-key": T("Its key has not arrived."),
    "withheld": T("Your client does not share its key with wgbot."),
    "sender": T("It was not encrypted by a device of yours."),
    "broken": T("It is broken."),
}


@command(
    "heard nothing",
    "Say that a message could not be decrypted",
    who=SYSTEM,
    arguments=Unread,
    examples=(),
    hidden=True,
)
def heard_nothing(context: Context, arguments: Unread) -> View:
    """Never ignored silently: whoever wrote it would wait for an answer."""
    why = WHY.get(arguments.reason, T("Its key is not there."))
    return Notice(
        T("wgbot could not decrypt a message of yours. {why}", why=why),
        Tone.ATTENTION,
        T("Send it once more; if it happens again, verify your session, or use an unencrypted room."),
    )


class Reply(Arguments):
    """What was written, and on what."""

    subject: Annotated[str, ask("On what?")] = ""
    text: Annotated[str, ask("What did it say?", rest=True, raw=True)] = ""


@command(
    "heard by mail",
    "Say what may be replied, where a reply is understood as nothing",
    who=KNOWN,
    arguments=Reply,
    examples=("heard by mail check:3 Thanks!",),
    hidden=True,
    reads=True,
)
def heard_by_mail(context: Context, arguments: Reply) -> View:
    """Nothing was changed: whoever wrote it is told what would be."""
    found = replies(context.reads, context.community, arguments.subject, context.now)
    words = joined([T("“{words}”", words=each.words[0]) for each in found.choices], ", ")
    said = (
        T("wgbot does not know what to do with “{text}”. Nothing was changed.", text=UserText(arguments.text))
        if arguments.text
        else T("wgbot found nothing in your mail but what it quotes. Nothing was changed.")
    )
    blocks: list[Block] = [Paragraph(said)]
    if found.choices:
        blocks.append(
            Paragraph(T("Here the first line of a reply may be: {words}. A reason may follow below.", words=words))
        )
    if found.line is not None:
        blocks.append(Paragraph(T("Or the numbers of several options, separated by commas: 1, 3.")))
    blocks.append(
        Paragraph(
            T(
                "Any command may be the first line of a reply: {todo} says what needs you, {help} what there is.",
                todo=Say("todo"),
                help=Say("help"),
            )
        )
    )
    return Card(T("What may be replied"), tuple(blocks), tone=Tone.ATTENTION)


@command("heard no text", "Say that an attached file could not be read", who=SYSTEM, examples=(), hidden=True)
def heard_no_text(context: Context, arguments: object) -> View:
    """What was being filled in stays as it is."""
    return Notice(
        T("The attached file could not be read: it is empty, too large, or no text."),
        Tone.REFUSED,
        T("Attach it as Markdown, plain text or CSV, in UTF-8, or paste what it says."),
    )


@command("heard edited", "Say that an edited message is not read as a command", who=SYSTEM, examples=(), hidden=True)
def heard_edited(context: Context, arguments: object) -> View:
    """What the message said at first was done."""
    return Notice(
        T("What you sent first is what counts; an edit is not read as a command."),
        Tone.ATTENTION,
        T("Send it as a new message."),
    )


@command("heard deleted", "Say that a deleted message was done all the same", who=SYSTEM, examples=(), hidden=True)
def heard_deleted(context: Context, arguments: object) -> View:
    """The record keeps what was done; it is changed, and not deleted."""
    return Notice(
        T("What you deleted was done before, and stays on the record."),
        Tone.ATTENTION,
        T("Change a position by taking another: {command}.", command=Say("todo")),
    )


class TooMuch(Arguments):
    """For how long nothing is done."""

    seconds: Annotated[int, ask("For how many seconds?")]


@command(
    "heard too much",
    "Say that more was asked than people do, and was not done",
    who=SYSTEM,
    arguments=TooMuch,
    examples=(),
    hidden=True,
)
def heard_too_much(context: Context, arguments: TooMuch) -> View:
    """For platforms where answering is posting. Said once, and not to everything that comes meanwhile."""
    return too_much(arguments.seconds)
