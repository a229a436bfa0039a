"""Refusals and bugs, as the person who caused them sees them."""

from __future__ import annotations

from bot.domain.errors import Refusal
from bot.text import Span, T, Text, joined
from bot.view import Notice, Tone


def refused(refusal: Refusal, typed: str) -> Notice:
    """What happened, why, what to do next, with what was typed given back."""
    steps: list[Text] = [refusal.next_step] if refusal.next_step else []
    if refusal.suggestion is not None:
        steps.append(T("Type {command}.", command=refusal.suggestion))
    return Notice(
        refusal.what,
        Tone.REFUSED,
        joined(steps) if steps else None,
        (),
        typed or None,
        refusal.field,
    )


def broken(reference: str, typed: str) -> Notice:
    """Something that is our fault. The reference stands in the log beside what happened."""
    return Notice(
        T("Something went wrong on our side, reference {reference}. Nothing was changed.", reference=reference),
        Tone.REFUSED,
        T("Try again; if it happens again, give the reference to whoever runs wgbot."),
        typed=typed or None,
    )


TOO_MUCH = "too much"
"""What a request came to that was more than an account may ask."""


def too_much(seconds: int, typed: str = "") -> Notice:
    """An account asks more than people do: for so many seconds after this, nothing of it is done."""
    return Notice(
        T(
            "Too much came from you at once: this was not done, nor is anything else you do within {time} after it.",
            time=Span(seconds),
        ),
        Tone.REFUSED,
        T("Do it again after that."),
        typed=typed or None,
    )
