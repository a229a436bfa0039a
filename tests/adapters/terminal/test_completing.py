"""What is offered while a line is typed."""

from __future__ import annotations

import pytest

from adapters.terminal.completing import offers
from adapters.terminal.paper import words_for
from adapters.terminal.people import Surroundings
from bot.text import T
from bot.view import Form, Question

AROUND = Surroundings(("Bao B.", "Grażyna G.", "Gift I."), ("WG-MWP", "WG-CO"))
PLACES = ("#mag", "#wg-mwp", "@")
FORM = Form(
    "consult comment",
    T("Comment"),
    (
        Question("group", T("Which?")),
        Question(
            "kind", T("What?"), required=False, choices=(("comment", T("A comment")), ("concern", T("A concern")))
        ),
    ),
    {"group": "WG-MWP"},
    "kind",
)


def offered(line: str, form: Form | None = None) -> list[str]:
    """The lines that might come of it."""
    found = offers(line, AROUND, PLACES, form, words_for())
    return [line[: len(line) - offer.over] + offer.text for offer in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/", "/wg"),
        ("/h", "/history"),
        ("/as g", "/as Grażyna G."),
        ("/as grazy", "/as Grażyna G."),
        ("/as ", "/as Bao B."),
        ("/room #w", "/room #wg-mwp"),
        ("/join ", "/join @"),
        ("/wg conse", "/wg consensus"),
        ("/wg consensus su", "/wg consensus support"),
        ("/wg show w", "/wg show WG-MWP"),
        ("/WG show w", "/WG show WG-MWP"),
        ("/wg consult comment ", "/wg consult comment WG-MWP"),
        ("/wg consult comment WG-MWP ", "/wg consult comment WG-MWP concern"),
        ("/wg propose show WG-MWP --f", "/wg propose show WG-MWP --format"),
        ("/wg propose show WG-MWP --format ", "/wg propose show WG-MWP --format pdf"),
    ],
)
def test_it_offers_what_fits(line: str, expected: str) -> None:
    assert expected in offered(line)


@pytest.mark.parametrize(
    "line", ["", "hello", "back", "/wg nonsense ", "/wg show WG-MWP and more ", "/wg due", "/xyzzy"]
)
def test_it_offers_nothing_where_nothing_fits(line: str) -> None:
    assert offered(line) == []


def test_what_is_hidden_is_not_offered() -> None:
    assert not [line for line in offered("/wg d") if line in {"/wg due", "/wg draft", "/wg delivered"}]


def test_a_form_offers_its_choices_and_what_steers_it() -> None:
    assert offered("", FORM) == ["comment", "concern", "back", "skip", "preview", "cancel"]
    assert offered("con", FORM) == ["concern"]
    assert offered("w", Form("show", T("Show"), FORM.questions, {}, "group")) == ["WG-MWP", "WG-CO"]
    assert offered("several\nco", FORM) == []


def test_a_name_of_several_words_is_quoted_where_it_must_be() -> None:
    assert '/wg roster role "Bao B."' in offered("/wg roster role ")
    assert '/wg roster role "Bao B."' in offered('/wg roster role "ba')
    assert "/wg appoint name WG-MWP Bao B." in offered("/wg appoint name WG-MWP ba")
    assert "/wg appoint name WG-MWP Bao B., Gift I." in offered("/wg appoint name WG-MWP Bao B., gi")
    assert '/wg propose text x --co-proposers "Gift I."' in offered("/wg propose text x --co-proposers gi")
    assert not offered("/wg cycle open gi")
