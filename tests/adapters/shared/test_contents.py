"""Every file a command hands over has contents, of the kind its name says."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from adapters.shared.contents import contents
from bot.domain.ids import CommunityId
from bot.text import T
from bot.view import File
from tests.builders import MAG, STRANGER, World

BEGINS = {
    "md": b"**IGF MAG**",
    "docx": b"PK\x03\x04",
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n",
    "svg": b"<?xml",
    "ics": b"BEGIN:VCALENDAR\r\n",
}


@pytest.fixture(scope="module")
def mag() -> World:
    world = World()
    world.consulted()
    return world


def made(world: World, file: File) -> bytes:
    with world.store.reading() as reads:
        return contents(reads, MAG, file, datetime.now(UTC))


@pytest.mark.parametrize(
    "typed",
    [
        "propose show WG-MWP --format md",
        "propose show WG-MWP --format docx",
        "propose show WG-MWP --format pdf",
        "consensus chart 1",
        "consensus chart 1 --format svg",
        "roster chart",
        "roster chart --format svg",
        "calendar file",
    ],
)
def test_what_is_handed_over_is_what_its_name_says(mag: World, typed: str) -> None:
    file = mag(STRANGER, typed).view
    assert isinstance(file, File)
    assert file.name.endswith(f".{file.format}")
    assert made(mag, file).startswith(BEGINS[file.format])
    assert made(mag, file) == made(mag, file)
    assert (file.alt is not None) == (file.format in ("png", "svg"))


def test_the_picture_is_in_the_communitys_own_time(mag: World) -> None:
    file = mag(STRANGER, "consensus chart 1 --format svg").view
    assert isinstance(file, File)
    assert "Positions as of Mon 18 Jan 2027, 10:00" in made(mag, file).decode()
    picture = mag(STRANGER, "consensus chart 1").view
    assert isinstance(picture, File)
    assert Image.open(BytesIO(made(mag, picture))).size[0] == 1920


@pytest.mark.parametrize(
    ("subject", "document", "format_"),
    [
        ("check:99", "tally", "png"),
        ("check:1", "nothing", "png"),
        ("check:1", "tally", "pdf"),
        ("proposal:nobody", "proposal", "pdf"),
        ("proposal:nobody", "proposal", "exe"),
        ("calendar:mag", "calendar", "pdf"),
    ],
)
def test_what_is_not_there_has_no_contents(mag: World, subject: str, document: str, format_: str) -> None:
    with pytest.raises(LookupError):
        made(mag, File("x", subject, document, format_, T("It.")))


def test_a_community_there_is_not_has_none(mag: World) -> None:
    file = File("x", "calendar:x", "calendar", "ics", T("It."))
    with mag.store.reading() as reads, pytest.raises(LookupError):
        contents(reads, CommunityId("x"), file, datetime.now(UTC))
