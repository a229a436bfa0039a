"""What waited for somebody, as one card for chat: each thing by its first words, what matters most of it, and what to tap for it.

It is a list, not the cards themselves: those live where they were announced, and all that needs somebody is in `todo`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from bot.text import Say, T, Text, Tn, joined
from bot.view import (
    Block,
    Button,
    ButtonStyle,
    Card,
    Facts,
    File,
    Form,
    Item,
    Items,
    Letter,
    Notice,
    Paragraph,
    Part,
    Single,
    Tone,
)

FACTS: Final = 3
"""Facts of a card that are told with it."""

_SHOWS: Final = {
    "check": ("consensus show", "check"),
    "poll": ("poll show", "poll"),
    "meeting": ("meeting show", "meeting"),
}
"""What shows a thing whole, and what it calls the thing's number: nobody is led to one of several answers."""


def in_chat(letter: Letter) -> tuple[Single, ...]:
    """What chat shows of a letter, in one message: of several things that waited, a list of them; else each as it is."""
    shown = [part for part in letter.parts if part.view is not None]
    if not letter.waited or len(shown) == 1:
        return tuple(part.view for part in shown if part.view is not None)
    count = len(shown)
    return (
        Card(
            Tn("What waited for you: {count} thing", "What waited for you: {count} things", count),
            (Items(tuple(_item(each) for each in shown)),),
            tone=Tone.ATTENTION if any(_tone(each.view) is Tone.ATTENTION for each in shown) else Tone.NEUTRAL,
            footer=T(
                "What needs you, with every way to answer: {todo}. How often you are written to: {preferences}.",
                todo=Say("todo"),
                preferences=Say("preferences"),
            ),
        ),
    )


def _item(part: Part) -> Item:
    view = part.view
    match view:
        case Notice():
            return Item(view.text, _button(part.about, view.buttons), view.next_step)
        case Card():
            essentials = [*_essentials(view.blocks)]
            note = joined(essentials, " · ") if essentials else None
            return Item(view.title, _button(view.subject or part.about, view.buttons), note)
        case Form():
            return Item(view.title, Button(T("Open the form…"), view.command, view.answers))
        case File():
            return Item(view.caption)
        case None:
            return Item(T("Nothing"))
        case _:
            assert_never(view)


def _essentials(blocks: tuple[Block, ...]) -> Iterator[Text]:
    """The first sentence of a card, or its first facts."""
    for block in blocks:
        match block:
            case Paragraph(text):
                yield text
                return
            case Facts(items):
                yield from (T("{label}: {value}", label=each.label, value=each.value) for each in items[:FACTS])
                return
            case _:
                continue


def _button(about: str, buttons: tuple[Button, ...]) -> Button | None:
    kind, _, number = about.partition(":")
    if kind in _SHOWS:
        command, called = _SHOWS[kind]
        return Button(T("Look at it"), command, {called: number})
    return next((each for each in buttons if each.style is ButtonStyle.PRIMARY), buttons[0] if buttons else None)


def _tone(view: Single | None) -> Tone:
    return view.tone if isinstance(view, Notice | Card) else Tone.NEUTRAL
