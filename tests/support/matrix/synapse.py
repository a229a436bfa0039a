"""A real Matrix homeserver for the tests: Synapse, from a wheel, on a free port of this machine.

It keeps its data in SQLite in a temporary folder, dies with whoever started it, and can be killed and started again on the
same data. Everybody on it has a name of their own, so that tests can share one. It talks to no other server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from enum import Enum
from pathlib import Path
from typing import Self

import aiohttp

from tests.support.matrix.api import Account, Api, Call, Json, MatrixError, path
from tests.support.processes import free_port, killed_with_parent

SERVER_NAME = "wg.test"
PASSWORD = "correct horse"
ROOM_VERSION = "12"
"""What a new room is, unless whoever makes it says otherwise."""

START_SECONDS = 180
STOP_SECONDS = 20

_REGISTER = "/_synapse/admin/v1/register"
_SHARED_SECRET = "shared"
_NEVER = {"per_second": 1e6, "burst_count": 1_000_000}
_NO_LIMITS: Json = {
    "rc_message": _NEVER,
    "rc_registration": _NEVER,
    "rc_login": {"address": _NEVER, "account": _NEVER, "failed_attempts": _NEVER},
    "rc_joins": {"local": _NEVER, "remote": _NEVER},
    "rc_joins_per_room": _NEVER,
    "rc_invites": {"per_room": _NEVER, "per_user": _NEVER, "per_issuer": _NEVER},
    "rc_room_creation": _NEVER,
    "rc_admin_redaction": _NEVER,
    "rc_media_create": _NEVER,
    "rc_key_requests": _NEVER,
    "rc_reports": _NEVER,
    "rc_3pid_validation": _NEVER,
    "rc_user_directory": _NEVER,
}


class Limits(Enum):
    """How often people may do something."""

    NONE = "none"
    DEFAULT = "default"
    """Synapse's own: ten messages at once, then one in five seconds."""


class Homeserver:
    """A running Synapse. `settings` are added to those of its configuration file."""

    def __init__(self, limits: Limits = Limits.NONE, settings: Json | None = None) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="wgbot-synapse-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._numbers = itertools.count(1)
        self.api = Api(self.url)
        self._configure((_NO_LIMITS if limits is Limits.NONE else {}) | (settings or {}))
        self._process = self._start()
        self._wait()
        self._admin: Account | None = None

    # Who is on it

    def register(self, name: str = "", *, admin: bool = False) -> Account:
        """Somebody new, logged in. A number is added to the name: it is theirs alone."""
        name = f"{name or 'someone'}{next(self._numbers)}"
        nonce = self.api.call(Call("GET", _REGISTER))["nonce"]
        what = "\0".join([nonce, name, PASSWORD, "admin" if admin else "notadmin"])
        mac = hmac.new(_SHARED_SECRET.encode(), what.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": PASSWORD, "admin": admin, "mac": mac}
        return Account.of(self.api.call(Call("POST", _REGISTER, body)))

    def login(self, user_id: str) -> Account:
        """Another device of somebody."""
        who = {"type": "m.id.user", "user": user_id}
        body = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
        return Account.of(self.api.call(Call("POST", path("login"), body)))

    @property
    def admin(self) -> Account:
        """An administrator of it."""
        if self._admin is None:
            self._admin = self.register("admin", admin=True)
        return self._admin

    def override_ratelimit(self, user_id: str) -> None:
        """Let somebody do things as often as they like, as an administrator would for a bot."""
        body = {"messages_per_second": 0, "burst_count": 0}
        self.api.call(Call("POST", f"/_synapse/admin/v1/users/{user_id}/override_ratelimit", body), self.admin)

    # What happens to it

    def kill(self) -> None:
        """End it as `kill -9` does; its data stays."""
        self._process.kill()
        self._process.wait()

    def shut(self) -> None:
        """End it in good order; its data stays."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def start(self) -> None:
        """Start it again, on the same data, at the same address."""
        self._process = self._start()
        self._wait()

    def stop(self) -> None:
        """End it and remove its files."""
        self.api.close()
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _configure(self, more: Json) -> None:
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        (self.home / "signing.key").write_text(f"ed25519 a_test {key}\n")
        log = {"class": "logging.StreamHandler", "formatter": "line"}
        self._write(
            "log.yaml",
            {
                "version": 1,
                "disable_existing_loggers": False,
                "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
                "handlers": {"stderr": log},
                "root": {"level": "WARNING", "handlers": ["stderr"]},
            },
        )
        listener = {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "tls": False,
            "resources": [{"names": ["client"], "compress": False}],
        }
        self._write(
            "homeserver.yaml",
            {
                "server_name": SERVER_NAME,
                "public_baseurl": f"{self.url}/",
                "listeners": [listener],
                "database": {"name": "sqlite3", "args": {"database": str(self.home / "homeserver.db")}},
                "media_store_path": str(self.home / "media"),
                "signing_key_path": str(self.home / "signing.key"),
                "log_config": str(self.home / "log.yaml"),
                "registration_shared_secret": _SHARED_SECRET,
                "macaroon_secret_key": "macaroon",
                "form_secret": "form",
                "bcrypt_rounds": 4,
                "default_room_version": ROOM_VERSION,
                "room_list_publication_rules": [{"action": "allow"}],
                "trusted_key_servers": [],
                "federation_domain_whitelist": [],
                "report_stats": False,
                "presence": {"enabled": False},
                "push": {"enabled": False},
                **more,
            },
        )

    def _write(self, name: str, content: Json) -> None:
        (self.home / name).write_text(json.dumps(content))  # JSON is YAML, too

    def _start(self) -> subprocess.Popen[bytes]:
        with (self.home / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "synapse.app.homeserver", "-c", self.home / "homeserver.yaml"],
                cwd=self.home,
                stdout=log,
                stderr=log,
                preexec_fn=killed_with_parent,  # noqa: PLW1509 - nothing runs between fork and exec but one system call
            )

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                self.api.call(Call("GET", "/_matrix/client/versions"))
                return
            except (aiohttp.ClientError, MatrixError):
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((self.home / "log").read_text()) from None
                time.sleep(0.05)
