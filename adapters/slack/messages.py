"""Views as messages: divided into as many as their blocks and letters take, each with words for notifications.

What is drawn is a list of messages; the first is posted, the others follow in its thread. It sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Final, assert_never

from adapters.slack.blocks import Drawing, actions, blocks, button, context, header, sections
from adapters.slack.rich import typed_text
from adapters.slack.speech import Block, escaped, line, pieces
from bot.present.digests import in_chat
from bot.text import T
from bot.view import Button, ButtonStyle, Card, File, Form, Letter, Notice, Tone, View

MOST_BLOCKS: Final = 50
MOST_LETTERS: Final = 10_000
"""Letters of a message's blocks. Slack takes about 13,200, which it does not document."""

SPOKEN: Final = 3_500
"""Letters of a message's own text: over 4,000 it could not be edited later."""

Budget = tuple[int, Callable[[Block], int]]
"""How much a surface takes, and how a block is weighed."""

VIEW: Final[Budget] = (200_000, lambda block: len(json.dumps(block)))
"""Bytes of JSON of a window or home tab, which takes 250 KB; the SDK writes each letter that is not ASCII as six."""

ICONS: Final = {Tone.NEUTRAL: "", Tone.DONE: "✅", Tone.ATTENTION: "🔔", Tone.REFUSED: "⛔"}


def messages(view: View, drawing: Drawing) -> list[Block]:
    """The messages that show a view: `text` and `blocks` of each, as Slack's methods take them."""
    return [_message(page) for page in pages(drawn(view, drawing))]


def drawn(view: View, drawing: Drawing) -> Iterator[Block]:
    """The blocks of a view, however many."""
    match view:
        case Notice():
            yield from _notice(view, drawing)
        case Card():
            yield from _card(view, drawing)
        case File():
            yield from sections([f"📄 *{escaped(line(view.name, 200))}*", drawing.speech.marked(view.caption)])
        case Form():
            yield from _unopened(view, drawing)
        case Letter():
            for each in in_chat(view):
                yield from drawn(each, drawing)
        case _:
            assert_never(view)


def pages(made: Iterable[Block], most_blocks: int = MOST_BLOCKS, budget: Budget | None = None) -> list[list[Block]]:
    """Blocks divided into messages, or windows by their `budget`: no more than Slack takes in each, and one table at most."""
    most, weigh = budget or (MOST_LETTERS, _letters)
    divided: list[list[Block]] = [[]]
    size, table = 0, False
    for block in made:
        weight, is_table = weigh(block), block["type"] == "table"
        page = divided[-1]
        if page and (len(page) == most_blocks or size + weight > most or (is_table and table)):
            divided.append(page := [])
            size, table = 0, False
        page.append(_named(block, len(page)))
        size, table = size + weight, table or is_table
    return divided


def spoken(page: list[Block], limit: int = SPOKEN) -> str:
    """What a notification or a screen reader says of blocks, which it does not read: their words, as mrkdwn.

    Of nothing but buttons, what stands on them.
    """
    words = "\n".join(each for block in page for each in _words(block))
    words = words or " · ".join(escaped(each) for block in page for each in _labels(block))
    first, *rest = [*pieces(words, limit - 2)] or [""]
    return f"{first} …" if rest else first


def _message(page: list[Block]) -> Block:
    return {"text": spoken(page), "blocks": page}


def _card(card: Card, drawing: Drawing) -> Iterator[Block]:
    yield from header(card.title, drawing, ICONS[card.tone])
    for shape in card.blocks:
        yield from blocks(shape, drawing)
    yield from actions(card.buttons, drawing)
    if card.footer is not None:
        yield from context(drawing.speech.marked(card.footer))


def _notice(notice: Notice, drawing: Drawing) -> Iterator[Block]:
    say = drawing.speech.marked
    lines = [f"{ICONS[notice.tone]} {say(notice.text)}".strip()]
    if notice.next_step is not None:
        lines.append(say(notice.next_step))
    yield from sections(lines)
    if notice.typed:
        yield from context(say(T("You typed:")))
        yield from typed_text(notice.typed)
    yield from actions(notice.buttons, drawing)


def _unopened(form: Form, drawing: Drawing) -> Iterator[Block]:
    """A form where no window can be opened for it: a button that opens it."""
    say = drawing.speech.marked
    yield from sections([f"*{say(form.title)}*", *(f"⛔ {say(why)}" for _, why in form.problems)])
    opens = Button(T("Open the form…"), form.command, form.answers, ButtonStyle.PRIMARY)
    yield {"type": "actions", "elements": [button(opens, drawing)]}


def _named(block: Block, at: int) -> Block:
    """With an id of its own where people act, the same each time, so that what they ticked stays."""
    if block["type"] == "actions" or "accessory" in block:
        return {**block, "block_id": f"at:{at}"}
    return block


def _letters(block: Block) -> int:
    """Letters in a block, as far as they count."""
    return sum(len(each) for each in _words(block)) + sum(len(each) for each in _labels(block))


def _labels(block: Block) -> Iterator[str]:
    for element in block.get("elements", ()) if block["type"] == "actions" else ():
        if "text" in element:
            yield element["text"]["text"]
        for option in element.get("options", ()):
            yield option["text"]["text"]


def _words(block: Block) -> Iterator[str]:
    """The words of a block as mrkdwn, line by line."""
    match block["type"]:
        case "header":
            yield escaped(block["text"]["text"])
        case "section":
            yield block["text"]["text"]
        case "context":
            yield from (each["text"] for each in block["elements"])
        case "rich_text":
            yield from (escaped(_rich_words(each)) for each in block["elements"])
        case "table":
            yield from (" · ".join(escaped(cell["text"]) for cell in row) for row in block["rows"])


def _rich_words(element: Block) -> str:
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {_rich_words(each)}" for each in element["elements"])
    return "".join(each.get("text", "") for each in element["elements"])
