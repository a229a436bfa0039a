"""A group's documents: links and texts with versions, and withdrawn ones that stay on the list."""

from __future__ import annotations

import pytest

from adapters.shared.contents import contents
from bot.view import File
from storage.verify import verify
from tests.builders import CIVIL, MAG, MONDAY, PRIVATE, SECRETARIAT, STRANGER, TECHNICAL, World

ROOM = "#wg-mwp"


@pytest.fixture
def mag() -> World:
    mag = World()
    mag.approved()
    return mag


def test_added_renewed_and_withdrawn(mag: World) -> None:
    assert "WG-MWP has no documents yet" in mag.does(CIVIL, "documents WG-MWP")
    assert "Its documents" not in mag.does(CIVIL, "show WG-MWP")
    assert "On the list of WG-MWP as D1." in mag.does(
        PRIVATE, 'document add WG-MWP "Outline" https://example.org/outline "For comments"'
    )
    assert "version 1 of D1, Outline: https://example.org/outline" in mag.in_room(ROOM)[-1]
    mag.does(TECHNICAL, "document version D1 https://example.org/outline-2")
    assert "https://example.org/outline-2 (version 2, Gift I." in mag.does(STRANGER, "documents WG-MWP")
    shown = mag.does(STRANGER, "document d1")
    assert shown.index("outline-2") < shown.index("For comments"), "the newest first, earlier ones kept"
    assert "Its documents" in mag.does(CIVIL, "show WG-MWP")
    mag.does(SECRETARIAT, 'document withdraw D1 "Overtaken"')
    assert "Overtaken" in mag.does(STRANGER, "documents WG-MWP")
    assert "D1 was withdrawn." in mag.refuses(PRIVATE, "document version D1 https://example.org/3")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too


def test_by_those_who_take_part(mag: World) -> None:
    line = 'document add WG-MWP "Outline" https://example.org/outline'
    assert "for those who take part in it to add to" in mag.refuses(CIVIL, line)
    mag.does(CIVIL, "join WG-MWP")
    mag.does(CIVIL, line)
    mag.refuses(STRANGER, "document withdraw D1")


@pytest.mark.parametrize("link", ["outline.docx", "javascript://x y", "https://", "file:///etc/passwd"])
def test_a_document_is_named_by_a_link(mag: World, link: str) -> None:
    assert "A document is named by its link, or given as its text." in mag.refuses(
        PRIVATE, f'document add WG-MWP "Outline" "{link}"'
    )
    assert "There is no document called D7" in mag.refuses(CIVIL, "document show D7")


def test_a_text_is_kept_and_handed_out_in_every_version(mag: World) -> None:
    mag.does(PRIVATE, 'document add WG-MWP "Questions"', text="# Ours\n\n1. Why?")
    assert "version 1 of D1, Questions: it is kept here" in mag.in_room(ROOM)[-1]
    mag.does(TECHNICAL, "document version D1", text="# Ours\n\n2. How?", note="One more")
    assert "Kept here (version 2, Gift I." in mag.does(STRANGER, "documents WG-MWP")
    for line, expected in (("document take D1 1", "1. Why?"), ("document take D1", "2. How?")):
        file = mag(STRANGER, line).view
        assert isinstance(file, File)
        with mag.store.reading() as reads:
            assert expected in contents(reads, MAG, file, MONDAY).decode()
    assert "D1 has 2 versions; there is no number 3." in mag.refuses(STRANGER, "document take D1 3")
    mag.does(PRIVATE, 'document add WG-MWP "Outline" https://example.org/outline')
    assert "kept elsewhere: https://example.org/outline" in mag.does(STRANGER, "document take D2")
    assert verify(mag.store, MAG) == []  # type: ignore[arg-type]  # the memory store reads its log too
