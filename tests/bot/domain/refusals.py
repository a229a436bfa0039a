"""What tests of refusals read them with: the words of a sentence, and whether it helps."""

from __future__ import annotations

from bot.domain.errors import Invalid
from bot.text import Moment, Text, UserText


def words(text: Text | None) -> str:
    """A sentence as it may be read, near enough to look for words in it."""
    assert text is not None
    values = {
        name: value.text
        if isinstance(value, UserText)
        else value.at.isoformat()
        if isinstance(value, Moment)
        else value
        for name, value in text.parameters.items()
    }
    return text.message.format(**values)


def is_helpful(refusal: Invalid) -> bool:
    step = words(refusal.next_step)
    return "for example" in step or "Did you mean" in step or "like +02:00" in step
