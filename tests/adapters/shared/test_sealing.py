"""What is kept of secrets on the disk is of no use without the key; keys change, and what was plain is taken over."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sqlite3
from contextlib import closing
from copy import copy
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation as Installed
from slack_sdk.web.async_client import AsyncWebClient

from adapters.mail.keys import FILE as MAIL_KEY
from adapters.mail.keys import Keys
from adapters.matrix.account import FILE as ACCOUNT
from adapters.matrix.account import PICKLED_WITH, known, pickled_with
from adapters.matrix.kept import keep
from adapters.matrix.machine import Machine
from adapters.matrix.signing import FILE as CROSS_SIGNING
from adapters.matrix.signing import _kept
from adapters.shared.config import Installation
from adapters.shared.environment import SettingsError
from adapters.shared.sealing import PLAIN, Sealing
from adapters.slack.installs import FILE as SLACK
from adapters.slack.installs import Installations, engine_for
from tests.adapters.matrix.devices import ROOM, acquainted, claimed, device, said, shared

OLD, NEW = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
SECRET = "xoxb-the-secret"


def test_the_newest_key_seals_and_every_key_opens() -> None:
    old, both, new = Sealing(OLD), Sealing(f"{NEW}\n{OLD}"), Sealing(NEW)
    kept = old.seal(SECRET)
    assert SECRET not in kept
    assert both.open(kept) == old.open(kept) == PLAIN.open(SECRET) == both.open(SECRET) == SECRET
    with pytest.raises(SettingsError, match="a key that is not in WGBOT_SEALING_KEY"):
        new.open(kept)
    with pytest.raises(SettingsError, match="there is no key: set WGBOT_SEALING_KEY or WGBOT_SEALING_KEY_FILE"):
        PLAIN.open(kept)
    anew = both.anew(kept)
    assert new.open(anew) == SECRET
    assert both.anew(anew) == anew
    assert PLAIN.anew(SECRET) == SECRET
    with pytest.raises(SettingsError, match="32 bytes in base64") as error:
        Sealing("hunter2")
    assert "hunter2" not in str(error.value)
    changed = kept[:-2] + ("A" if kept[-2] != "A" else "B") + kept[-1]
    with pytest.raises(SettingsError):
        old.open(changed)


def test_the_key_is_a_secret_of_the_installation(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{NEW}\n{OLD}\n")
    settings = Installation.of({"WGBOT_SEALING_KEY_FILE": str(tmp_path / "key")})
    assert Sealing.of(settings).active
    assert NEW not in repr(settings)
    assert not Sealing.of(Installation.of({})).active


def installations(folder: Path, sealing: Sealing) -> Installations:
    return Installations(engine_for("", folder), "1.1", "secret", AsyncWebClient(), sealing)


async def token(installed: Installations) -> str:
    found = await installed.find("T1")
    assert found is not None
    return found.token


BOT = Installed(
    app_id="A1", user_id="U1", team_id="T1", bot_id="B1", bot_user_id="UB", bot_token=SECRET, user_token=f"{SECRET}-2"
)


def test_slacks_tokens(tmp_path: Path) -> None:
    asyncio.run(installations(tmp_path, PLAIN).async_save(BOT))
    assert SECRET.encode() in (tmp_path / SLACK).read_bytes()
    assert asyncio.run(token(installations(tmp_path, Sealing(OLD)))) == SECRET  # taken over as it starts
    assert SECRET.encode() not in (tmp_path / SLACK).read_bytes()
    assert asyncio.run(token(installations(tmp_path, Sealing(f"{NEW} {OLD}")))) == SECRET
    assert asyncio.run(token(installations(tmp_path, Sealing(NEW)))) == SECRET
    with pytest.raises(SettingsError, match="there is no key"):
        installations(tmp_path, PLAIN)
    asyncio.run(installations(tmp_path, Sealing(NEW)).async_save(BOT))
    assert SECRET.encode() not in (tmp_path / SLACK).read_bytes()
    assert BOT.bot_token == SECRET  # Bolt goes on with it


def test_slacks_longest_tokens_in_postgres(tmp_path: Path, postgres_url: str) -> None:
    bot = copy(BOT)
    bot.bot_token = SECRET + "x" * (200 - len(SECRET))
    engine = engine_for(postgres_url, tmp_path)
    asyncio.run(Installations(engine, "1.1", "secret", AsyncWebClient(), PLAIN).async_save(bot))
    for _ in range(2):
        made = Installations(engine, "1.1", "secret", AsyncWebClient(), Sealing(NEW))
        assert asyncio.run(token(made)) == bot.bot_token
    engine.dispose()


def test_matrix_keys_and_token(tmp_path: Path) -> None:
    """A device that was there before there was a key reads on: what comes, and what came."""
    bot, ana = device(tmp_path), device(tmp_path, "@ana:one", "ANA")
    acquainted(bot, ana)
    claimed(ana, bot)
    shared(ana, bot)
    event, fingerprint = said(ana), bot.fingerprint
    bot.close()
    (home,) = (each for each in tmp_path.iterdir() if each.name.startswith("wg"))
    secret = pickled_with(home, sealing := Sealing(OLD))
    assert secret not in (home / PICKLED_WITH).read_text()
    assert (
        pickled_with(home, sealing) == pickled_with(home, Sealing(f"{NEW} {OLD}")) == pickled_with(home, Sealing(NEW))
    )
    for _ in range(2):  # taken over, and there
        with closing(Machine("@wg:one", "BOT", home, secret, "secret")) as again:
            assert again.fingerprint == fingerprint
            assert again.room_keys.decrypt(ROOM, event)["content"]["body"] == "hello"
    with closing(sqlite3.connect(home / "keys.db")) as there:
        pickles = [
            row[0] for row in there.execute("SELECT account FROM accounts UNION SELECT session FROM olmsessions")
        ]
    assert pickles
    with pytest.raises(Exception, match=r"(?i)pickle|mac"):
        Machine("@wg:one", "BOT", home, "secret")
    ana.close()


def test_matrix_files_and_the_key_of_mail(tmp_path: Path) -> None:
    assert pickled_with(tmp_path, PLAIN) == ""
    before = {"homeserver": "https://m", "user": "@wg:one", "device": "D", "token": SECRET}
    keep(tmp_path / ACCOUNT, json.dumps(before))
    login = known(tmp_path, Sealing(OLD))
    assert login is not None
    assert login.token == SECRET
    plain = _kept(tmp_path / CROSS_SIGNING, PLAIN)
    seed = plain["master"].seed.hex()
    assert seed in (tmp_path / CROSS_SIGNING).read_text()
    assert _kept(tmp_path / CROSS_SIGNING, Sealing(OLD)) == plain
    assert seed not in (tmp_path / CROSS_SIGNING).read_text()
    keys = Keys.kept(tmp_path)
    assert Keys.kept(tmp_path, Sealing(OLD)) == keys
    assert keys.all[0].decode() not in (tmp_path / MAIL_KEY).read_text()
    assert Keys.kept(tmp_path, Sealing(f"{NEW} {OLD}")) == keys == Keys.kept(tmp_path, Sealing(NEW))
