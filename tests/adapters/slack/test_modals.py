"""Forms as windows: within every limit of Slack's, at it and one past it, and read back as they were typed."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import replies
from adapters.slack.blocks import Drawing
from adapters.slack.carried import METADATA, Window, decoded
from adapters.slack.filled import answers
from adapters.slack.modals import (
    CHOICES,
    INPUT,
    INPUT_LIMIT,
    MOST_BLOCKS,
    OPTION,
    TITLE,
    field_errors,
    modal,
    result,
    unanswered,
)
from adapters.slack.replies import VIEW_BYTES
from adapters.slack.speech import Block, speech
from bot.command import COMMANDS
from bot.domain.ids import CommunityId
from bot.text import T, UserText
from bot.view import Card, Form, Named, Question, Quote
from tests.adapters.slack.office import Office, handle
from tests.builders import PRIVATE
from tests.contracts.renderers import lettered
from tests.support.slack.forms import holding
from tests.support.slack.plain import plain
from tests.support.slack.seen import View
from tests.support.slack.validators import PayloadKind, check

COMMUNITY = CommunityId("mag")
DRAWING = Drawing(speech(), COMMUNITY, tables=False)
WINDOW = Window(COMMUNITY, "propose new", "C1", "w")
LONG_QUESTION = Question("purpose", T("Purpose"), multiline=True, limit=20_000)


def form(*questions: Question, **typed: str) -> Form:
    return Form("propose new", T("Propose a working group"), questions, typed)


def drawn(shown: Form, window: Window = WINDOW, **more: Any) -> Block:
    made = modal(shown, window, DRAWING, **more)
    check(PayloadKind.VIEW, made)
    return made


def view_of(made: Block, **typed: str) -> Block:
    """A window as Slack tells of it: what its inputs begin with, or what was `typed` into those of these ids."""
    state = holding(made["blocks"], {})
    for block_id, text in typed.items():
        state[block_id]["answer"]["value"] = text
    return {**made, "id": "V1", "state": {"values": state}}


def read(made: Block) -> dict[str, str]:
    window = decoded(Window, made["private_metadata"])
    assert window is not None
    return answers(view_of(made), window)


def inputs(made: Block, field: str = "purpose") -> list[Block]:
    return [each for each in made["blocks"] if each["type"] == "input" and each["block_id"].partition("#")[0] == field]


# Whole


@pytest.mark.parametrize("length", [1, INPUT, INPUT + 1, INPUT_LIMIT, INPUT_LIMIT + 1, 20_000, 60_000])
@pytest.mark.parametrize("kind", ["words", "one word", "lines"])
def test_an_answer_is_divided_among_inputs_and_read_back_to_the_letter(length: int, kind: str) -> None:
    text = {"words": lettered(length), "one word": "x" * length, "lines": ("ab\n\n" * length)[: length - 1] + "."}[kind]
    made = drawn(form(LONG_QUESTION, purpose=text))
    assert read(made) == {"purpose": text}
    for each in inputs(made):
        assert len(each["element"].get("initial_value", "")) <= each["element"]["max_length"] <= INPUT_LIMIT


PIECES = st.sampled_from(
    ["a", " ", "\n", "\n\n", "word ", "é", "مرحبا ", "👩🏽\u200d🚀", "x" * 900, "y z " * 300, "\t", "\n \n"]
)


@given(st.lists(PIECES, min_size=1, max_size=40))
@settings(deadline=None, max_examples=150)
def test_any_answer_comes_back_as_it_was(parts: list[str]) -> None:
    text = "".join(parts)
    made = modal(form(LONG_QUESTION, purpose=text), WINDOW, DRAWING)
    assert read(made) == ({"purpose": text} if text.strip() else {})


@given(st.lists(PIECES, min_size=1, max_size=20), st.lists(PIECES, max_size=20))
@settings(deadline=None, max_examples=80)
def test_a_window_drawn_over_another_holds_what_is_drawn(before: list[str], after: list[str]) -> None:
    """Slack keeps what was typed under an id: so whatever stands there, the answer is the one that was drawn."""
    old = view_of(modal(form(LONG_QUESTION, purpose="".join(before)), WINDOW, DRAWING))
    text = "".join(after)
    made = modal(form(LONG_QUESTION, purpose=text), WINDOW, DRAWING, over=old)
    state = {**holding(made["blocks"], {}), **_kept_by_slack(made, old)}
    assert answers({**made, "state": {"values": state}}, WINDOW) == ({"purpose": text} if text.strip() else {})


def _kept_by_slack(made: Block, old: Block) -> dict[str, Any]:
    ids = {each["block_id"] for each in made["blocks"] if each["type"] == "input"}
    return {block_id: state for block_id, state in old["state"]["values"].items() if block_id in ids}


def test_what_was_typed_in_an_input_stays_in_it() -> None:
    old = view_of(drawn(form(LONG_QUESTION)), **{"purpose#0|": lettered(INPUT_LIMIT)})
    typed = answers(old, WINDOW)
    made = drawn(form(LONG_QUESTION, **typed), msgspec.structs.replace(WINDOW, room={"purpose": 1}), over=old)
    assert [each["block_id"] for each in inputs(made)] == ["purpose#0|", "purpose#1|p"]


# At each limit, and one past it


@pytest.mark.parametrize("length", [2_000, 2_001, 5_000])
def test_a_question_longer_than_a_label_is_told_in_full(length: int) -> None:
    made = drawn(
        form(Question("q", T("{text}", text=UserText(lettered(length))), T("{text}", text=UserText("h" * length))))
    )
    assert lettered(length)[-20:] in plain(made["blocks"])


@pytest.mark.parametrize(("count", "kind"), [(1, "radio_buttons"), (5, "radio_buttons"), (6, "static_select"),
                                             (CHOICES, "static_select"), (CHOICES + 1, "plain_text_input")])  # fmt: skip
def test_choices_are_circles_a_menu_or_typed(count: int, kind: str) -> None:
    choices = tuple((f"k{number}", T("Choice {number}", number=number)) for number in range(count))
    made = drawn(form(Question("q", T("Which?"), choices=choices), q="k0"))
    (element,) = [each["element"] for each in inputs(made, "q")]
    assert element["type"] == kind
    assert read(made) == {"q": "k0"}


@pytest.mark.parametrize(("length", "kind"), [(150, "static_select"), (151, "plain_text_input")])
def test_a_choice_longer_than_an_options_value_is_typed(length: int, kind: str) -> None:
    choices = tuple((f"{number}" * length, T("x" * length)) for number in range(6))
    made = drawn(form(Question("q", T("Which?"), choices=choices, limit=1_000)))
    assert inputs(made, "q")[0]["element"]["type"] == kind


@pytest.mark.parametrize(("length", "kind"), [(OPTION, "multi_external_select"), (OPTION + 1, "plain_text_input")])
def test_a_name_longer_than_an_option_is_typed(length: int, kind: str) -> None:
    made = drawn(form(Question("who", T("Who?"), named=Named.PEOPLE, limit=1_000), who="N" * length))
    assert inputs(made, "who")[0]["element"]["type"] == kind
    assert read(made) == {"who": "N" * length}


@pytest.mark.parametrize("count", [1, CHOICES, CHOICES + 1])
def test_many_names(count: int) -> None:
    typed = ", ".join(f"Name {number}" for number in range(count))
    made = drawn(form(Question("who", T("Who?"), named=Named.PEOPLE, limit=10_000), who=typed))
    assert read(made) == {"who": typed}


@pytest.mark.parametrize("count", [30, 96, 97, 98, 99, 100, 101, 300])
def test_questions_beyond_a_hundred_blocks_are_given_by_typing(count: int) -> None:
    questions = tuple(Question(f"q{number}", T("Question {number}", number=number)) for number in range(count))
    made = drawn(form(*questions))
    assert len(made["blocks"]) <= MOST_BLOCKS
    asked = [each["block_id"] for each in made["blocks"] if each["type"] == "input"]
    assert (f"--q{count - 1}" in plain(made["blocks"])) is (len(asked) < count)


@pytest.mark.parametrize("length", [2_000, 2_800, 2_850, 2_900, 2_950, 3_000, 6_000])
def test_an_answer_that_the_window_cannot_carry_is_asked_again(length: int) -> None:
    window = msgspec.structs.replace(WINDOW, fixed={"check": "1", "purpose": ""})
    made = drawn(form(LONG_QUESTION, check="1", purpose=lettered(length)), window)
    assert len(made["private_metadata"]) <= METADATA
    assert read(made) == {"check": "1", "purpose": lettered(length)}


@pytest.mark.parametrize("length", [20_000, 200_000, 230_000, 240_000, 260_000, 1_000_000])
def test_an_answer_longer_than_a_window_says_so(length: int) -> None:
    made = result(Card(T("A card"), (Quote("é" * length),)), DRAWING)
    check(PayloadKind.VIEW, made)
    assert len(json.dumps(made)) <= VIEW_BYTES
    assert ("longer than a window shows" in plain(made["blocks"])) is (plain(made["blocks"]).count("é") < length)


def test_every_form_there_is_is_one_that_slack_takes() -> None:
    for declared in COMMANDS.values():
        for size in (0, 1, 2):
            typed = {
                each.field: "x" * min((each.limit or 3_000) - 1 + size, 60_000) for each in declared.questions() if size
            }
            window = msgspec.structs.replace(WINDOW, command=declared.name)
            made = drawn(Form(declared.name, declared.summary, declared.questions(), typed), window)
            assert len(made["title"]["text"]) <= TITLE
            assert read(made).keys() <= typed.keys()


# Problems


def test_a_problem_stands_at_the_input_it_belongs_to() -> None:
    shown = form(LONG_QUESTION, Question("name", T("Name")), purpose=lettered(INPUT_LIMIT + 1))
    view = view_of(drawn(shown))
    wrong = msgspec.structs.replace(
        shown, problems=(("name", T("Taken.")), ("purpose", T("Too long.")), ("name", T("Odd.")))
    )
    assert field_errors(wrong, view, DRAWING) == {"name#0|": "Taken.\nOdd.", "purpose#0|": "Too long."}
    elsewhere = msgspec.structs.replace(shown, problems=(("name", T("Taken.")), ("", T("Not now."))))
    assert field_errors(elsewhere, view, DRAWING) == {}
    assert "Not now." in plain(drawn(elsewhere)["blocks"])


def test_what_still_needs_an_answer_says_so() -> None:
    shown = form(LONG_QUESTION, Question("plan", T("Plan"), required=False), purpose=" \n")
    assert [field for field, _ in unanswered(shown, DRAWING).problems] == ["purpose"]


# More than a window takes, through the service


ARABIC = ("نحتاج إلى أفق أبعد للعمل\n\n" * 1_000)[:2_800].strip()


@pytest.fixture
def overfull(office: Office, monkeypatch: pytest.MonkeyPatch) -> View:
    """A form in which more was typed, page by page, than a window (here of a quarter of the size) could show again."""
    monkeypatch.setattr(replies, "VIEW_BYTES", VIEW_BYTES // 4)
    people = office.people
    office.slash(PRIVATE, "propose")
    for _ in range(40):
        view = people.modal(handle(PRIVATE))
        if "larger than a window" in view.text:
            people.close(handle(PRIVATE), view)
            return people.modal(handle(PRIVATE))
        for block in view.blocks:
            blank = block["type"] == "input" and not block["element"].get("initial_value")
            if blank and block["element"].get("multiline"):
                people.fill(handle(PRIVATE), view, {block["block_id"]: ARABIC})
        more = [each["block_id"] for each in view.blocks if each["block_id"].startswith("more:")]
        office.click(PRIVATE, view, more[0])
    raise AssertionError("it never became too large")


NAMES = {"What is the working group called?": "Long", "Its short name?": "WG-L"}


def test_what_grows_larger_than_a_window_takes_can_still_be_sent_off(office: Office, overfull: View) -> None:
    seen = office.submit(PRIVATE, overfull, NAMES)
    assert "WG-L is proposed" in office.people.modal(handle(PRIVATE)).text, seen.errors


def test_and_what_is_refused_of_it_is_said_with_everything_left_where_it_is(office: Office, overfull: View) -> None:
    office.later("330d")  # the cycle is over
    seen = office.submit(PRIVATE, overfull, NAMES)
    (said,) = seen.errors.values()
    assert said
    assert office.people.modal(handle(PRIVATE)).labels == overfull.labels
