"""Each target of the fuzzer on its own corpus, and on what Hypothesis thinks of in a moment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command import COMMANDS
from tests.fuzz.targets import TARGETS, corpus

WORDS = st.sampled_from(
    [
        "consensus",
        "support",
        "object",
        "list",
        "poll",
        "draft",
        "show",
        "--",
        "--reason",
        '"',
        "'",
        "“",
        "”",
        "«",
        "[a](https://x.example)",
        "<script>",
        "javascript:",
        "![x](y)",
        "`code`",
        "```",
        "**b**",
        "~~s~~",
        "|",
        "a",
        "|",
        "#",
        "-",
        "1.",
        ">",
        "@room",
        "<!channel>",
        "<@U1>",
        "&amp;",
        "\\",
        "\u202e",
        "\x00",
        "\ud7ff",
        "،",
        "؛",
        "From:",
        "\r\n\r\n",
    ]
)
BYTES = (
    st.binary(max_size=300)
    | st.lists(WORDS | st.text(max_size=8), max_size=25).map(lambda parts: " ".join(parts).encode("utf-8", "replace"))
    | st.lists(WORDS | st.text(max_size=8), max_size=25).map(lambda parts: "\n".join(parts).encode("utf-8", "replace"))
)


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_comes_in(name: str) -> None:
    COMMANDS.load_all()
    for known in corpus(name):
        TARGETS[name](known)

    @settings(max_examples=60)
    @given(BYTES)
    def anything(data: bytes) -> None:
        TARGETS[name](data)

    anything()
