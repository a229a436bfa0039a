"""Views drawn for a terminal: what the bot says, by meaning, as panels, tables and commands to type.

What is drawn is the same on a screen, in a file and in a test; only colour comes and goes. Where it is said, and by
whom, is the session's and the script's to show.
"""

from __future__ import annotations

from io import StringIO
from typing import Final, assert_never

from rich.console import RenderableType
from rich.text import Text as Line

from adapters.shared.words import Words
from adapters.terminal.blocks import block, buttons
from adapters.terminal.forms import drawn_form
from adapters.terminal.paper import (
    FAINT,
    WIDTH,
    Framed,
    Prose,
    Stacked,
    console,
    flat,
    prose,
    safe,
    sentence,
    styled,
    words_for,
)
from bot.domain.hygiene import one_line
from bot.present.digests import in_chat
from bot.text import T
from bot.view import Ballot, Bullets, Card, Facts, File, Form, Letter, Notice, Tally, Tone, View

TYPED_LONGEST: Final = 2_000
"""Characters of a refused text that are shown again; it is above on the screen, and in the history, whole."""

_FACTS: Final = 3
"""Facts in a summary."""

_ICONS: Final = {Tone.NEUTRAL: "•", Tone.DONE: "✓", Tone.ATTENTION: "!", Tone.REFUSED: "✗"}
_STYLES: Final = {Tone.NEUTRAL: "blue", Tone.DONE: "green", Tone.ATTENTION: "yellow", Tone.REFUSED: "red"}


def drawn(view: View, words: Words, *, whole: bool = False) -> RenderableType:
    """A view, for a console made by `paper.console`; `words` are those of `paper.words_for`.

    `whole` shows all of what was answered in a form.
    """
    match view:
        case Notice():
            return _notice(view, words)
        case Card():
            return _card(view, words)
        case Form():
            return drawn_form(view, words, whole=whole)
        case File():
            return _file(view, words)
        case Letter():
            return Stacked([drawn(each, words) for each in in_chat(view)])
        case _:
            assert_never(view)


def render(view: View, width: int = WIDTH, words: Words | None = None) -> str:
    """A view as plain text of at most `width` columns."""
    paper = StringIO()
    console(paper, width, colour=False).print(drawn(view, words or words_for()))
    return paper.getvalue()


def summary(view: View, words: Words) -> str:
    """A view in one line: what changed, where the whole was shown before."""
    match view:
        case Notice(text=text):
            return one_line(flat(words.say(text)), 200)
        case Form(title=title):
            return flat(words.say(title))
        case File(name=name):
            return safe(name)
        case Letter():
            return " · ".join(summary(each, words) for each in in_chat(view))
        case Card():
            outcome = [flat(words.say(each.title)) for each in view.blocks if isinstance(each, Bullets) and each.title]
            return " · ".join([flat(words.say(view.title)), *_counts(view, words), *outcome[:1]])
        case _:
            assert_never(view)


def _counts(card: Card, words: Words) -> list[str]:
    """What is likeliest to have changed: a tally, counts, or facts."""
    for each in card.blocks:
        if isinstance(each, Tally):
            taken = [
                f"{flat(words.say(name))} {count}"
                for name, count in zip(each.columns, each.total.counts, strict=False)
                if count
            ]
            of_all = T("{taken} of {asked}", taken=sum(each.total.counts), asked=each.total.asked)
            return [", ".join([words.say(of_all), *taken])]
        if isinstance(each, Ballot) and any(option.count is not None for option in each.options):
            return [", ".join(f"{flat(words.say(each.button.label))} {each.count or 0}" for each in each.options)]
    facts = [fact for each in card.blocks if isinstance(each, Facts) for fact in each.items]
    return [one_line(f"{flat(words.say(fact.label))}: {flat(words.say(fact.value))}") for fact in facts[:_FACTS]]


def _notice(notice: Notice, words: Words) -> RenderableType:
    first = Line(f"{_ICONS[notice.tone]} ", f"bold {_STYLES[notice.tone]}")
    parts: list[RenderableType] = [sentence(words, notice.text, lead=first)]
    if notice.next_step is not None:
        parts.append(sentence(words, notice.next_step, bar="  "))
    if notice.typed is not None:
        parts += _typed(notice.typed, words)
    if notice.buttons:
        parts.append(buttons(notice.buttons, words))
    return Stacked(parts)


def _typed(typed: str, words: Words) -> list[RenderableType]:
    shown = typed[:TYPED_LONGEST].rstrip("\n")
    if len(typed) <= TYPED_LONGEST and len(shown.splitlines()) <= 1:
        said = T("You typed: {typed}", typed=shown)
        return [sentence(words, said, FAINT, bar="  ")]
    parts: list[RenderableType] = [sentence(words, T("You typed:"), FAINT, bar="  "), prose(shown, bar="  │ ")]
    if len(typed) > len(shown):
        rest = T("… and {count} more characters.", count=len(typed) - len(shown))
        parts.append(sentence(words, rest, FAINT, bar="  "))
    return parts


def _card(card: Card, words: Words) -> RenderableType:
    parts: list[RenderableType] = []
    for each in card.blocks:
        parts += ["", block(each, words)] if parts else [block(each, words)]
    if card.buttons:
        parts += ["", buttons(card.buttons, words)] if parts else [buttons(card.buttons, words)]
    if card.footer is not None:
        parts += ["", sentence(words, card.footer, FAINT)] if parts else [sentence(words, card.footer, FAINT)]
    title = styled(words.say(card.title))
    if card.tone is not Tone.NEUTRAL:
        title = Line(f"{_ICONS[card.tone]} ").append_text(title)
    return Framed(title, Stacked(parts), _STYLES[card.tone])


def _file(file: File, words: Words) -> RenderableType:
    name = Line.assemble((safe(file.name), "bold"), (f"  ({safe(file.format).upper()})", FAINT))
    alt = [] if file.alt is None else [sentence(words, file.alt, FAINT, bar="  ")]
    return Stacked([Prose(name, lead=Line("▤ ")), sentence(words, file.caption, bar="  "), *alt])
