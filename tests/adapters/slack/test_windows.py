"""Windows: what is typed in them is whole in the end, to the letter, however it was filled in, refused or sent twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from bot.domain.groups import GroupName, find_group
from bot.domain.proposals import Sections, latest
from storage.store import SqlStore
from tests.adapters.slack.office import Office, handle
from tests.builders import CIVIL, MAG, PRIVATE
from tests.contracts.renderers import lettered
from tests.support.slack.edge import Edge
from tests.support.slack.seen import Seen, View

NAMES = {"What is the working group called?": "Long Text", "Its short name?": "WG-LT"}
REST = {
    "Objectives/Goals of the WG": "- A plan for three years by June 2027",
    "Expected Output(s)": "- A plan",
    "Timeframe for the work": "January to June 2027",
}
PURPOSE = "Purpose of the WG"
MOST = 3_000
ASTRONAUT = "👩🏽\u200d🚀 "
SCRIPTS: dict[str, Callable[[int], str]] = {
    "latin": lettered,
    "arabic": lambda length: ("نحتاج إلى أفق أبعد " * length)[: length - 1] + "م",
    "emoji": lambda length: (ASTRONAUT * length)[: length - 1] + "🇺",
}


def begun(office: Office, who: str = PRIVATE) -> View:
    office.slash(who, "propose")
    return office.people.modal(handle(who))


def submit(office: Office, view: View, values: dict[str, Any], who: str = PRIVATE) -> Seen:
    return office.submit(who, view, values)


def sections_of(office: Office, name: str) -> Sections:
    with office.store.reading() as reads:
        return latest(reads, find_group(reads, MAG, name)).sections


def inputs(view: View, label: str) -> list[str]:
    """The ids of the inputs of a question, in their order."""
    return [
        block["block_id"]
        for block in view.blocks
        if block["type"] == "input" and block["label"]["text"] in (label, f"{label} (goes on)")
    ]


def holds(office: Office, view: View, label: str, who: str = PRIVATE) -> list[str]:
    """What a person sees in the inputs of a question."""
    typed = office.edge.views.typed[view.id]
    found = []
    for block in view.blocks:
        if block["block_id"] in inputs(view, label):
            begins = block["element"].get("initial_value") or ""
            held = typed.get(block["block_id"], {}).get("answer")
            found.append(str(held["value"] or "") if held is not None else begins)
    return found


def more_room(office: Office, view: View, label: str, who: str = PRIVATE) -> View:
    """Press “More room” under a question."""
    field = inputs(view, label)[0].partition("#")[0]
    office.click(who, view, f"more:{field}")
    return office.people.modal(handle(who))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_section_of_twenty_thousand_letters_typed_in_inputs_that_go_on_is_whole(office: Office, script: str) -> None:
    paragraphs = [SCRIPTS[script](size) for size in (MOST, 2_901, 2_900, 2_899, MOST, 2_500, 2_786)]
    text = "\n\n".join(paragraphs)
    assert len(text) == 20_000 - 2
    view = begun(office)
    for number, paragraph in enumerate(paragraphs):
        if number:
            view = more_room(office, view, PURPOSE)
        *_, last = inputs(view, PURPOSE)
        office.people.fill(handle(PRIVATE), view, {last: paragraph})
        shown = holds(office, office.people.modal(handle(PRIVATE)), PURPOSE)
        assert re.sub(r"\s", "", "".join(shown)) == re.sub(r"\s", "", "".join(paragraphs[: number + 1])), number
    seen = submit(office, view, NAMES | REST)
    assert not seen.errors
    assert sections_of(office, "WG-LT").purpose == text


def test_more_room_leaves_what_was_typed_where_it_was_typed(office: Office) -> None:
    view = begun(office)
    office.people.fill(handle(PRIVATE), view, {PURPOSE: lettered(MOST)})
    view = more_room(office, view, PURPOSE)
    assert holds(office, view, PURPOSE) == [lettered(MOST), ""]
    view = more_room(office, view, PURPOSE)
    assert holds(office, view, PURPOSE) == [lettered(MOST), "", ""]


def test_as_much_room_as_the_answer_may_take_and_no_more(office: Office) -> None:
    view = begun(office)
    for _ in range(6):
        view = more_room(office, view, PURPOSE)
    assert len(inputs(view, PURPOSE)) * MOST >= 20_000
    field = inputs(view, PURPOSE)[0].partition("#")[0]
    assert f"more:{field}" not in [block["block_id"] for block in view.blocks]


def test_pressing_more_room_twice_at_once_gives_room_once_and_harms_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    view = begun(office)
    office.people.fill(handle(PRIVATE), view, {PURPOSE: "Kept."})
    seen = office.click(PRIVATE, view, "more:purpose")
    assert office.people.again(seen).acked
    late = office.people.again(seen)
    assert late.acked
    view = office.people.modal(handle(PRIVATE))
    assert holds(office, view, PURPOSE) == ["Kept.", ""]
    assert "bug" not in caplog.text


def test_begun_afresh_it_is_empty(office: Office) -> None:
    view = begun(office)
    office.people.fill(handle(PRIVATE), view, {PURPOSE: "Of another time.", "Its short name?": "WG-OLD"})
    office.click(PRIVATE, view, "Keep as a draft")
    view = office.people.modal(handle(PRIVATE))
    office.people.fill(handle(PRIVATE), view, {PURPOSE: "Of another time, changed."})
    office.click(PRIVATE, view, "Begin afresh")
    view = office.people.modal(handle(PRIVATE))
    assert holds(office, view, PURPOSE) == [""]
    assert holds(office, view, "Its short name?") == [""]
    seen = submit(office, view, {**NAMES, **REST, PURPOSE: "Of this time."})
    assert seen.action == "update"
    assert sections_of(office, "WG-LT").purpose == "Of this time."


def test_what_was_kept_is_there_in_the_next_window_whole(office: Office) -> None:
    text = "\n\n".join(lettered(MOST) for _ in range(3))
    view = begun(office)
    for number, part in enumerate(text.split("\n\n")):
        view = more_room(office, view, PURPOSE) if number else view
        office.people.fill(handle(PRIVATE), view, {inputs(view, PURPOSE)[-1]: part})
    office.click(PRIVATE, view, "Keep as a draft")
    office.people.close(handle(PRIVATE), office.people.modal(handle(PRIVATE)))
    view = begun(office)
    assert "You go on with what you typed before." in view.text
    submit(office, view, NAMES | REST)
    assert sections_of(office, "WG-LT").purpose == text


def test_what_stood_in_a_window_that_was_closed_is_kept(office: Office) -> None:
    view = begun(office)
    office.people.fill(handle(PRIVATE), view, {PURPOSE: "Typed, and closed by mistake."})
    office.people.close(handle(PRIVATE), view)
    office.settle()
    assert holds(office, begun(office), PURPOSE) == ["Typed, and closed by mistake."]


# The same window twice


def groups(office: Office) -> int:
    with office.store.reading() as reads:
        return len(reads.all(GroupName, community=MAG))


def test_a_window_submitted_twice_is_done_once_and_answered_the_same(office: Office) -> None:
    first = submit(office, begun(office), {**NAMES, **REST, PURPOSE: "Needed."})
    once = groups(office)
    again = office.people.again(first)
    assert again.acked
    assert again.body == first.body
    assert groups(office) == once


def taken_and_refused(office: Office) -> View:
    """A window whose short name is somebody else's."""
    values = {"What is the working group called?": "Another", "Its short name?": "WG-LT", **REST, PURPOSE: "First."}
    submit(office, begun(office, CIVIL), values, CIVIL)
    view = begun(office)
    for _ in range(2):  # each refusal is looked at anew
        seen = submit(office, view, {**NAMES, **REST, PURPOSE: "Needed."})
        assert "WG-LT is taken" in " ".join(seen.errors.values())
    return view


def test_refused_and_submitted_again_unchanged_it_is_looked_at_anew(office: Office) -> None:
    view = taken_and_refused(office)
    office.says(CIVIL, "propose withdraw WG-LT")
    seen = submit(office, view, {})
    assert not seen.errors
    assert sections_of(office, "WG-LT").purpose == "Needed."


def test_also_when_the_service_was_started_anew_in_between(slack: Edge, sqlite_url: str) -> None:
    with closing(SqlStore.open(sqlite_url)) as store:
        with Office(slack, store=store) as office:
            view = taken_and_refused(office)
            office.says(CIVIL, "propose withdraw WG-LT")
        with Office(slack, store=store) as office:
            seen = submit(office, view, {})
            assert not seen.errors
            assert sections_of(office, "WG-LT").purpose == "Needed."
            again = office.people.again(seen)
            assert again.body == seen.body


def test_a_window_sent_again_after_a_restart_is_done_once(slack: Edge, sqlite_url: str) -> None:
    with closing(SqlStore.open(sqlite_url)) as store:
        with Office(slack, store=store) as office:
            first = submit(office, begun(office), {**NAMES, **REST, PURPOSE: "Needed."})
            once = groups(office)
        with Office(slack, store=store) as office:
            again = office.people.again(first)
            assert again.acked
            assert again.body == first.body
            assert groups(office) == once
