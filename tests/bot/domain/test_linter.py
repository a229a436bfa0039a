"""The second reader helps where it can, and is silent when in doubt."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.linter import KEYS, LONG, SHORT, lint
from bot.text import Text, UserText

SAMPLE = {
    "purpose": "Many voices have said that the IGF needs a longer planning horizon than one annual meeting. This WG "
    "works with the full MAG and the community towards a rolling “Living Programme”.",
    "objectives": "- Collect the major work areas the community expects over the next two to three years.\n"
    "- Show how Best Practice Forums, Dynamic Coalitions, NRIs and main sessions can feed the same themes over\n"
    "  several years.\n"
    "- Estimate support each area needs from the Secretariat and donors.",
    "outputs": "A “Living Programme” covering at least 2 – 3 years, with support requirements, kept flexible.",
    "plan": "Open list; fortnightly calls rotating across time zones; draft to the MAG list twice.",
    "timeframe": "First version approved no later than the IGF 2017 annual meeting, to help planning for IGF 2018.",
}
GOOD = SAMPLE | {
    "plan": "The group meets every two weeks and keeps the full MAG informed of what it does. " * 12,
    "why": "It takes fortnightly calls, which the whole MAG cannot hold.",
    "responsibility": "Preparing the programme of the annual meeting.",
}
FRENCH = {
    "purpose": "Ce groupe prépare la réunion annuelle avec tous les membres du groupe consultatif et la communauté.",
    "objectives": "Discuter les thèmes de la prochaine réunion",
    "outputs": "Une meilleure compréhension des enjeux",
    "timeframe": "bientôt",
}


def read(text: Text) -> str:
    values = {name: value.text if isinstance(value, UserText) else value for name, value in text.parameters.items()}
    return (text.plural if text.plural is not None and text.count != 1 else text.message).format(**values)


def warnings(**sections: str) -> str:
    """What is said of a good proposal with some sections changed."""
    return "\n".join(map(read, lint(GOOD | sections)))


def test_a_good_proposal_is_left_alone() -> None:
    assert lint(GOOD) == ()


def test_the_sample_is_told_three_things_and_no_more() -> None:
    short, why, responsibility = map(read, lint(SAMPLE))
    assert "It is short" in short
    assert "better than the whole MAG" in why
    assert "which responsibility of the MAG" in responsibility


def test_the_body_goes_by_its_own_name() -> None:
    said = " ".join(map(read, lint(SAMPLE, body="Steering Committee")))
    assert "whole Steering Committee" in said
    assert "MAG" not in said


@pytest.mark.parametrize(
    "objectives",
    [
        "- Discuss artificial intelligence",
        "Explore issues around access.",
        "- To consider the views of the community",
        "We will raise public awareness",
        "The group will discuss and explore the development of policy",
        "1. Exchange views among stakeholders",
        "Promoting dialogue.",
        "The objective is to look at the IGF 2027 themes",
        "- Publish a guide\n- Discuss artificial\n  intelligence",
    ],
)
def test_an_objective_without_a_result_is_told_to_name_one(objectives: str) -> None:
    said = warnings(objectives=objectives)
    assert "An objective says what will be talked about" in said
    assert "Add the result, for example" in said


def test_several_are_told_once_with_the_first_quoted() -> None:
    said = warnings(objectives="- Collect topics\n- Discuss AI\n- Explore access\n- Raise awareness")
    assert "3 objectives say what will be talked about" in said
    assert "the first is “Discuss AI”" in said
    assert "Explore access" not in said


@pytest.mark.parametrize(
    "objectives",
    [
        "- Discuss AI and publish a report",
        "Explore options in order to agree on a common position",
        "Consider all replies and draft recommendations",
        "Raise awareness by publishing a guide for newcomers",
        "- Collect the major work areas\n- Show how forums can feed the same themes",
        "Estimate what is needed; organise the discussions",
        "",
    ],
)
def test_an_objective_with_a_result_is_left_alone(objectives: str) -> None:
    assert warnings(objectives=objectives) == ""


LONG_TEXT = "The group collects what the community expects and writes it down with care for everybody to see. " * 5


def test_long_objectives_are_easier_as_a_list() -> None:
    assert "As a list, one objective a line" in warnings(objectives=LONG_TEXT)
    assert warnings(objectives=f"- {LONG_TEXT}\n- {LONG_TEXT}") == ""
    assert warnings(objectives=f"(1) {LONG_TEXT} (2) {LONG_TEXT}") == ""
    assert warnings(objectives=LONG_TEXT[:200]) == ""


@pytest.mark.parametrize("outputs", ["Better understanding", "More inclusion and trust among stakeholders"])
def test_outputs_that_name_nothing_are_told_what_would_do(outputs: str) -> None:
    assert "for example a report, a guide" in warnings(outputs=outputs)


@pytest.mark.parametrize(
    "outputs", ["A report", "Two recommendations", "an updated web page", "Terms of Reference", "A mailing list", ""]
)
def test_outputs_that_name_a_thing_are_left_alone(outputs: str) -> None:
    assert warnings(outputs=outputs) == ""


@pytest.mark.parametrize("timeframe", ["soon", "In the coming months.", "We may finish early", "ongoing work"])
def test_a_timeframe_without_a_date_is_told_so(timeframe: str) -> None:
    assert "no date in it" in warnings(timeframe=timeframe)


@pytest.mark.parametrize(
    "timeframe",
    [
        "Not applicable",
        "n/a",
        "IGF 2027",
        "Draft by May, final in autumn",
        "2027-03-01",
        "15 Sept.",
        "six months",
        "Q3",
        "the whole cycle",
        "by the annual meeting",
        "until the end of the cycle",
        "\u0661\u0665 مايو \u0662\u0660\u0662\u0667",
    ],
)
def test_a_timeframe_with_a_date_is_left_alone(timeframe: str) -> None:
    assert warnings(timeframe=timeframe) == ""


def test_no_timeframe_is_told_that_none_may_apply() -> None:
    assert "“not applicable” is an answer" in warnings(timeframe=" ")


@pytest.mark.parametrize("answer", ["", " - ", "n/a", "None.", "TBD", "yes", "Not applicable!"])
def test_no_answer_is_told_what_an_answer_is(answer: str) -> None:
    assert "It takes fortnightly calls" in warnings(why=answer)
    assert "Terms of Reference" in warnings(responsibility=answer)


@pytest.mark.parametrize("answer", ["Speed", "It takes weekly calls.", "更快"])
def test_a_short_answer_is_an_answer(answer: str) -> None:
    assert warnings(why=answer, responsibility=answer) == ""


def test_length_is_judged_at_its_bounds() -> None:
    texts = {"why": "x", "responsibility": "x", "timeframe": "2027", "outputs": "report"}
    taken = len(texts)

    def of_length(count: int) -> list[str]:
        return [read(text) for text in lint(texts | {"plan": "the " * (count - taken)})]

    assert "It is short: 149 words" in of_length(SHORT - 1)[0]
    assert of_length(SHORT) == []
    assert of_length(LONG) == []
    assert "about 3.5 pages" in of_length(LONG + 225)[0]


def test_a_proposal_in_another_language_is_spared_the_english_heuristics() -> None:
    said = "\n".join(map(read, lint(FRENCH | {"why": "x", "responsibility": "x"})))
    assert said.startswith("It is short")
    assert "\n" not in said
    arabic = {"purpose": "هذا الفريق يعمل مع المجتمع", "objectives": "نقاش", "outputs": "فهم", "timeframe": "قريبا"}
    assert len(lint(arabic)) == 3, "length, why not the whole, responsibility"


def test_an_empty_proposal_is_told_only_what_nobody_else_will_tell() -> None:
    assert len(lint({})) == 3, "timeframe, why not the whole, responsibility"


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=200)))
def test_every_warning_says_what_would_help(sections: dict[str, str]) -> None:
    for warning in lint(sections):
        assert any(help_word in read(warning) for help_word in ("example", "Brief is fine"))


@pytest.mark.parametrize(
    "unit", ["a) ", "!", " ", "we ", "Discuss ", "- \n", "1", "the cycle of ", "one two ", "Discuss x. "]
)
def test_any_text_is_read_at_once(unit: str) -> None:
    text = unit * (100_000 // len(unit)) + " end"
    begun = time.thread_time()
    lint(dict.fromkeys(KEYS, text))
    assert time.thread_time() - begun < 3, "well under a second of CPU; the rest is for a slow machine"
