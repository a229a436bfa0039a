from __future__ import annotations

from typing import Any

import pytest

from tests.support.slack.plain import plain, unmarked

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("<@U1> agrees", "@alice agrees"),
        ("see <https://a.example|the rules> or <https://b.example>", "see the rules or https://b.example"),
        ("<!date^1^{date_short}|1 January, 0:00 UTC>", "1 January, 0:00 UTC"),
        ("a &lt;b&gt; &amp;c;", "a <b> &c;"),
        ("<!channel> and <!here|everybody>", "@channel and everybody"),
        ("<#C1|general> <#C2>", "#general #C2"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_control_sequences_are_read_as_people_do(marked: str, read: str) -> None:
    assert unmarked(marked, {"U1": "alice"}.__getitem__) == read


def test_blocks_are_read_from_top_to_bottom() -> None:
    options = [{"text": {"type": "plain_text", "text": text}, "value": text} for text in ("Week", "Month")]
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Title & more"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "One"},
            "fields": [{"type": "mrkdwn", "text": "Two"}, {"type": "plain_text", "text": "<Three>"}],
            "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Go"}},
        },
        {"type": "divider"},
        {"type": "markdown", "text": "**Four**"},
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "Term"},
            "hint": {"type": "plain_text", "text": "short is good"},
            "element": {"type": "radio_buttons", "options": options, "initial_option": options[1]},
        },
        {"type": "input", "label": {"type": "plain_text", "text": "Why"}, "element": {"type": "plain_text_input"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Five"}, {"type": "image", "alt_text": "six"}]},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": "Seven "}, {"type": "emoji", "name": "ok"}],
                        },
                        {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]},
                    ],
                },
            ],
        },
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]},
    ]
    assert plain(blocks).splitlines() == [
        "Title & more",
        "One",
        "Two",
        "<Three> [Go]",
        "-----",
        "**Four**",
        "Term: ( ) Week (x) Month (short is good)",
        "Why: ____",
        "Five (image: six)",
        "• Seven :ok:",
        "• @U1",
        "a | b",
    ]
