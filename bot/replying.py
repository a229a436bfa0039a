"""What may be said about something in a reply, where nothing can be tapped: by mail.

The first line says what to do, in the words of the card's own buttons and options; what follows it is the reason, where one is
taken. On a consultation all that is written is the comment. Both sides read this: what is offered is what is understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.command import COMMANDS
from bot.domain.community import Community
from bot.domain.consensus.checks import Check, Form
from bot.domain.consensus.positions import Position
from bot.domain.consultations import CommentKind, Consultation
from bot.domain.consulted import consulted_in
from bot.domain.groups import Group
from bot.domain.ids import GroupId
from bot.domain.records import Reads
from bot.present import present
from bot.present.names import COMMENTS, POSITIONS, QUICK_POSITIONS
from bot.text import T, Text, term
from bot.view import Ballot, Button, Card, Items, Notice

ALSO: dict[str, tuple[tuple[Text, str], ...]] = {
    "meeting": ((T("No"), "I cannot come"), (T("Regrets"), "I cannot come")),
}
"""Other words for what a card's button is called, by the kind of its subject."""

ALSO_POSITIONS: tuple[tuple[Text, Position], ...] = (
    (T("Yes"), Position.SUPPORT),
    (T("I agree"), Position.SUPPORT),
    (T("I support this"), Position.SUPPORT),
    (T("Live with it"), Position.LIVE_WITH),
    (T("I can live with it"), Position.LIVE_WITH),
    (T("I object"), Position.OBJECT),
    (T("I abstain"), Position.ABSTAIN),
)
"""Other words for positions. No plain “No”: it says neither whether one objects nor why."""


ALSO_KINDS: dict[CommentKind, tuple[Text, ...]] = {
    CommentKind.COMMENT: (T("Comment…"),),
    CommentKind.CONCERN: (T("Raise a concern…"),),
    CommentKind.CHANGE: (T("Ask for a change…"), T("Change")),
}
"""Other words for what a comment is meant as: those of the card's buttons first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Words for the first line, the ones to show first, and the tap they stand for. `rest` names the argument that takes what follows."""

    words: tuple[Text, ...]
    tap: Button
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Replies:
    """What may be replied. `whole`: what takes all that is written otherwise; `line`: what takes its first line."""

    choices: tuple[Choice, ...] = ()
    whole: Choice | None = None
    line: Choice | None = None


def replies(reads: Reads, community: Community, subject: str, real_now: datetime) -> Replies:
    """What may be said about a subject (`check:3`). Of what is over, too: whoever is late is told so by the command itself."""
    kind, _, key = subject.partition(":")
    card = present(reads, community.id, subject, real_now) if key else None
    if not isinstance(card, Card | Notice):
        return Replies()
    if kind == "consultation":
        return _on_consultation(reads, community, int(key))
    if kind == "proposal" and (number := _consulted_on(reads, community, key)):
        return _on_consultation(reads, community, number)
    if kind == "check":
        return Replies(tuple(_on_check(reads, community, int(key), card)))
    if kind == "poll":
        line = Choice((), Button(T("Answer"), "poll choose", {"poll": key}), "options")
        return Replies(tuple(_options(card)), line=line)
    return Replies(tuple(_on_act(key) if kind == "act" else _buttons(kind, card)))


def _on_act(key: str) -> Iterator[Choice]:
    yield Choice((T("Confirm"), T("Yes")), Button(T("Confirm"), "confirm", {"act": key}))
    yield Choice((T("Drop"), T("No")), Button(T("Drop"), "confirm", {"act": key, "answer": "no"}))


def _options(card: Card | Notice) -> Iterator[Choice]:
    for block in card.blocks if isinstance(card, Card) else ():
        if isinstance(block, Ballot):
            yield from (_choice((each.button.label, term(each.key)), each.button) for each in block.options)


def _buttons(kind: str, card: Card | Notice) -> Iterator[Choice]:
    also: dict[str, list[Text]] = {}
    for words, label in ALSO.get(kind, ()):
        also.setdefault(label, []).append(words)
    for block in card.blocks if isinstance(card, Card) else ():
        if isinstance(block, Items):
            yield from (_choice((each.button.label,), each.button) for each in block.items if each.button is not None)
    for button in card.buttons:
        yield _choice((button.label, *also.get(button.label.message, ())), button)


def _on_check(reads: Reads, community: Community, number: int, card: Card | Notice) -> Iterator[Choice]:
    check = reads.get(Check, community.id, number)
    quick = check is not None and check.form is Form.QUICK
    for position, label in (QUICK_POSITIONS if quick else POSITIONS).items():
        words = (label, *_positions(position), term(position.value))
        yield _choice(words, Button(label, f"consensus {position.value}", {"check": str(number)}))
    yield from _buttons("check", card)


def _positions(position: Position) -> Iterator[Text]:
    yield POSITIONS[position]
    if position in QUICK_POSITIONS:
        yield QUICK_POSITIONS[position]
    yield from (words for words, meant in ALSO_POSITIONS if meant is position)


def _choice(words: tuple[Text, ...], tap: Button) -> Choice:
    fields = COMMANDS[tap.command].fields
    rest = next((each.name for each in fields if each.ask.rest and each.name not in tap.arguments), "")
    return Choice(words, tap, rest)


def _consulted_on(reads: Reads, community: Community, key: str) -> int:
    """The open consultation on a proposal: who has the text before them comments on it there. 0: there is none."""
    group = reads.get(Group, community.id, GroupId(key))
    found = reads.get(Consultation, community.id, group.consultation) if group is not None else None
    return found.number if found is not None and found.closed_at is None else 0


def _on_consultation(reads: Reads, community: Community, number: int) -> Replies:
    """All of it is the comment; a first line may say that it is a concern, or asks for a change."""
    consultation = reads.get(Consultation, community.id, number)
    if consultation is None:
        return Replies()
    on = {"group": consulted_in(reads, consultation).name}
    kinds = tuple(
        Choice(
            (COMMENTS[kind], *ALSO_KINDS[kind]),
            Button(COMMENTS[kind], "consult comment", {**on, "kind": kind.value}),
            "text",
        )
        for kind in CommentKind
    )
    return Replies(kinds, whole=Choice((), Button(COMMENTS[CommentKind.COMMENT], "consult comment", on), "text"))
