"""What is kept of oneself is shown to oneself; asking to be erased reaches the Secretariat, and changes nothing."""

from __future__ import annotations

from bot.domain.people import Person
from tests.builders import CHAIR, CIVIL, GOVERNMENT, MAG, SECRETARIAT, STRANGER, World


def test_one_sees_ones_own_and_asks_to_be_erased() -> None:
    mag = World()
    shown = mag.does(CIVIL, "mydata")
    assert "What is kept of you" in shown
    assert "yusuf25@mag.example" in shown
    assert mag.answers[-1].confidential
    before = mag.snapshot()
    assert "is told that you ask to be erased" in mag.does(CIVIL, "mydata erase")
    assert mag.snapshot() == before
    with mag.store.reading() as reads:
        (person,) = reads.all(Person, community=MAG, email="yusuf25@mag.example")
    assert "Yusuf A. asks to be erased.\n" in (told := mag.told(SECRETARIAT)[-1])
    assert f"wgbot person erase {person.id}" in told
    assert not any("erased" in each for each in (*mag.told(CHAIR), *mag.told(GOVERNMENT), *mag.in_room("#mag")))
    assert "does not know this account" in mag.refuses(STRANGER, "mydata")
