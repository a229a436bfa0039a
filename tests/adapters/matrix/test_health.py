"""What `wgbot doctor` finds in Matrix."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.main import main
from adapters.matrix.account import FILE, LIMITED
from adapters.matrix.health import checks
from adapters.matrix.service import FOLDER
from adapters.shared.config import Installation
from adapters.shared.health import Health, examined
from adapters.shared.words import Words
from storage.memory import MemoryStore
from tests.adapters.matrix.hall import Hall
from tests.adapters.matrix.robot import until
from tests.builders import CHAIR
from tests.support.matrix.crowd import Elements, Plains
from tests.support.matrix.plain import Plain
from tests.support.matrix.synapse import PASSWORD, Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


class Examined:
    """The service with a home in the room, and what is found of it. `bot` is its user, `chair` made the room."""

    def __init__(self, hall: Hall, chair: Plain, room: str) -> None:
        self.hall = hall
        self.chair = chair
        self.bot = hall.bot[0]
        self.room = room

    def found(self, **settings: str) -> list[tuple[Health, str]]:
        return found(self.hall, **settings)

    def wrong(self, **settings: str) -> str:
        return "\n".join(said for health, said in self.found(**settings) if health is not Health.OK)

    @property
    def folder(self) -> Path:
        return self.hall.folder / FOLDER


def found(hall: Hall, **settings: str) -> list[tuple[Health, str]]:
    user, password = hall.bot
    given = {"matrix_homeserver": hall.url, "matrix_user": user, "matrix_password": password, **settings}
    installed = Installation.model_validate({"data": hall.folder, **given})
    words = Words()
    return [
        (each.health, f"{words.say(each.what)} {words.say(each.next_step) if each.next_step else ''}".strip())
        for check in checks(installed, hall.store)
        for each in examined(check)
    ]


@pytest.fixture
def examined_hall(synapse: Homeserver, plain: Plains, tmp_path: Path) -> Iterator[Examined]:
    chair, bot = plain("amina"), synapse.register("wg")
    with Hall(synapse.url, (bot.user_id, PASSWORD), tmp_path, {CHAIR: chair.id}) as hall:
        room = chair.create("MAG", public=True, invite=[bot.user_id])
        examined_ = Examined(hall, chair, room)
        until(lambda: (hall.matrix.connection and room in hall.matrix.connection.rooms) or None, lambda: "not joined")
        chair.send(room, "!wg home all")
        until(lambda: "home of the MAG" in str(examined_.found()) or None, lambda: str(examined_.found()))
        yield examined_


def test_all_is_well(examined_hall: Examined, synapse: Homeserver) -> None:
    assert examined_hall.wrong() == ""
    said = "\n".join(said for _, said in examined_hall.found())
    connection = examined_hall.hall.matrix.connection
    assert connection is not None
    assert f"Connected to {synapse.url} by a password, as {examined_hall.bot}." in said
    assert "It speaks Matrix 1." in said
    assert f"whose key is {connection.account.fingerprint}." in said
    assert "The device is signed by its account, by keys of its own" in said
    assert "MAG, home of the MAG, is public and joined." in said


def test_where_matrix_is_not_set_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    installed = Installation.model_validate({"data": tmp_path, "matrix_user": "@wg:example.org"})
    assert list(checks(installed, MemoryStore())) == []


def test_before_the_first_run(synapse: Homeserver, tmp_path: Path) -> None:
    installed = Installation.model_validate({"data": tmp_path, "matrix_homeserver": synapse.url})
    (only,) = (each for check in checks(installed, MemoryStore()) for each in examined(check))
    assert only.health is Health.BROKEN
    assert "Set an access token" in Words().say(only.what)
    whole = installed.model_copy(update={"matrix_token": "syt"})
    said = [Words().say(each.what) for check in checks(whole, MemoryStore()) for each in examined(check)]
    assert "It never logged in: there is no device yet." in said


def test_a_homeserver_out_of_reach_and_something_that_is_none(examined_hall: Examined) -> None:
    assert "The homeserver cannot be reached" in examined_hall.wrong(matrix_homeserver="http://127.0.0.1:9")
    other = examined_hall.wrong(matrix_homeserver=f"{examined_hall.hall.url}/_matrix/media")
    assert "What answers there is no homeserver" in other


def test_a_device_that_was_logged_out(examined_hall: Examined, synapse: Homeserver) -> None:
    kept = examined_hall.folder / FILE
    kept.write_text(kept.read_text().replace('"token": "', '"token": "not'))
    said = examined_hall.wrong()
    assert "no longer knows the access token" in said
    assert "logs in again by the password" in said


def test_a_device_whose_keys_are_not_at_the_homeserver(synapse: Homeserver, examined_hall: Examined) -> None:
    kept = examined_hall.folder / FILE
    other = synapse.login(examined_hall.bot)
    connection = examined_hall.hall.matrix.connection
    assert connection is not None
    login = connection.account.login
    kept.write_text(kept.read_text().replace(login.device, other.device_id).replace(login.token, other.token))
    assert "The homeserver does not have this key" in examined_hall.wrong()


def test_an_account_made_in_an_element_does_not_sign_the_bot_until_it_is_told_to(
    synapse: Homeserver,
    element: Elements,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = element("wg")
    monkeypatch.setenv("WGBOT_MATRIX_HOMESERVER", synapse.url)
    monkeypatch.setenv("WGBOT_MATRIX_USER", account.id)
    monkeypatch.setenv("WGBOT_MATRIX_PASSWORD", PASSWORD)
    sign = ["matrix", "--data", str(tmp_path), "sign"]
    with Hall(synapse.url, (account.id, PASSWORD), tmp_path, {}) as hall:
        until(lambda: "did not sign the device" in str(found(hall)) or None, lambda: str(found(hall)))
        assert main(sign) == 1
        assert "wgbot runs. Stop it first" in capsys.readouterr().err
    assert main(sign) == 0
    assert "The device is signed by its account, by keys of its own" in str(found(hall))


def test_limits_that_were_met(examined_hall: Examined) -> None:
    limited = examined_hall.folder / LIMITED
    limited.touch()
    os.utime(limited, (time.time() - 600, time.time() - 600))
    assert "made it wait 10 minutes ago" in examined_hall.wrong()
    os.utime(limited, (time.time() - 100_000, time.time() - 100_000))
    assert examined_hall.wrong() == ""


def test_a_home_that_is_closed_silent_or_left(examined_hall: Examined) -> None:
    chair, room, bot = examined_hall.chair, examined_hall.room, examined_hall.bot
    levels = {"users": {bot: 10}, "events_default": 0}
    chair.state(room, "m.room.power_levels", {**levels, "events_default": 5})
    assert "who may not write there cannot vote in its polls. Let everybody send" in examined_hall.wrong()
    let = {"org.matrix.msc3381.poll.response": 0, "m.reaction": 0}
    chair.state(room, "m.room.power_levels", {**levels, "events_default": 5, "events": let})
    assert examined_hall.wrong() == ""
    chair.state(room, "m.room.power_levels", {**levels, "events_default": 50})
    assert f"the bot may not write there. Give {bot} the power level 50." in examined_hall.wrong()
    chair.state(room, "m.room.power_levels", levels)
    chair.state(room, "m.room.join_rules", {"join_rule": "invite"})
    assert "MAG, home of the MAG, is closed" in examined_hall.wrong()
    chair.state(room, "m.room.join_rules", {"join_rule": "public"})
    assert examined_hall.wrong() == ""
    chair.kick(room, bot)
    assert "the bot is not in it" in examined_hall.wrong()


def test_a_home_that_only_whoever_is_in_a_space_can_enter(examined_hall: Examined) -> None:
    chair, room = examined_hall.chair, examined_hall.room
    space = chair.create("Others", public=True, creation_content={"type": "m.space"})
    chair.state(room, "m.space.parent", {"via": ["wg.test"]}, space)
    allowed = [{"type": "m.room_membership", "room_id": space}]
    chair.state(room, "m.room.join_rules", {"join_rule": "restricted", "allow": allowed})
    assert "is closed" in examined_hall.wrong()


def test_a_home_that_was_replaced(examined_hall: Examined) -> None:
    examined_hall.chair.state(
        examined_hall.room, "m.room.tombstone", {"body": "over", "replacement_room": "!no:wg.test"}
    )
    assert "MAG, home of the MAG, was replaced by another room." in examined_hall.wrong()


def test_a_bot_that_is_nobodys_guest(synapse: Homeserver, tmp_path: Path) -> None:
    bot = synapse.register("wg")
    with Hall(synapse.url, (bot.user_id, PASSWORD), tmp_path, {}) as hall:
        until(lambda: (tmp_path / FOLDER / FILE).exists() or None, lambda: "no login")
        assert f"Invite {bot.user_id} to the body's room" in str(found(hall))
