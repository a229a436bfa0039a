"""Colours are told apart, from the paper and from each other, with colour and without."""

from __future__ import annotations

import itertools

import pytest

from adapters.shared.drawing.inks import ACCENT, INK, OUTLINE, PAPER, QUIET, SWATCHES, Pattern, Swatch
from bot.chart import Ink

GRAPHIC, LETTERS = 3.0, 4.5
POSITIONS = [SWATCHES[ink] for ink in Ink if ink is not Ink.PEOPLE]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_ink_has_a_swatch() -> None:
    assert set(SWATCHES) == set(Ink)


@pytest.mark.parametrize("swatch", SWATCHES.values(), ids=SWATCHES)
def test_a_part_stands_out_from_the_paper_and_its_number_from_the_part(swatch: Swatch) -> None:
    assert contrast(swatch.edge, PAPER) >= GRAPHIC
    assert contrast(swatch.letters, swatch.ground) >= LETTERS


@pytest.mark.parametrize("colour", [INK, QUIET, ACCENT])
def test_text_stands_out(colour: str) -> None:
    assert contrast(colour, PAPER) >= LETTERS


def test_outlines_stand_out() -> None:
    assert contrast(OUTLINE, PAPER) >= GRAPHIC


def test_no_two_positions_share_a_pattern() -> None:
    assert len({swatch.pattern for swatch in POSITIONS}) == len(POSITIONS)


def test_the_patterns_can_be_seen_on_their_ground() -> None:
    for swatch in POSITIONS:
        assert swatch.pattern is Pattern.SOLID or contrast(swatch.lines, swatch.ground) >= 1.9


def seen_by(colour: str, matrix: tuple[tuple[float, float, float], ...]) -> tuple[float, ...]:
    """A colour (0-255) to somebody who lacks a kind of cones (Machado, Oliveira, Fernandes 2009, complete)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    seen = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in matrix]
    return tuple(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055) for part in seen)


BLINDNESS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_colour_blind_tell_the_colours_apart(kind: str) -> None:
    for one, other in itertools.combinations(POSITIONS, 2):
        first, second = seen_by(one.edge, BLINDNESS[kind]), seen_by(other.edge, BLINDNESS[kind])
        grounds = seen_by(one.ground, BLINDNESS[kind]), seen_by(other.ground, BLINDNESS[kind])
        apart = max(sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5 for pair in ((first, second), grounds))
        assert apart > 25, (one, other)
