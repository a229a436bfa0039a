"""Quick polls: one line, one tap, and truthful about who can see what."""

from __future__ import annotations

import pytest

from bot.domain.polls import Choice
from bot.present import present
from bot.view import Ballot, Card
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, MONDAY, OBSERVER, PRIVATE, STRANGER, TECHNICAL, World


@pytest.fixture
def mag() -> World:
    return World()


def test_asked_in_one_line_answered_by_number_or_words(mag: World) -> None:
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon, online')
    assert "you chose Lyon" in mag.does(CIVIL, "poll choose 1 2")
    assert "you chose online" in mag.does(CIVIL, "poll choose 1 ONLINE")
    card = mag.card("poll:1")
    assert "Yusuf A." in card
    assert "Everyone here sees the results, with names, at any time." in card


def test_an_answer_can_be_taken_back(mag: World) -> None:
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon')
    mag.does(CIVIL, "poll choose 1 2")
    mag.does(CIVIL, "poll choose 1 none")
    assert "0 people" in mag.card("poll:1")
    assert "Answer poll 1 until Tue 12 Jan 2027, 10:00 (Zurich time, 09:00 UTC): Where?" in mag.does(CIVIL, "todo")


def test_several_choices_only_where_asked_so(mag: World) -> None:
    mag.does(PRIVATE, 'poll "Which days?" Monday, Tuesday, Friday --multiple')
    assert "you chose Monday, Friday" in mag.does(CIVIL, "poll choose 1 1, Friday, 1")
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon')
    assert "takes one choice" in mag.refuses(CIVIL, "poll choose 2 1,2")


def test_hidden_results_show_at_the_close_and_never_before(mag: World) -> None:
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --hidden --closes 48h')
    mag.does(CIVIL, "poll choose 1 Lyon")
    for who in (CIVIL, PRIVATE, CHAIR, STRANGER):
        shown = mag.does(who, "poll show 1")
        assert "Yusuf A." not in shown
        assert "Results are hidden until the close" in shown
    mag.later("2d")
    assert "Yusuf A." in mag.card("poll:1")


@pytest.mark.parametrize(("kind", "covert"), [("", False), (" --hidden", True), (" --secret", True)])
def test_a_platform_is_told_when_nobody_is_to_see_the_answers(mag: World, kind: str, covert: bool) -> None:
    mag.does(PRIVATE, f'poll "Where?" Geneva, Lyon{kind}')
    with mag.store.reading() as reads:
        card = present(reads, MAG, "poll:1", MONDAY)
    assert isinstance(card, Card)
    assert [each.covert for each in card.blocks if isinstance(each, Ballot)] == [covert]


def test_a_secret_poll_keeps_only_counts(mag: World) -> None:
    mag.does(PRIVATE, 'poll "Who chairs the call?" Qiang, Gift --secret --closes 24h')
    mag.does(CIVIL, "poll choose 1 Gift")
    mag.does(TECHNICAL, "poll choose 1 Qiang")
    mag.does(GOVERNMENT, "poll choose 1 Gift")
    assert "Until then whoever runs this server could look them up." in mag.card("poll:1")
    mag.later("1d")

    assert "Yusuf" not in mag.card("poll:1")
    with mag.store.reading() as reads:
        assert reads.all(Choice, community=MAG, poll=1) == ()
        chosen = [fact for _, fact in reads.facts(MAG) if fact is None]  # type: ignore[attr-defined]  # stores read their log
    assert len(chosen) == 3, "the private values of the three choices are destroyed in the log too"


def test_choices_in_a_secret_poll_are_not_kept_for_retries(mag: World) -> None:
    mag.does(PRIVATE, 'poll "Who?" Qiang, Gift --secret')
    first = mag.ask(CIVIL, "poll choose 1 Gift", "#mag", "event:1")
    again = mag.ask(CIVIL, "poll choose 1 Gift", "#mag", "event:1")
    assert first.confidential
    assert again.again
    assert again.view != first.view


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('poll "Where?" Geneva', "2 to 20 options; 1 was given"),
        ('poll "Where?" ' + ", ".join(f"o{n}" for n in range(21)), "21 were given"),
        ('poll "Where?" Geneva, Lyon, geneva', "stands there twice"),
        ('poll "Where?" Geneva, Lyon --closes 2020-01-01', "has passed"),
    ],
)
def test_polls_that_cannot_be(mag: World, line: str, why: str) -> None:
    assert why in mag.refuses(PRIVATE, line)


def test_who_asks_and_who_answers(mag: World) -> None:
    assert "for the members of this body" in mag.refuses(OBSERVER, 'poll "Where?" Geneva, Lyon')
    mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon')
    assert "for the members of the body" in mag.refuses(OBSERVER, "poll choose 1 1")
    assert "does not know this account" in mag.refuses(STRANGER, "poll choose 1 1")
    assert "is not an option" in mag.refuses(CIVIL, "poll choose 1 Rome")
    assert "There is no poll 9" in mag.refuses(CIVIL, "poll choose 9 1")
    assert "is for Qiang R., who opened it" in mag.refuses(CIVIL, "poll close 1")
    mag.does(CHAIR, "poll close 1")
    assert "closed on" in mag.refuses(CIVIL, "poll choose 1 1")
    assert "closed on" in mag.refuses(PRIVATE, "poll close 1")
