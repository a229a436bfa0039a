"""Quick polls: one line, one tap, and truthful about who can see what."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from bot.domain.polls import Choice
from bot.present import present
from bot.view import Ballot, Card
from storage.verify import verify
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


def voters(mag: World, group: str) -> list[str]:
    """Members of a stakeholder group."""
    return [each.name for each in mag.founders if each.stakeholder_group == group and each.role is Role.MEMBER]


class TestKinds:
    def test_ranked_by_instant_run_off_and_schulze(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Which topic first?" Access, Trust, Data --kind ranked')
        assert "Rank them, what you want most first" in mag.card("poll:1")
        assert "you chose Data > Access" in mag.does(CIVIL, "poll choose 1 Data, 1")
        mag.does(TECHNICAL, "poll choose 1 Trust, Data, Access")
        mag.does(GOVERNMENT, "poll choose 1 Trust, Data")
        mag.does(PRIVATE, "poll choose 1 Access, Data")
        mag.does(CIVIL, "poll choose 1 Data, Access, Trust")
        mag.later("2d")
        shown = mag.card("poll:1")
        assert "Round 2" in shown
        assert "Each against each (Condorcet, Schulze): Trust = Data > Access." in shown
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too

    def test_points(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "How useful was it?" Venue, Agenda --kind score')
        assert "you chose Venue=2, Agenda=5" in mag.does(CIVIL, "poll choose 1 Agenda=5, 1=2")
        mag.does(TECHNICAL, "poll choose 1 Venue=1")
        for wrong in ("Venue", "Venue=6", "Venue=x", "5"):
            assert "takes points for each option, from 0 to 5" in mag.refuses(GOVERNMENT, f"poll choose 1 {wrong}")
        assert "is not an option" in mag.refuses(GOVERNMENT, "poll choose 1 Rome=3")
        assert "Ahead: Agenda." in mag.card("poll:1")
        mag.does(CIVIL, "poll choose 1 none")
        assert "Ahead: Venue." in mag.card("poll:1")
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # as above

    def test_approval_and_availability(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "When?" Monday, Tuesday --kind availability')
        mag.does(CIVIL, "poll choose 1 Monday, Tuesday")
        mag.does(voters(mag, "Government")[0], "poll choose 1 Monday")
        mag.does(PRIVATE, "poll choose 1 Tuesday")
        mag.does(TECHNICAL, "poll choose 1 Tuesday")
        assert "Suits most stakeholder groups, then most people: Tuesday." in mag.card("poll:1")
        mag.does(PRIVATE, 'poll "Which logos?" Blue, Green, Red --kind approval')
        assert "you chose Blue, Red" in mag.does(CIVIL, "poll choose 2 Red, Blue")

    def test_a_card_says_that_nothing_is_decided(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon')
        assert "A poll decides nothing; a consensus check is for that." in mag.card("poll:1")

    def test_a_form_asks_how_to_answer(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Which topic first?" Access, Trust --kind ranked')
        assert mag.asks(CIVIL, "poll choose 1").current == "options"


class TestByStakeholderGroup:
    def test_an_open_poll_shows_it_and_so_does_its_chart(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Where?" Geneva, Lyon --closes 24h')
        mag.does(CIVIL, "poll choose 1 Lyon")
        mag.does(PRIVATE, "poll choose 1 Geneva")
        shown = mag.card("poll:1")
        assert "By stakeholder group" in shown
        assert "Civil Society" in shown
        chart = mag.does(STRANGER, "poll chart 1")
        assert "Civil Society: Geneva 0, Lyon 1." in chart
        assert "Yusuf" not in chart

    def test_a_secret_one_only_where_no_group_is_under_three(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Who?" Qiang, Gift --secret --closes 24h')
        for person in voters(mag, "Civil Society")[:3]:
            mag.does(person, "poll choose 1 Gift")
        mag.does(voters(mag, "Government")[0], "poll choose 1 Qiang")
        mag.later("1d")
        shown = mag.card("poll:1")
        assert "Too few answers of a stakeholder group" in shown
        assert "Civil Society" not in shown
        assert "Civil Society" not in mag.does(CHAIR, "poll chart 1")

        mag.does(PRIVATE, 'poll "Who?" Qiang, Gift --secret --closes 24h')
        for person in voters(mag, "Civil Society")[:3]:
            mag.does(person, "poll choose 2 Gift")
        mag.later("1d")
        assert "Civil Society" in mag.card("poll:2")
        assert "Yusuf" not in mag.card("poll:2")
        assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # as above

    def test_a_secret_ranking_is_counted_before_the_answers_are_destroyed(self, mag: World) -> None:
        mag.does(PRIVATE, 'poll "Who?" Qiang, Gift, Bao --secret --kind ranked --closes 24h')
        mag.does(CIVIL, "poll choose 1 Gift, Bao")
        mag.does(PRIVATE, "poll choose 1 Bao")
        mag.does(TECHNICAL, "poll choose 1 Gift, Qiang")
        assert "hidden until its close" in mag.refuses(CHAIR, "poll chart 1")
        mag.later("1d")
        assert "Ahead: Gift." in mag.card("poll:1")
        with mag.store.reading() as reads:
            assert reads.all(Choice, community=MAG, poll=1) == ()
