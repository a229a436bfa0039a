"""Forms in windows: several in one place, kept when there is something to keep, and taken up again from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from bot.context import Request, Space
from bot.engine import Answer
from bot.forms import Draft
from bot.view import Form, Notice
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, STRANGER, World, buttons, spoken


@pytest.fixture
def mag() -> World:
    return World()


def at(mag: World, who: str, command: str, window: str, place: str = "#mag", **arguments: str) -> Answer:
    """A request from a window."""
    mag._lines += 1
    space = Space("terminal", "", place, window=window)
    origin = f"window:{mag._lines}"
    request = Request(MAG, space, command, origin, datetime.now(UTC), user=who, arguments=arguments)
    return mag.engine.read(request) or mag.engine.handle([request])[0]


def form(answer: Answer) -> Form:
    assert isinstance(answer.view, Form), spoken(answer.view)
    return answer.view


def drafts(mag: World, who: str) -> list[Draft]:
    with mag.store.reading() as reads:
        return list(reads.all(Draft, community=MAG, platform="terminal", team="", user=who))


def keep(mag: World, who: str, command: str, window: str, **answers: str) -> Form:
    encoded = msgspec.json.encode(answers).decode()
    return form(at(mag, who, "draft keep", window, form=command, answers=encoded))


def test_opening_a_window_keeps_nothing_until_something_is_typed(mag: World) -> None:
    assert form(at(mag, PRIVATE, "propose new", "w1")).current == "name"
    assert drafts(mag, PRIVATE) == []
    keep(mag, PRIVATE, "propose new", "w1", name="  ")
    assert drafts(mag, PRIVATE) == []


def test_what_was_kept_is_offered_again_in_the_same_window_and_no_other(mag: World) -> None:
    keep(mag, PRIVATE, "propose new", "w1", name="Multi-year Work", purpose="One.\n\nTwo.", nonsense="x")
    begun = form(at(mag, PRIVATE, "propose new", "w1", short_name="WG-MWP"))
    assert begun.answers == {"name": "Multi-year Work", "purpose": "One.\n\nTwo.", "short_name": "WG-MWP"}
    assert form(at(mag, PRIVATE, "propose new", "w2")).answers == {}
    assert form(at(mag, PRIVATE, "consult comment", "w1")).answers == {}


def test_two_windows_in_one_place_do_not_take_each_others_words(mag: World) -> None:
    keep(mag, PRIVATE, "propose new", "w1", name="One")
    keep(mag, PRIVATE, "propose new", "w2", name="Two")
    assert sorted(each.answers["name"] for each in drafts(mag, PRIVATE)) == ["One", "Two"]
    assert form(at(mag, PRIVATE, "propose new", "w1")).answers["name"] == "One"


def test_what_a_window_submitted_and_was_refused_is_kept_and_gone_once_it_is_done(mag: World) -> None:
    mag.proposed("WG-MWP")
    texts = {"purpose": "P", "objectives": "O", "outputs": "X", "timeframe": "2027"}
    refused = form(at(mag, CIVIL, "propose new", "w1", name="Other", short_name="WG-MWP", **texts))
    assert refused.problems[0][0] == "short_name"
    assert [each.answers["purpose"] for each in drafts(mag, CIVIL)] == ["P"]
    assert at(mag, CIVIL, "propose new", "w1", name="Other", short_name="WG-OTHER", **texts).done
    assert drafts(mag, CIVIL) == []


def test_what_waits_names_the_room_and_is_taken_up_from_elsewhere(mag: World) -> None:
    keep(mag, PRIVATE, "propose new", "w1", name="Multi-year Work")
    card = mag(PRIVATE, "todo", "@Qiang R.").view
    assert "Go on with what you began in #mag: Propose a working group" in spoken(card)
    (button,) = (each for each in buttons(card) if each.command == "draft resume")
    assert button.arguments == {"place": "#mag", "window": "w1"}
    assert mag.asks(PRIVATE, 'draft resume "#mag" --window w1', "@Qiang R.").answers == {"name": "Multi-year Work"}
    assert "here" in spoken(mag(PRIVATE, "todo", "@Qiang R.").view)
    assert "nothing to go on with there" in mag.refuses(PRIVATE, 'draft resume "#mag" --window w1', "@Qiang R.")


def test_nobody_takes_up_anothers_words(mag: World) -> None:
    keep(mag, PRIVATE, "propose new", "w1", name="Multi-year Work")
    assert "nothing to go on with" in mag.refuses(CHAIR, 'draft resume "#mag" --window w1')


@pytest.mark.parametrize("answers", ["", "[]", '{"name": 1}', "{", '"x"'])
def test_what_is_no_form_is_not_kept(mag: World, answers: str) -> None:
    refused = at(mag, PRIVATE, "draft keep", "w1", form="propose new", answers=answers or " ")
    assert not refused.done or isinstance(refused.view, Form)
    assert drafts(mag, PRIVATE) == []
    unknown = at(mag, PRIVATE, "draft keep", "w1", form="propose nothing", answers="{}")
    assert isinstance(unknown.view, Notice)


def test_a_form_is_not_opened_for_whom_it_is_not(mag: World) -> None:
    assert "does not know this account" in spoken(at(mag, STRANGER, "propose new", "w1").view)
    assert "This is for the Chair" in spoken(at(mag, CIVIL, "decline", "w1").view)
    assert form(at(mag, CHAIR, "decline", "w1")).command == "decline"


@pytest.mark.parametrize("nothing", ["", "   "])
def test_an_empty_answer_asks_again_and_loses_nothing(mag: World, nothing: str) -> None:
    mag.asks(PRIVATE, "propose")
    mag.asks(PRIVATE, "draft answer Multi-year Work")
    again = form(at(mag, PRIVATE, "draft answer", "", text=nothing))
    assert (again.command, again.current, again.answers) == ("propose new", "short_name", {"name": "Multi-year Work"})
    assert [each.command for each in drafts(mag, PRIVATE)] == ["propose new"]
