"""What the charts say, in numbers and in sentences: the same as the cards, and never a name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.shared.words import Words
from bot.chart import Bar, Chart
from bot.domain.community import Community
from bot.present.charts import CHARTS
from bot.view import Card, File, Tally
from tests.builders import CHAIR, CIVIL, MAG, PRIVATE, SECRETARIAT, STRANGER, World, buttons, spoken


@pytest.fixture
def mag() -> World:
    """A check with a few positions is open."""
    world = World()
    world.consulted()
    for person, position in ((PRIVATE, "support"), (CIVIL, "object 1 Nobody says who pays."), (CHAIR, "need-time")):
        world.does(person, f"consensus {position}")
    return world


def chart(world: World, document: str, key: str) -> Chart:
    with world.store.reading() as reads:
        community = reads.get(Community, MAG)
        assert community is not None
        return CHARTS[document](reads, community, key, community.now(datetime.now(UTC)))


def rows(bars: tuple[Bar, ...]) -> dict[str, tuple[tuple[int, ...], int]]:
    return {Words().say(each.label): (each.counts, each.whole) for each in bars}


def test_the_tally_is_the_cards(mag: World) -> None:
    (panel,) = chart(mag, "tally", "1").panels
    card = mag.tally("check:1")
    assert isinstance(card, Tally)
    assert panel.total is not None
    assert (panel.total.counts, panel.total.whole) == (card.total.counts, card.total.asked)
    assert list(rows(panel.bars).values()) == [(row.counts, row.asked) for row in card.rows]
    assert [series.label for series in panel.series] == list(card.columns)


def test_the_tally_in_sentences(mag: World) -> None:
    drawn = chart(mag, "tally", "1")
    words = Words().say(drawn.alt)
    assert words.startswith(
        "Consensus check 1 of the MAG: Should WG-MWP (Work of WG-MWP) be formed? Open until Wed 27 Jan 2027, 10:00 "
        "(Zurich time, 09:00 UTC). Positions as of Mon 18 Jan 2027, 10:00 (Zurich time, 09:00 UTC). "
        "3 of 40 members asked have spoken: Support 1, Object 1, Need time 1. By stakeholder group: "
    )
    assert "Technical Community, 0 of 8: no position yet." in words
    for name in (PRIVATE, CIVIL, CHAIR):
        assert name not in spoken(drawn.alt)


def test_a_closed_check_says_when_and_how_it_ended(mag: World) -> None:
    mag.does(CIVIL, "consensus withdraw 1")
    mag.later("20d")
    (state,) = chart(mag, "tally", "1").subtitle
    assert Words().say(state).startswith("Closed ")
    assert Words().say(state).endswith("Not concluded upon yet.")
    mag.does(CHAIR, "conclude WG-MWP consensus")
    (state,) = chart(mag, "tally", "1").subtitle
    assert Words().say(state).endswith("Concluded: Consensus.")


def test_a_check_called_off_says_so(mag: World) -> None:
    mag.does(PRIVATE, "propose withdraw WG-MWP")
    (state,) = chart(mag, "tally", "1").subtitle
    assert Words().say(state) == "Called off: what it asked about was withdrawn or decided."


def test_a_quick_check_has_its_own_words(mag: World) -> None:
    mag.does(PRIVATE, 'consensus "Move the call?" 24h')
    (panel,) = chart(mag, "tally", "2").panels
    assert [Words().say(series.label) for series in panel.series] == ["Agree", "Can live with it", "Object"]


def test_the_balance_is_the_rosters(mag: World) -> None:
    groups, regions = chart(mag, "balance", "1").panels
    assert rows(groups.bars) == {
        "Government": ((16,), 16),
        "Private Sector": ((8,), 16),
        "Civil Society": ((8,), 16),
        "Technical Community": ((8,), 16),
    }
    assert sum(bar.counts[0] for bar in regions.bars) == 40
    words = Words().say(chart(mag, "balance", "1").alt)
    assert "40 seats take positions. By stakeholder group: Government 16 (40 %), Private Sector 8 (20 %)" in words


def test_groups_nobody_sits_in_and_no_group_at_all_are_shown(mag: World) -> None:
    mag.does(SECRETARIAT, "roster unseat Gift I.")
    mag.does(SECRETARIAT, 'roster seat "Ada L." member "Civil Society" --email ada@new.example')
    _, regions = chart(mag, "balance", "1").panels
    assert rows(regions.bars)["No regional group"] == ((1,), 16)


def test_what_is_not_there_is_not_drawn(mag: World) -> None:
    for document, key in (("tally", "99"), ("balance", "99")):
        with pytest.raises(LookupError):
            chart(mag, document, key)


# --- the commands ------------------------------------------------------------------------------------------------------


def test_everybody_may_have_the_picture_of_a_check_with_its_words(mag: World) -> None:
    view = mag(STRANGER, "consensus chart 1").view
    assert isinstance(view, File)
    assert (view.name, view.subject, view.document, view.format) == ("check-1.png", "check:1", "tally", "png")
    assert view.alt == chart(mag, "tally", "1").alt
    assert "check-1.svg" in mag.does(STRANGER, "consensus chart 1 --format svg")


def test_a_meetings_consensus_without_positions_is_not_drawn(mag: World) -> None:
    mag.does(SECRETARIAT, 'consensus record "Adopt the report?" --on 2027-01-15 --presided "Amina A."')
    words = mag.refuses(STRANGER, "consensus chart 2")
    assert "Check 2 was recorded from a meeting without positions: there is nothing to draw." in words
    assert "/wg consensus show 2" in words
    assert "consensus chart" not in [each.command for each in buttons(mag(STRANGER, "consensus show 2").view)]


def test_the_picture_is_offered_once_a_check_is_closed(mag: World) -> None:
    def offered() -> bool:
        view = mag(STRANGER, "consensus show 1").view
        assert isinstance(view, Card)
        return "consensus chart" in [button.command for button in view.buttons]

    assert not offered()
    mag.later("20d")
    assert offered()


def test_the_picture_of_the_balance_is_offered_with_the_roster(mag: World) -> None:
    offered = [button.command for button in buttons(mag(STRANGER, "roster show").view)]
    assert offered == ["roster chart"]
    assert not list(buttons(mag(STRANGER, "roster show Government").view))
    view = mag(STRANGER, "roster chart").view
    assert isinstance(view, File)
    assert (view.name, view.subject, view.document) == ("roster-1.png", "roster:1", "balance")
