"""What may be meant by what one begins to type."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.suggesting import chosen, listed, suggestions
from bot.view import Named
from tests.builders import MAG, PRIVATE, World


@pytest.fixture
def mag() -> World:
    world = World()
    world.proposed("WG-MWP")
    return world


def suggested(mag: World, named: Named, begun: str) -> dict[str, str]:
    words = Words()
    with mag.store.reading() as reads:
        community = reads.get(Community, MAG)
        assert community is not None
        return {each.typed: words.say(each.shown) for each in suggestions(reads, community, named, begun)}


def test_people_by_any_part_of_their_name_or_address_with_their_group(mag: World) -> None:
    assert suggested(mag, Named.PERSON, "qian") == {"Qiang R.": "Qiang R. (Private Sector)"}
    assert list(suggested(mag, Named.PEOPLE, "grazyna")) == ["Grażyna G."]
    assert next(iter(suggested(mag, Named.PEOPLE, "g"))).startswith("G")  # a beginning goes before a middle
    assert suggested(mag, Named.PERSON, "nobody at all") == {}


def test_two_of_one_name_are_told_apart_by_their_addresses(mag: World) -> None:
    with mag.store.writing([MAG]) as work:
        (one,) = work.all(Person, community=MAG, folded="qiangr")
        work.put(replace(one, id=PersonId("other"), email="other@mag.example"))
    found = suggested(mag, Named.PERSON, "qiang")
    assert set(found) == {one.email, "other@mag.example"}
    assert all("@" in shown for shown in found.values())


def test_groups_by_short_or_full_name(mag: World) -> None:
    assert list(suggested(mag, Named.GROUP, "")) == ["WG-MWP"]
    assert "in consultation" in suggested(mag, Named.GROUP, "wgm")["WG-MWP"].lower()
    assert suggested(mag, Named.GROUP, "zzz") == {}
    assert suggested(mag, Named.NOTHING, "") == {}


@pytest.mark.parametrize(
    "names", [(PRIVATE,), ("Qiang R.", "Gift I."), ("R., Qiang",), ("Trinidad and Tobago", "A & B"), ()]
)
def test_several_answers_are_told_apart_again(names: tuple[str, ...]) -> None:
    assert chosen(listed(names)) == names
