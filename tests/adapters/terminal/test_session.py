"""What a typed line does: who says it, where, and to whom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from adapters.cli.sample import SAMPLES
from adapters.terminal.session import Heard, Session
from bot.view import Card, Form, Notice
from tests.adapters.terminal.sitting import PROPOSED, Sitting
from tests.builders import spoken

R = TypeVar("R")


def sitting_down(sitting: Sitting, story: Callable[[Session], Awaitable[R]]) -> R:
    async def told() -> R:
        async with sitting.session() as session:
            return await story(session)

    return asyncio.run(told())


def says(*lines: str, sitting: Sitting | None = None) -> tuple[Session, Heard]:
    """The last line's answer, after all lines were said."""

    async def story(session: Session) -> tuple[Session, Heard]:
        heard = Heard()
        for line in lines:
            heard = await session.say(line)
            await session.settle()
        return session, heard

    return sitting_down(sitting or Sitting(), story)


def words(heard: Heard) -> str:
    return spoken(heard.view)


def asks(session: Session) -> bool:
    """Whether a form is open."""
    return session.form is not None


# Who


def test_one_speaks_as_another_person_of_a_sample_by_any_spelling_of_the_name() -> None:
    session, heard = says("/as grazyna g.")
    assert session.speaker.name == "Grażyna G."
    assert session.prompt == "Grażyna G. #mag> "
    assert "You speak as Grażyna G. now (member, Government)." in words(heard)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/as Bao", "Bao B."),
        ("/as Nobody At All", "roster show"),
        ("/as", "Name a person"),
        ("/as   ", "Name a person"),
    ],
)
def test_a_name_that_is_nobodys_says_who_may_be_meant(line: str, why: str) -> None:
    session, heard = says(line)
    assert heard.refused
    assert why in words(heard)
    assert session.speaker.name == "Amina A."


def test_a_guest_is_a_stranger() -> None:
    for line in (PROPOSED, "/wg propose new"):  # not even asked, where no answer would help
        assert "does not know this account" in words(says("/as guest", line)[1])


def test_nobody_speaks_as_another_or_moves_the_clock_where_it_is_in_earnest() -> None:
    sitting = Sitting()
    sitting.no_sample()
    session, heard = says("/as Bao B.", sitting=sitting)
    assert heard.refused
    assert "only in a sample community" in words(heard)
    assert session.speaker.name == "Amina A."
    assert "Only a sample community's clock" in words(says("/clock +7d", sitting=sitting)[1])


# Where


def test_one_goes_from_room_to_room() -> None:
    sitting = Sitting()
    sitting.rooms.keep_room("#wg-mwp")
    assert says("/room wg-MWP", sitting=sitting)[0].place == "#wg-mwp"
    assert says("/join #wg-mwp", sitting=sitting)[0].place == "#wg-mwp"
    session, heard = says("/room #wg-mvp", sitting=sitting)
    assert session.place == "#mag"
    assert "Did you mean #wg-mwp?" in words(heard)


def test_direct_messages_are_a_place_of_ones_own() -> None:
    sitting = Sitting()
    session, _ = says("/room @", "just for me", sitting=sitting)
    assert session.place == "@"
    (message,) = sitting.rooms.history("@Amina A.")
    assert message.by == "Amina A."


def test_the_rooms_and_what_was_said_in_them() -> None:
    sitting = Sitting()
    assert "#mag — 1 message, you are here" in words(says("hello", "/rooms", sitting=sitting)[1]).replace(
        "messages", "message"
    )
    _, heard = says("again", "/history 1", sitting=sitting)
    assert [message.body for message in heard.messages] == [b'"again"']
    assert "Nothing was said here yet." in words(says("/room @", "/history", sitting=sitting)[1])


# What


def test_an_answer_stays_with_who_is_asked_and_where() -> None:
    async def story(session: Session) -> None:
        await session.say("/wg propose new")
        assert asks(session)
        await session.say("/as Qiang R.")
        assert not asks(session)
        await session.say("said, not answered")
        await session.say("/as Amina A.")
        assert asks(session)
        await session.say("/room @")
        assert not asks(session)

    sitting = Sitting()
    sitting_down(sitting, story)
    assert [message.body for message in sitting.rooms.history("#mag")] == [b'"said, not answered"']


def test_other_commands_leave_a_form_open_and_refusals_too() -> None:
    async def story(session: Session) -> None:
        await session.say("/wg propose new")
        for line in ("/wg help", "/wg nonsense", "skip", "/rooms", "preview", "/say hello"):
            await session.say(line)
            assert asks(session), line
        assert not (await session.say("cancel")).refused
        assert not asks(session)

    sitting = Sitting()
    sitting_down(sitting, story)
    assert [message.body for message in sitting.rooms.history("#mag")] == [b'"hello"']


def test_a_form_is_still_open_when_one_comes_back() -> None:
    sitting = Sitting()
    says("/wg propose new", "Multi-year Work", sitting=sitting)
    session, _ = says(sitting=sitting)
    assert session.form is not None
    assert session.form.answers == {"name": "Multi-year Work"}
    assert session.form.current == "short_name"


def test_a_form_is_shown_whole_when_that_is_asked_for() -> None:
    assert says("/wg propose new", "preview")[1].whole
    assert not says("/wg propose new")[1].whole


def test_everything_typed_is_answered_also_what_is_no_command() -> None:
    for line, near in (
        ("/propose new", "/wg propose new"),
        ("/clokc +7d", "/clock"),
        ("/xyzzy", "/help"),
        ("/wg proposse new", "/wg propose new"),
        ("/clock", "/clock +7d"),
    ):
        heard = says(line)[1]
        assert heard.refused
        assert near in words(heard)
        assert isinstance(heard.view, Notice)
        assert heard.view.typed == line


@pytest.mark.parametrize("line", ["half \udc80", "/wg show \udc80", "esc \x1b[2J", "x" * 30_000])
def test_what_nobody_could_read_is_refused_and_given_back(line: str) -> None:
    sitting = Sitting()
    heard = says(line, sitting=sitting)[1]
    assert heard.refused
    assert isinstance(heard.view, Notice)
    assert heard.view.typed
    assert not sitting.rooms.history("#mag")


def test_the_terminals_own_help() -> None:
    heard = says("/help")[1]
    assert isinstance(heard.view, Card)
    for part in ("/as NAME", "/clock +7d", "/wg help", "said in the room"):
        assert part in words(heard)


def test_a_file_is_read_where_an_argument_takes_one(tmp_path: Path) -> None:
    text = (SAMPLES / "proposal-wg-mwp.md").read_text()
    path = tmp_path / "my proposal.md"
    path.write_text("\ufeff" + text, encoding="utf-8")
    sitting = Sitting()
    _, heard = says("/as Qiang R.", f'/wg propose text "{path}"', sitting=sitting)
    assert "WG-MWP is proposed" in words(heard)


def test_in_a_form_too(tmp_path: Path) -> None:
    path = tmp_path / "proposal.md"
    path.write_text((SAMPLES / "proposal-wg-mwp.md").read_text())
    assert "WG-MWP is proposed" in words(says("/as Qiang R.", "/wg propose text", str(path))[1])
    heard = says("/as Qiang R.", "/wg propose text", str(tmp_path / "proposals.md"))[1]
    assert heard.refused
    assert "proposal.md" in words(heard)


def test_a_number_stands_for_a_choice() -> None:
    sitting = Sitting()
    sitting.plays(f"/as Qiang R.\n{PROPOSED}\n")
    form = says("/as Bao B.", "/wg consult comment --text Hm", "WG-MWP", sitting=sitting)[1].view
    assert isinstance(form, Form)
    kinds = next(each for each in form.questions if each.field == "kind").choices
    assert form.current == "kind"
    answered = says("/as Bao B.", "2", sitting=sitting)[1].view
    assert isinstance(answered, Form)
    assert answered.answers["kind"] == kinds[1][0]


def test_direct_messages_wait_for_who_they_are_to() -> None:
    async def story(session: Session) -> None:
        sitting.rooms.post("d1", "@Bao B.", "wgbot", b'"for Bao"')
        sitting.rooms.post("m1", "#mag", "wgbot", b'"for all"')
        assert [each.message.id for each in session.arrivals()] == ["m1"]
        assert session.arrivals() == ()
        await session.say("/as Bao B.")
        assert [each.message.id for each in session.arrivals()] == ["d1"]
        assert session.arrivals() == ()

    sitting = Sitting()
    sitting_down(sitting, story)


def test_rooms_keep_the_communitys_own_time() -> None:
    sitting = Sitting()
    says("before", "/clock +7d", "after", sitting=sitting)
    before, after = sitting.rooms.history("#mag")
    assert (after.at - before.at).days == 7


def test_what_is_around() -> None:
    async def story(session: Session) -> None:
        around = await session.surroundings()
        assert "Bao B." in around.names
        assert around.groups == ("WG-MWP",)
        assert around.sample
        assert around.now is not None

    sitting = Sitting()
    sitting.plays(f"/as Qiang R.\n{PROPOSED}\n")
    sitting_down(sitting, story)
