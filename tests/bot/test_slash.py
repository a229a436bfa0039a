"""What is typed is taken apart: forgiving about form, never silent about what it does not understand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.shared.words import Words
from bot.command import COMMANDS, Command
from bot.domain.errors import Refusal
from bot.slash import parse


@pytest.mark.parametrize(
    ("typed", "command", "arguments"),
    [
        ("", "start", {}),
        ("  ", "start", {}),
        ("help consensus", "help", {"topic": "consensus"}),
        ("consensus --help", "help", {"topic": "consensus"}),
        ("consensus support --help", "help", {"topic": "consensus support"}),
        ("propose", "propose new", {}),
        ("PROPOSE Show wg-mwp", "propose show", {"group": "wg-mwp"}),
        ("propose show WG - CO", "propose show", {"group": "WG - CO"}),
        ("propose show WG-MWP --format pdf", "propose show", {"group": "WG-MWP", "format": "pdf"}),
        ("propose show WG-MWP --format=pdf", "propose show", {"group": "WG-MWP", "format": "pdf"}),
        ("propose show WG-MWP —format pdf", "propose show", {"group": "WG-MWP", "format": "pdf"}),
        ('consensus "Move it?" 24h', "consensus quick", {"question": "Move it?", "closes": "24h"}),
        ("consensus “Move it?” 24h", "consensus quick", {"question": "Move it?", "closes": "24h"}),
        ("consensus «Move it?» 24h", "consensus quick", {"question": "Move it?", "closes": "24h"}),
        ("consensus support", "consensus support", {}),
        ("consensus support 3", "consensus support", {"check": "3"}),
        ("consensus support #3 I don't mind", "consensus support", {"check": "#3", "reason": "I don't mind"}),
        ("consensus object 3 It's “too” early", "consensus object", {"check": "3", "reason": "It's “too” early"}),
        ("consensus object It is too early", "consensus object", {"reason": "It is too early"}),
        (
            "consensus object 3 --public Too early",
            "consensus object",
            {"check": "3", "public": "yes", "reason": "Too early"},
        ),
        (
            "consult comment WG-X concern Too late",
            "consult comment",
            {"group": "WG-X", "kind": "concern", "text": "Too late"},
        ),
        ("consult comment WG-X Concerning dates", "consult comment", {"group": "WG-X", "text": "Concerning dates"}),
        ('poll "Where?" Geneva, Lyon, online', "poll new", {"question": "Where?", "options": "Geneva, Lyon, online"}),
        (
            'poll "Where?" "Geneva, CH", Lyon --secret',
            "poll new",
            {"question": "Where?", "options": '"Geneva, CH", Lyon', "secret": "yes"},
        ),
        ("approve WG-X Qiang R., Gift I.", "approve", {"group": "WG-X", "facilitators": "Qiang R., Gift I."}),
        ("decline WG-X two\nlines", "decline", {"group": "WG-X", "reason": "two\nlines"}),
        ("consult", "help", {"topic": "consult"}),
        ("link ABCDE-FGHJK", "link account", {"code": "ABCDE-FGHJK"}),
        ("list", "list", {}),
    ],
)
def test_what_is_meant(typed: str, command: str, arguments: dict[str, str]) -> None:
    spoken = parse(typed)
    assert (spoken.command.name, spoken.arguments) == (command, arguments)


@pytest.mark.parametrize(
    ("typed", "what", "next_step"),
    [
        ("lsit", "There is no command lsit.", "list"),
        ("consensus suport 3", "There is no command consensus suport.", "consensus support"),
        ("frobnicate", "There is no command frobnicate.", "help"),
        ("propose show WG-X --fromat pdf", "has no option --fromat", "--format"),
        ("propose show WG-X --zzz pdf", "has no option --zzz", "typed so"),
        ("propose show WG-X --format", "--format needs a value", "typed so"),
        ("propose show WG-X --format pdf --format md", "is given twice", "once"),
        ("show WG-X and more", "and more is more than show takes", "quotes"),
        ("x" * 200_001, "200001 characters long", "file"),
    ],
)
def test_what_is_not_understood_says_what_is_near(typed: str, what: str, next_step: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse(typed)
    words = Words()
    assert what in words.say(caught.value.what)
    assert caught.value.next_step is not None
    assert next_step in words.say(caught.value.next_step)


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused(typed: str) -> None:
    spoken, next_step = None, None
    try:
        spoken = parse(typed)
    except Refusal as refused:
        next_step = refused.next_step
    if spoken is None:
        assert next_step is not None
    else:
        assert spoken.command.name in COMMANDS
        assert set(spoken.arguments) <= set(spoken.command.by_name)


@pytest.mark.parametrize("declared", list(COMMANDS.values()), ids=lambda each: each.name)
def test_every_example_is_a_use_of_its_own_command(declared: Command) -> None:
    assert declared.hidden or declared.examples
    for example in declared.examples:
        if not declared.hidden:
            assert parse(example).command.name == declared.name
