"""What stands beside a button is what one would type: it parses to the button's own command and arguments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.spelling import spelled
from bot.command import COMMANDS
from bot.slash import parse

EXAMPLES = [example for each in COMMANDS.values() if not each.hidden for example in each.examples]
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_commands_examples_are_spelled_so_that_they_mean_the_same(example: str) -> None:
    spoken = parse(example)
    again = parse(spelled(spoken.command.name, spoken.arguments))
    assert again == spoken


@pytest.mark.parametrize(
    ("command", "arguments", "expected"),
    [
        ("consensus support", {"check": "3"}, "consensus support 3"),
        ("consensus object", {"check": "3", "reason": "Too soon: ask first"}, "consensus object 3 Too soon: ask first"),
        ("show", {"group": "WG - CO"}, "show WG - CO"),
        ("start", {}, "start"),
        ("not declared", {"a": "b c"}, 'not declared "b c"'),
    ],
)
def test_the_shortest_spelling_is_shown(command: str, arguments: dict[str, str], expected: str) -> None:
    assert spelled(command, arguments) == expected


@given(texts.filter(lambda text: text.strip() and not ('"' in text and "'" in text)))
def test_whatever_a_reason_says_it_can_be_typed(reason: str) -> None:
    arguments = {"group": "WG-MWP", "kind": "concern", "text": reason}
    line = spelled("consult comment", arguments)
    found = parse(line).arguments
    assert {name: " ".join(value.split()) for name, value in found.items()} == {
        name: " ".join(value.split()) for name, value in arguments.items()
    }
