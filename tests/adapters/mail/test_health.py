"""What `wgbot doctor` finds of mailing lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from adapters.mail.health import Lists
from adapters.mail.settings import MailSettings
from adapters.shared.config import Installation
from adapters.shared.words import Words
from bot.domain.community import Community
from bot.domain.ids import MAG as EVERYBODY
from bot.domain.lists import MailingList
from bot.domain.people import MAIL
from bot.outgoing import Lane, Outgoing, SendKind
from bot.text import T
from bot.view import Notice
from tests.builders import MAG, World

NOW = datetime.now(UTC)
ADDRESS = "mag@lists.example.org"


def found(world: World) -> str:
    words = Words()
    findings = Lists(MailSettings.of(Installation.model_validate({})), world.store).findings()
    return " ".join(words.say(text) for each in findings for text in (each.what, each.next_step) if text)


def test_when_something_last_arrived_at_a_list() -> None:
    world = World()
    assert found(world) == "No list is linked."
    with world.store.writing([MAG]) as work:
        work.put(MailingList(MAG, EVERYBODY, ADDRESS, "", None, NOW))
    assert f"{ADDRESS} is linked, and nothing is written to it." in found(world)
    with world.store.writing([MAG]) as work:
        community = work.get(Community, MAG)
        assert community is not None
        work.put(replace(community, settings=replace(community.settings, mail=True)))
    assert found(world) == f"{ADDRESS} got no letter for a week."
    lane = Lane(MAIL, MAIL, ADDRESS)
    with world.store.writing([MAG]) as work:
        work.send(Outgoing(MAG, "r", lane, SendKind.POST, "", Notice(T("Hello.")), "", NOW))
    with world.store.writing([MAG]) as work:
        (claimed,) = work.outbox.claim(NOW, "me", 60, 1, [MAIL])
        work.outbox.delivered(claimed, "me", "id", NOW, 0)
    assert f"{ADDRESS} got a letter last" in found(world)
