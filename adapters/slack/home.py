"""App Home: the overview of one person as Slack's home tab."""

from __future__ import annotations

from typing import Final

from adapters.slack.blocks import Drawing, context, section
from adapters.slack.messages import VIEW, drawn, pages
from adapters.slack.speech import Block, speech
from bot.domain.ids import CommunityId
from bot.text import Say, T
from bot.view import View

MOST_BLOCKS: Final = 100


def home_tab(view: View, community: CommunityId) -> Block:
    """The tab. What is more than it holds is told how to be read."""
    drawing = Drawing(speech(), community, tables=False)
    page, *rest = pages(drawn(view, drawing), MOST_BLOCKS - 1, VIEW)
    if rest:
        page += context(drawing.speech.marked(T("There is more: {command}.", command=Say("todo"))))
    return {"type": "home", "callback_id": "home", "blocks": page or [section("")]}
