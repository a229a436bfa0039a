"""What a body is called, and how it lives: changed by command, recorded, and seen everywhere from then on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.cli.sample import sample_people
from bot.commands.naming import TRAITS
from bot.domain.community import Community
from bot.domain.presets import PRESETS
from storage.verify import verify
from tests.builders import CHAIR, CIVIL, MAG, SECRETARIAT, STRANGER, World


@pytest.fixture
def mag() -> World:
    return World()


def community(mag: World) -> Community:
    with mag.store.reading() as reads:
        found = reads.get(Community, MAG)
    assert found is not None
    return found


def test_what_it_is_called_is_shown_to_anybody(mag: World) -> None:
    shown = mag.does(STRANGER, "community")
    assert all(name in shown for name in TRAITS)
    assert "Europe/Zurich — The time zone its times are meant in" in shown
    assert "IGF 2027" in shown


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("name IGF  Advisory Group", "name", "IGF Advisory Group"),
        ("zone america/sao paulo", "zone", "America/Sao_Paulo"),
        ("language fr_CH", "language", "fr-CH"),
        ("regions North, South", "regional_groups", ("North", "South")),
        (
            "groups Government, Private Sector, Civil Society, Technical Community, Academia",
            "stakeholder_groups",
            ("Government", "Private Sector", "Civil Society", "Technical Community", "Academia"),
        ),
    ],
)
def test_changed_by_the_chair_or_the_secretariat(typed: str, name: str, value: object) -> None:
    mag = World(founders=tuple(replace(each, regional_group="") for each in sample_people()))
    mag.does(SECRETARIAT, f"community set {typed}")
    assert getattr(community(mag), name) == value
    assert "already" in mag.does(CHAIR, f"community set {typed}")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # both stores can be audited


def test_its_titles_are_what_is_said(mag: World) -> None:
    mag.does(CHAIR, "community set body Forum")
    mag.does(CHAIR, "community set chair Coordinator")
    mag.proposed()
    assert "Working groups of the Forum" in mag.does(STRANGER, "list")
    assert "full Forum" in mag.card("consultation:1")
    mag.does(CIVIL, "consult comment WG-MWP Good.")
    mag.later("7d")
    for person in mag.supporters():
        mag.does(person, "consensus support")
    mag.later("7d")
    assert "Coordinator" in mag.does(STRANGER, "show WG-MWP")
    assert not [each.words for each in mag.posts.values() if "MAG Chair" in each.words]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("community set grops A, B", "Did you mean groups"),
        ("community set colour blue", "A community has no colour"),
        ("community set zone Mars/Olympus", "is not a time zone known here"),
        ("community set language Klingon!", "It speaks English (en), français (fr), العربية (ar)"),
        ("community set groups Government", "There are to be 2 to 12 groups; these are 1"),
        ("community set groups A, a", "named twice"),
        (
            "community set groups Government, Private Sector",
            "Members are seated for Civil Society, Technical Community",
        ),
        ("community set regions none", "Members are seated for African Group"),
        (f"community set name {'x' * 121}", "A name has 1 to 120 characters"),
    ],
)
def test_values_that_cannot_be(mag: World, line: str, why: str) -> None:
    assert why in mag.refuses(CHAIR, line)


def test_not_by_members(mag: World) -> None:
    assert "This is for the Chair or the Secretariat" in mag.refuses(CIVIL, "community set zone UTC")


def test_a_check_keeps_the_groups_it_began_with(mag: World) -> None:
    mag.consulted()
    before = mag.card("check:1")
    mag.does(CHAIR, "community set groups Government, Private Sector, Civil Society, Technical Community, Academia")
    assert "Academia" not in mag.card("check:1")
    assert mag.card("check:1") == before


def test_presets_are_whole() -> None:
    assert set(PRESETS) == {"mag", "nri", "dc"}
    for preset in PRESETS.values():
        assert len(preset.stakeholder_groups) >= 2
        assert preset.settings.consultation_hours >= preset.settings.consultation_minimum_hours
        assert preset.settings.check_hours >= preset.settings.check_minimum_hours
    assert PRESETS["nri"].titles.chair == "Coordinator"
