from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from adapters.matrix import contents
from adapters.matrix.account import NoLogin, grouped, known
from adapters.matrix.arriving import Message
from adapters.matrix.kept import FolderInUse
from adapters.matrix.keys import ForeignKeys
from adapters.matrix.signing import Signed
from tests.adapters.matrix.conftest import Robots
from tests.support.matrix.crowd import Elements
from tests.support.matrix.proxy import Proxy
from tests.support.matrix.synapse import Homeserver

pytestmark = pytest.mark.slow


def test_the_password_is_needed_once(robots: Robots, tmp_path: Path) -> None:
    robot = robots(folder="home").started()
    login = robot.account.login
    robot.close()
    again = robots(user=robot.id, folder="home", password="forgotten").started()
    assert again.account.login == login
    assert again.account.fingerprint == grouped(again.account.machine.fingerprint) == grouped(login.fingerprint)
    folder = tmp_path / "home" / "matrix"
    assert known(folder) == login
    for each in ("account.json", "cross-signing.json", "lock"):
        assert stat.S_IMODE((folder / each).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_name_without_its_server_will_do(robots: Robots) -> None:
    robot = robots(folder="home")
    robot.close()
    again = robots(user=robot.id[1:].partition(":")[0], folder="home")
    assert again.account.login.device == robot.account.login.device


def test_an_access_token_will_do(robots: Robots, synapse: Homeserver) -> None:
    account = synapse.register("wg")
    robot = robots(user=account.user_id, token=account.token, password="").started()
    assert (robot.account.login.device, robot.account.login.user) == (account.device_id, account.user_id)


def test_a_token_that_was_revoked_is_replaced_for_the_same_device(robots: Robots, element: Elements) -> None:
    robot = robots(folder="home").started()
    first = robot.account.login
    ana = element("ana")
    room = ana.create(encrypted=True, invite=[robot])
    robot.join(room)
    robot.stop()
    robot.run(robot.account.wire.call("POST", "logout", body={}))
    robot.close()
    # logging out took the device and its keys from the homeserver; logging in brings both back
    again = robots(user=robot.id, folder="home")
    assert again.account.login.device == first.device
    assert again.account.login.token != first.token
    assert again.account.machine.fingerprint == first.fingerprint
    again.started()
    ana.send(room, "are you there?")
    again.sees(Message)
    again.send(room, contents.message("I am"))
    assert ana.sees(room, "I am").shield == "NONE"


def test_a_wrong_password_or_token_says_so(robots: Robots, synapse: Homeserver) -> None:
    user = synapse.register("wg").user_id
    with pytest.raises(NoLogin, match="does not log"):
        robots(user=user, password="wrong")
    with pytest.raises(NoLogin, match="does not know this access token"):
        robots(user=user, token="wrong", folder="other")


def test_the_folder_of_another_account_is_not_taken(robots: Robots, synapse: Homeserver) -> None:
    robots(folder="home").close()
    with pytest.raises(NoLogin, match="holds the keys of"):
        robots(user=synapse.register("wg").user_id, folder="home")


def test_two_processes_do_not_share_keys(robots: Robots) -> None:
    robot = robots(folder="home")
    with pytest.raises(FolderInUse):
        robots(user=robot.id, folder="home")


def test_a_homeserver_that_is_down_does_not_keep_a_known_bot_from_starting(robots: Robots, faulty: Proxy) -> None:
    robot = robots(folder="home", url=faulty.url)
    robot.close()
    faulty.down()
    again = robots(user=robot.id, folder="home", url=faulty.url)
    assert again.account.login.device == robot.account.login.device
    going = threading.Timer(1.0, faulty.up)  # it tries until then
    going.start()
    again.started()
    going.join()
    assert again.slept


def test_a_key_store_that_was_lost_says_so(robots: Robots, tmp_path: Path) -> None:
    robot = robots(folder="home").started()
    robot.close()
    for each in (tmp_path / "home" / "matrix").glob("keys.db*"):
        each.unlink()
    again = robots(user=robot.id, folder="home")
    with pytest.raises(ForeignKeys):
        again.run(again.connection.syncing(again.kept.handle, None).run())


def test_the_device_is_signed_and_stays_so(robots: Robots, element: Elements) -> None:
    robot = robots(folder="home").started()
    assert robot.account.login.signed == Signed.YES
    ana = element("ana")
    room = ana.create(encrypted=True, invite=[robot])
    robot.join(room)
    trust = ana.sees_trust(robot, lambda trust: trust.known)
    assert trust.devices[robot.account.login.device].signed
    master = robot.account.login.master
    robot.close()
    again = robots(user=robot.id, folder="home").started()
    assert again.account.login.master == master
    ana.send(room, "still you?")
    again.sees(Message)
    again.send(room, contents.message("still me"))
    assert ana.sees(room, "still me").shield == "NONE"
    assert not ana.trusts(robot).changed


def test_keys_of_another_client_are_not_replaced_unasked(robots: Robots, element: Elements) -> None:
    owner = element("wg")  # somebody set the account up with an Element before
    robot = robots(user=owner.id)
    assert robot.run(robot.connection.prepare()) is Signed.FOREIGN
    assert robot.account.login.signed == "foreign"
    robot.started()
    # that Element verifies the bot's device, and so signs it
    verification = owner.ask_to_verify(owner.id, device=robot.account.login.device)
    verification.start()
    verification.shown()
    assert robot.run(robot.connection.confirm(robot.compares().id, match=True))
    verification.confirm()
    verification.reaches("Done")
    trust = owner.sees_trust(owner, lambda trust: trust.devices[robot.account.login.device].signed)
    assert trust.known
    assert robot.run(robot.connection.prepare()) is Signed.BY_OTHER


def test_keys_of_another_client_are_replaced_when_asked(robots: Robots, element: Elements) -> None:
    owner = element("wg")
    robot = robots(user=owner.id)
    assert robot.run(robot.connection.prepare(replace_signing=True)) is Signed.YES
    robot.started()
    ana = element("ana")
    room = ana.create(encrypted=True, invite=[robot])
    robot.join(room)
    assert ana.sees_trust(robot, lambda trust: trust.known).devices[robot.account.login.device].signed
